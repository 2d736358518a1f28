"""What reaches the first layers, computed once for a setting."""

import streamlit as st

from core.learning.vanishing import KINDS, Depths, at_start


@st.cache_data(show_spinner=False, max_entries=500)
def looked(depth: int, curve: str, size: float, bias: float, norm: bool, seed: int) -> dict[str, Depths]:
    """All three networks at their start."""
    options = {"size": size, "bias": bias, "norm": norm, "seed": seed}
    return {kind: at_start(kind, depth, curve, **options) for kind in KINDS}
