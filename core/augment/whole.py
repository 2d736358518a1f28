"""Changes that move whole pixels, and the boxes with them: nothing is blurred, so nothing depends on who computes it.

Images are (H, W, C) from 0 to 1, boxes (N, 4) of x1, y1, x2, y2. Changes by any angle or size are in geometric.py.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from core.augment.photometric import brighter
from core.errors import CoreError, ShapeError
from core.types import Floats

Change: TypeAlias = tuple[Any, ...]  # its name, then its numbers: ("shift", 2, -1)
CHANGES = ("mirror", "turn", "shift", "brighter")


def mirrored(image: Floats, boxes: Floats) -> tuple[Floats, Floats]:
    """Left and right change places: (H, W, C), (N, 4) -> (H, W, C), (N, 4).

        x' = W - x, so that the right side of a box becomes its left one

    >>> mirrored(np.zeros((3, 10, 1)), np.array([[1.0, 0.0, 4.0, 2.0]]))[1]
    array([[6., 0., 9., 2.]])
    """
    x1, y1, x2, y2 = boxes.T
    width = image.shape[1]
    return image[:, ::-1], np.stack([width - x2, y1, width - x1, y2], axis=1)


def quarter_turned(image: Floats, boxes: Floats) -> tuple[Floats, Floats]:
    """A quarter turn, clockwise as one sees it: (H, W, C), (N, 4) -> (W, H, C), (N, 4).

        x' = H - y,   y' = x

    >>> quarter_turned(np.zeros((3, 10, 1)), np.array([[1.0, 0.0, 4.0, 2.0]]))[1]
    array([[1., 1., 3., 4.]])
    """
    x1, y1, x2, y2 = boxes.T
    height = image.shape[0]
    return np.rot90(image, -1), np.stack([height - y2, x1, height - y1, x2], axis=1)


def shifted(image: Floats, boxes: Floats, right: int, down: int) -> tuple[Floats, Floats]:
    """Every pixel moved, black comes in; boxes are cut off at the edges: (H, W, C), (N, 4) -> (H, W, C), (M, 4).

    A box of which nothing is left inside is left out.

    >>> shifted(np.zeros((3, 10, 1)), np.array([[1.0, 0.0, 4.0, 2.0], [8.0, 0.0, 9.0, 2.0]]), 2, 1)[1]
    array([[3., 1., 6., 3.]])
    """
    height, width = image.shape[:2]
    sides = (abs(down), abs(down)), (abs(right), abs(right)), (0, 0)
    room, top, left = np.pad(image, sides), abs(down) - down, abs(right) - right
    moved = (boxes + np.array([right, down, right, down])).clip(0, [width, height, width, height])
    inside = (moved[:, 0] < moved[:, 2]) & (moved[:, 1] < moved[:, 3])
    return room[top : top + height, left : left + width], moved[inside]


def changed(image: Floats, boxes: Floats, changes: Sequence[Change]) -> tuple[Floats, Floats]:
    """Several changes, one after the other: (H, W, C), (N, 4) -> an image, (M, 4).

    >>> changed(np.zeros((3, 10, 1)), np.array([[1.0, 0.0, 4.0, 2.0]]), [("mirror",), ("shift", -5, 0)])[1]
    array([[1., 0., 4., 2.]])
    """
    if image.ndim != 3 or boxes.shape[1:] != (4,):
        raise ShapeError(f"need an image (H, W, C) and boxes (N, 4), got {image.shape} and {boxes.shape}")
    for name, *numbers in changes:
        if name == "mirror":
            image, boxes = mirrored(image, boxes)
        elif name == "turn":
            image, boxes = quarter_turned(image, boxes)
        elif name == "shift":
            image, boxes = shifted(image, boxes, *numbers)
        elif name == "brighter":
            image = brighter(image, *numbers)
        else:
            raise CoreError(f"a change is one of {', '.join(CHANGES)}, got {str(name)[:40]!r}")
    return image, boxes
