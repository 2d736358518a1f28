"""What the lab on localization needs to know of its pictures: how they look, what is true, what the model says."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.single.joint import boxes_at, overlaps
from core.learning.threads import one_thread
from core.models.localizers import SIDE, inputs, one_thing
from core.models.registry import load
from core.types import Floats, Mask

PICTURES, SHOWN = 60, 256  # test pictures; pixels a side on the page, while the model gets 64


@dataclass(frozen=True, eq=False)
class Answers:
    """For every picture the truth and the model's answer; boxes in shares of the side."""

    truths: Floats  # (N, 4)
    classes: list[int]
    boxes: Floats  # (N, 4)
    said: list[int]
    chances: Floats  # (N,), how sure the model is of the class

    @property
    def shared(self) -> Floats:
        """IoU of the model's boxes: (N,)."""
        return overlaps(self.boxes, self.truths)

    @property
    def right(self) -> Mask:
        """Whether the model's class is right: (N,)."""
        return np.equal(self.said, self.classes)


@lru_cache(maxsize=8)
def image(number: int) -> Floats:
    """One picture as the visitor sees it: (256, 256, 3)."""
    drawn: Floats = one_thing("test", number, side=SHOWN).image.astype(np.float64)
    drawn.flags.writeable = False
    return drawn


@st.cache_resource(show_spinner=False)
def answers() -> Answers:
    """The model's answers to all pictures, worked out once."""
    import torch

    scenes = [one_thing("test", number) for number in range(PICTURES)]
    with one_thread(), torch.no_grad():
        outputs = load("localizer")(inputs(scenes))
    shares = outputs[:, : len(CLASSES)].softmax(dim=1)
    return Answers(
        np.array([scene.targets[0].box for scene in scenes]) / SIDE,
        [CLASSES.index(scene.targets[0].label) for scene in scenes],
        boxes_at(outputs[:, len(CLASSES) :].double().numpy(), 1.0),
        shares.argmax(dim=1).tolist(),
        shares.amax(dim=1).double().numpy(),
    )
