"""What the mixup lab asks its network: a drawn picture, a blend of two, and the answer to it."""

import numpy as np
import streamlit as st

from core.augment.mixup import drawn_share
from core.data.scenes import CLASSES
from core.types import Floats


@st.cache_data(show_spinner=False, max_entries=16)
def example(number: int) -> tuple[Floats, int]:
    """One drawn thing nobody learned from, (64, 64, 3) from 0 to 1, and its class."""
    from core.models.scene_net import single

    image, label = single("test", number)
    return image.astype(np.float64), label


def answer(image: Floats) -> Floats:
    """What the built-in network says about a picture: (64, 64, 3) -> (5,)."""
    import torch

    from core.runtime.shared import shared

    with torch.no_grad():
        inputs = torch.tensor(np.moveaxis(2 * image - 1, -1, 0)[None], dtype=torch.float32)
        said: Floats = shared("scenes")(inputs).double().softmax(dim=1)[0].numpy()
    return said


def named(label: int) -> str:
    """A class in words."""
    return f"{'an' if CLASSES[label][0] in 'aeiou' else 'a'} {CLASSES[label]}"


def draw_share() -> None:
    """Set lambda to one drawn from the distribution below; each press draws another one."""
    state = st.session_state
    state["_mixup_draws"] = state.get("_mixup_draws", 0) + 1
    drawn = drawn_share(float(state["alpha"]), np.random.default_rng(state["_mixup_draws"]))
    state["share"] = round(drawn * 20) / 20
