"""Pages on which only controls and figure are wanted: in the frame of a slide, and on a projector."""

import streamlit as st

PROJECTED = "_projected"  # in the session: this tab is on a wall
# Streamlit's own head would lie over the bar of the class, which has the spotlight.
LARGE = (
    "<style>html { font-size: 22px; } [data-testid=stMainBlockContainer] { padding-top: 0.5rem; } "
    "[data-testid=stHeader] { display: none; }</style>"
)


def bare() -> bool:
    """Whether everything around controls and figure is left out."""
    return st.context.is_embedded or projected()


def projected() -> bool:
    """Whether this tab is on a wall: large type, and nothing else."""
    return bool(st.session_state.get(PROJECTED))


def large() -> None:
    """Type that can be read from the last row."""
    if projected():
        st.html(LARGE)
