"""All questions a class can be asked: found by lecture and words, looked at with their answer, asked; and one's own."""

from collections.abc import Callable

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import own, quizzing
from classroom.live.practice import LECTURES
from classroom.people import Person
from grading.errors import GradingError
from pages._kit.live.asking import heading
from pages._kit.words import plain
from pages._parts.live import writing
from pages._parts.live.card import card
from syllabus.questions import Question, asked_live

OWN = "own"
TOLD = "_questions-told"  # what came of the last click


def show(desk: Desk, who: Person) -> None:
    """Find, look, ask; below, write."""
    mine = {one.question.id: one for one in own.questions(desk, who)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="find-questions"):
        words = st.text_input(
            "Find", key="find", bind="query-params", max_chars=80, live=True, placeholder="stride, VGG16, Q04 ..."
        )
        of = st.pills("Lectures", [*LECTURES, OWN], selection_mode="multi", key="lecture", bind="query-params")
    found = matching([*asked_live(), *(one.question for one in mine.values())], words, tuple(of or ()))
    if not found:
        st.info("No question has these words. Fewer words find more.")
    else:
        known = {one.id: one for one in found}
        id = st.selectbox(
            f"Question ({len(known)})", list(known), format_func=lambda id: heading(known[id]), key="pick"
        )
        card(known[id], key=f"card-{id}")
        _buttons(desk, who, known[id], mine.get(id))
    if told := st.session_state.pop(TOLD, None):
        (st.success if told[0] else st.error)(told[1])
    writing.questions(desk, who)


def matching(questions: list[Question], words: str, of: tuple[str, ...]) -> list[Question]:
    """Those of any of the lectures, or one's own, in which all words stand.

    >>> [one.id for one in matching(asked_live(), "perceptron grey hidden", ("A",))]
    ['Q04']
    """
    wanted = words.casefold().split()
    return [
        one
        for one in questions
        if (not of or set(of) & set(one.lectures or (OWN,))) and all(word in _words(one) for word in wanted)
    ]


def _words(one: Question) -> str:
    return " ".join((one.id, one.title, one.prompt, *one.options)).casefold()


def _buttons(desk: Desk, who: Person, one: Question, mine: own.Own | None) -> None:
    live = desk.lectures.live() is not None
    with st.container(horizontal=True, vertical_alignment="center", key="question-buttons"):
        asks = _telling(lambda: quizzing.ask(desk, who, one.id), "The class is asked.")
        st.button("Ask the class now", key="ask-now", type="primary", disabled=not live, on_click=asks)
        if mine:
            st.button("Change it", key="change", on_click=writing.take_up, args=(mine,))
            with st.popover("Delete it", key="delete"):
                st.markdown("Where it was asked, its wording and the votes stay.")
                drops = _telling(lambda: own.drop(desk, who, mine.id), "Deleted.")
                st.button("Delete for good", key="delete-for-good", on_click=drops)
        if not live:
            st.caption("No class is live: begin one under Present.")


def _telling(does: Callable[[], object], said: str) -> Callable[[], None]:
    """A callback after which the page says how it went."""

    def run() -> None:
        try:
            does()
            st.session_state[TOLD] = True, said
        except (ClassroomError, GradingError) as refusal:
            st.session_state[TOLD] = False, plain(str(refusal))

    return run
