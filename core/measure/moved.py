"""Answers that are wrong in a known way: the truth grown, shrunk or pushed aside, to see what a measure makes of it.

Maps (H, W) hold 0, the ground, and classes from 1. Distances are between the middles of pixels.
"""

from dataclasses import dataclass

import numpy as np

from core.errors import ShapeError
from core.measure.segmentation import LabelMap
from core.types import Floats


@dataclass(frozen=True, eq=False)
class Reach:
    """A map, and how far every pixel is from where its label ends; worked out once for many moves. All are (H, W)."""

    labels: LabelMap
    inside: Floats  # of a class' pixel, to the nearest pixel of another label; infinite on the ground
    outside: Floats  # of a pixel of the ground, to the nearest class; infinite elsewhere
    nearest: LabelMap  # the class that is nearest


def reach(labels: LabelMap) -> Reach:
    """How far every pixel is from where its label ends: (H, W) -> four maps (H, W).

    >>> found = reach(np.array([[0, 0, 0, 2, 2, 2]]))
    >>> found.inside.tolist()
    [[inf, inf, inf, 1.0, 2.0, 3.0]]
    >>> found.outside.tolist()
    [[3.0, 2.0, 1.0, inf, inf, inf]]
    """
    from scipy.ndimage import distance_transform_edt, find_objects

    if labels.ndim != 2:
        raise ShapeError(f"need one label map (H, W), got {labels.shape}")
    inside, outside = (np.full(labels.shape, np.inf) for _ in range(2))
    ground, nearest = labels == 0, labels
    for label, place in enumerate(find_objects(labels), start=1):
        if place is None:
            continue
        rows, columns = place  # and one pixel around: what is nearest cannot lie further out
        window = slice(max(rows.start - 1, 0), rows.stop + 1), slice(max(columns.start - 1, 0), columns.stop + 1)
        own = labels[window] == label
        if not own.all():
            inside[window][own] = distance_transform_edt(own)[own]
    if ground.any() and not ground.all():
        far, (rows, columns) = distance_transform_edt(ground, return_indices=True)
        outside[ground], nearest = far[ground], labels[rows, columns]
    return Reach(labels, inside, outside, nearest)


def grown(of: Reach, by: float) -> LabelMap:
    """Every class by so many pixels larger, or below 0 smaller: a Reach and a number -> (H, W).

    Classes grow over the ground only, and where two want the same pixel the nearer one gets it.

    >>> found = reach(np.array([[0, 0, 0, 2, 2, 2]]))
    >>> grown(found, 1).tolist(), grown(found, -1).tolist()
    ([[0, 0, 2, 2, 2, 2]], [[0, 0, 0, 0, 2, 2]])
    """
    if by < 0:
        return np.where(of.inside <= -by, 0, of.labels)
    return np.where(of.outside <= by, of.nearest, of.labels)


def shifted(labels: LabelMap, *, down: int = 0, right: int = 0) -> LabelMap:
    """The map pushed aside, ground flowing in: (H, W) -> (H, W).

    >>> shifted(np.array([[0, 0, 3, 3]]), right=-1).tolist()
    [[0, 3, 3, 0]]
    """
    height, width = labels.shape
    moved = np.zeros_like(labels)
    if abs(down) < height and abs(right) < width:
        to = slice(max(down, 0), height + min(down, 0)), slice(max(right, 0), width + min(right, 0))
        of = slice(max(-down, 0), height + min(-down, 0)), slice(max(-right, 0), width + min(-right, 0))
        moved[to] = labels[of]
    return moved


def areas(labels: LabelMap) -> LabelMap:
    """The number of its connected area at every pixel, from 1, and 0 on the ground: (H, W) -> (H, W).

    Only neighbours above, below, left and right hang together. This is as near to things as labels alone can come: two
    things of one class that touch are one area, and a thing that another one cuts in two is two.

    >>> areas(np.array([[1, 1, 0, 1, 2]])).tolist()
    [[1, 1, 0, 2, 3]]
    """
    from scipy.ndimage import label as connected

    numbers, count = np.zeros(labels.shape, dtype=np.int64), 0
    for label in np.unique(labels[labels != 0]):
        found, more = connected(labels == label)
        numbers = np.where(found > 0, found + count, numbers)
        count += more
    return numbers
