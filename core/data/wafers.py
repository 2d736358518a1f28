"""Wafer maps: where on a silicon disc the dies failed, and the pattern that tells what went wrong (lecture A).

A map is a list of points (x, y) on the disc of radius 1: a picture of 20,000 x 20,000 places would be 400 million
numbers, nearly all of them zero. Every map has failures anywhere; in four of the five classes a pattern is added. A
pattern may lie at any angle, so turning a map never changes its class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.data.parts import Part, generator
from core.errors import CoreError, ShapeError
from core.types import Floats

Defect: TypeAlias = Literal["no pattern", "centre", "ring", "edge", "scratch"]
DEFECTS: tuple[Defect, ...] = get_args(Defect)
ANYWHERE, PATTERN = 60, 45  # failures of a map on average, without and by its pattern


@dataclass(frozen=True)
class Wafer:
    """The places that failed, (N, 2), x and y on the disc of radius 1, and what the pattern is."""

    points: Floats
    label: Defect


def wafer(label: Defect, part: Part, number: int) -> Wafer:
    """One map of a class, always the same for its part and number.

    >>> wafer("ring", "train", 0).points.shape[1], bool((np.hypot(*wafer("ring", "train", 0).points.T) <= 1).all())
    (2, True)
    """
    if label not in DEFECTS:
        raise CoreError(f"a map shows {', '.join(DEFECTS)}; got {str(label)[:20]!r}")
    random = generator(f"wafers, {label}", part, number)
    anywhere = on_disc(np.sqrt(random.random(random.poisson(ANYWHERE))), random)
    points = np.concatenate([anywhere, _pattern(label, random)])
    return Wafer(points[np.hypot(*points.T) <= 1], label)


def on_disc(radii: Floats, random: np.random.Generator) -> Floats:
    """Points at given distances from the middle, in any direction: (N,) -> (N, 2).

    >>> np.hypot(*on_disc(np.array([0.5, 1.0]), np.random.default_rng(0)).T).round(6)
    array([0.5, 1. ])
    """
    angles = random.uniform(0, 2 * pi, len(radii))
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)


def turned(points: Floats, angle: float, *, mirrored: bool = False) -> Floats:
    """The same map held differently: (N, 2) -> (N, 2), by an angle in radians, and from behind if mirrored.

    >>> turned(np.array([[1.0, 0.0]]), pi / 2).round(6)
    array([[0., 1.]])
    """
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    held: Floats = (points * (-1, 1) if mirrored else points) @ turn
    return held


def counted(points: Floats, side: int) -> Floats:
    """The map as a small image: (N, 2) -> (side, side), the number of failures in every pixel, the first row on top.

    >>> counted(np.array([[-0.9, 0.9], [-0.8, 0.8], [0.9, -0.9]]), 2)
    array([[2., 0.],
           [0., 1.]])
    """
    if side < 1 or points.ndim != 2 or points.shape[1] != 2:
        raise ShapeError(f"need points (N, 2) and a side of at least 1, got {points.shape} and {side}")
    columns, rows = np.clip(((points * (1, -1) + 1) / 2 * side).astype(int), 0, side - 1).T
    return np.bincount(rows * side + columns, minlength=side * side).reshape(side, side).astype(np.float64)


def collection(counts: Mapping[Defect, int], part: Part) -> list[Wafer]:
    """So many maps of every class, class by class.

    >>> [wafer.label for wafer in collection({"ring": 1, "no pattern": 2}, "train")]
    ['ring', 'no pattern', 'no pattern']
    """
    if any(count < 0 for count in counts.values()):
        raise CoreError(f"a class has 0 maps or more, got {dict(counts)}")
    return [wafer(label, part, number) for label, count in counts.items() for number in range(count)]


def _pattern(label: Defect, random: np.random.Generator) -> Floats:
    count = random.poisson(PATTERN * random.uniform(0.6, 1.2))
    if label == "no pattern":
        return np.empty((0, 2))
    if label == "centre":
        found: Floats = random.normal(random.uniform(-0.08, 0.08, 2), random.uniform(0.13, 0.2), (count, 2))
        return found
    if label == "ring":
        return on_disc(random.normal(random.uniform(0.45, 0.65), 0.05, count), random)
    if label == "edge":
        middle, width = random.uniform(0, 2 * pi), random.uniform(0.5, 1.1)  # one arc of the rim
        angles = random.uniform(middle - width, middle + width, count)
        arc: Floats = random.uniform(0.88, 1.0, (count, 1)) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return arc
    start, direction = random.uniform(-0.5, 0.5, 2), random.uniform(0, 2 * pi)
    along = random.uniform(-0.5, 0.5, count) * random.uniform(0.9, 1.4)
    bend = random.uniform(-0.5, 0.5) * along**2
    line = np.stack([along, bend + random.normal(0, 0.015, count)], axis=1)
    return start + turned(line, direction)
