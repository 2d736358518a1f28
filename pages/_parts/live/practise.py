"""Practising alone: what the class was asked, and all questions of the lectures."""

from collections.abc import Sequence

import streamlit as st

from classroom.desk import Desk
from classroom.live import practice
from classroom.people import Person
from pages._kit.live.asking import heading
from pages._kit.live.fields import field, framed, given_in, lab
from pages._kit.words import plain
from pages._parts.live import choosing
from syllabus.questions import Question, asked_live, check

ASKED = "Asked in class"


def show(desk: Desk, who: Person) -> None:
    """Which questions, one of them, its answer."""
    choices = [ASKED, *(f"Lecture {letter}" for letter in practice.LECTURES)]
    chosen = st.segmented_control("Questions", choices, default=ASKED, key="of", bind="query-params", required=True)
    letter = chosen.removeprefix("Lecture ")
    found = practice.past(desk, who) if chosen == ASKED else practice.of_lecture(desk, who, letter)
    if not found:
        st.info("The class was not asked anything yet. The questions of the lectures are here already.")
        return
    known = {one.id: one for one in found}
    titles = {id: heading(one) for id, one in known.items()}
    id = choosing.choose(f"Question ({len(known)})", titles, key="question", besides=lambda: _all(desk, who))
    st.button("Next question", key="next", on_click=_next, args=(list(known), id))
    _practise(known[id])


def _all(desk: Desk, who: Person) -> set[str]:
    """Whatever can be practised under one choice or another, and what is asked just now."""
    return {one.id for one in (*asked_live(), *practice.past(desk, who))}


def _next(ids: Sequence[str], now: str) -> None:
    """Go to the one after it; after the last comes the first."""
    choosing.go("question", ids[(ids.index(now) + 1) % len(ids)])


def _practise(asked: Question) -> None:
    key, seen = f"_practice-{asked.id}", f"_practice-checked-{asked.id}"
    with st.container(border=True, key="practise"):
        st.markdown(f"**{plain(asked.prompt)}**")
        if asked.title:
            st.markdown(f"Slide: **{plain(asked.title)}**")
        given = field(asked.kind, asked.mixed, asked.picture, key=key)
        with st.container(horizontal=True, vertical_alignment="center", key="practise-buttons"):
            st.button("Check", key="check", type="primary", on_click=_check, args=(seen, key))
            told = st.toggle("Show the answer", key=f"_practice-told-{asked.id}")
        checked = st.session_state.get(seen)
        if checked and checked == (tuple(given) if isinstance(given, list) else given):
            _verdict(asked, checked)
        if told:
            _told(asked, key)


def _check(seen: str, key: str) -> None:
    """Keep what is to be checked: the verdict goes when the answer is changed."""
    st.session_state[seen] = given_in(key)


def _verdict(asked: Question, given: object) -> None:
    if check(asked, given):
        st.success(f"Right. {plain(asked.why)}", icon=":material/check_circle:")
        lab(asked.page)
    else:
        st.warning("Not yet. Try again, or look.", icon=":material/cancel:")


def _told(asked: Question, key: str) -> None:
    st.markdown(f"**{plain(asked.shown_answer)}.** {plain(asked.why)}")
    if asked.kind == "click":
        framed(asked, key=f"{key}-told")
    lab(asked.page)
