"""What the receptive field lab computes: the photo, the pixels that count, and how much each does."""

import numpy as np
import streamlit as st

from core.nets.effective import effective_field
from core.nets.evidence import autograd_mask
from pages._parts.receptive_field.builder import Choice


@st.cache_data
def photo(side: int) -> np.ndarray:
    """A pagoda in China, square and small: (side, side, 3)."""
    from PIL import Image
    from sklearn.datasets import load_sample_image

    return np.asarray(Image.fromarray(load_sample_image("china.jpg")[:, 60:487]).resize((side, side)))


@st.cache_data(show_spinner=False, max_entries=500)
def witness(choice: Choice) -> np.ndarray:
    """The pixels that automatic differentiation finds."""
    return autograd_mask(choice.layers, choice.side, choice.neuron)


def influence(choice: Choice, draws: int) -> np.ndarray:
    """How much each pixel counts, computed once for as long as nothing changes."""
    import torch

    if st.session_state.get("_influence", (None,))[0] != (choice, draws):
        bar, generator = st.progress(0.0), torch.Generator().manual_seed(0)
        layers, side, neuron = choice.layers, choice.side, choice.neuron
        heat = effective_field(layers, side, neuron, draws=draws, generator=generator, progress=bar.progress)
        bar.empty()
        st.session_state["_influence"] = (choice, draws), heat
    return st.session_state["_influence"][1]
