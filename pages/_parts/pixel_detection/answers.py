"""What the lab on scores for every pixel knows of its pictures: the truth, the score maps, and the four levels."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st

from core.data.scenes import Label, boxes
from core.detect.single.counting import Labels
from core.detect.single.pixelwise import Tally, judged, peaks, tally
from core.learning.threads import one_thread
from core.models.pixel_net import NEAR, SIDE, STEP, Crowd, crowd, levels, pair_of, score_maps
from core.models.registry import load
from core.runtime.shared import shared
from core.types import FeatureMap, Floats

PICTURES, MANY = 60, 40  # test pictures to choose from, and those that all thresholds are tried on
STRONGEST = 6  # maps of a level
SIDES = (64, SIDE, 128, 160, 192)
THRESHOLDS = tuple(range(10, 100, 5))  # in per cent


@dataclass(frozen=True, eq=False)
class Answer:
    """One picture (H, W, 3), its things as boxes (T, 4), middles (T, 2) and classes (T,), and what the net says."""

    image: Floats
    boxes: Floats
    places: Floats
    labels: Labels
    scores: Floats  # (6, H // 8, W // 8)


@st.cache_resource(show_spinner=False, max_entries=32)
def answer(number: int, side: int) -> Answer:
    """A picture of the test part."""
    return _answered(crowd("test", number, side=side))


@st.cache_resource(show_spinner=False, max_entries=60)
def side_by_side(first: str, second: str, gap: int) -> Answer:
    """Two things beside each other."""
    return _answered(pair_of(cast(Label, first), cast(Label, second), float(gap)))


@st.cache_data(show_spinner=False)
def on_many() -> dict[int, Tally]:
    """What is found on many test pictures, for every threshold in per cent."""
    shown = [answer(number, SIDE) for number in range(MANY)]
    return {
        each: sum(
            (
                tally(judged(peaks(one.scores, threshold=each / 100, step=STEP), one.places, one.labels, within=NEAR))
                for one in shown
            ),
            start=Tally(),
        )
        for each in THRESHOLDS
    }


@st.cache_data(show_spinner=False, max_entries=40)
def strongest(number: int, side: int) -> list[tuple[list[int], FeatureMap]]:
    """Of each level the maps with the largest mean: their numbers, and themselves (6, H, W)."""
    found = list[tuple[list[int], FeatureMap]]()
    for maps in levels(load("pixel_detector"), crowd("test", number, side=side).scene.image)[0]:
        first = np.argsort(-maps.mean(axis=(1, 2)), kind="stable")[:STRONGEST]
        found.append((first.tolist(), maps[first]))
    return found


def _answered(picture: Crowd) -> Answer:
    with one_thread():
        scores = score_maps(shared("pixel_detector"), picture.scene.image)
    image = picture.scene.image.astype(np.float64)
    return Answer(image, boxes(picture.scene.targets), picture.places, picture.labels, scores)
