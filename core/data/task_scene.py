"""Drawn scenes for the map of tasks: a few shapes on a plain ground, each with its class, its box and its mask.

Everything a vision task can ask for is known, because the program that draws also knows: how far away a shape is, how
fast it moves, where its corners are. Coordinates are (x, y) in pixels, pixel (0, 0) has its middle at (0.5, 0.5).

Networks learn from `core.data.scenes`, which have textures, light and noise. These are flat on purpose: the map of
tasks shows depth, motion, corners and two touching things of one class, which need no more, and its small classifier
measures edges and areas by hand, for which every pixel must be either ground or thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, pi, sin
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Floats, Mask, Pair

Kind: TypeAlias = Literal["disc", "ring", "triangle", "square", "star", "cross"]
Pattern: TypeAlias = Literal["plain", "striped"]
Picture: TypeAlias = NDArray[np.uint8]  # (H, W, 3)
Points: TypeAlias = Floats  # (M, 2), x and y

KINDS: tuple[Kind, ...] = get_args(Kind)
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
SIDES: Pair = (150, 200)
GROUND = (226, 230, 234)
PAINTS = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (230, 159, 0), (86, 180, 233))
MOST = 6
STILL_SEEN = 0.6  # of a shape, at least, behind those in front of it


@dataclass(frozen=True)
class Shape:
    """One thing in a scene: what it is, where, how large, how it lies, how far away, and where it goes."""

    label: Kind
    middle: tuple[float, float]
    radius: float
    angle: float = 0.0
    paint: int = 0
    pattern: Pattern = "plain"
    depth: float = 1.0  # larger is farther
    motion: tuple[float, float] = (0.0, 0.0)  # to the next picture


@dataclass(frozen=True)
class Target:
    """What is true of one thing: its class, its box (x1, y1, x2, y2), and the pixels of it that can be seen."""

    label: Kind
    box: tuple[float, float, float, float]
    mask: Mask
    shape: Shape


@dataclass(frozen=True)
class Scene:
    """A picture and everything that is in it, the nearest last."""

    image: Picture
    targets: tuple[Target, ...]


def task_scene(objects: int, *, seed: int, sides: Pair = SIDES) -> Scene:
    """A scene of so many shapes. From two on, the first two are of one class and touch.

    >>> scene = task_scene(3, seed=1)
    >>> scene.image.shape, [target.label for target in scene.targets]
    ((150, 200, 3), ['star', 'cross', 'cross'])
    """
    if not 0 <= objects <= MOST:
        raise CoreError(f"a scene has 0 to {MOST} objects, got {objects}")
    random = np.random.default_rng([seed, objects])
    while True:  # a draw in which shapes do not find room is thrown away
        shapes = _drawn(objects, random, sides)
        if shapes is not None:
            return render(shapes, sides)


def render(shapes: Sequence[Shape], sides: Pair = SIDES) -> Scene:
    """Paint shapes, the farthest first: a later one hides what is behind it.

    >>> near, far = Shape("disc", (10, 10), 5), Shape("disc", (13, 10), 5, depth=2.0)
    >>> [int(target.mask.sum()) for target in render([near, far], (20, 24)).targets]
    [30, 80]
    """
    ordered = sorted(shapes, key=lambda shape: -shape.depth)
    image = np.empty((*sides, 3), dtype=np.uint8)
    image[:] = GROUND
    masks: list[Mask] = []
    for shape in ordered:
        covered = covers(shape, sides)
        for mask in masks:
            mask &= ~covered
        masks.append(covered)
        image[covered] = _colours(shape, sides)[covered]
    targets = [
        Target(shape.label, box_of(mask), mask, shape) for shape, mask in zip(ordered, masks, strict=True) if mask.any()
    ]
    return Scene(image, tuple(targets))


def covers(shape: Shape, sides: Pair) -> Mask:
    """The pixels whose middle lies inside a shape: (H, W).

    >>> int(covers(Shape("square", (4, 4), 2), (8, 8)).sum())
    4
    """
    x, y = _own(shape, sides)
    reach = np.hypot(x, y)
    if shape.label == "disc":
        inside: Mask = reach <= 1
    elif shape.label == "ring":
        inside = (reach <= 1) & (reach >= 0.55)
    else:
        inside = inside_polygon(x, y, OUTLINES[shape.label])
    return inside


def inside_polygon(x: Floats, y: Floats, outline: Points) -> Mask:
    """Which points lie inside a closed outline: an odd number of its edges lies to the right of them.

    >>> unit = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> inside_polygon(np.array([0.5, 1.5]), np.array([0.5, 0.5]), unit)
    array([ True, False])
    """
    inside = np.zeros(x.shape, dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            inside ^= crosses & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return inside


def corners(shape: Shape) -> Points:
    """The corners of a shape in the picture: (M, 2); a disc and a ring have none.

    >>> len(corners(Shape("star", (50, 50), 10))), len(corners(Shape("disc", (50, 50), 10)))
    (10, 0)
    """
    if shape.label not in OUTLINES:
        return np.zeros((0, 2))
    turn = np.array([[cos(shape.angle), -sin(shape.angle)], [sin(shape.angle), cos(shape.angle)]])
    found: Points = shape.radius * OUTLINES[shape.label] @ turn.T + np.array(shape.middle)
    return found


def box_of(mask: Mask) -> tuple[float, float, float, float]:
    """The smallest box around the pixels of a mask: (x1, y1, x2, y2), x2 - x1 is its width.

    >>> box_of(np.array([[False, False, False], [False, True, True]]))
    (1.0, 1.0, 3.0, 2.0)
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0.0, 0.0, 0.0, 0.0
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _polygon(*radii: float, first: float = -pi / 2) -> Points:
    """Corners all around, at these distances from the middle."""
    angles = first + 2 * pi * np.arange(len(radii)) / len(radii)
    points: Points = np.array(radii)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return points


_ARM = 0.34  # half the width of an arm of the cross
_CROSS = [(_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM), (_ARM, 1)]
OUTLINES: dict[str, Points] = {
    "triangle": _polygon(1, 1, 1),
    "square": _polygon(1, 1, 1, 1, first=pi / 4),
    "star": _polygon(*(1, 0.42) * 5),
    "cross": 0.95 * np.array([*_CROSS, *((-x, -y) for x, y in _CROSS)]),
}


@cache
def _grid(sides: Pair) -> tuple[Floats, Floats]:
    rows, columns = np.mgrid[: sides[0], : sides[1]] + 0.5
    return columns, rows


def _own(shape: Shape, sides: Pair) -> tuple[Floats, Floats]:
    """Where every pixel lies for the shape itself: turned back, its middle at 0 and its radius 1."""
    columns, rows = _grid(sides)
    x, y = (columns - shape.middle[0]) / shape.radius, (rows - shape.middle[1]) / shape.radius
    return x * cos(shape.angle) + y * sin(shape.angle), y * cos(shape.angle) - x * sin(shape.angle)


def _colours(shape: Shape, sides: Pair) -> Picture:
    """Its paint, with lighter stripes across if it has any."""
    painted = np.empty((*sides, 3), dtype=np.uint8)
    painted[:] = PAINTS[shape.paint]
    if shape.pattern == "striped":
        x, _ = _own(shape, sides)
        light = np.floor(x * 4) % 2 == 0
        painted[light] = [(255 + value) // 2 for value in PAINTS[shape.paint]]
    return painted


def _drawn(objects: int, random: np.random.Generator, sides: Pair) -> list[Shape] | None:
    placed: list[tuple[Shape, Mask]] = []
    paints = random.permutation(len(PAINTS))
    for number in range(objects):
        for _ in range(40):
            shape = _shape(random, sides, int(paints[number]), depth=round(float(random.uniform(1, 5)), 2))
            if number == 1:
                shape = _beside(placed[0][0], shape, random)
            if not _inside(shape, sides):
                continue
            tried = [*placed, (shape, covers(shape, sides))]
            if _seen_well(tried) and (number != 1 or (_grown(tried[0][1]) & tried[1][1]).any()):
                placed = tried
                break
        else:
            return None
    return [shape for shape, _ in placed]


def _shape(random: np.random.Generator, sides: Pair, paint: int, *, depth: float) -> Shape:
    radius = 0.185 * min(sides) * float(random.uniform(0.8, 1.35))
    return Shape(
        KINDS[random.integers(len(KINDS))],
        (float(random.uniform(radius, sides[1] - radius)), float(random.uniform(radius, sides[0] - radius))),
        radius,
        float(random.uniform(-0.5, 0.5)),
        paint,
        PATTERNS[random.integers(2)],
        depth,
        (round(float(random.uniform(-24, 24)), 1), round(float(random.uniform(-14, 14)), 1)),
    )


def _beside(first: Shape, shape: Shape, random: np.random.Generator) -> Shape:
    """The same class again, so near that the two touch."""
    way, far = float(random.uniform(0, 2 * pi)), 0.8 * (first.radius + shape.radius)
    middle = first.middle[0] + far * cos(way), first.middle[1] + far * sin(way)
    return replace(shape, label=first.label, middle=middle)


def _inside(shape: Shape, sides: Pair) -> bool:
    (x, y), radius = shape.middle, shape.radius
    return radius <= x <= sides[1] - radius and radius <= y <= sides[0] - radius


def _seen_well(placed: Sequence[tuple[Shape, Mask]]) -> bool:
    """Whether enough of every shape can be seen past those in front of it."""
    in_front = np.zeros_like(placed[0][1])
    for _, covered in sorted(placed, key=lambda pair: pair[0].depth):
        if (covered & ~in_front).sum() < STILL_SEEN * covered.sum():
            return False
        in_front |= covered
    return True


def _grown(mask: Mask) -> Mask:
    """A mask and its four neighbours of every pixel."""
    padded = np.pad(mask, 1)
    grown: Mask = padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:] | mask
    return grown
