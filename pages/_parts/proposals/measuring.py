"""Measuring proposals on many scenes: how many things they hold, and how many of them hold one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.data.scenes import boxes as boxes_of
from core.detect.pictures import picture
from core.detect.windows.proposal_recall import best_overlaps, grid_boxes, precision, random_boxes, recall
from core.detect.windows.proposals import FAST, selective_search
from core.learning.train import Progress
from core.runtime.tasks import may_go
from core.types import Floats

Way: TypeAlias = Literal["selective search", "a regular grid", "boxes by lot"]
WAYS: tuple[Way, ...] = get_args(Way)
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
LEVELS = (0.5, 0.7)


@dataclass(frozen=True, eq=False)
class Measured:
    """One way on one scene: the best IoU of each thing (M, T), and the share of right boxes (M, 2), by count."""

    way: Way
    boxes: int  # that there are
    overlaps: Floats
    right: Floats


@dataclass(frozen=True, eq=False)
class Pooled:
    """One way over some scenes: recall and precision by count and level, (M, 2) each, and the boxes of a scene."""

    boxes: float
    recall: Floats
    precision: Floats


def on_scene(number: int) -> Iterator[Measured]:
    """Every way on one scene of the test part."""
    scene = picture("test", number)
    true, sides = boxes_of(scene.targets), (scene.image.shape[0], scene.image.shape[1])
    searched = selective_search(scene.image.astype(np.float64), np.random.default_rng((1, number)), strategies=FAST)
    by_lot = random_boxes(sides, COUNTS[-1], np.random.default_rng((2, number)))
    for way in WAYS:
        if way == "a regular grid":  # another grid for every count
            grids = [grid_boxes(sides, count) for count in COUNTS]
            overlaps = np.concatenate([best_overlaps(grid, true, (len(grid),)) for grid in grids])
            right = np.array([[precision(grid, true, (len(grid),), at=at)[0] for at in LEVELS] for grid in grids])
            yield Measured(way, len(grids[-1]), overlaps, right)
        else:
            boxes = searched if way == "selective search" else by_lot
            right = np.stack([precision(boxes, true, COUNTS, at=at) for at in LEVELS], axis=1)
            yield Measured(way, len(boxes), best_overlaps(boxes, true, COUNTS), right)


@may_go
def on_scenes(pictures: int, progress: Progress) -> Iterator[Measured]:
    """Every way on the first scenes of the test part."""
    for number in range(pictures):
        progress(number / pictures, f"scene {number + 1} of {pictures}")
        yield from on_scene(number)


def pooled(found: Sequence[Measured]) -> dict[Way, Pooled]:
    """All things of all scenes together; a scene's precision counts as much as another's."""
    ways = dict[Way, Pooled]()
    for way in WAYS:
        own = [each for each in found if each.way == way]
        if own:
            overlaps = np.concatenate([each.overlaps for each in own], axis=1)
            ways[way] = Pooled(
                float(np.mean([each.boxes for each in own])),
                np.stack([recall(overlaps, at) for at in LEVELS], axis=1),
                np.mean([each.right for each in own], axis=0),
            )
    return ways
