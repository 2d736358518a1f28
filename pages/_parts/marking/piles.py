"""Which question is marked, and how many answers are left."""

import time
from collections.abc import Sequence

import streamlit as st

from classroom import marking
from classroom.desk import Desk
from classroom.marking import Pile
from classroom.people import Person
from pages._kit.course import points
from pages._kit.ways import link

KEPT = "_piles"
FRESH = 20.0  # seconds


def name(pile: Pile) -> str:
    """What a pile is called in the list and in the address."""
    return f"{pile.assignment} / {pile.question.id}"


def known(desk: Desk, who: Person) -> tuple[Pile, ...]:
    """All piles as they were a moment ago: counting them all takes a second in a large course."""
    at, found = st.session_state.get(KEPT, (0.0, ()))
    if not found or time.monotonic() - at > FRESH:
        at, found = time.monotonic(), marking.piles(desk, who)
        st.session_state[KEPT] = at, found
    return tuple(found)


def asked_for() -> tuple[int, str] | None:
    """The one answer that the address asks for, from the inbox or from another of the student's hand-ins."""
    hand_in, question = st.query_params.get("hand_in", ""), st.query_params.get("question", "")
    return (int(hand_in), question) if hand_in.isascii() and hand_in.isdigit() and len(hand_in) < 16 else None


def way_back() -> None:
    """From one answer to all that wait."""
    st.html(f"<p>{link('marking', 'To the answers that wait')}</p>")


def progress(pile: Pile) -> None:
    """How far the pile is marked."""
    done = pile.of - pile.left
    offered = f"{points(pile.question.points)} point{'' if pile.question.points == 1 else 's'}"
    st.progress(done / pile.of, f"{done} of {pile.of} marked, {pile.left} left; each is worth {offered}")


def nothing() -> None:
    """No question of this course waits for a person."""
    st.info(
        "Nothing waits to be marked. Answers appear here once students have handed in an assignment with a question "
        "for a person: a cell that is marked as manually graded in its notebook."
    )


def done(pile: Pile, piles: Sequence[Pile]) -> None:
    """This pile is marked; where to go on."""
    st.success("Every answer to this question is marked.", icon=":material/check_circle:")
    others = [each for each in piles if each.left and name(each) != name(pile)]
    if others:
        st.markdown(f"Next: choose **{name(others[0])}** above, where {others[0].left} wait.")
    else:
        st.html(f"<p>All questions are marked. {link('gradebook', 'See the gradebook')}</p>")
