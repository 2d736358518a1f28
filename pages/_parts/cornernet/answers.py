"""What the corner lab knows of its pictures: the truth, the maps, and what becomes of them at a setting."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES, Scene, boxes, labels
from core.data.scenes.truth import Labels
from core.detect.boxes import intersection_over_union
from core.detect.corner.corners import Corners, boxes_of, pairs
from core.detect.found import Found, problem
from core.detect.pictures import many, picture
from core.learning.threads import one_thread
from core.measure.coco.scores import evaluate, numbers
from core.runtime.shared import shared
from core.types import Floats, Mask

PICTURES, MANY = 60, 40  # test pictures to choose from, and those that a setting is judged by
HALF = 0.5  # IoU from which on a box counts as found


@dataclass(frozen=True, eq=False)
class Setting:
    """What a visitor chose: the lowest score of a corner, and how far tags may differ, None if they are ignored."""

    threshold: float
    within: float | None


@dataclass(frozen=True, eq=False)
class Answer:
    """Corners, pairs and boxes of one picture, and which boxes are right, which things missed."""

    scene: Scene
    first: Corners
    second: Corners
    pairs: NDArray[np.int64]  # (M, 2)
    boxes: Found
    right: Mask  # (B,)
    missed: Labels  # places of true things

    @property
    def false(self) -> int:
        """How many boxes stand for nothing."""
        return int((~self.right).sum())


@st.cache_resource(show_spinner=False, max_entries=80)
def scene_of(number: int) -> Scene:
    """A picture of the test part."""
    return picture("test", number)


@st.cache_resource(show_spinner=False, max_entries=80)
def maps_of(number: int):  # type: ignore[no-untyped-def]  # its type brings torch
    """What the net says of it."""
    from core.detect.corner import corner_net

    with one_thread():
        image = np.rint(scene_of(number).image * 255).astype(np.uint8)
        return corner_net.maps_of(shared("corners"), image[None])[0]


def answer(number: int, setting: Setting) -> Answer:
    """Everything of one picture at a setting."""
    from core.detect.corner.corner_net import suppressed

    scene = scene_of(number)
    first, second = maps_of(number).corners(threshold=setting.threshold)
    together = pairs(first, second, within=setting.within)
    found = suppressed(boxes_of(first, second, together, tagged=setting.within is not None))
    right, missed = judged(found, boxes(scene.targets), labels(scene.targets))
    return Answer(scene, first, second, together, found, right, missed)


def judged(found: Found, truth: Floats, kinds: Labels) -> tuple[Mask, Labels]:
    """Which boxes are right, the surest first: each thing is found once, by a box of its class and IoU of a half."""
    right, taken = np.zeros(len(found), dtype=np.bool_), set[int]()
    overlaps = intersection_over_union(found.boxes, truth)
    for place, row in enumerate(overlaps):
        free = [
            each for each in np.flatnonzero((row >= HALF) & (kinds == found.labels[place])) if int(each) not in taken
        ]
        if free:
            taken.add(int(max(free, key=lambda each: row[each])))
            right[place] = True
    return right, np.setdiff1d(np.arange(len(truth)), sorted(taken)).astype(np.int64)


@st.cache_data(show_spinner="Looking at many pictures", max_entries=60)
def on_many(threshold: float, within: float | None) -> dict[str, float]:
    """AP50, and boxes in a picture, on many test pictures at a setting."""
    from core.detect.corner.corner_net import suppressed

    found, targets = [], many("test", MANY)[1]
    for number in range(MANY):
        first, second = maps_of(number).corners(threshold=threshold)
        together = pairs(first, second, within=within)
        found.append(suppressed(boxes_of(first, second, together, tagged=within is not None)))
    said = numbers(*evaluate(problem(found, targets)))
    return {"AP50": said["AP50"], "boxes": sum(map(len, found)) / MANY, "things": sum(map(len, targets)) / MANY}


def name_of(label: int) -> str:
    """What a class is called."""
    return CLASSES[label]
