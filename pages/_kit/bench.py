"""What the labs with a board have in common: a worked example to start from, steps back, and a refused edit told."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from pages._kit.stepper import complaint, remember, undo


def take(examples: Mapping[str, object], names: Sequence[str], *, prefix: str = "") -> None:
    """Set the controls called `names` as the example has them that is chosen in the list `<prefix>example`."""
    chosen = examples[st.session_state[f"{prefix}example"]]
    st.session_state.update({f"{prefix}{name}": getattr(chosen, name) for name in names})


def bench(settings: tuple[str, ...], load: Any) -> AbstractContextManager[Any]:
    """A place for the board, with the ways back below it, and above it what was wrong with the last edit.

    `settings` are the keys of the controls that an undo brings back; `load` starts from the example again.
    """
    place = st.container()
    with st.container(horizontal=True):
        st.button("Undo", key="undo", on_click=undo, args=(settings,), disabled=not remember(settings))
        st.button("Back to the example", key="reset", on_click=load)
    if wrong := complaint():
        place.warning(f"That edit was not taken: {wrong}")
    return place
