"""What our own layer tables say of the networks of those years."""

import streamlit as st

from core.data.imagenet import ENTRANTS
from pages._parts.timeline.figures import Counted, counted


@st.cache_data(show_spinner=False)
def counts() -> dict[str, Counted]:
    """What our layer tables say about the entrants that our zoo can build."""
    return counted(ENTRANTS)
