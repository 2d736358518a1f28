"""Parcels on a belt, seen from above by a sensor that measures height: drawn by program, with their truth (lecture C).

A map is 32x48 cells of 2 cm; heights are in cm, 0 where there is no parcel. The sensor is not perfect: heights are a
little off, and some cells come back as 0, one by one or in a patch where the surface shines.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.data.parts import Part, generator
from core.errors import CoreError
from core.types import Floats, Heatmap, Mask

Kind: TypeAlias = Literal["box", "bag", "tube", "envelope", "pair"]
KINDS: tuple[Kind, ...] = get_args(Kind)
HEIGHT, WIDTH, CELL = 32, 48, 2.0  # cells, cells, cm
LEAST = 0.4  # cm: what is measured on a parcel is never less
ROWS, COLUMNS = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
MOST = 20_000


@dataclass(frozen=True, eq=False)
class Parcel:
    """A parcel: what it is, what was measured, and what a perfect sensor would have seen."""

    kind: Kind
    heights: Heatmap  # (32, 48) in cm, as measured
    whole: Heatmap  # (32, 48) in cm, without noise or gaps
    missing: Mask  # (32, 48), cells of the parcel that came back as 0


def parcel(part: Part, number: int, *, noise: float = 0.3, gaps: float = 0.04) -> Parcel:
    """Parcel `number` of a part; the same address and sensor, the same parcel.

    `noise` is the sensor's standard deviation in cm, `gaps` the share of cells it misses one by one. Every third
    parcel has a shining patch in which it misses nearly everything, unless `gaps` is 0.

    >>> found = parcel("train", 0)
    >>> found.kind, found.heights.shape, bool((found.heights[found.missing] == 0).all())
    ('envelope', (32, 48), True)
    """
    if not 0 <= noise <= 5 or not 0 <= gaps <= 0.5:
        raise CoreError(f"noise goes from 0 to 5 cm and gaps from 0 to 0.5, got {noise} and {gaps}")
    random = generator("parcels", part, number)
    kind = KINDS[int(random.integers(len(KINDS)))]
    whole = _SHAPES[kind](random)
    covered = whole > 0
    missing = covered & (random.random(whole.shape) < gaps)
    shines, (row, column) = random.random() < 1 / 3, _place(random, covered)
    if gaps and shines:
        reach = random.uniform(1.5, 3.5, 2)
        patch = (np.abs(ROWS - row) < reach[0]) & (np.abs(COLUMNS - column) < reach[1])
        missing |= covered & patch & (random.random(whole.shape) < 0.9)
    measured = np.maximum(whole + random.normal(0, noise, whole.shape), LEAST)
    return Parcel(kind, np.where(covered & ~missing, measured, 0.0), whole, missing)


def parcels(part: Part, count: int, *, noise: float = 0.3, gaps: float = 0.04) -> list[Parcel]:
    """The first so many of a part.

    >>> len(parcels("test", 3)), parcels("test", 1)[0].kind == parcels("train", 1)[0].kind
    (3, False)
    """
    if not 1 <= count <= MOST:
        raise CoreError(f"from 1 to {MOST:,} parcels can be drawn at once, got {count}")
    return [parcel(part, number, noise=noise, gaps=gaps) for number in range(count)]


def _place(random: np.random.Generator, covered: Mask) -> tuple[int, int]:
    rows, columns = np.nonzero(covered)
    place = int(random.integers(len(rows)))
    return int(rows[place]), int(columns[place])


def _across(random: np.random.Generator, long: float, short: float) -> tuple[Floats, Floats]:
    """Every cell as seen from a parcel that lies somewhere, turned: along and across it, in cells."""
    angle = random.uniform(-np.pi / 2, np.pi / 2)
    reach_x = min(abs(long * np.cos(angle)) + abs(short * np.sin(angle)), WIDTH / 2 - 1)
    reach_y = abs(long * np.sin(angle)) + abs(short * np.cos(angle))
    if reach_y > HEIGHT / 2 - 1:  # lay it down along the belt
        angle = random.uniform(-0.25, 0.25)
        reach_x = min(abs(long * np.cos(angle)) + abs(short * np.sin(angle)), WIDTH / 2 - 1)
        reach_y = min(abs(long * np.sin(angle)) + abs(short * np.cos(angle)), HEIGHT / 2 - 1)
    x = COLUMNS - random.uniform(reach_x, WIDTH - 1 - reach_x)
    y = ROWS - random.uniform(reach_y, HEIGHT - 1 - reach_y)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def _box(random: np.random.Generator) -> Heatmap:
    long = random.uniform(5, 14)
    short = random.uniform(0.5, 1.0) * min(long, 11)
    along, across = _across(random, long, short)
    inside = (np.abs(along) <= long) & (np.abs(across) <= short)
    tilt = random.uniform(-0.06, 0.06)
    return np.where(inside, np.maximum(random.uniform(6, 36) + tilt * along * CELL, LEAST), 0.0)


def _bag(random: np.random.Generator) -> Heatmap:
    long = random.uniform(6, 14)
    short = random.uniform(0.55, 0.9) * min(long, 12)
    along, across = _across(random, long, short)
    angle, waves = np.arctan2(across, along), random.uniform(-0.07, 0.07, 4)
    outline = 1 + sum(wave * np.cos((place + 2) * angle + 9 * wave) for place, wave in enumerate(waves))
    radius = (np.abs(along / long) ** 2.6 + np.abs(across / short) ** 2.6) ** (1 / 2.6) / outline
    creases = 1 + 0.10 * np.cos(random.uniform(0.5, 1.0) * along + random.uniform(0, 6)) * np.cos(0.7 * across)
    dome = np.sqrt(np.maximum(1 - radius**2, 0.0))
    return np.where(radius < 1, np.maximum(random.uniform(6, 24) * dome * creases, LEAST), 0.0)


def _tube(random: np.random.Generator) -> Heatmap:
    long, radius = random.uniform(9, 19), random.uniform(2.0, 5.0)
    along, across = _across(random, long, radius)
    inside = (np.abs(along) <= long) & (np.abs(across) < radius)
    round_top = CELL * (radius + np.sqrt(np.maximum(radius**2 - across**2, 0.0)))
    return np.where(inside, round_top, 0.0)


def _envelope(random: np.random.Generator) -> Heatmap:
    long = random.uniform(6, 13)
    along, across = _across(random, long, short := long * random.uniform(0.6, 0.75))
    inside = (np.abs(along) <= long) & (np.abs(across) <= short)
    bulge = 1 + 0.8 * np.maximum(1 - (along / long) ** 2, 0) * np.maximum(1 - (across / short) ** 2, 0)
    return np.where(inside, random.uniform(0.8, 3.0) * bulge, 0.0)


def _pair(random: np.random.Generator) -> Heatmap:
    """Two boxes that touch: the sorter must stop for them."""
    lengths, shorts = random.uniform(4, 8, 2), random.uniform(4, 8, 2)
    along, across = _across(random, float(lengths.sum()), float(shorts.max()))
    tops, shift = random.uniform(5, 30, 2), lengths[0] - lengths[1]
    slide = random.uniform(-2, 2)
    first = (along <= shift) & (along >= -lengths.sum()) & (np.abs(across) <= shorts[0])
    second = (along > shift) & (along <= lengths.sum()) & (np.abs(across - slide) <= shorts[1])
    return np.where(first, tops[0], np.where(second, tops[1], 0.0))


_SHAPES = {"box": _box, "bag": _bag, "tube": _tube, "envelope": _envelope, "pair": _pair}
