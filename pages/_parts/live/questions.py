"""All questions a class can be asked: found by lecture and words, looked at with their answer, asked; and one's own."""

import streamlit as st

from classroom.desk import Desk
from classroom.live import own, quizzing
from classroom.live.practice import LECTURES
from classroom.people import Person
from pages._kit.live.asking import heading
from pages._kit.live.saying import said, trying
from pages._parts.live import choosing, writing
from pages._parts.live.card import card
from syllabus.questions import Question, asked_live

OWN = "own"
NONE = "No question has these words. Fewer words find more."
NONE_OF_OWN = "The course has no question of its own yet. Write one below."
TOLD = "_questions-told"  # where is said what came of the last click


def show(desk: Desk, who: Person) -> None:
    """Find, look, ask; below, write."""
    mine = {one.question.id: one for one in own.questions(desk, who)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="find-questions"):
        words = st.text_input(
            "Find", key="find", bind="query-params", max_chars=80, live=True, placeholder="stride, VGG16, Q04 ..."
        )
        of = st.pills("Lectures", [*LECTURES, OWN], selection_mode="multi", key="lecture", bind="query-params")
    every = [*asked_live(), *(one.question for one in mine.values())]
    found = matching(every, words, tuple(of or ()))
    if not found:
        st.info(NONE if words or of != [OWN] else NONE_OF_OWN)
    else:
        known = {one.id: one for one in found}
        titles = {id: heading(one) for id, one in known.items()}
        id = choosing.choose(f"Question ({len(known)})", titles, key="pick", besides=lambda: {one.id for one in every})
        card(known[id], key=f"card-{id}")
        _buttons(desk, who, known[id], mine.get(id))
    said(TOLD)
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
        asks = trying(lambda: quizzing.ask(desk, who, one.id) and "The class is asked.", place=TOLD)
        st.button("Ask the class now", key="ask-now", type="primary", disabled=not live, on_click=asks)
        if mine:
            st.button("Change it", key="change", on_click=writing.take_up, args=(mine,))
            with st.popover("Delete it", key="delete"):
                st.markdown("Where it was asked, its wording and the votes stay.")
                drops = trying(lambda: _drop(desk, who, mine.id), place=TOLD)
                st.button("Delete for good", key="delete-for-good", on_click=drops)
        if not live:
            st.caption("No class is live: begin one under Present.")


def _drop(desk: Desk, who: Person, id: int) -> str:
    """Forget it, also as the one that is being changed."""
    own.drop(desk, who, id)
    choosing.leave()
    writing.let_go(id)
    return "Deleted."
