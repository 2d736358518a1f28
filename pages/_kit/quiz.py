"""Asking one question of the syllabus, checking the answer, and saying why."""

from collections.abc import Sequence

import streamlit as st

from syllabus.questions import Question, check, question


def ask(identifiers: Sequence[str]) -> None:
    """Prompts, fields that fit the kind of answer, and after answering: right or not, and why."""
    for identifier in identifiers:
        _ask(question(identifier))


def _ask(asked: Question) -> None:
    given = _field(asked)
    if not given:
        return
    if check(asked, given):
        st.success(f"Right. {asked.why}", icon=":material/check_circle:")
        return
    st.warning("Not yet. Try again, or look.", icon=":material/cancel:")
    with st.popover("Show the answer", key=f"quiz-{asked.id}-answer"):
        st.markdown(f"**{asked.shown_answer}.** {asked.why}")


def _field(asked: Question) -> str | list[str] | None:
    kept = {"key": f"quiz-{asked.id}", "persist_state": "session"}  # folding the quiz away forgets no answer
    if asked.kind == "click":
        raise ValueError(
            f"{asked.id} asks for a click on a picture: it can be asked in class, not in the quiz of a lab"
        )
    if asked.kind == "slide":
        st.markdown(f"{asked.prompt}\n\n**{asked.title}**")
        return st.radio(asked.prompt, asked.options, index=None, label_visibility="collapsed", **kept)
    if asked.kind == "choice":
        return st.radio(asked.prompt, asked.mixed, index=None, **kept)
    if asked.kind == "several":
        return st.pills(asked.prompt, asked.mixed, selection_mode="multi", **kept)
    placeholder = "a number" if asked.kind == "number" else "height x width x maps"
    return st.text_input(asked.prompt, **kept, max_chars=40, placeholder=placeholder)
