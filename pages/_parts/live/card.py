"""A question as staff see it before they ask it: with the right answer and the reason."""

import streamlit as st

from classroom.live.answers import right_options
from pages._kit.live.fields import framed, lab
from pages._kit.words import plain
from syllabus.questions import Question

KINDS = {
    "number": "a number",
    "choice": "one of several",
    "several": "all that hold",
    "shape": "a shape",
    "click": "a click on the picture",
    "slide": "the wrong line of a slide",
}


def card(question: Question, *, key: str) -> None:
    """The whole question."""
    with st.container(border=True):
        st.caption(f"{question.id}, {KINDS[question.kind]}" if question.id != "own-0" else KINDS[question.kind])
        st.markdown(f"**{plain(question.prompt)}**")
        if question.title:
            st.markdown(f"Slide: **{plain(question.title)}**")
        if question.options:
            right = right_options(question)
            told = "wrong" if question.kind == "slide" else "right"
            lines = [f"{plain(option)}{f'  **({told})**' if option in right else ''}" for option in question.mixed]
            st.markdown("\n".join(f"- {line}" for line in lines))
        elif question.kind != "click":
            within = f", within {question.within:g}" if question.within else ""
            st.markdown(f"Right: **{plain(question.shown_answer)}**{within}")
        if question.kind == "click":
            framed(question, key=key)
            st.markdown(f"Right: **{plain(question.shown_answer)}**")
        st.markdown(plain(question.why))
        lab(question.page, apart=True)
