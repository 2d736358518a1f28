"""What somebody was asked in class and answered."""

import streamlit as st

from classroom.desk import Desk
from classroom.live import results
from classroom.live.results import Mine
from classroom.people import Person
from pages._kit import course
from pages._kit.live.fields import lab
from pages._kit.words import plain


def show(desk: Desk, who: Person) -> None:
    """How much of it, then each question, the newest first."""
    found = results.mine(desk, who)
    if not found:
        st.info("You were not asked anything yet. What you answer in class is listed here.")
        return
    answered = [one for one in found if any(given != "-" for given in one.given)]
    right = sum(one.right is True for one in found)
    st.markdown(f"Asked **{len(found)}** times, answered **{len(answered)}**, right in the end **{right}**.")
    for one in found:
        _one(one)


def _one(one: Mine) -> None:
    with st.container(border=True):
        st.caption(course.when(one.at))
        st.markdown(f"**{plain(one.prompt)}**")
        st.markdown(_given(one.given))
        if one.answer:
            verdict = {True: "Right. ", False: "Not right. ", None: ""}[one.right]
            st.markdown(f"{verdict}The answer: **{plain(one.answer)}**")
            lab(one.page)


def _given(given: tuple[str, ...]) -> str:
    """What was answered, in words.

    >>> _given(("13",)), _given(("13", "-")), _given(("-",))
    ('You answered 13.', 'You answered first 13, then nothing.', 'You gave no answer.')
    """
    if set(given) == {"-"}:
        return "You gave no answer."
    said = [plain(each) if each != "-" else "nothing" for each in given]
    return f"You answered {said[0]}." if len(said) == 1 else f"You answered first {said[0]}, then {said[-1]}."
