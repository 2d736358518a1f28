"""The discs that judge the network."""

import streamlit as st

from core.data.discs import Disc, discs
from core.learning.regression import JUDGED


@st.cache_data(show_spinner=False, max_entries=4)
def judged(hidden: float) -> list[Disc]:
    """The test discs."""
    return list(discs("test", JUDGED, hidden=hidden))
