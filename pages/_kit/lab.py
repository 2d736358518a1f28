"""The frame of a lab: promise and prediction first; what to notice, code, errata, quiz, share and export at the end.

A lab calls `opening`, draws its controls and its figure, and calls `closing`. Everything that all labs have is here,
so that a lab is only its idea. In an embedded frame (`?embed=true`, for slides) only controls and figure remain, and
`?hide=stride,padding` removes the controls with these keys.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import CoreError
from pages._kit import quiz as quizzes
from pages._kit.component import component
from pages._kit.discovery import describe
from pages._kit.guard import visitor
from syllabus.errata import erratum
from syllabus.problem_sets import problem_set

TOOLBAR = component(
    "toolbar",
    html='<div class="bar"><button class="copy" type="button">Copy link to this setting</button>'
    '<button class="save" type="button">Save picture</button><span role="status"></span></div>',
)


def opening(docstring: str, *, predict: str) -> None:
    """Title, promise, and a place to commit to a prediction; `docstring` is the page's own."""
    lab = describe(docstring, name="", path=Path())
    if not visitor().may_open(lab.role):  # the shell guards this page already; a second belt for whoever runs it alone
        st.stop()
    _hide(st.query_params.get("hide", ""))
    st.title(lab.title, anchor=False)
    if st.context.is_embedded:
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


def chart(figure: Any, *, key: str, alt: str, table: Any = None, height: int | str = "content") -> None:
    """A plotly figure that a screen reader can read, with its numbers beside it."""
    st.plotly_chart(figure, key=key, alt=alt, width="stretch", height=height, config={"displayModeBar": False})
    if table is not None:
        with st.expander("The numbers behind this chart"):
            st.table(table)


def impossible(error: CoreError) -> None:
    """A setting that cannot be: part of the lesson, so it is explained and not scolded."""
    st.warning(f"This setting is impossible: {error}", icon=":material/lightbulb:")


def closing(
    *,
    notice: Sequence[str],
    shows: Sequence[Callable[..., Any]],
    call: str,
    answer: str,
    quiz: Sequence[str] = (),
    errata: Sequence[str] = (),
    prepares: str | None = None,
    exports: Mapping[str, str | bytes] | None = None,
) -> None:
    """What to notice, the code that ran, the lectures' errors, the quiz, and the ways on."""
    if st.context.is_embedded:
        return
    _answer(answer)
    st.header("What to notice", anchor=False)
    st.markdown("\n".join(f"- {line}" for line in notice))
    with st.expander("The code that ran", icon=":material/code:"):
        st.code(call, language="python", wrap_lines=True)
        for function in shows:
            st.code(f"# {function.__module__}\n{inspect.getsource(function)}", language="python", wrap_lines=True)
    if errata:
        with st.expander(f"Where the lectures are wrong ({len(errata)})", icon=":material/edit_note:"):
            for identifier in errata:
                _erratum(identifier)
    if quiz:
        with st.expander(f"Quiz ({len(quiz)})", icon=":material/quiz:", key="quiz"):
            for identifier in quiz:
                quizzes.ask(identifier)
    st.header("Take it with you", anchor=False)
    TOOLBAR(key="toolbar")
    if exports:
        with st.container(horizontal=True, key="exports"):
            for name, content in exports.items():
                st.download_button(name, content, file_name=name, key=f"export-{name}", icon=":material/download:")
    if prepares:
        assignment = problem_set(prepares)
        st.caption(f"This lab prepares for problem set {assignment.number}, {assignment.title}: {assignment.theme}")


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


def _erratum(identifier: str) -> None:
    found = erratum(identifier)
    st.markdown(
        f"**{found.quantity}** (lecture {', '.join(found.lectures)}). "
        f"It has: {found.stated}. Right: {found.correct}. {found.reason}"
    )
