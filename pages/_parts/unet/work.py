"""What the U-Net lab computes once and keeps: cells, their weights, and the answers of the two shipped nets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.cells import Cells, cells
from core.learning.train import Progress
from core.models.cell_net import DEPTH, SIDE, cell_mask, counted, middle_mask
from core.models.registry import load
from core.runtime.shared import shared
from core.runtime.tasks import may_go
from core.segment.discs import discs
from core.segment.unet_cells import Found, found, pieces
from core.segment.weights import separated, two_nearest
from core.types import Floats, Mask

Trained: TypeAlias = Literal["with border weights", "without"]
TRAINED: tuple[Trained, ...] = get_args(Trained)
MODELS: dict[Trained, str] = {"with border weights": "unet", "without": "unet_plain"}
PICTURES = 30


@st.cache_resource(show_spinner=False, max_entries=20)
def picture(number: int) -> Cells:
    """A picture of the test part."""
    return cells("test", number, side=SIDE)


@dataclass(frozen=True, eq=False)
class Answer:
    """What one net says of a picture: where cell is, the pieces of it, and how they fit the true cells."""

    mask: Mask
    pieces: NDArray[np.int64]
    fits: Found


@st.cache_resource(show_spinner="The nets look at the cells", max_entries=40)
def answer(trained: Trained, number: int, mirror: bool) -> Answer:
    """One net on one picture, with its mirror image around it or without."""
    shown = picture(number)
    net = shared(MODELS[trained])
    if mirror:
        mask, truth = cell_mask(net, shown.image), shown.labels
    else:
        mask = middle_mask(net, shown.image)
        cut = (SIDE - len(mask)) // 2
        truth = shown.labels[cut : SIDE - cut, cut : SIDE - cut]
    numbered = pieces(mask)
    return Answer(mask, numbered, found(numbered, truth))


@st.cache_resource(show_spinner=False, max_entries=20)
def drawn(gap: float, third: bool) -> tuple[NDArray[np.int64], Floats]:
    """Round cells so far apart, and the sum of the distances to the nearest two."""
    things = discs(gap, third=third)
    return things, np.add(*two_nearest(things))


@st.cache_resource(show_spinner=False, max_entries=20)
def lesson(number: int) -> tuple[NDArray[np.int64], Floats]:
    """The cells of a picture as the net learns them, a line between those that touch, and the same sum."""
    things = separated(picture(number).labels)
    return things, np.add(*two_nearest(things))


@may_go
def measure(count: int, progress: Progress) -> Iterator[tuple[Trained, Found]]:
    """Both nets on the pictures after those that can be looked at: every picture's own counts."""
    for number in range(count):
        for place, trained in enumerate(TRAINED):
            progress((2 * number + place) / (2 * count), f"picture {number + 1} of {count}, {trained}")
            yield trained, counted(load(MODELS[trained]), cells("test", PICTURES + number, side=SIDE))


def lost() -> int:
    """Pixels that the shipped nets cannot answer on every side."""
    from core.segment.unet import border

    return border(DEPTH)
