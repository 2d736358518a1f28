"""The scenes of the limits lab, what the built-in network says of them, and the same for a hundred beside the page."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import streamlit as st

from core.augment.example import Example, example_of
from core.augment.limits import SCALES, STRESSES, Stress, stressed
from core.data.scenes import CLASSES, draw, sketch
from core.learning.train import Progress
from core.types import Floats
from pages._kit import lab, watching
from pages._parts.limits import figures

SCENES = 100
STRENGTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@st.cache_data(show_spinner=False, max_entries=24)
def scene(number: int) -> Example:
    """One drawn thing that nobody learned from, with its mask."""
    return _scene(number)


def controls() -> tuple[int, Stress, float]:
    """Which scene, what is done to it, and how much."""
    stress = cast(Stress, st.selectbox("What goes wrong", STRESSES, key="stress", bind="query-params"))
    strength = st.slider(
        "How much",
        0.0,
        1.0,
        0.4,
        0.05,
        key="strength",
        bind="query-params",
        help="From nothing to the most tried here.",
    )
    number = st.slider("Scene", 0, SCENES - 1, 3, key="scene", bind="query-params")
    st.caption(f"That is {SCALES[stress].spoken(strength)}.")
    return number, stress, strength


def changed(number: int, stress: Stress, strength: float) -> Example:
    """A scene under its stress; the same call gives the same picture."""
    return _changed(scene(number), number, stress, strength)


def answer(images: Floats) -> Floats:
    """What the built-in network says: (N, 64, 64, 3) -> (N, 5)."""
    import torch

    from core.runtime.shared import shared

    with torch.no_grad():
        inputs = torch.tensor(np.moveaxis(2 * images - 1, -1, 1), dtype=torch.float32)
        said: Floats = shared("scenes")(inputs).double().softmax(dim=1).numpy()
    return said


@st.cache_resource(show_spinner=False)
def shelf() -> dict[Stress, dict[float, float]]:
    """What was measured so far, for all visitors: the share named right by stress and strength."""
    return {}


def measuring(stress: Stress) -> None:
    """A button that asks about a hundred scenes under this stress, and the curves measured so far."""
    kept, current = shelf(), watching.current("limits")
    ready = len(kept.get(stress, {})) == len(STRENGTHS)
    running = bool(current and current.running)
    if not ready and st.button(f"Measure: {stress}, {SCENES} scenes", key="measure", disabled=running, type="primary"):
        watching.begin("limits", stress, lambda progress: _measure(kept, stress, progress))
    if watching.current("limits") is None:
        _curves(stress)
    else:
        watching.watch("limits", lambda job: _curves(stress))


def _curves(stress: Stress) -> None:
    found = {name: dict(shares) for name, shares in shelf().items() if shares}
    if not found:
        st.info("Nothing has been measured yet. Press the button: it takes some seconds.")
        return
    if stress not in found:
        st.caption(f"Shown: what was measured before. Not yet measured: {stress}.")
    told = "; ".join(
        f"{name}: {shares[max(shares)]:.0%} at {SCALES[name].spoken(max(shares))}" for name, shares in found.items()
    )
    lab.chart(
        figures.curves(found, stress),
        key="curves",
        alt=f"Share of {SCENES} held-out scenes named right. {told}.",
        table=figures.curve_table(found),
        quick=True,
    )


def _scene(number: int) -> Example:
    from core.models.scene_net import SIDE, SIZES

    return example_of(draw(sketch("test", number, objects=(1, 1), sizes=SIZES, name="single things"), side=SIDE))


def _changed(example: Example, number: int, stress: Stress, strength: float) -> Example:
    # The ground of another scene, with whatever lies on it painted over by its own mean: only the ground is to differ.
    ground = None
    if stress == "another ground":
        other = _scene(SCENES + number)
        thing = other.masks.any(axis=0) if other.masks is not None else np.zeros(other.sides, dtype=np.bool_)
        patch = np.random.default_rng(number).random((4, 4, 1)) - 0.5
        checks = np.kron(patch, np.ones((other.sides[0] // 4, other.sides[1] // 4, 1)))
        calm = np.where(thing[..., None], other.image[~thing].mean(axis=0), other.image)
        ground = (calm + 0.7 * checks).clip(0, 1)
    return stressed(example, stress, strength, np.random.default_rng(number), ground=ground)


def _measure(kept: dict[Stress, dict[float, float]], stress: Stress, progress: Progress) -> Iterator[float]:
    progress(0.0, f"drawing {SCENES} scenes")
    scenes = [_scene(number) for number in range(SCENES)]
    labels = np.array([CLASSES.index(each.labels[0]) for each in scenes])
    for place, strength in enumerate(STRENGTHS):
        progress(place / len(STRENGTHS), SCALES[stress].spoken(strength))
        images = np.stack([_changed(each, number, stress, strength).image for number, each in enumerate(scenes)])
        right = float((answer(images).argmax(axis=1) == labels).mean())
        kept.setdefault(stress, {})[strength] = right
        yield right
