"""A mask of 14x14 cells, cut out of a picture and put back into it (lecture E).

A mask head learns masks of one size, whatever the size of the thing: the true mask is cut to the region and made 14x14.
When the detector is used, its 14x14 cells are stretched over the box again. H and W are the picture's, M the cells'.
Source: He et al., "Mask R-CNN", ICCV 2017, section 3.
"""

from math import ceil, floor

import numpy as np

from core.errors import LimitError, ShapeError
from core.types import Floats, Mask

SIDE = 14
MOST = 112  # cells of a side


def between(values: Floats, y: Floats, x: Floats) -> Floats:
    """What lies between the middles of pixels, by bilinear interpolation: (H, W), (A,), (B,) -> (A, B).

    Pixel (i, j) has its middle at (i + 0.5, j + 0.5). From the rim outwards the outermost pixels go on.

    >>> between(np.array([[0.0, 2.0]]), np.array([0.5]), np.array([0.5, 1.0, 1.25]))
    array([[0. , 1. , 1.5]])
    """
    found = values
    for axis, points in enumerate((y, x)):
        last = found.shape[axis] - 1
        inside = np.clip(points - 0.5, 0, last)
        low = np.minimum(np.floor(inside).astype(np.int64), max(last - 1, 0))
        share = inside - low
        share = share[:, None] if axis == 0 else share[None]
        found = (1 - share) * np.take(found, low, axis) + share * np.take(found, np.minimum(low + 1, last), axis)
    return found


def cut_out(mask: Mask, box: Floats, *, side: int = SIDE) -> Floats:
    """The part of a mask within a box, in cells: (H, W), (4,) -> (side, side), from 0 (outside) to 1.

    Every cell is the mean of 2x2 points in it, each read between pixels: RoI Align on the mask.

    >>> mask = np.zeros((8, 8), dtype=bool)
    >>> mask[:, :4] = True
    >>> cut_out(mask, np.array([0.0, 0.0, 8.0, 8.0]), side=2)
    array([[1., 0.],
           [1., 0.]])
    """
    _must_fit(box, side)
    if mask.ndim != 2:
        raise ShapeError(f"need one mask (H, W), got {mask.shape}")
    steps = (np.arange(2 * side) + 0.5) / (2 * side)
    x1, y1, x2, y2 = box
    points = between(mask.astype(np.float64), y1 + (y2 - y1) * steps, x1 + (x2 - x1) * steps)  # (2 side, 2 side)
    cells: Floats = points.reshape(side, 2, side, 2).mean(axis=(1, 3))
    return cells


def pasted(cells: Floats, box: Floats, shape: tuple[int, int]) -> Floats:
    """Cells stretched over a box of a picture, 0 around it: (M, M), (4,) -> (H, W).

    The middle of every pixel within the box asks where it lies in the cells, and reads between them.

    >>> pasted(np.array([[1.0, 0.0]] * 2), np.array([1.0, 0.0, 5.0, 1.0]), (1, 6))
    array([[0.  , 1.  , 0.75, 0.25, 0.  , 0.  ]])
    """
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1]:
        raise ShapeError(f"need square cells (M, M), got {cells.shape}")
    _must_fit(box, len(cells))
    whole: Floats = np.zeros(shape)
    x1, y1, x2, y2 = box
    top, bottom = max(0, ceil(y1 - 0.5)), min(shape[0], floor(y2 - 0.5) + 1)
    left, right = max(0, ceil(x1 - 0.5)), min(shape[1], floor(x2 - 0.5) + 1)
    if top < bottom and left < right:
        down = (np.arange(top, bottom) + 0.5 - y1) / (y2 - y1) * len(cells)
        across = (np.arange(left, right) + 0.5 - x1) / (x2 - x1) * len(cells)
        whole[top:bottom, left:right] = between(cells, down, across)
    return whole


def share_kept(mask: Mask, box: Floats, *, side: int = SIDE, threshold: float = 0.5, shades: bool = False) -> float:
    """What cutting out and putting back leaves of a mask: the IoU of both, (H, W), (4,) -> 0 to 1.

    The cells are 0 or 1, as a head learns them; with `shades` they keep their values between, as a head may answer.

    >>> mask = np.zeros((8, 8), dtype=bool)
    >>> mask[2:6, 2:6] = True
    >>> share_kept(mask, np.array([2.0, 2.0, 6.0, 6.0]))
    1.0
    """
    cells = cut_out(mask, box, side=side)
    cells = cells if shades else (cells >= 0.5).astype(np.float64)
    again = pasted(cells, box, (mask.shape[0], mask.shape[1])) >= threshold
    either = int((again | mask).sum())
    return float((again & mask).sum() / either) if either else 1.0


def values_of(classes: int, *, side: int = SIDE) -> int:
    """How many numbers a mask head answers with for one region: one mask for each class.

        C * 14 * 14

    >>> values_of(80)
    15680
    """
    if classes < 1 or not 1 <= side <= MOST:
        raise LimitError(f"need at least one class and masks of 1 to {MOST} cells a side, got {classes} and {side}")
    return classes * side * side


def _must_fit(box: Floats, side: int) -> None:
    if box.shape != (4,) or not (box[2] > box[0] and box[3] > box[1]):
        raise ShapeError(f"need one box (x1, y1, x2, y2) with a width and a height, got {np.asarray(box).tolist()}")
    if not 1 <= side <= MOST:
        raise LimitError(f"masks have 1 to {MOST} cells a side, got {side}")
