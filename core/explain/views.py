"""Views of a square picture: turned and shifted by a little, as a matrix that acts on pixels (lecture A).

A picture of S x S pixels is a column of S·S numbers, row after row. Beyond the border it goes on as in a mirror. The
same matrix changes a picture and a map of the same size, and its transpose is its exact adjoint.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MOST_SIDE = 512
MOST_VIEWS = 200


@dataclass(frozen=True)
class View:
    """Where a view looks: shifted by shares of the side, turned by an angle in radians; the picture turns clockwise."""

    angle: float = 0.0
    right: float = 0.0
    down: float = 0.0


def random_views(
    count: int, random: np.random.Generator, *, angle: float = np.pi, shift: float = 0.12
) -> tuple[View, ...]:
    """The picture as it is, and `count` - 1 others by lot, turned and shifted by up to so much either way.

    >>> random_views(3, np.random.default_rng(0))[0], len(random_views(3, np.random.default_rng(0)))
    (View(angle=0.0, right=0.0, down=0.0), 3)
    """
    if not 1 <= count <= MOST_VIEWS or angle < 0 or not 0 <= shift <= 0.5:
        raise LimitError(
            f"1 to {MOST_VIEWS} views, shifts up to half a side; got {count}, angle {angle}, shift {shift}"
        )
    drawn = random.uniform(-1, 1, size=(count - 1, 3)) * (angle, shift, shift)
    return (View(), *(View(*row) for row in drawn.tolist()))


def view_matrix(view: View, side: int) -> "csr_array":
    """The lecture's A: every pixel of the view is a mix of the four pixels around where it looks, (S·S, S·S).

    >>> view_matrix(View(right=0.5), 2).toarray().round(1)[0].tolist()  # the first pixel looks one to the right
    [0.0, 1.0, 0.0, 0.0]
    """
    from scipy.sparse import csr_array

    if not 2 <= side <= MOST_SIDE:
        raise LimitError(f"a view has 2 to {MOST_SIDE} pixels a side, got {side}")
    middles = (np.arange(side) + 0.5) / side - 0.5
    x, y = (each.ravel() for each in np.meshgrid(middles, middles))
    cosine, sine = np.cos(view.angle), np.sin(view.angle)
    column = _mirrored((cosine * x + sine * y + view.right + 0.5) * side - 0.5, side)
    row = _mirrored((cosine * y - sine * x + view.down + 0.5) * side - 0.5, side)
    left, top = (np.minimum(np.floor(place).astype(np.int64), side - 2) for place in (column, row))
    across, along = column - left, row - top
    first = top * side + left
    taken = np.stack([first, first + 1, first + side, first + side + 1], axis=1)  # (S·S, 4)
    shares = np.stack([(1 - across) * (1 - along), across * (1 - along), (1 - across) * along, across * along], axis=1)
    starts = np.arange(0, 4 * side * side + 1, 4)
    return csr_array((shares.ravel(), taken.ravel(), starts), shape=(side * side, side * side))


def shrinking_matrix(side: int, cells: int) -> "csr_array":
    """The lecture's D: every cell of a coarse map is the mean of its pixels, (cells·cells, S·S).

    >>> shrinking_matrix(4, 2).toarray()[0].tolist()[:6]
    [0.25, 0.25, 0.0, 0.0, 0.25, 0.25]
    """
    from scipy.sparse import csr_array

    if not 1 <= cells <= side <= MOST_SIDE or side % cells:
        raise ShapeError(f"a side of {side} pixels cannot be divided into {cells} equal cells")
    wide, pixels = side // cells, np.arange(side * side)
    cell = pixels // side // wide * cells + pixels % side // wide
    return csr_array((np.full(side * side, 1 / wide**2), (cell, pixels)), shape=(cells * cells, side * side))


def viewed(image: Floats, view: View) -> Floats:
    """A square picture or map as a view shows it: (S, S) or (S, S, C) -> the same shape.

    >>> viewed(np.array([[1.0, 2.0], [3.0, 4.0]]), View(angle=np.pi / 2)).round(1).tolist()
    [[3.0, 1.0], [4.0, 2.0]]
    """
    if image.ndim not in (2, 3) or image.shape[0] != image.shape[1]:
        raise CoreError(f"a view is of a square picture (S, S) or (S, S, C), got {image.shape}")
    side = len(image)
    changed: Floats = (view_matrix(view, side) @ image.reshape(side * side, -1)).reshape(image.shape)
    return changed


def _mirrored(place: Floats, side: int) -> Floats:
    """Places in pixels, those outside mirrored at the border: any shape."""
    folded = np.abs(place + 0.5) % (2 * side)
    inside: Floats = np.clip(np.where(folded > side, 2 * side - folded, folded) - 0.5, 0, side - 1)
    return inside
