"""Finger prints drawn by program, live or faked: ridges, and what each kind of fake does to fine texture (lecture D).

A live print has ridges with pores and a rough surface. A print on paper lost the finest detail and shows the dots it is
printed with; a picture on a screen has the screen's fine lines, which beat with the sensor's pixels.
"""

from dataclasses import dataclass
from math import pi
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.data.parts import Part, generator
from core.errors import CoreError
from core.types import Heatmap

Source: TypeAlias = Literal["live", "paper", "screen"]
SOURCES: tuple[Source, ...] = get_args(Source)
SIDE = 32
ROUGH = 0.09  # deviation of a live surface


@dataclass(frozen=True)
class Print:
    """An image (32, 32), and where it is from."""

    image: Heatmap
    source: Source


def print_of(source: Source, part: Part, number: int, *, effort: float = 0.0) -> Print:
    """One print, always the same for its part and number; `effort` is the share of its traces that a faker hides.

    >>> print_of("live", "train", 0).image.shape
    (32, 32)
    """
    if source not in SOURCES or not 0 <= effort <= 1:
        raise CoreError(f"a print is {', '.join(SOURCES)}, an effort between 0 and 1; got {source!r}, {effort}")
    random = generator(f"prints, {source}", part, number)
    ridges = _ridges(random)
    rough = random.normal(0, ROUGH, (SIDE, SIDE))
    if source == "live":
        return Print(_with_pores(ridges, random) + rough, source)
    left = 1 - effort
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(float)
    if source == "paper":
        pitch, turn = random.uniform(2.6, 3.4), random.uniform(0, pi / 2)
        along, across = columns * np.cos(turn) + rows * np.sin(turn), rows * np.cos(turn) - columns * np.sin(turn)
        dots = np.cos(2 * pi * along / pitch) * np.cos(2 * pi * across / pitch)
        return Print(_blurred(ridges) + left * 0.09 * dots + (1 - 0.6 * left) * rough, source)
    pitch = random.uniform(2.1, 2.9)
    lines = np.cos(2 * pi * columns / pitch + random.uniform(0, 2 * pi))
    return Print(ridges + left * 0.1 * lines + (1 - 0.5 * left) * rough, source)


def spectrum(image: Heatmap) -> Heatmap:
    """How strong every frequency is, the slow ones in the middle: (H, W) -> (H, W), log10 of the squared size.

    >>> stripes = np.tile([1.0, -1.0], (4, 2))  # the fastest change there is, from column to column
    >>> np.argwhere(spectrum(stripes) > 0)
    array([[2, 0]])
    """
    waves = np.fft.fftshift(np.fft.fft2(image - image.mean()))
    strength: Heatmap = np.log10(np.abs(waves) ** 2 + 1e-3)
    return strength


def _ridges(random: np.random.Generator) -> Heatmap:
    """Waves around a middle that may lie outside, bent a little."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(float)
    x, y = random.uniform(-SIDE, 2 * SIDE, 2)
    bend = random.uniform(0, 2.5) * np.sin(2 * pi * (rows * random.uniform(-1, 1) + columns) / random.uniform(25, 60))
    wave: Heatmap = np.cos(2 * pi * (np.hypot(columns - x, rows - y) + bend) / random.uniform(5.5, 8))
    return 0.5 + random.uniform(0.15, 0.25) * wave + random.uniform(-0.1, 0.1)


def _with_pores(ridges: Heatmap, random: np.random.Generator) -> Heatmap:
    """Small bright holes on the dark ridges."""
    dark = np.argwhere(ridges < np.quantile(ridges, 0.2))
    found = ridges.copy()
    for row, column in random.permutation(dark)[: len(dark) // 10]:
        found[row, column] += 0.25
    return found


def _blurred(image: Heatmap) -> Heatmap:
    """The mean of each 3x3 window, weighted 1 2 1 both ways; the border is repeated."""
    for axis in (0, 1):
        wide = np.pad(image, [(1, 1) if axis == each else (0, 0) for each in (0, 1)], mode="edge")
        parts = [np.take(wide, range(start, start + image.shape[axis]), axis=axis) for start in range(3)]
        image = (parts[0] + 2 * parts[1] + parts[2]) / 4
    return image
