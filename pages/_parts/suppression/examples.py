"""Pictures with the boxes of a detector that finds everything several times; the boxes are drawn by hand."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES, Label, Target, draw, sketch
from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.detect.boxes import intersection_over_union
from core.detect.pictures import picture
from core.types import Floats
from pages._kit.box_editor import Drawn
from pages._kit.pictures import pixels

SIDE = 160
FOUND = 0.5  # IoU from which on a thing counts as found


@dataclass(frozen=True)
class Example:
    """Which picture, what a detector says of it, and what is to be seen."""

    number: int
    boxes: str
    note: str
    crowd: tuple[Label, ...] = ()  # of which two stand close together; else a usual scene


EXAMPLES = {
    "Four things, many boxes": Example(
        9,
        "5 2 73 75 circle 0.96; 12 6 82 72 circle 0.81; 0 0 66 64 circle 0.62; 16 16 78 88 circle 0.44; "
        "66 18 111 62 circle 0.91; 58 14 106 66 circle 0.72; 66 62 129 150 person 0.94; 74 70 136 150 person 0.77; "
        "58 74 124 156 person 0.58; 108 41 157 89 circle 0.88; 100 36 150 88 circle 0.55",
        "Four things, and two or more boxes on each.",
    ),
    "Two people close together": Example(
        20,
        "26 2 121 128 person 0.95; 43 35 128 139 person 0.9; 20 6 116 132 person 0.7; 46 28 126 136 person 0.66",
        "Two people, whose true boxes have an IoU of 0.54. Whatever removes copies may take the second one for a copy.",
        ("person",),
    ),
    "Two classes in one place": Example(
        117,
        "36 11 123 97 circle 0.93; 38 28 123 145 person 0.9; 30 14 118 102 circle 0.6; 38 20 126 140 person 0.7",
        "Somebody before a circle: two classes, one place.",
        ("person", "circle"),
    ),
    "A chain": Example(
        3,
        "52 84 101 134 triangle 0.9; 66 84 115 134 triangle 0.8; 80 84 129 134 triangle 0.7; "
        "94 84 143 134 triangle 0.6",
        "Every box overlaps its neighbours by more than half. Which ones survive?",
    ),
}


@dataclass(frozen=True, eq=False)
class Seen:
    """The picture (160, 160, 3), and the things that are there."""

    image: NDArray[np.uint8]
    boxes: Floats
    labels: NDArray[np.int64]


@st.cache_resource(show_spinner=False)
def seen(name: str) -> Seen:
    """The picture of an example, and its truth."""
    example = EXAMPLES[name]
    if example.crowd:
        close = sketch("test", example.number, objects=(2, 2), classes=example.crowd, sizes=(0.2, 0.3), overlap=0.8)
        scene = draw(close, side=SIDE)
    else:
        scene = picture("test", example.number, side=SIDE)
    targets: tuple[Target, ...] = scene.targets
    return Seen(pixels(scene.image.astype(np.float64)), boxes_of(targets), labels_of(targets, CLASSES))


def found(name: str, kept: Drawn) -> int:
    """How many of the things that are there have a box of their own class that fits, one box for one thing.

    The surest box chooses first, as in the evaluation of detectors.
    """
    truth = seen(name)
    fits = intersection_over_union(truth.boxes, kept.boxes)  # (things, boxes)
    fits[truth.labels[:, None] != kept.classes] = 0
    taken = set[int]()
    for box in np.argsort(-kept.scores, kind="stable").tolist():
        free = [thing for thing in range(len(fits)) if thing not in taken and fits[thing, box] >= FOUND]
        if free:
            taken.add(max(free, key=lambda thing: fits[thing, box]))
    return len(taken)
