"""One answer: what was asked, what was written, the instructor's own, and the points, by mouse or by keyboard."""

from urllib.parse import quote

import streamlit as st

from classroom import marking
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.marking import Answer, Pile
from classroom.people import Person
from classroom.staff.answers import Piece
from grading.errors import GradingError
from pages._kit import course
from pages._kit.course import points
from pages._kit.scrolling import prose
from pages._kit.ways import link
from pages._kit.words import plain, without_pictures

LAST, SKIPPED, SAID, REFUSED = "_last-mark", "_skipped", "_marking-said", "_marking-refused"
KEYS = "asdfghjkl"  # one for each button; numbers would be taken for the points themselves


def show(desk: Desk, who: Person, one: Answer, *, hidden: bool, alone: bool = False) -> None:
    """The answer, and beside it the marks above the rubric; `alone` if it is none of a row of answers."""
    tried = "" if one.number == 1 else f", hand-in {one.number}"
    st.markdown("## The answer")
    st.text(f"{one.name}{tried}, {course.when(one.at)}")
    screen = "&screen=true" if hidden else ""
    st.html(f"<p>{link(f'gradebook?hand_in={one.hand_in}{screen}', 'The whole hand-in')}</p>")
    theirs, ours = st.columns(2, gap="large")
    with theirs:
        st.markdown("**What was answered**")
        if one.pieces:
            _pieces(one.pieces, key="answer")
        else:
            st.info("Nothing was answered: the cell is empty, missing, or as it was handed out.")
        if one.others:
            ways = [
                link(f"marking?hand_in={id}&question={quote(one.question.id)}", f"hand-in {number}")
                for number, id in one.others
            ]
            st.html(f"<p>Other answers of the same student: {', '.join(ways)}</p>")
    with ours:
        _marks(desk, who, one, alone=alone)  # first: whoever gave one stands where the next answer begins
        if one.rubric.asked:
            st.markdown("**What was asked**")
            _pieces(one.rubric.asked, key="asked")
        st.markdown("**The instructor's own answer**")
        if one.rubric.model:
            _pieces(one.rubric.model, key="model")
        else:
            st.caption("The instructor's notebook says nothing about this question.")


def skipped(pile: Pile) -> int:
    """The hand-in of this pile that was skipped last."""
    found: dict[str, int] = st.session_state.get(SKIPPED, {})
    return found.get(f"{pile.assignment}/{pile.question.id}", 0)


def say_what_happened() -> None:
    """What the last button did, or why it did nothing."""
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(plain(refused), icon=":material/error:")
    if said := st.session_state.pop(SAID, ""):
        st.success(said, icon=":material/check_circle:")


def take_back(desk: Desk, who: Person) -> None:
    """The button that undoes this visitor's last mark."""
    if last := st.session_state.get(LAST):
        st.button(
            "Take back my last mark",
            key="take-back",
            icon=":material/undo:",
            shortcut="u",
            on_click=_take_back,
            args=(desk, who, *last),
        )


def _marks(desk: Desk, who: Person, one: Answer, *, alone: bool) -> None:
    st.markdown("**Points**")
    if one.by:
        said = f': "{plain(one.entry.comment)}"' if one.entry.comment else ""
        st.info(f"{plain(one.by)} gave {points(one.entry.points)} of {points(one.entry.out_of)}{said}")
    elif one.entry.points is not None:
        st.caption(f"The machine gave {points(one.entry.points)} of {points(one.entry.out_of)}.")
    mine = f"{one.hand_in}-{one.question.id}"
    comment = st.text_area(
        "Comment", one.entry.comment, key=f"comment-{mine}", max_chars=marking.LONGEST, help="The student reads it."
    )
    steps = marking.steps(one.question)
    few = steps if len(steps) <= len(KEYS) else _quarters(one.question.points)
    with st.container(horizontal=True, vertical_alignment="bottom", key="points"):
        for number, (letter, value) in enumerate(zip(KEYS, few, strict=False), 1):
            st.button(
                points(value),
                key=f"give-{mine}-{number}",
                shortcut=letter,
                on_click=_give,
                args=(desk, who, one, value, comment),
            )
        if few != steps:
            most = one.question.points
            now = min(one.entry.points or 0.0, most)
            other = st.number_input("Other points", 0.0, most, now, step=marking.STEP, key=f"other-{mine}", width=150)
            st.button("Give these", key=f"give-{mine}-other", on_click=_give, args=(desk, who, one, other, comment))
        if not alone:
            st.button("Skip", key="skip", shortcut="n", on_click=_skip, args=(one,))
        take_back(desk, who)
    st.caption("By keyboard, outside of the comment: the letter beside each button, N to skip, U to take back.")


def _quarters(most: float) -> tuple[float, ...]:
    """None, a quarter, half, three quarters and all of the points, on steps that can be given.

    >>> _quarters(10.0)
    (0.0, 2.5, 5.0, 7.5, 10.0)
    """
    near = (round(most * share / 4 / marking.STEP) * marking.STEP for share in range(4))
    return (*dict.fromkeys(near), most)


def _give(desk: Desk, who: Person, one: Answer, value: float, comment: str) -> None:
    typed = st.session_state.get(f"comment-{one.hand_in}-{one.question.id}", comment)
    try:
        marking.give(desk, who, one.hand_in, one.question.id, points=value, comment=typed, seen=one.seen)
    except (ClassroomError, GradingError) as refusal:
        st.session_state[REFUSED] = str(refusal)
        return
    st.session_state[LAST] = (one.hand_in, one.question.id)
    st.session_state[SAID] = f"{plain(one.name)} has {points(value)} of {points(one.question.points)}."


def _take_back(desk: Desk, who: Person, hand_in: int, question: str) -> None:
    st.session_state.pop(LAST, None)
    try:
        marking.take_back(desk, who, hand_in, question)
    except (ClassroomError, GradingError) as refusal:
        st.session_state[REFUSED] = str(refusal)
        return
    st.session_state[SAID] = "Your last mark is taken back."


def _skip(one: Answer) -> None:
    st.session_state.setdefault(SKIPPED, {})[f"{one.assignment}/{one.question.id}"] = one.hand_in


def _pieces(pieces: tuple[Piece, ...], *, key: str) -> None:
    with st.container(border=True, key=f"pieces-{key}"):
        for piece in pieces:
            if piece.code:
                st.code(piece.text, language="python", wrap_lines=True)
            else:
                prose(without_pictures(piece.text), foreign=True)
