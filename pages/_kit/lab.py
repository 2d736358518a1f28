"""The frame of a lab: promise and prediction first; what to notice, code, errata, quiz, share and export at the end.

A lab calls `opening`, draws its controls and its figure, and calls `closing`. Everything that all labs have is here,
so that a lab is only its idea. In an embedded frame (`?embed=true`, for slides) and on a projector only controls and
figure remain, and `?hide=stride,padding` removes the controls with these keys.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import streamlit as st

from classroom.roles import Role
from core.errors import CoreError
from pages._kit import quiz as quizzes
from pages._kit.bare import bare
from pages._kit.component import component
from pages._kit.discovery import describe
from pages._kit.guard import visitor
from pages._kit.plot import bring, plot
from syllabus.errata import erratum
from syllabus.problem_sets import problem_set

Seen = TypeVar("Seen")  # what a view found out
Exports: TypeAlias = Mapping[str, str | bytes | Callable[[], str | bytes]]  # by the name of the file
TOOLBAR = component(
    "toolbar",
    html='<div class="bar"><button class="copy" type="button">Copy link to this setting</button>'
    '<button class="save" type="button">Save picture</button><span role="status"></span></div>',
)


@dataclass(frozen=True)
class Said:
    """What one view of a lab has to say at the end of the page.

    An export that costs something is a function: it runs when somebody takes the file.
    """

    notice: Sequence[str]
    call: str
    shows: Sequence[Callable[..., Any]]
    exports: Exports = field(default_factory=dict)


def opening(docstring: str, *, predict: str) -> None:
    """Title, promise, and a place to commit to a prediction; `docstring` is the page's own."""
    lab = describe(docstring, name="", path=Path())
    who = visitor()
    role = who.role if who else Role.VISITOR
    if not role.may_open(lab.role):  # the shell guards this page already; a second belt for whoever runs it alone
        st.stop()
    _hide(st.query_params.get("hide", ""))
    bring()
    st.title(lab.title, anchor=False)
    if bare():
        return
    st.markdown(lab.promise)
    with st.container(border=True, key="prediction-box"):
        st.markdown(f"**Predict first.** {predict}")
        st.text_input(
            "Your prediction",
            key="prediction",
            max_chars=120,
            placeholder="Write it down, press Enter, then find out",
            label_visibility="collapsed",
        )
        st.session_state["_answer_slot"] = st.empty()


def columns() -> tuple[Any, Any]:
    """A narrow place for controls and a wide one for the figure; they stand on top of each other on a phone."""
    controls, stage = st.columns([1, 2], gap="large")
    return controls, stage


def one_of(views: Mapping[str, Callable[[Any, Any], Seen]], *, label: str = "Look at") -> Seen:
    """Several views of one idea: a switch, and below it the view that is chosen; it gets the two columns.

    What the view returns is for the end of the page. A setting that cannot be is explained, and the page ends there.
    """
    chosen = st.segmented_control(
        label, list(views), default=next(iter(views)), key="view", bind="query-params", required=True
    )
    controls, stage = columns()
    try:
        return views[chosen](controls, stage)
    except CoreError as error:
        with stage:
            impossible(error)
        st.stop()


def chart(
    figure: dict[str, Any],
    *,
    key: str,
    alt: str,
    table: Any = None,
    height: int | Literal["content"] = "content",
    quick: bool = False,
    on_pick: Callable[[], None] | None = None,
) -> None:
    """A plotly figure, as the dictionary of its data and layout, that a screen reader can read; its numbers beside it.

    Plotly checks every word of a figure it builds, which costs ten times what drawing it does; the tests check instead
    (`tests/pages/test_figures.py`). In the browser plotly takes 50 ms and more for a figure: a `quick` one, which
    follows a slider, is drawn by our own component (`pages/_kit/plot.py`) in a tenth of that. A click on a point of a
    quick one calls `on_pick`; it must never be the only way.
    """
    if quick:
        plot(figure, key=key, alt=alt, on_pick=on_pick)
    else:
        from pages._kit.as_said import AsSaid  # brings plotly, which is not needed before the first chart

        plain = {"displayModeBar": False}
        st.plotly_chart(AsSaid(figure), key=key, alt=alt, width="stretch", height=height, config=plain)
    if table is not None:
        _fold("The numbers behind this chart", lambda: st.table(table), key=f"{key}-numbers")


def impossible(error: CoreError) -> None:
    """A setting that cannot be: part of the lesson, so it is explained and not scolded."""
    st.warning(f"This setting is impossible: {error}", icon=":material/lightbulb:")


def closing(
    said: Said | None = None,
    *,
    answer: str,
    notice: Sequence[str] = (),
    shows: Sequence[Callable[..., Any]] = (),
    call: str = "",
    quiz: Sequence[str] = (),
    errata: Sequence[str] = (),
    prepares: str | None = None,
    exports: Exports | None = None,
) -> None:
    """What to notice, the code that ran, the lectures' errors, the quiz, and the ways on.

    A lab of several views hands on what its view `said`; one of a single view says it here, word by word.
    """
    if bare():
        return
    said = said or Said(notice, call, shows, exports or {})
    _answer(answer)
    st.header("What to notice", anchor=False)
    st.markdown("\n".join(f"- {line}" for line in said.notice))
    _fold("The code that ran", lambda: _code(said.call, said.shows), key="code", icon=":material/code:")
    if errata:
        wrong = f"Where the lectures are wrong ({len(errata)})"
        _fold(wrong, lambda: _errata(errata), key="errata", icon=":material/edit_note:")
    if quiz:
        _fold(f"Quiz ({len(quiz)})", lambda: quizzes.ask(quiz), key="quiz", icon=":material/quiz:")
    st.header("Take it with you", anchor=False)
    TOOLBAR(key="toolbar")
    if said.exports:
        with st.container(horizontal=True, key="exports"):
            for name, content in said.exports.items():
                st.download_button(name, content, file_name=name, key=f"export-{name}", icon=":material/download:")
    if prepares:
        assignment = problem_set(prepares)
        st.caption(f"This lab prepares for problem set {assignment.number}, {assignment.title}: {assignment.theme}")


def _fold(label: str, draw: Callable[[], object], *, key: str, icon: str | None = None) -> None:
    """Something that is drawn when somebody opens it, and costs nothing before."""
    with st.expander(label, key=key, icon=icon, on_change="rerun") as fold:
        if fold.open:
            draw()


def _code(call: str, shows: Sequence[Callable[..., Any]]) -> None:
    for text in (call, *map(_source, shows)):
        st.code(text, language="python", wrap_lines=True)


@cache
def _source(function: Callable[..., Any]) -> str:
    return f"# {function.__module__}\n{inspect.getsource(function)}"


def _answer(answer: str) -> None:
    predicted = st.session_state.get("prediction", "").strip()
    if predicted:
        with st.session_state["_answer_slot"].container():
            st.text(f"You said: {predicted}")
            st.markdown(f"**Found out:** {answer}")


def _hide(keys: str) -> None:
    """A teacher's `hide=`: take the controls with these keys off the page; their values still come from the address."""
    wanted = [key for key in keys.split(",") if re.fullmatch(r"[A-Za-z0-9_-]+", key)]
    if wanted:
        selectors = ", ".join(f".st-key-{key}" for key in wanted)
        st.html(f"<style>{selectors} {{ display: none; }}</style>")


def _errata(identifiers: Sequence[str]) -> None:
    for found in map(erratum, identifiers):
        st.markdown(
            f"**{found.quantity}** (lecture {', '.join(found.lectures)}). "
            f"It has: {found.stated}. Right: {found.correct}. {found.reason}"
        )
