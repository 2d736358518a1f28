"""The pretrained network on a page: loaded once for all visitors, while the page says so."""

import streamlit as st

from core.models.pretrained import asked, lite0


@st.cache_resource(show_spinner="Loading the pretrained network, once; this takes some seconds ...")
def ready(*, inside: bool) -> bool:
    """Wait until the network is there, whole where a page looks inside; later calls cost nothing."""
    lite0() if inside else asked()
    return True
