"""What the lab on training with pixels computes once and keeps: scenes, losses of all pixels, gradients of all "
"pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.models.registry import load
from core.models.segmenters import NAMES, Difficulty, Labelled, Labels, inputs_of, labelled, scores_of
from core.runtime.shared import shared
from core.segment.fcn import Finest
from core.segment.masks import class_shares, wanted_shares
from core.segment.steps import Steps, pixel_gradients, three_ways
from core.types import Floats

PICTURES, DRAWS = 12, 60  # scenes to take steps on; steps to see how far they vary
STRIDE = 8


@lru_cache(maxsize=12)
def scene(difficulty: Difficulty, number: int) -> Labelled:
    """A scene of the train part."""
    return labelled("train", number, difficulty)


@st.cache_resource(show_spinner="The net looks at the scene", max_entries=30)
def losses(difficulty: Difficulty, number: int, finest: Finest) -> Floats:
    """The cross-entropy of every pixel of a scene: (H, W)."""
    shown = scene(difficulty, number)
    scores = scores_of(shared("fcn", part=f"nets.{finest}"), shown.image)  # (K, H, W)
    top = scores.max(axis=0)
    total = top + np.log(np.exp(scores - top).sum(axis=0))
    found: Floats = total - np.take_along_axis(scores, shown.labels[None], axis=0)[0]
    return found


@dataclass(frozen=True, eq=False)
class Pixels:
    """Every eighth pixel of some scenes: its gradient at the start of a training, and its label."""

    gradients: Floats  # (N, P, D)
    labels: Labels  # (N, P)


@st.cache_resource(show_spinner="Gradients of all pixels of twelve scenes", max_entries=2)
def pixels(difficulty: Difficulty) -> Pixels:
    """The gradients with respect to the 1x1 convolution that scores the maps of stride 8, its weights still 0."""
    import torch

    from core.learning.threads import one_thread

    family: Any = load("fcn")
    found, labels = [], []
    for number in range(PICTURES):
        shown = scene(difficulty, number)
        with torch.no_grad(), one_thread():
            maps = family.net(8).maps(inputs_of(shown.image[None]))[STRIDE][0].double().numpy()
        wanted = shown.labels[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        found.append(pixel_gradients(maps, wanted, np.zeros((len(NAMES), len(maps)))))
        labels.append(wanted.ravel())
    return Pixels(np.stack(found), np.stack(labels))


@st.cache_resource(show_spinner=False, max_entries=100)
def steps(difficulty: Difficulty, count: int, batch: int, balance: float) -> Steps:
    """Steps of all three kinds, the same for the same setting."""
    held = pixels(difficulty)
    return three_ways(
        held.gradients,
        held.labels,
        count=count,
        batch=batch,
        balance=balance,
        draws=DRAWS,
        random=np.random.default_rng(count),
    )


def shares(labels: Labels, drawn: NDArray[np.int64], balance: float) -> tuple[Floats, Floats, Floats]:
    """Shares of the classes: of all pixels, wanted in the patches, and in those that were drawn."""
    there = class_shares(labels, len(NAMES))
    got = class_shares(labels[drawn[:, 0], drawn[:, 1]], len(NAMES))
    return there, wanted_shares(there, balance), got
