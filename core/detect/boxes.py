"""Boxes: how large they are and how much of them they share (lectures A and E).

A box is (x1, y1, x2, y2) in float pixels: its width is x2 - x1, and an edge belongs to no pixel, so boxes that only
touch share nothing. Source: Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010, section 4.2.
"""

from dataclasses import dataclass

import numpy as np

from core.errors import ShapeError
from core.types import Floats


def areas(boxes: Floats) -> Floats:
    """Width times height of every box: (N, 4) -> (N,).

    >>> areas(np.array([[0.0, 0.0, 4.0, 2.0], [1.0, 1.0, 1.0, 9.0]]))
    array([8., 0.])
    """
    _checked(boxes)
    widths, heights = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]  # (N,)
    product: Floats = widths * heights
    return product


def intersections(boxes: Floats, others: Floats) -> Floats:
    """The area that every box shares with every other one: (N, 4), (M, 4) -> (N, M).

        max(0, min(x2, x2') - max(x1, x1')) * max(0, min(y2, y2') - max(y1, y1'))

    >>> intersections(np.array([[0.0, 0.0, 4.0, 4.0]]), np.array([[2.0, 2.0, 6.0, 6.0], [4.0, 0.0, 8.0, 4.0]]))
    array([[4., 0.]])
    """
    _checked(boxes)
    _checked(others)
    start = np.maximum(boxes[:, None, :2], others[None, :, :2])  # (N, M, 2)
    end = np.minimum(boxes[:, None, 2:], others[None, :, 2:])  # (N, M, 2)
    sides = np.maximum(0.0, end - start)  # (N, M, 2)
    product: Floats = sides[..., 0] * sides[..., 1]
    return product


def intersection_over_union(boxes: Floats, others: Floats) -> Floats:
    """Shared area over joint area, from 0 (apart) to 1 (identical): (N, 4), (M, 4) -> (N, M).

        |A ∩ B| / (|A| + |B| - |A ∩ B|)

    Two boxes without any area have no joint area to share: 0.

    >>> intersection_over_union(np.array([[0.0, 0.0, 4.0, 2.0]]), np.array([[2.0, 0.0, 6.0, 2.0]])).round(3)
    array([[0.333]])
    """
    shared = intersections(boxes, others)  # (N, M)
    joint = areas(boxes)[:, None] + areas(others)[None, :] - shared  # (N, M)
    return np.divide(shared, joint, out=np.zeros_like(shared), where=joint > 0)


@dataclass(frozen=True)
class Overlap:
    """What two boxes share, number by number."""

    width: float  # of the shared rectangle
    height: float
    intersection: float
    union: float
    iou: float


def overlap(box: Floats, other: Floats) -> Overlap:
    """The arithmetic of one intersection over union: (4,), (4,) -> five numbers.

    >>> overlap(np.array([0.0, 0.0, 4.0, 4.0]), np.array([2.0, 1.0, 6.0, 5.0]))
    Overlap(width=2.0, height=3.0, intersection=6.0, union=26.0, iou=0.23076923076923078)
    """
    pair = np.stack([box, other])
    width, height = np.maximum(0.0, pair[:, 2:].min(axis=0) - pair[:, :2].max(axis=0)).tolist()
    shared = width * height
    union = float(areas(pair).sum()) - shared
    return Overlap(width, height, shared, union, shared / union if union > 0 else 0.0)


def _checked(boxes: Floats) -> None:
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ShapeError(f"need boxes (N, 4), one (x1, y1, x2, y2) per row, got an array of shape {boxes.shape}")
    turned = np.flatnonzero(((boxes[:, 2:] - boxes[:, :2]) < 0).any(axis=1))
    if turned.size:
        raise ShapeError(
            f"box {turned[0]} is {boxes[turned[0]].tolist()}: x1 is at most x2 and y1 at most y2, "
            "so the corners must change places"
        )
