"""Which level of a pyramid is for which size: the rule of FPN and the default boxes of SSD (lectures A, B and E).

A level's map has stride 2^level: level 2 is the finest of FPN, one cell every 4 pixels.
Sources: Lin et al., "Feature Pyramid Networks for Object Detection", CVPR 2017, section 4.2; Liu et al., "SSD: Single
Shot MultiBox Detector", ECCV 2016, section 2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats

CANONICAL = 224  # pixels: the size of the pictures that the network below was trained on


def level_of(widths: Floats, heights: Floats, *, base: int = 4, first: int = 2, last: int = 5) -> NDArray[np.int64]:
    """The level from which a box of this size is cut: (N,), (N,) -> (N,), from `first` to `last`.

        k = floor(base + log2(sqrt(w h) / 224)), moved into the levels there are          (Lin et al., eq. 1)

    A box of half the size belongs to a map twice as fine.

    >>> level_of(np.array([224.0, 112.0, 448.0, 20.0]), np.array([224.0, 112.0, 448.0, 20.0]))
    array([4, 3, 5, 2])
    """
    if first > last:
        raise CoreError(f"the first level is not above the last, got {first} and {last}")
    if widths.shape != heights.shape or (widths <= 0).any() or (heights <= 0).any():
        raise ShapeError(f"need widths and heights above 0, one of each, got {widths.shape} and {heights.shape}")
    sizes = np.sqrt(widths * heights)
    found: NDArray[np.int64] = np.clip(np.floor(base + np.log2(sizes / CANONICAL)), first, last).astype(np.int64)
    return found


def sizes_of(level: int, *, base: int = 4, first: int = 2, last: int = 5) -> tuple[float, float]:
    """From which size on, and below which, a square box belongs to a level: the rule read backwards.

    >>> sizes_of(3), sizes_of(2), sizes_of(5)
    ((112.0, 224.0), (0.0, 112.0), (448.0, inf))
    """
    if not first <= level <= last:
        raise CoreError(f"the levels are {first} to {last}, got {level}")
    least = 0.0 if level == first else CANONICAL * 2.0 ** (level - base)
    most = float("inf") if level == last else CANONICAL * 2.0 ** (level - base + 1)
    return least, most


def scales(maps: int, *, least: float = 0.2, most: float = 0.9) -> Floats:
    """How large the default boxes of each map are, in shares of the picture's side: m maps -> (m,).

        s_k = s_min + (s_max - s_min) (k - 1) / (m - 1)                                    (Liu et al., eq. 4)

    >>> scales(6).round(2)
    array([0.2 , 0.34, 0.48, 0.62, 0.76, 0.9 ])
    """
    if maps < 2 or not 0 < least <= most <= 1:
        raise CoreError(f"need at least 2 maps and scales 0 < least <= most <= 1, got {maps}, {least:g} and {most:g}")
    return np.linspace(least, most, maps)


@dataclass(frozen=True)
class DefaultMap:
    """One of SSD's maps: cells a side, and the shapes of the boxes at each of them, height over width."""

    side: int
    ratios: tuple[float, ...] = (1.0, 2.0, 0.5)
    extra: bool = True  # one more square box, of a size between this map's and the next one's

    @property
    def kinds(self) -> int:
        """Boxes at each cell."""
        return len(self.ratios) + self.extra

    @property
    def boxes(self) -> int:
        """Boxes of the whole map.

        >>> DefaultMap(38).boxes
        5776
        """
        return self.side * self.side * self.kinds


MANY = (1.0, 2.0, 0.5, 3.0, 1 / 3)
SSD300 = (
    *(DefaultMap(38), DefaultMap(19, MANY), DefaultMap(10, MANY)),
    *(DefaultMap(5, MANY), DefaultMap(3), DefaultMap(1)),
)


def total(maps: Sequence[DefaultMap]) -> int:
    """All default boxes.

    >>> total(SSD300)
    8732
    """
    return sum(each.boxes for each in maps)


def shapes(maps: Sequence[DefaultMap], level: int, *, least: float = 0.2, most: float = 0.9) -> Floats:
    """Width and height of the boxes at each cell of one map, in shares of the side: m maps -> (k, 2).

        w = s_k / sqrt(ratio), h = s_k sqrt(ratio), and one square of sqrt(s_k s_(k+1))   (Liu et al., section 2.2)

    Behind the last map the next scale would be 1 and a bit: the step goes on.

    >>> shapes(SSD300, 0).round(3).tolist()
    [[0.2, 0.2], [0.141, 0.283], [0.283, 0.141], [0.261, 0.261]]
    """
    if not 0 <= level < len(maps):
        raise CoreError(f"the maps are 0 to {len(maps) - 1}, got {level}")
    sizes = scales(len(maps), least=least, most=most)
    size, step = sizes[level], sizes[1] - sizes[0]
    roots = np.sqrt(maps[level].ratios)
    found = np.stack([size / roots, size * roots], axis=1)
    between = np.full((int(maps[level].extra), 2), np.sqrt(size * (size + step)))
    return np.concatenate([found, between])


def default_boxes(maps: Sequence[DefaultMap], level: int, *, least: float = 0.2, most: float = 0.9) -> Floats:
    """All boxes of one map, cell by cell in rows, in shares of the side: m maps -> (side side k, 4), corners.

    >>> default_boxes((DefaultMap(2, (1.0,), False), DefaultMap(1)), 0).round(2).tolist()[0]
    [0.15, 0.15, 0.35, 0.35]
    """
    halves = shapes(maps, level, least=least, most=most) / 2  # (k, 2)
    side = maps[level].side
    down, over = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    middles = (np.stack([over, down], axis=-1).reshape(-1, 1, 2) + 0.5) / side
    found: Floats = np.concatenate([middles - halves, middles + halves], axis=-1).reshape(-1, 4)
    return found
