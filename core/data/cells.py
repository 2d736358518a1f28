"""Cells under a microscope, many of them touching, with the number of its cell at every pixel: what U-Net was made for.

Cells lie in one layer and press against each other: where two meet there is no ground between them, only a thin dark
line. Whoever finds cell pixels only, and not cells, counts a whole cluster as one.
Source of the task: Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015.
"""

from dataclasses import dataclass
from math import cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

from core.data.parts import Part, generator
from core.data.scenes.textures import two_octaves
from core.errors import CoreError
from core.types import Mask

Reals = NDArray[np.float32]
LARGEST, MOST = 1024, 120
CLOSE = 0.82  # middles of touching cells, in the sum of their radii
WAVES = 4  # of an outline


@dataclass(frozen=True)
class Cells:
    """A picture (H, W) from 0 to 1, and for every pixel 0 or the number of its cell, from 1: (H, W)."""

    image: Reals
    labels: NDArray[np.int64]

    @property
    def mask(self) -> Mask:
        """Every pixel of any cell: (H, W)."""
        found: Mask = self.labels > 0
        return found


@dataclass(frozen=True)
class _Cell:
    x: float
    y: float
    radius: float
    waves: tuple[tuple[float, float], ...]  # height and phase of each wave of the outline


def cells(
    part: Part, number: int, *, side: int = 128, count: tuple[int, int] = (8, 20), touching: float = 0.75
) -> Cells:
    """Picture `number` of a part: so many cells, and for each but the first the chance that it touches another.

    A cell that finds no room is left out, so a small picture may hold fewer.

    >>> picture = cells("train", 0)
    >>> picture.image.shape, int(picture.labels.max())
    ((128, 128), 17)
    """
    if not 16 <= side <= LARGEST or not 0 <= count[0] <= count[1] <= MOST or not 0 <= touching <= 1:
        raise CoreError(
            f"a picture has 16 to {LARGEST} pixels a side and 0 to {MOST} cells that touch with a chance of 0 to 1; "
            f"got side {side}, count {count}, touching {touching}"
        )
    random = generator("cells", part, number)
    placed: list[_Cell] = []
    for _ in range(int(random.integers(count[0], count[1] + 1))):
        cell = _placed(random, placed, side, touching)
        if cell is not None:
            placed.append(cell)
    first, second, labels = _regions(placed, side)
    return Cells(_image(first, second, labels, random), labels)


def _placed(random: np.random.Generator, others: list[_Cell], side: int, touching: float) -> _Cell | None:
    radius = float(random.uniform(0.062, 0.11)) * max(side, 96)
    waves = tuple((float(random.normal(0, 0.16 / wave)), float(random.uniform(0, 2 * pi))) for wave in range(2, WAVES))
    beside = bool(others) and random.random() < touching
    for _ in range(60):
        if beside:
            other, way = others[int(random.integers(len(others)))], random.uniform(0, 2 * pi)
            far = CLOSE * (radius + other.radius)
            x, y = other.x + far * cos(way), other.y + far * sin(way)
        else:
            x, y = random.uniform(0, side), random.uniform(0, side)
        room = all(hypot(x - each.x, y - each.y) >= 0.99 * CLOSE * (radius + each.radius) for each in others)
        if room and 0 < x < side and 0 < y < side:
            return _Cell(float(x), float(y), radius, waves)
    return None


def _regions(placed: list[_Cell], side: int) -> tuple[Reals, Reals, NDArray[np.int64]]:
    """How far out in its cell a pixel lies (1 is the edge), the same for the second nearest cell, and its cell."""
    first = np.full((side, side), 9, dtype=np.float32)  # far from every cell
    second, labels = first.copy(), np.zeros((side, side), dtype=np.int64)
    for number, cell in enumerate(placed, start=1):
        reach = 2 * cell.radius
        top, left = (max(0, int(middle - reach)) for middle in (cell.y, cell.x))
        bottom, right = (min(side, int(middle + reach) + 2) for middle in (cell.y, cell.x))
        window = slice(top, bottom), slice(left, right)
        down = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - cell.y))[:, None]
        across = (np.arange(left, right, dtype=np.float32) + np.float32(0.5 - cell.x))[None, :]
        turn = np.arctan2(down, across)
        edge = np.ones_like(turn)
        for wave, (height, phase) in enumerate(cell.waves, start=2):
            edge += np.float32(height) * np.cos(np.float32(wave) * turn + np.float32(phase))
        out = np.hypot(down, across) / (np.float32(cell.radius) * np.maximum(edge, np.float32(0.5)))
        nearer = out < first[window]
        second[window] = np.where(nearer, first[window], np.minimum(second[window], out))
        first[window] = np.where(nearer, out, first[window])
        labels[window][nearer & (out <= 1)] = number
    return first, second, _whole(labels)


def _whole(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Every cell in one piece: splinters that a neighbour cut off go to the ground, and numbers have no gaps."""
    from scipy.ndimage import find_objects, label

    found, number = np.zeros_like(labels), 0
    for old, window in enumerate(find_objects(labels), start=1):
        if window is None:
            continue
        parts, _ = label(labels[window] == old)
        largest = 1 + int(np.bincount(parts.ravel())[1:].argmax())
        number += 1
        found[window][parts == largest] = number
    return found


def _image(first: Reals, second: Reals, labels: NDArray[np.int64], random: np.random.Generator) -> Reals:
    """As in phase contrast: a bright rim around clusters, grey insides with a nucleus, a thin line where cells meet."""
    side = len(labels)
    middles = ((np.arange(side) + 0.5) / side).astype(np.float32)
    x, y = np.meshgrid(middles, middles, sparse=True)
    uneven, grain = two_octaves(x, y, random), two_octaves(4 * x, 4 * y, random)
    tones = random.uniform(0.38, 0.55, int(labels.max()) + 1).astype(np.float32)
    inside = tones[labels] + np.float32(0.18) * (grain - np.float32(0.5))
    inside += np.float32(0.16) * np.exp(-((first / np.float32(0.38)) ** 4)) - np.float32(0.08) * np.exp(
        -((first / np.float32(0.14)) ** 4)
    )
    halo = np.float32(0.32) * np.exp(-(((first - np.float32(1.03)) / np.float32(0.1)) ** 2))
    meets = np.exp(-(((second - first) / np.float32(0.07)) ** 2)) * (first < 1)
    ground = np.float32(0.3) + np.float32(0.14) * (uneven - np.float32(0.5))
    mixed = np.where(labels > 0, inside, ground) + halo * (second > 1.15) - np.float32(0.16) * meets
    mixed += np.float32(0.025) * random.standard_normal(mixed.shape, dtype=np.float32)
    image: Reals = np.clip(mixed, 0, 1).astype(np.float32)
    return image
