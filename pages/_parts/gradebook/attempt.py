"""One hand-in, opened: its points with what was said, its notebook, and the ways to the ones before and after."""

from urllib.parse import quote

import streamlit as st

from classroom.desk import Desk
from classroom.people import Person
from classroom.staff.opened import Opened, Sheet, Shown, opened
from grading.ledger.standing import Entry
from pages._kit import course
from pages._kit.course import points
from pages._kit.scrolling import prose
from pages._kit.ways import link
from pages._kit.words import plain, without_pictures
from pages._parts.assignments import outputs
from pages._parts.assignments.results import STATES, had

MOST_CELLS, MOST_LETTERS = 400, 20_000  # that are drawn of a notebook; of a cell
RAN, HANDED_IN = "As it ran", "As handed in"


def asked_for() -> int:
    """The hand-in that the address asks for, or 0."""
    asked = st.query_params.get("hand_in", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0


def show(desk: Desk, who: Person, hand_in: int) -> None:
    """Whose it is, question by question, cell by cell."""
    hidden = st.toggle("Numbers for names", key="screen", bind="query-params", help="For a screen that students see.")
    found = opened(desk, who, hand_in, anonymous=hidden)
    submission = found.standing.hand_in.submission
    st.markdown(f"## {plain(found.name)}: {plain(found.title)}")
    said = [f"Hand-in {found.standing.hand_in.number} of {found.of}", course.when(submission.at)]
    said += [f"{points(found.standing.points)} of {points(found.out_of)} points"] if found.standing.result else []
    said += ["counts"] if found.counts and found.of > 1 else []
    st.text(", ".join(said))
    _ways(found, hidden=hidden)
    st.markdown("## Questions")
    if not found.standing.entries:
        st.info("It is not graded yet.")
    for entry in found.standing.entries:
        if entry.out_of or entry.state != "full":
            _question(found, entry)
    st.markdown("## Notebook")
    ran = any(sheet.cells for sheet in found.ran)
    view = HANDED_IN
    if ran:
        view = st.segmented_control("Show it", [RAN, HANDED_IN], default=RAN, key="sheet", required=True)
        if view == RAN:
            st.caption("With the tests of the assignment, and with what our own machine put out.")
    for sheet in found.ran if view == RAN else found.handed_in:
        _sheet(sheet, key=f"{hand_in}-{view == RAN}")


def _ways(found: Opened, *, hidden: bool) -> None:
    screen = "&screen=true" if hidden else ""
    name = quote(found.standing.hand_in.submission.assignment)
    ways = [link(f"gradebook?hand_in={found.earlier}{screen}", "Hand-in before")] if found.earlier else []
    ways += [link(f"gradebook?hand_in={found.later}{screen}", "Hand-in after")] if found.later else []
    ways += [link(f"gradebook?assignment={name}{screen}", "To the gradebook")]
    st.html(f"<p>{' · '.join(ways)}</p>")


def _question(found: Opened, entry: Entry) -> None:
    icon, _ = STATES[entry.state]
    question = found.questions.get(entry.question)
    title = f" · {plain(question.title)}" if question and question.title else ""
    title += question.addition if question else ""
    with st.container(border=True):
        address = f"marking?hand_in={found.standing.hand_in.id}&question={quote(entry.question)}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{icon} **{plain(entry.question)}**{title} · {had(entry)}")
            if entry.out_of or entry.state == "undecided":
                st.html(link(address, f"Mark {entry.question}"), width="content")
        if entry.score.seen and entry.state != "full":
            st.text(entry.score.seen)
        if entry.score.hint and entry.state != "full":
            st.text(f"Hint: {entry.score.hint}")
        if entry.comment:
            st.text(f"{found.marked_by.get(entry.question, 'Comment')}: {entry.comment}")


def _sheet(sheet: Sheet, *, key: str) -> None:
    st.text(sheet.file)
    if sheet.wrong:
        st.warning(plain(sheet.wrong))
    with st.container(border=True, key=f"sheet-{key}-{sheet.file}"):
        for number, cell in enumerate(sheet.cells[:MOST_CELLS]):
            _cell(cell, key=f"{key}-{sheet.file}-{number}")
    if len(sheet.cells) > MOST_CELLS:
        st.caption(f"And {len(sheet.cells) - MOST_CELLS} cells more.")


def _cell(cell: Shown, *, key: str) -> None:
    whole = without_pictures(cell.source) if cell.kind == "markdown" else cell.source
    source = whole[:MOST_LETTERS]
    if cell.kind == "code":
        st.code(source, language="python", wrap_lines=True)
        outputs.show(cell.outputs, key=key)
    elif cell.kind == "markdown":
        prose(source, foreign=True)
    else:
        st.text(source)
    if len(whole) > MOST_LETTERS:
        st.caption(f"And {len(whole) - MOST_LETTERS:,} letters more.")
    if cell.left_out:
        many = "One output is" if cell.left_out == 1 else f"{cell.left_out} outputs are"
        st.caption(f"{many} not shown: neither text nor a picture, or too much.")
