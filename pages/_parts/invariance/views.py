"""What the three readers say of turned digits: of all held-out ones once, of one digit whenever it is asked for."""

import numpy as np
import streamlit as st

from core.augment.invariance import flip_rate, stability
from core.data.digits import held_out_digits
from core.learning.augment import turned
from core.models.recipes.turned import TAUGHT, Taught, canvas, reader
from core.types import Floats

STEP = 15
ANGLES = tuple(range(-180, 181, STEP))
FINE = tuple(range(-180, 181, 5))


@st.cache_data(show_spinner="Asking the three readers about 360 digits at every angle")
def everything() -> dict[Taught, Floats]:
    """What each reader says of every held-out digit at every angle: (A, 360, 10)."""
    import torch

    from core.learning.threads import one_thread
    from core.models.registry import load

    images, model = canvas(held_out_digits().images), load("turned")
    found = {}
    with torch.no_grad(), one_thread():
        views = [turned(images, torch.full((len(images),), float(angle))) for angle in ANGLES[:-1]]
        for taught in TAUGHT:
            said = [reader(model, taught)(view).softmax(dim=1).numpy() for view in views]
            found[taught] = np.stack([*said, said[0]]).astype(np.float64)  # -180 and 180 are one angle
    return found


@st.cache_data(show_spinner=False)
def accuracies() -> dict[Taught, Floats]:
    """The share read right at every angle: (A,) for each reader."""
    labels = held_out_digits().labels
    return {taught: (said.argmax(axis=2) == labels).mean(axis=1) for taught, said in everything().items()}


@st.cache_data(show_spinner=False)
def steadiness() -> dict[Taught, float]:
    """The share of digits that a reader gives one and the same answer at every angle."""
    return {taught: stability(said.argmax(axis=2)) for taught, said in everything().items()}


@st.cache_data(show_spinner=False)
def upside_down() -> dict[Taught, float]:
    """Of the sixes that stand upside down, the share that is read as a nine."""
    labels = held_out_digits().labels
    return {taught: flip_rate(said[0].argmax(axis=1), labels, 6, 9) for taught, said in everything().items()}


def one(image: Floats, taught: Taught, angle: int) -> tuple[Floats, Floats]:
    """A digit (8, 8) at one angle, (20, 20), and what a reader says of it at all angles, (A, 10)."""
    import torch

    from core.models.registry import load

    images = canvas(image[None])
    with torch.no_grad():
        all_around = turned(images.expand(len(FINE), -1, -1, -1), torch.tensor(FINE, dtype=torch.float32))
        said: Floats = reader(load("turned"), taught)(all_around).double().softmax(dim=1).numpy()
        shown: Floats = turned(images, torch.tensor([float(angle)]))[0, 0].double().numpy()
    return shown, said
