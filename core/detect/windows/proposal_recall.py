"""How good proposals are: which things they hold, how many of them hold none, and boxes drawn blindly to compare.

N is the number of boxes, T that of things, M that of counts: how many of the boxes are looked at, from the first on.
Source: Hosang, Benenson, Dollár and Schiele, "What Makes for Effective Detection Proposals?", PAMI 2016.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from core.detect.boxes import intersection_over_union
from core.detect.windows.sliding import Part, parts
from core.errors import CoreError
from core.types import Floats, Pair

SHARES = (0.85, 0.6, 0.42, 0.28, 0.2)  # of the picture's shorter side, the boxes of a grid
ASPECTS = (1.0, 2.0, 0.5)
BASE = (100, 100)  # so that a stride is in per cent of a window


def best_overlaps(boxes: Floats, true: Floats, counts: Sequence[int]) -> Floats:
    """The IoU of each thing with the best of the first boxes, for some counts: (N, 4), (T, 4) -> (M, T).

    >>> best_overlaps(np.array([[0.0, 0, 2, 4], [0, 0, 4, 4]]), np.array([[0.0, 0, 4, 4]]), (1, 2)).tolist()
    [[0.5], [1.0]]
    """
    _checked(counts)
    overlap = intersection_over_union(boxes, true)  # (N, T)
    best = np.maximum.accumulate(overlap, axis=0) if len(boxes) else np.zeros((1, len(true)))
    found: Floats = best[[min(count, len(best)) - 1 for count in counts]]
    return found


def recall(overlaps: Floats, at: float) -> Floats:
    """The share of things that one of the boxes holds well enough: (M, T) -> (M,); 1 if there is no thing.

    >>> recall(np.array([[0.4, 0.6], [0.8, 0.6]]), 0.5).tolist()
    [0.5, 1.0]
    """
    if overlaps.shape[1] == 0:
        return np.ones(len(overlaps))
    share: Floats = (overlaps >= at).mean(axis=1)
    return share


def precision(boxes: Floats, true: Floats, counts: Sequence[int], *, at: float) -> Floats:
    """The share of the first boxes that hold a thing well enough: (N, 4), (T, 4) -> (M,); 0 without a box.

    >>> precision(np.array([[0.0, 0, 2, 4], [0, 0, 4, 4]]), np.array([[0.0, 0, 4, 4]]), (1, 2), at=0.7).tolist()
    [0.0, 0.5]
    """
    _checked(counts)
    overlap = intersection_over_union(boxes, true)  # (N, T)
    share: Floats = np.array(
        [float((overlap[:count] >= at).any(axis=1).mean()) if len(boxes) else 0.0 for count in counts]
    )
    return share


def random_boxes(sides: Pair, count: int, random: np.random.Generator) -> Floats:
    """Boxes anywhere in a picture (H, W): sides from a sixth of its own on, small ones more often: (count, 4)."""
    if count < 0:
        raise CoreError(f"need 0 boxes or more, got {count}")
    extents = np.stack([np.exp(random.uniform(np.log(side / 6), np.log(side), count)) for side in sides[::-1]], axis=1)
    starts = random.uniform(0, np.array(sides[::-1]) - extents)
    return np.concatenate([starts, starts + extents], axis=1)


def grid_boxes(sides: Pair, count: int) -> Floats:
    """A regular grid of at most so many boxes, five sizes in three shapes, as dense as the count allows: (n, 4).

    Of fewer than fifteen the largest are taken, one in the middle for each size and shape.

    >>> [len(grid_boxes((96, 96), count)) for count in (3, 100, 1000)]
    [3, 93, 922]
    """
    if count < 1:
        raise CoreError(f"need 1 box at least, got {count}")
    scales = [share * min(sides) / BASE[0] for share in SHARES]

    def every(stride: int) -> tuple[Part, ...]:
        return parts(sides, BASE, stride=stride, scales=scales, aspects=ASPECTS)

    strides = range(1, 400)  # the larger, the fewer boxes: the first that allows the count is found by halving
    stride = strides.start + bisect_left(strides, -count, key=lambda each: -sum(part.count for part in every(each)))
    return np.concatenate([_centred(part, sides) for part in every(stride) if part.count])[:count]


def _centred(part: Part, sides: Pair) -> Floats:
    """What is left over lies on both sides."""
    boxes = part.boxes()
    over = (np.array(sides[::-1]) - boxes[-1, 2:]) / 2
    moved: Floats = boxes + np.tile(over, 2)
    return moved


def _checked(counts: Sequence[int]) -> None:
    if not counts or min(counts) < 1:
        raise CoreError(f"need counts of 1 at least, got {list(counts)}")
