"""A mask of cells, taken for cells: pieces that hang together, matched with the true ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.types import Mask

Labels = NDArray[np.int64]
SMALLEST = 12  # pixels: what is smaller is a speck
HALF = 0.5  # the IoU above which a piece is a cell; no piece can be two cells above it, no cell two pieces


@dataclass(frozen=True)
class Found:
    """How many pieces there are, how many true cells, and how many of them are one and the same."""

    right: int
    pieces: int
    cells: int

    @property
    def f1(self) -> float:
        """Twice the right ones over all pieces and all cells; 1 if there are none of either."""
        return 2 * self.right / (self.pieces + self.cells) if self.pieces + self.cells else 1.0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.right + other.right, self.pieces + other.pieces, self.cells + other.cells)


def pieces(mask: Mask) -> Labels:
    """Every piece of a mask with its number, specks left out: (H, W) -> (H, W), 0 outside.

    >>> [int(pieces(np.ones((4, wide), dtype=bool)).max()) for wide in (3, 2)]
    [1, 0]
    """
    from scipy.ndimage import label

    found, _ = label(mask)
    sizes = np.bincount(found.ravel())
    keep = sizes >= SMALLEST
    keep[0] = False
    numbers = np.where(keep, np.cumsum(keep), 0)
    numbered: Labels = numbers[found].astype(np.int64)
    return numbered


def colouring(numbered: Labels, *, colours: int, near: int = 4) -> Labels:
    """A colour from 1 for every piece, another one for pieces up to `near` pixels apart: (H, W) -> (H, W), 0 outside.

    Piece by piece the first colour is taken that no neighbour has; if all are, that of the fewest neighbours.

    >>> colouring(np.array([[1, 1, 2, 2, 0, 0, 0, 0, 0, 3]]), colours=6).tolist()
    [[1, 1, 2, 2, 0, 0, 0, 0, 0, 1]]
    """
    if numbered.ndim != 2 or colours < 1 or near < 1:
        raise ShapeError(f"need one map (H, W), a colour and a distance, got {numbered.shape}, {colours} and {near}")
    many = int(numbered.max(initial=0))
    beside = np.zeros((many + 1, many + 1), dtype=np.bool_)
    high, wide = numbered.shape
    for down in range(min(near, high - 1) + 1):
        for right in range(-min(near, wide - 1), min(near, wide - 1) + 1):
            first = numbered[: high - down, max(0, -right) : wide - max(0, right)]
            second = numbered[down:, max(0, right) : wide - max(0, -right)]
            beside[first.ravel(), second.ravel()] = True
    beside |= beside.T
    given = np.zeros(many + 1, dtype=np.int64)
    for piece in range(1, many + 1):
        others = [each for each in np.flatnonzero(beside[piece]) if each not in (0, piece)]
        taken = np.bincount(given[others], minlength=colours + 1)[1:]
        given[piece] = 1 + int(taken.argmin())
    painted: Labels = given[numbered]
    return painted


def found(answers: Labels, truth: Labels) -> Found:
    """Pieces against true cells: two numbered maps (H, W); right is a piece whose IoU with a cell is above one half.

    >>> found(np.array([[1, 1, 1, 1]]), np.array([[1, 1, 2, 2]]))
    Found(right=0, pieces=1, cells=2)
    """
    if answers.shape != truth.shape:
        raise ShapeError(f"pieces and cells of one picture have one shape, got {answers.shape} and {truth.shape}")
    cells = int(truth.max(initial=0))
    many = int(answers.max(initial=0))
    both = np.bincount((truth * (many + 1) + answers).ravel(), minlength=(cells + 1) * (many + 1))
    table = both.reshape(cells + 1, many + 1)
    either = table.sum(axis=1)[1:, None] + table.sum(axis=0)[None, 1:] - table[1:, 1:]
    right = int((table[1:, 1:] > HALF * either).sum())
    return Found(right, int((table.sum(axis=0)[1:] > 0).sum()), int((table.sum(axis=1)[1:] > 0).sum()))
