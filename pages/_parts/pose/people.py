"""What the pose lab knows of its people: how they look, where their joints are, and what the two models say."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from core.detect.single.pose import heat_maps, peaks
from core.learning.threads import one_thread
from core.models.localizers import COARSE, SIDE, inputs, joints_of, one_person
from core.models.registry import load
from core.types import Floats

PEOPLE, SHOWN = 40, 256  # test pictures; pixels a side on the page, while the models get 64
SCALE = SHOWN / SIDE


@dataclass(frozen=True, eq=False)
class Answers:
    """Of every person: the truth, and what the models say, in pixels of the 64 that they see."""

    truths: Floats  # (N, 14, 3)
    regressed: Floats  # (N, 14, 2)
    maps: Floats  # (N, 14, 16, 16)
    peaks: Floats  # (N, 14, 2)
    heights: Floats  # (N, 14), of the peaks


@lru_cache(maxsize=8)
def image(number: int) -> Floats:
    """One picture as the visitor sees it: (256, 256, 3)."""
    drawn: Floats = one_person("test", number, side=SHOWN).image.astype(np.float64)
    drawn.flags.writeable = False
    return drawn


@st.cache_resource(show_spinner=False)
def answers() -> Answers:
    """The answers of both models to all pictures, worked out once."""
    import torch

    scenes = [one_person("test", number) for number in range(PEOPLE)]
    taken = inputs(scenes)
    with one_thread(), torch.no_grad():
        regressed = SIDE * load("pose")(taken).reshape(PEOPLE, -1, 2).double().numpy()
        maps = load("joints")(taken).sigmoid().double().numpy()
    found = [peaks(each) for each in maps]
    return Answers(
        np.stack([joints_of(scene) for scene in scenes]),
        regressed,
        maps,
        np.stack([places for places, _ in found]) * (SIDE / COARSE),
        np.stack([heights for _, heights in found]),
    )


def wanted_maps(truth: Floats) -> Floats:
    """What the maps of one person should be: (14, 3) in pixels of 64 -> (14, 16, 16)."""
    cells = truth * (COARSE / SIDE, COARSE / SIDE, 1.0)
    return heat_maps(cells, COARSE, spread=1.0)


def whole(guess: Floats, seen: Floats | None = None) -> Floats:
    """A guess as joints that can be drawn, on the large picture: (14, 2) -> (14, 3)."""
    return np.concatenate([SCALE * guess, np.ones((len(guess), 1)) if seen is None else seen[:, None]], axis=1)
