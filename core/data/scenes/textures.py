"""Textures that are defined everywhere, not only at pixels, so that warped pictures are drawn as well as straight ones.

Noise is a grid of random numbers with smooth passages in between, and repeats itself outside. Source: Perlin, "An Image
Synthesizer", SIGGRAPH 1985.
"""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float32]


def noise(x: Reals, y: Reals, grid: Reals) -> Reals:
    """Values of a grid (n, n) between its points, at x and y from 0 to 1: (P,), (P,) -> (P,).

    >>> noise(np.float32([0.0, 0.25, 0.5]), np.float32([0, 0, 0]), np.float32([[0, 1], [0, 1]]))
    array([0. , 0.5, 1. ], dtype=float32)
    """
    side = len(grid)
    across, down = x * np.float32(side), y * np.float32(side)
    left, top = np.floor(across), np.floor(down)
    right_share, down_share = _smooth(across - left), _smooth(down - top)
    column, row = left.astype(np.int64) % side, top.astype(np.int64) % side
    flat, below, beside = grid.ravel(), (row + 1) % side * side, (column + 1) % side
    row *= side
    upper = flat[row + column] * (1 - right_share) + flat[row + beside] * right_share
    lower = flat[below + column] * (1 - right_share) + flat[below + beside] * right_share
    between: Reals = upper + (lower - upper) * down_share
    return between


def noise_of_rows(x: Reals, y: Reals, grid: Reals) -> Reals:
    """The same on the pixels of a straight picture, bit by bit: (1, W), (H, 1) -> (H, W).

    Along x the grid's few rows are blended once each, and every row of pixels lies between two of these.
    """
    side = len(grid)
    across, down = x[0] * np.float32(side), y * np.float32(side)
    left, top = np.floor(across), np.floor(down)
    right_share, down_share = _smooth(across - left), _smooth(down - top)
    column, row = left.astype(np.int64) % side, top[:, 0].astype(np.int64) % side
    blended = grid[:, column] * (1 - right_share) + grid[:, (column + 1) % side] * right_share  # (n, W)
    upper = blended[row]
    between: Reals = upper + (blended[(row + 1) % side] - upper) * down_share
    return between


def two_octaves(x: Reals, y: Reals, random: np.random.Generator) -> Reals:
    """Coarse noise and half as much of a finer one, from 0 to 1: (P,), (P,) -> (P,), or (1, W), (H, 1) -> (H, W)."""
    seen = noise_of_rows if x.ndim == 2 and len(x) == 1 and y.shape[1] == 1 else noise
    coarse = seen(x, y, random.random((5, 5), dtype=np.float32))
    fine = seen(x, y, random.random((14, 14), dtype=np.float32))
    mixed: Reals = (coarse * 2 + fine) / np.float32(3)
    return mixed


def stripes(x: Reals, y: Reals, angle: float, count: float) -> Reals:
    """Waves across, so many from 0 to 1, at an angle: (P,), (P,) -> (P,) from 0 to 1."""
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    waves: Reals = np.float32(0.5) + np.float32(0.5) * np.sin(np.float32(2 * np.pi * count) * along)
    return waves


def _smooth(share: Reals) -> Reals:
    eased: Reals = share * share * (3 - 2 * share)
    return eased
