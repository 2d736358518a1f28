"""Boxes in space: nine numbers, or seven for what stands on a street, and how they look in a picture (lectures B, E).

Axes are those of a camera: x to the right, y down, z away from it, in metres. The box lies with its length along x, its
height along y and its width along z before it is turned. The lecture names two of its numbers y; here the angles have
their names.
"""

from dataclasses import dataclass
from itertools import product
from math import cos, sin

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats

NEAREST = 0.1  # metres before the camera: what is nearer, or behind it, has no picture
# The twelve edges of a box, places of its corners.
EDGES = ((0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7))
FRONT = (4, 5, 7, 6)  # the four corners at its front end, in order


@dataclass(frozen=True)
class Solid:
    """A box in space: its middle, its sides, and how it is turned, in radians."""

    x: float
    y: float
    z: float
    width: float
    height: float
    length: float
    roll: float = 0.0  # about the z axis
    pitch: float = 0.0  # about the x axis
    yaw: float = 0.0  # about the y axis, which points down

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.length) <= 0:
            raise CoreError(f"a box has sides above 0, got {self.width:g}, {self.height:g} and {self.length:g}")

    def numbers(self, *, level: bool = False) -> tuple[float, ...]:
        """What a detector has to say: nine numbers, or seven of a box that stands level.

        >>> len(Solid(0, 0, 9, 1, 1, 2).numbers()), len(Solid(0, 0, 9, 1, 1, 2).numbers(level=True))
        (9, 7)
        """
        if level and (self.roll or self.pitch):
            raise CoreError(f"a level box has no roll and no pitch, got {self.roll:g} and {self.pitch:g}")
        place, sides = (self.x, self.y, self.z), (self.width, self.height, self.length)
        return (*place, *sides, self.yaw) if level else (*place, *sides, self.roll, self.pitch, self.yaw)


def turned(roll: float, pitch: float, yaw: float) -> Floats:
    """The matrix that turns by roll first, then pitch, then yaw: (3, 3).

        R = R_y(yaw) R_x(pitch) R_z(roll)

    >>> turned(0.0, 0.0, np.pi / 2).round(6) @ [1.0, 0.0, 0.0]
    array([ 0.,  0., -1.])
    """
    about_y = np.array([[cos(yaw), 0, sin(yaw)], [0, 1, 0], [-sin(yaw), 0, cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, cos(pitch), -sin(pitch)], [0, sin(pitch), cos(pitch)]])
    about_z = np.array([[cos(roll), -sin(roll), 0], [sin(roll), cos(roll), 0], [0, 0, 1]])
    matrix: Floats = about_y @ about_x @ about_z
    return matrix


def corners(box: Solid) -> Floats:
    """Its eight corners in space: (8, 3).

        corner = middle + R (+-length / 2, +-height / 2, +-width / 2)

    >>> corners(Solid(0, 0, 10, 2, 2, 4))[[0, 7]]
    array([[-2., -1.,  9.],
           [ 2.,  1., 11.]])
    """
    half = np.array([box.length, box.height, box.width]) / 2
    signs = np.array(list(product((-1.0, 1.0), repeat=3)))  # (8, 3)
    found: Floats = (signs * half) @ turned(box.roll, box.pitch, box.yaw).T + (box.x, box.y, box.z)
    return found


def hidden(points: Floats) -> list[tuple[int, int]]:
    """The edges of a box that it hides from the camera itself: corners (8, 3) -> some of `EDGES`.

        a face with the middle m and the normal n, outwards, is seen if n . m < 0; an edge is, if one of its faces is

    Straight before the camera only the near face is seen, and only its four edges.

    >>> [edge for edge in EDGES if edge not in hidden(corners(Solid(0, 0, 10, 2, 2, 4)))]
    [(0, 2), (4, 6), (0, 4), (2, 6)]
    """
    if points.shape != (8, 3):
        raise ShapeError(f"need the eight corners of a box (8, 3), got {points.shape}")
    middle, seen = points.mean(axis=0), set[frozenset[int]]()
    for bit in (1, 2, 4):  # corners are counted in binary, a bit for each axis of the box
        for side in (0, bit):
            face = [corner for corner in range(8) if corner & bit == side]
            outwards = points[face].mean(axis=0) - middle
            if outwards @ points[face[0]] < 0:
                seen |= {frozenset(edge) for edge in EDGES if set(edge) <= set(face)}
    return [edge for edge in EDGES if frozenset(edge) not in seen]


def projected(points: Floats, *, focal: float, middle: tuple[float, float]) -> Floats:
    """Where points in space appear in a picture: (N, 3) -> (N, 2) in pixels.

        u = focal x / z + middle_x,   v = focal y / z + middle_y

    Dividing by z loses the distance: half as large and half as far looks the same.

    >>> projected(np.array([[1.0, 0.0, 10.0], [0.5, 0.0, 5.0]]), focal=200.0, middle=(100.0, 80.0))
    array([[120.,  80.],
           [120.,  80.]])
    """
    if points.ndim != 2 or points.shape[1] != 3:
        raise ShapeError(f"need points (N, 3), got {points.shape}")
    if len(points) and points[:, 2].min() < NEAREST:
        raise CoreError(
            f"a point lies {points[:, 2].min():.2f} m before the camera: a picture needs {NEAREST} m or more"
        )
    flat: Floats = focal * points[:, :2] / points[:, 2:] + middle
    return flat


def around(points: Floats) -> tuple[float, float, float, float]:
    """The upright box around points of a picture: (N, 2) -> (x1, y1, x2, y2). Four numbers are left of nine.

    >>> around(np.array([[1.0, 5.0], [3.0, 2.0]]))
    (1.0, 2.0, 3.0, 5.0)
    """
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right, bottom
