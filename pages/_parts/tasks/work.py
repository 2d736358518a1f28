"""The picture of which everything is asked."""

import streamlit as st

from core.data.task_scene import Scene, task_scene


@st.cache_data(show_spinner=False, max_entries=40)
def drawn(objects: int, seed: int) -> Scene:
    """The same picture for the same setting."""
    return task_scene(objects, seed=seed)
