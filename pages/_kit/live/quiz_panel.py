"""What a follower sees when the class is asked something: the question, a field, the vote; later how it came out."""

import streamlit as st

from classroom.desk import Desk
from classroom.live import quizzing
from classroom.live.quizzing import Asked
from classroom.people import Person
from classroom.permissions import may
from pages._kit import course
from pages._kit.component import component
from pages._kit.guard import link, way_in
from pages._kit.live.fields import field, given_in
from pages._kit.live.outcome import answered, revealed
from pages._kit.live.saying import said, trying
from pages._kit.words import plain

ANNOUNCED = "_live-announced"  # in the session: the last vote whose opening was told
# A notice at its usual place would lie over the bar of the class.
LOW = "<style>[data-testid=stToastContainer] { top: auto; bottom: 1rem; }</style>"
NOTICES = 2  # that are sent beside the page at most: the notice itself, and its style
OUTSIDE = "The class is asked something. Only members of the course answer."


def show(desk: Desk, who: Person | None) -> None:
    """The question that is asked now, as far as it may be known; nothing if none is."""
    with course.speaking():
        if who is None or not may(who, "vote", about=who.key):
            _outside(desk, who)
            return
        asked = quizzing.current(desk, who)
        if asked is None:
            return
        _announce(asked)
        with st.container(border=True, key="live-quiz"):
            _question(asked)
            if asked.told:
                revealed(asked, asked.told)
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


def _announce(asked: Asked) -> None:
    """Tell somebody who has scrolled down that a vote was opened, once."""
    now = asked.quiz, asked.round
    if asked.state == "open" and st.session_state.get(ANNOUNCED) != now:
        st.session_state[ANNOUNCED] = now
        st.toast("The class is asked something: answer at the top of the page.")
    st.html(LOW)


def _question(asked: Asked) -> None:
    st.markdown(f"**{plain(asked.prompt)}**")
    if asked.round > 1 and not asked.told:
        st.markdown("Second vote: answer once more, now that you have discussed it.")
    if asked.title:
        st.markdown(f"Slide: **{plain(asked.title)}**")


def _open(desk: Desk, who: Person, asked: Asked) -> None:
    key, place = f"_live-answer-{asked.quiz}-{asked.round}", f"_live-said-{asked.quiz}-{asked.round}"
    field(asked.kind, asked.options, asked.picture, key=key, start=asked.mine)
    with st.container(horizontal=True, vertical_alignment="center", key="live-quiz-vote"):
        label = "Vote" if asked.mine is None else "Change my answer"
        votes = trying(lambda: quizzing.vote(desk, who, asked.quiz, given_in(key), round=asked.round), place=place)
        st.button(label, key="_live-vote", type="primary", on_click=votes)
        if asked.until:
            _countdown(asked, (asked.until - desk.clock()).total_seconds())
    if not said(place) and asked.mine is not None:
        st.success(
            f"You answered {answered(asked.kind, asked.mine)}. You may change it until the vote closes.",
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
    mine = "You gave no answer" if asked.mine is None else f"You answered {answered(asked.kind, asked.mine)}"
    st.info(f"The vote is closed. {mine}. The answer comes in a moment.")
