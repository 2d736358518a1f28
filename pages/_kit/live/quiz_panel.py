"""What a follower sees when the class is asked something: the question, a field, the vote; later how it came out."""

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import quizzing
from classroom.live.answers import in_words
from classroom.live.quizzing import Asked, Told
from classroom.people import Person
from classroom.permissions import may
from grading.errors import GradingError
from pages._kit import course
from pages._kit.component import component
from pages._kit.guard import link, way_in
from pages._kit.live.fields import counted, field, given_in, lab, looked_for
from pages._kit.words import plain
from syllabus.questions import Kind

SAID = "_live-said"  # what went wrong with the last vote, told once
OUTSIDE = "The class is asked something. Only members of the course answer."


def show(desk: Desk, who: Person | None) -> None:
    """The question that is asked now, as far as it may be known; nothing if none is."""
    if who is None or not may(who, "vote", about=who.key):
        _outside(desk, who)
        return
    with course.speaking():
        asked = quizzing.current(desk, who)
        if asked is None:
            return
        with st.container(border=True, key="live-quiz"):
            _question(asked)
            if asked.told:
                _revealed(asked, asked.told)
            elif asked.state == "open":
                _open(desk, who, asked)
            else:
                _closed(asked)


def _outside(desk: Desk, who: Person | None) -> None:
    lecture = desk.lectures.live()
    quiz = desk.quizzes.current(lecture.id) if lecture else None
    if quiz is None or quiz.state == "away":
        return
    with st.container(border=True, key="live-quiz"):
        if who:
            st.markdown(OUTSIDE)
        else:
            st.markdown("The class is asked something. **Sign in to answer.**")
            link("Sign in", way_in(st.session_state.get("_at", "")), framed=True)


def _question(asked: Asked) -> None:
    st.markdown(f"**{plain(asked.prompt)}**")
    if asked.round > 1 and not asked.told:
        st.markdown("Second vote: answer once more, now that you have discussed it.")
    if asked.title:
        st.markdown(f"Slide: **{plain(asked.title)}**")


def _open(desk: Desk, who: Person, asked: Asked) -> None:
    key = f"_live-answer-{asked.quiz}-{asked.round}"
    field(asked.kind, asked.options, asked.picture, key=key, start=asked.mine)
    with st.container(horizontal=True, vertical_alignment="center", key="live-quiz-vote"):
        label = "Vote" if asked.mine is None else "Change my answer"
        st.button(label, key="_live-vote", type="primary", on_click=_vote, args=(desk, who, asked, key))
        if asked.until:
            _countdown(asked, (asked.until - desk.clock()).total_seconds())
    if said := st.session_state.pop(SAID, None):
        st.error(said, icon=":material/error:")
    elif asked.mine is not None:
        st.success(
            f"You answered {_answer(asked.kind, asked.mine)}. You may change it until the vote closes.",
            icon=":material/check_circle:",
        )


def _countdown(asked: Asked, seconds: float) -> None:
    """The browser counts down and asks for the panel anew at the end; the server closes by its own clock."""
    mount = component("countdown", html='<div class="countdown" role="timer"></div>')
    base = f"{asked.quiz} {asked.round} {asked.until}"
    mount(key="_live-countdown", data={"seconds": max(0.0, seconds), "base": base}, on_over_change=_time_is_up)


def _time_is_up() -> None:
    """The panel is drawn anew by the run that this begins."""


def _closed(asked: Asked) -> None:
    mine = "You gave no answer" if asked.mine is None else f"You answered {_answer(asked.kind, asked.mine)}"
    st.info(f"The vote is closed. {mine}. The answer comes in a moment.")


def _revealed(asked: Asked, told: Told) -> None:
    st.markdown(f"{looked_for(asked.kind)}: **{plain(told.answer)}**. {plain(told.why)}")
    mine = (asked.mine[0], asked.mine[1]) if asked.kind == "click" and isinstance(asked.mine, tuple) else None
    key = f"_live-votes-{asked.quiz}"
    counted(asked.kind, told.rounds, asked.picture, key=key, marked=True, regions=told.regions, mine=mine)
    st.caption(_given(asked))
    lab(told.page)


def _given(asked: Asked) -> str:
    """What one answered, first and then."""
    said = [_answer(asked.kind, given) for given in (asked.before, asked.mine) if given is not None]
    if asked.before is not None and asked.before == asked.mine:
        return f"You answered {said[0]} both times."
    return f"You answered {', then '.join(said)}." if said else "You gave no answer."


def _answer(kind: Kind, given: object) -> str:
    return f"**{plain(in_words(kind, given))}**"


def _vote(desk: Desk, who: Person, asked: Asked, key: str) -> None:
    """Hand the answer in; what is wrong with it the panel says when it is drawn next."""
    try:
        quizzing.vote(desk, who, asked.quiz, given_in(key), round=asked.round)
    except (ClassroomError, GradingError) as refusal:
        st.session_state[SAID] = plain(str(refusal))
