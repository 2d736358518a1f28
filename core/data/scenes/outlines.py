"""How far every point lies from the edge of a thing: below 0 inside, above 0 outside.

Points are (P,) x and (P,) y in the thing's own coordinates, where it fills the circle of radius 1 around 0.
"""

from collections.abc import Sequence
from functools import cache
from math import pi

import numpy as np
from numpy.typing import NDArray

from core.data.scenes import person
from core.data.scenes.records import Label, Point
from core.types import Floats

Reals = NDArray[np.float32]
Places = NDArray[np.int64]


def ring(count: int, *, first: float = -pi / 2, radii: Sequence[float] = (1.0,)) -> Floats:
    """Points all around 0, their distances taken from `radii` in turn: (count, 2).

    >>> ring(4).round(6) + 0.0
    array([[ 0., -1.],
           [ 1.,  0.],
           [ 0.,  1.],
           [-1.,  0.]])
    """
    turn = first + 2 * pi * np.arange(count) / count
    points: Floats = np.resize(radii, count)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return points


CORNERS: dict[Label, Floats] = {
    "square": ring(4, first=pi / 4),
    "triangle": ring(3),
    "star": ring(10, radii=(1.0, 0.45)),
}


def rim(label: Label, joints: Sequence[Point] = ()) -> Floats:
    """Points on the edge between which the edge is straight, or nearly so: (M, 2)."""
    if label == "person":
        return person.rim(np.array(joints))
    return CORNERS[label] if label in CORNERS else _circle()


def distance(label: Label, x: Reals, y: Reals, joints: Sequence[Point] = ()) -> tuple[Reals, Places | None]:
    """How far points are from the edge of a thing: (P,), (P,) -> (P,), and of a person which colour is nearest.

    >>> found, _ = distance("circle", np.float32([0, 1, 2]), np.float32([0, 0, 0]))
    >>> found
    array([-1.,  0.,  1.], dtype=float32)
    """
    if label == "circle":
        return np.hypot(x, y) - np.float32(1), None
    if label == "person":
        return _person(x, y, np.array(joints))
    return _polygon(x, y, CORNERS[label]), None


def _polygon(x: Reals, y: Reals, corners: Floats) -> Reals:
    """The distance to the nearest edge, below 0 where an odd number of edges lies to the right."""
    ends = np.roll(corners, -1, axis=0)
    nearest = _nearest(x, y, corners, ends)
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(corners.tolist(), ends.tolist(), strict=True):
        if y1 != y2:
            slope = np.float32((x2 - x1) / (y2 - y1))
            inside ^= ((np.float32(y1) > y) != (np.float32(y2) > y)) & (x < x1 + (y - np.float32(y1)) * slope)
    return np.where(inside, -nearest, nearest)


def _nearest(x: Reals, y: Reals, starts: Floats, ends: Floats) -> Reals:
    """The distance to the nearest of some lines."""
    best = np.full(x.shape, np.inf, dtype=np.float32)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        np.minimum(best, _squared(x, y, start, end), out=best)
    return np.sqrt(best)


def _squared(x: Reals, y: Reals, start: Sequence[float], end: Sequence[float]) -> Reals:
    """The squared distance to one line from start to end."""
    (x1, y1), (x2, y2) = start, end
    along_x, along_y = np.float32(x2 - x1), np.float32(y2 - y1)
    right, down = x - np.float32(x1), y - np.float32(y1)
    length = along_x * along_x + along_y * along_y
    if length > 0:
        share = np.clip((right * along_x + down * along_y) / length, 0, 1)
        right, down = right - share * along_x, down - share * along_y
    squared: Reals = right * right + down * down
    return squared


def _person(x: Reals, y: Reals, joints: Floats) -> tuple[Reals, Places]:
    """The nearest of all parts, and its colour."""
    best = _polygon(x, y, joints[list(person.TORSO)]) - np.float32(person.TRUNK)
    colour = np.full(x.shape, person.SHIRT)
    places = joints.tolist()
    for first, last, thick, paint in person.PARTS:
        far = np.sqrt(_squared(x, y, places[first], places[last])) - np.float32(thick)
        nearer = far < best
        best = np.where(nearer, far, best)
        colour[nearer] = paint
    return best, colour


@cache
def _circle() -> Floats:
    return ring(96)
