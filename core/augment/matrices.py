"""Geometric augmentation as a matrix: where every point goes (lectures A and C).

A point is (x, y, 1), x to the right and y down, in pixels; pixel (0, 0) has its middle at (0.5, 0.5). Matrices are
(3, 3) and are multiplied from the left, so the last change stands first. Boxes are (x1, y1, x2, y2).
Source: Hartley and Zisserman, "Multiple View Geometry in Computer Vision", section 2.4.
"""

from collections.abc import Sequence
from math import cos, radians, sin, tan

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats, Pair


def shift(right: float, down: float) -> Floats:
    """Every point moves by the same: -> (3, 3).

    >>> moved(np.array([[1.0, 2.0]]), shift(10, -1))
    array([[11.,  1.]])
    """
    return np.array([[1.0, 0.0, right], [0.0, 1.0, down], [0.0, 0.0, 1.0]])


def turn(degrees: float) -> Floats:
    """A turn about (0, 0), clockwise as one sees it, because y points down: -> (3, 3).

        x' = cos a · x - sin a · y,   y' = sin a · x + cos a · y

    >>> moved(np.array([[1.0, 0.0]]), turn(90)).round(6)
    array([[0., 1.]])
    """
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def scaling(across: float, down: float | None = None) -> Floats:
    """Everything that many times as large, in both directions if only one is given: -> (3, 3)."""
    down = across if down is None else down
    if across <= 0 or down <= 0:
        raise CoreError(f"a scale is above 0, got {across} and {down}: to mirror an image there is the flip")
    return np.diag([across, down, 1.0])


def shear(across: float, down: float = 0.0) -> Floats:
    """Rows slide along each other by an angle in degrees, and columns by another: -> (3, 3).

        x' = x + tan(across) · y,   y' = tan(down) · x + y

    >>> moved(np.array([[0.0, 2.0]]), shear(45)).round(6)
    array([[2., 2.]])
    """
    if max(abs(across), abs(down)) >= 80:
        raise CoreError(f"a shear stays below 80 degrees, got {across} and {down}: at 90 nothing is left of an image")
    return np.array([[1.0, tan(radians(across)), 0.0], [tan(radians(down)), 1.0, 0.0], [0.0, 0.0, 1.0]])


def flip(sides: Pair, *, across: bool = True) -> Floats:
    """Left and right of an image (H, W) change places, or top and bottom: -> (3, 3).

    >>> moved(np.array([[0.5, 3.0]]), flip((4, 10)))
    array([[9.5, 3. ]])
    """
    height, width = sides
    return np.diag([-1.0, 1.0, 1.0]) + shift(width, 0) - np.eye(3) if across else (
        np.diag([1.0, -1.0, 1.0]) + shift(0, height) - np.eye(3)
    )  # fmt: skip


def crop(box: Sequence[float], sides: Pair) -> Floats:
    """A box of an image is all that is left, and fills it: (x1, y1, x2, y2), (H, W) -> (3, 3).

    >>> moved(np.array([[10.0, 20.0], [60.0, 70.0]]), crop((10, 20, 60, 70), (100, 100)))
    array([[  0.,   0.],
           [100., 100.]])
    """
    x1, y1, x2, y2 = box
    if not (x1 < x2 and y1 < y2):
        raise CoreError(f"a crop needs a box with x1 < x2 and y1 < y2, got {tuple(box)}")
    height, width = sides
    return scaling(width / (x2 - x1), height / (y2 - y1)) @ shift(-x1, -y1)


def perspective(across: float, down: float, sides: Pair) -> Floats:
    """A look from the side: parallel lines meet, the middle stays, (H, W) -> (3, 3).

        w = 1 + across · x / W + down · y / H,   (x, y) from the middle,   x' = x / w, y' = y / w

    Positive `across` makes the right side smaller, as if it lay farther away. Between -0.9 and 0.9.

    >>> corners = moved(np.array([[100.0, 0.0], [100.0, 100.0]]), perspective(0.5, 0, (100, 100)))
    >>> float(np.diff(corners[:, 1])[0])
    80.0
    """
    if abs(across) + abs(down) >= 1.8 or max(abs(across), abs(down)) > 0.9:
        raise CoreError(f"a look from the side takes from -0.9 to 0.9 each way, got {across} and {down}")
    height, width = sides
    bent = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [across / width, down / height, 1.0]])
    return about_middle(bent, sides)


def about_middle(matrix: Floats, sides: Pair) -> Floats:
    """A change that leaves the middle of an image (H, W) where it is: (3, 3) -> (3, 3).

    >>> moved(np.array([[5.0, 5.0], [10.0, 5.0]]), about_middle(turn(90), (10, 10)))
    array([[ 5.,  5.],
           [ 5., 10.]])
    """
    height, width = sides
    return shift(width / 2, height / 2) @ matrix @ shift(-width / 2, -height / 2)


def moved(points: Floats, matrix: Floats) -> Floats:
    """Where points go: (..., 2), (3, 3) -> (..., 2).

    (u, v, w) = matrix (x, y, 1),   x' = u / w, y' = v / w
    """
    if points.shape[-1:] != (2,) or matrix.shape != (3, 3):
        raise ShapeError(f"need points (..., 2) and a matrix (3, 3), got {points.shape} and {matrix.shape}")
    u, v, w = np.moveaxis(points @ matrix[:, :2].T + matrix[:, 2], -1, 0)
    found: Floats = np.stack([u / w, v / w], axis=-1)
    return found


def mirrors(matrix: Floats) -> bool:
    """Whether a matrix turns a left hand into a right one: its determinant is below 0.

    >>> mirrors(flip((4, 4))), mirrors(flip((4, 4)) @ flip((4, 4), across=False))
    (True, False)
    """
    return bool(np.linalg.det(matrix) < 0)
