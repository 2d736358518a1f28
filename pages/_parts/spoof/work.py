"""The prints that judge the network."""

import streamlit as st

from core.data.prints import Print, Source
from core.learning.spoof import new_prints


@st.cache_resource(show_spinner=False, max_entries=5)
def asked(hidden: float) -> dict[Source, list[Print]]:
    """The test prints, by where they come from."""
    return new_prints(hidden)
