"""The notebook as a page: text and formulas to read, an editor wherever something is asked, what it puts out below."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from classroom import editor
from classroom.desk import Desk
from classroom.editor import Cell
from classroom.people import Person
from grading.practice import Tried, says_something
from pages._kit.code_cell import code_cell
from pages._kit.course import in_points, speaking
from pages._kit.scrolling import prose
from pages._parts.assignments import outputs
from pages._parts.assignments.trying import Trial, begin

LOOK_EVERY = 0.5  # seconds, while a cell runs
_TITLE = re.compile(r"\A# .*\n?")  # the page has it already


def notebook(desk: Desk, who: Person, name: str) -> None:
    """Every cell in its order."""
    cells = editor.cells(desk, who, name)
    labels = names(cells)
    for cell in cells:
        if cell.kind == "text":
            prose(_TITLE.sub("", cell.source))
        elif cell.kind == "code":
            st.code(cell.source, language="python", wrap_lines=True)
        elif cell.kind == "test":
            _test(cell)
        elif cell.kind == "written":
            _written(desk, who, name, cell, labels[cell.key])
        else:
            _answer(desk, who, name, cell, labels[cell.key], editor.examples_below(cells, cell.key))


def names(cells: Sequence[Cell]) -> Mapping[str, str]:
    """What each editor is called, so that a screen reader tells them apart: two questions may share a heading."""
    typed = [cell for cell in cells if cell.kind in ("answer", "written", "free")]
    return {
        cell.key: f"Answer {number} of {len(typed)}: {cell.heading or cell.key}" for number, cell in enumerate(typed, 1)
    }


def _test(cell: Cell) -> None:
    """What students are given of a test, and what it is worth."""
    if says_something(cell.source):
        st.caption("Examples, which **Check** runs")
        st.code(cell.source, language="python", wrap_lines=True)
    if cell.question is not None and cell.question.points:
        said = [line.lstrip("# ").strip() for line in cell.source.splitlines() if line.startswith("#")]
        bonus = ", a bonus" if cell.question.bonus else ""
        st.caption(f"{' '.join(said)} **{in_points(cell.question.points)}**{bonus}, judged when you hand in.")


def _written(desk: Desk, who: Person, name: str, cell: Cell, label: str) -> None:
    """An answer in words, with a look at how its formulas come out."""

    @st.fragment
    def part() -> None:
        edited = _editor(desk, who, name, cell, label, actions=("Preview",), language="markdown")
        if edited[1]:
            st.session_state[f"_preview-{cell.key}"] = edited[0]
        if shown := st.session_state.get(f"_preview-{cell.key}"):
            with st.container(border=True, key=f"preview-{name}-{cell.key}"):
                prose(shown)
        if cell.question is not None:
            st.caption(f"**{in_points(cell.question.points)}**, marked by a person.")

    part()


def _answer(desk: Desk, who: Person, name: str, cell: Cell, label: str, checks: bool) -> None:
    """An answer in code: the editor, and below it what came of the last run."""
    slot = f"_trial-{name}-{cell.key}"
    trial: Trial | None = st.session_state.get(slot)

    @st.fragment(run_every=LOOK_EVERY if trial is not None and trial.running else None)
    def part() -> None:
        trial: Trial | None = st.session_state.get(slot)
        running = trial is not None and trial.running
        _, asked = _editor(desk, who, name, cell, label, actions=("Run", "Check") if checks else ("Run",), busy=running)
        if asked and not running:
            trial = begin(lambda: editor.run(desk, who, name, cell=cell.key, check=asked == "Check"))
            st.session_state[slot] = trial
            trial.wait()
            if trial.running:
                st.rerun()  # so that this part is looked at again and again
        elif trial is not None and not trial.running and not st.session_state.get(f"{slot}-told", True):
            st.session_state[f"{slot}-told"] = True
            st.rerun()
        if trial is not None and trial.running:
            st.session_state[f"{slot}-told"] = False
            with st.container(horizontal=True, vertical_alignment="center", key=f"running-{name}-{cell.key}"):
                st.markdown("Running ...")
                if st.button("Stop", key=f"stop-{name}-{cell.key}"):
                    with speaking():
                        editor.stop(desk, who, name)
        elif trial is not None:
            _came_of_it(trial, key=f"{name}-{cell.key}")

    part()


def _editor(
    desk: Desk,
    who: Person,
    name: str,
    cell: Cell,
    label: str,
    *,
    actions: tuple[str, ...],
    busy: bool = False,
    language: str = "python",
) -> tuple[str, str]:
    """The editor with its draft, and a way back to the beginning that can itself be undone."""
    count = f"_version-{name}-{cell.key}"
    over = st.session_state.get(count, 0)
    edited = code_cell(
        cell.source if over else cell.typed,
        key=f"cell-{name}-{cell.key}",
        label=label,
        language="markdown" if language == "markdown" else "python",
        actions=actions,
        busy=busy,
        version=over,
        keep=lambda text: editor.save(desk, who, name, cell=cell.key, text=text),
        owner=f"{who.key} {name} {cell.key}",
    )
    if edited.text.strip() != cell.source.strip() and st.button(
        "Start over", key=f"over-{name}-{cell.key}", type="tertiary", icon=":material/undo:",
        help="Puts back what you were given. Ctrl+Z in the editor brings your text back.",
    ):  # fmt: skip
        editor.save(desk, who, name, cell=cell.key, text=cell.source)
        st.session_state[count] = over + 1
        st.rerun()
    return edited.text, edited.asked


def _came_of_it(trial: Trial, *, key: str) -> None:
    """Outputs first, then the examples: what passed, and what was seen where not."""
    if trial.wrong:
        st.error(trial.wrong, icon=":material/error:")
    if trial.found is None:
        return
    found: Tried = trial.found
    if found.above:
        st.caption(f"On the way, this failed above: {', '.join(found.above)}.")
    outputs.show(found.outputs, key=key)
    for example in found.examples:
        if example.passed:
            st.success("The examples pass. Hidden cases follow when you hand in.", icon=":material/check_circle:")
        else:
            st.error("An example does not pass.", icon=":material/cancel:")
            outputs.plain(example.seen)
        if example.printed.strip():
            st.caption("Printed while the examples ran")
            outputs.plain(example.printed)
    if not found.outputs and not found.examples and not found.failed:
        st.caption(f"It ran, {found.seconds:.1f} s, and put nothing out.")
