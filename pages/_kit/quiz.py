"""Asking one question of the syllabus, checking the answer, and saying why."""

import streamlit as st

from syllabus.questions import Question, check, question


def ask(identifier: str) -> None:
    """Prompt, a field that fits the kind of answer, and after answering: right or not, and why."""
    asked = question(identifier)
    given = _field(asked)
    if not given:
        return
    if check(asked, given):
        st.success(f"Right. {asked.why}", icon=":material/check_circle:")
        return
    st.warning("Not yet. Try again, or look.", icon=":material/cancel:")
    with st.popover("Show the answer", key=f"quiz-{identifier}-answer"):
        st.markdown(f"**{asked.shown_answer}.** {asked.why}")


def _field(asked: Question) -> str | list[str] | None:
    key = f"quiz-{asked.id}"
    if asked.kind == "choice":
        return st.radio(asked.prompt, asked.options, index=None, key=key)
    if asked.kind == "several":
        return st.pills(asked.prompt, asked.options, selection_mode="multi", key=key)
    placeholder = "a number" if asked.kind == "number" else "height x width x maps"
    return st.text_input(asked.prompt, key=key, max_chars=40, placeholder=placeholder)
