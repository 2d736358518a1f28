"""What came of a click, said once, beside the button: that it was done, or what a service refuses."""

from collections.abc import Callable

import streamlit as st

from classroom.errors import ClassroomError
from grading.errors import GradingError
from pages._kit.words import plain


def trying(does: Callable[[], object], *, place: str) -> Callable[[], None]:
    """A callback for a button; at its `place` will be said what is refused, or the sentence that `does` returns."""

    def run() -> None:
        try:
            done = does()
        except (ClassroomError, GradingError) as refusal:
            st.session_state[place] = False, plain(str(refusal))
        else:
            if isinstance(done, str):
                st.session_state[place] = True, done

    return run


def said(place: str) -> bool:
    """Say what there is to say here; whether there was anything."""
    told: tuple[bool, str] | None = st.session_state.pop(place, None)
    if told and told[0]:
        st.success(told[1], icon=":material/check_circle:")
    elif told:
        st.error(told[1], icon=":material/error:")
    return told is not None
