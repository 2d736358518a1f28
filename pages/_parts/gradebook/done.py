"""What was decided, said once on the page that is drawn after it."""

import streamlit as st

from pages._kit.words import plain

DONE = "_decided"


def did(sentence: str) -> None:
    """Draw the page anew, with this at its top."""
    st.session_state[DONE] = sentence
    st.rerun()


def say_what_was_done() -> None:
    """Say it, and forget it."""
    if done := st.session_state.pop(DONE, ""):
        st.success(plain(done), icon=":material/check_circle:")
