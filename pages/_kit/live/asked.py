"""A question that the class is asked, as its presenter sees it: open, closed, asked once more, revealed."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from classroom.desk import Desk
from classroom.live import quizzing
from classroom.live.port import Quiz
from classroom.people import Person
from pages._kit.live.counted import counted, looked_for
from pages._kit.live.fields import framed, lab
from pages._kit.live.saying import trying
from pages._kit.words import plain
from syllabus.questions import Question

SAID = "_live-asking-said"  # where is said what could not be done
LIMITS = {"No limit": None, "30 s": 30, "60 s": 60, "90 s": 90}
LIMIT = "_live-limit"


def show(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    """The question, where it stands, and what can be done next."""
    _question(question, with_options=not quiz.is_revealed)
    if quiz.is_revealed:
        _revealed(desk, who, quiz, question)
    elif quiz.takes_votes(desk.clock()):
        st.fragment(_count, run_every=1.0)(desk, who)
        button("Close", lambda: quizzing.close(desk, who))
        _picture(question)
    else:
        _closed(desk, who, quiz, question)


def _question(question: Question, *, with_options: bool) -> None:
    st.markdown(f"**{plain(question.prompt)}**")
    if question.title:
        st.markdown(f"Slide: **{plain(question.title)}**")
    if question.options and with_options:
        st.markdown("\n".join(f"- {plain(option)}" for option in question.mixed))


def _count(desk: Desk, who: Person | None) -> None:
    """How many have answered; once the vote is over, by time or by somebody else, everything is drawn anew."""
    asked, now = quizzing.asked_now(desk, who), desk.clock()
    if asked is None or not asked[0].takes_votes(now):
        st.rerun()
    quiz, found = asked[0], quizzing.count(desk, who)
    left = f", {max(0, round((quiz.until - now).total_seconds()))} s left" if quiz.until else ""
    vote = "The second vote" if quiz.round > 1 else "The vote"
    students = f"{found.students} student{'' if found.students == 1 else 's'} in the course"
    st.markdown(f"{vote} is open: {_answers(found.answered)}, {students}{left}.")


def _answers(number: int) -> str:
    """How many, in words.

    >>> _answers(0), _answers(1)
    ('**0** answers', '**1** answer')
    """
    return f"**{number}** answer{'' if number == 1 else 's'}"


def _closed(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    st.markdown(f"Closed with {_answers(quizzing.count(desk, who).answered)}.")
    histogram = st.toggle("Show the votes", key=f"_live-votes-{quiz.id}-{quiz.round}")
    with st.container(horizontal=True, vertical_alignment="bottom", key="live-asking-closed"):
        button("Reveal", lambda: quizzing.reveal(desk, who))
        if quiz.round < quizzing.ROUNDS:
            button("Second vote", lambda: quizzing.again(desk, who, seconds()), primary=False)
            limit()
    if histogram:
        _votes(desk, who, quiz, question)
    else:
        _picture(question)


def _revealed(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    st.markdown(f"{looked_for(question.kind)}: **{plain(question.shown_answer)}**. {plain(question.why)}")
    _votes(desk, who, quiz, question)
    lab(question.page)
    button("Next", lambda: quizzing.put_away(desk, who))


def _picture(question: Question) -> None:
    if question.kind == "click":
        framed(question, key="_live-picture", told=False)


def _votes(desk: Desk, who: Person | None, quiz: Quiz, question: Question) -> None:
    """The votes of all rounds; what is right is marked when the class knows it."""
    rounds = [quizzing.tally(desk, who, quiz.id, round) for round in range(1, quiz.round + 1)]
    out = quiz.is_revealed
    regions = question.regions if out else ()
    key = f"_live-tally-{quiz.id}-{quiz.round}-{out}"
    counted(question.kind, rounds, question.picture, key=key, marked=out, regions=regions)


def limit() -> None:
    """The choice of how long a vote is open."""
    st.segmented_control("Time", list(LIMITS), default="No limit", required=True, key=LIMIT)


def seconds() -> int | None:
    """How long the next vote is open, as it is chosen."""
    return LIMITS[st.session_state.get(LIMIT, "No limit")]


def button(label: str, does: Callable[[], object], *, primary: bool = True, disabled: bool = False) -> None:
    """A button for one step of asking; what the step refuses is said in the box."""
    kind: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    key = f"_live-{label.lower().replace(' ', '-')}"
    st.button(label, key=key, type=kind, on_click=trying(does, place=SAID), disabled=disabled)
