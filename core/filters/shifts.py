"""Shifts: what happens to the output when the input moves (lectures A and D).

Filtering is equivariant: what moves in the input moves in the output. Pooling is only nearly so, a dense layer not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import ShapeError
from core.filters.pooling import average_pool, max_pool
from core.types import Floats, Pair


@dataclass(frozen=True)
class Comparison:
    """One function and one shift, in both orders."""

    shifted_first: Floats  # function(shift(image))
    filtered_first: Floats  # shift(function(image))

    @property
    def difference(self) -> float:
        """The largest distance between the two; 0 where the function is equivariant."""
        return float(np.abs(self.shifted_first - self.filtered_first).max())


def shift(image: Floats, by: Pair) -> Floats:
    """The image moved down and to the right; zeros come in, what leaves is lost: (H, W) -> (H, W).

    >>> shift(np.array([[1.0, 2.0, 3.0, 4.0]]), (0, 1)), shift(np.array([[1.0, 2.0, 3.0, 4.0]]), (0, -2))
    (array([[0., 1., 2., 3.]]), array([[3., 4., 0., 0.]]))
    """
    if image.ndim != 2:
        raise ShapeError(f"need an image (H, W), got {image.shape}")
    moved = np.zeros_like(image)
    (to_rows, from_rows), (to_columns, from_columns) = (_spans(n, d) for n, d in zip(image.shape, by, strict=True))
    moved[to_rows, to_columns] = image[from_rows, from_columns]
    return moved


def compare(function: Callable[[Floats], Floats], image: Floats, by: Pair, *, stride: int = 1) -> Comparison:
    """Shift then filter, filter then shift: an image (H, W) and a function of it.

        equivariant:  function(shift(image)) = shift(function(image))

    With a stride the output moves by `by / stride`, so only multiples of the stride have something to be compared with.

    >>> double = compare(lambda image: 2 * image, np.array([[1.0, 2.0, 0.0]]), (0, 1))
    >>> double.shifted_first, double.difference
    (array([[0., 2., 4.]]), 0.0)
    """
    if by[0] % stride or by[1] % stride:
        raise ShapeError(
            f"a shift by {by} would move the output by a fraction of a pixel: "
            f"multiples of the stride {stride} can be compared"
        )
    return Comparison(function(shift(image, by)), shift(function(image), (by[0] // stride, by[1] // stride)))


def change(function: Callable[[Floats], Floats], image: Floats, by: Pair) -> float:
    """How much the output changes when the input moves, as a share of the output: 0 where it does not notice.

        sum of |function(shift(image)) - function(image)|  /  sum of |function(image)|

    >>> change(lambda image: image.max(keepdims=True), np.array([[1.0, 5.0, 0.0]]), (0, 1))
    0.0
    >>> change(lambda image: image, np.array([[1.0, 5.0, 0.0]]), (0, 1))
    1.6666666666666667
    """
    before, after = function(image), function(shift(image, by))
    total = float(np.abs(before).sum())
    if total == 0:
        raise ShapeError("an output of zeros has nothing to change from: an image that is not all 0 would do")
    return float(np.abs(after - before).sum()) / total


def pooling_changes(image: Floats, window: int, *, stride: int, steps: int) -> dict[str, list[float]]:
    """`change` for shifts to the right by 0 to `steps` pixels: without pooling, and with its two kinds.

    The image (H, W) gets room on its right, so that nothing is lost.

    >>> pooling_changes(np.array([[1.0, 5.0], [0.0, 0.0]]), 2, stride=2, steps=1)["max"]
    [0.0, 1.8]
    """
    room = np.pad(image, ((0, 0), (0, steps)))
    ways: dict[str, Callable[[Floats], Floats]] = {
        "no pooling": lambda seen: seen,
        "max": lambda seen: max_pool(seen, window, stride=stride, padding="same"),
        "average": lambda seen: average_pool(seen, window, stride=stride, padding="same"),
    }
    return {name: [change(way, room, (0, by)) for by in range(steps + 1)] for name, way in ways.items()}


def _spans(side: int, by: int) -> tuple[slice, slice]:
    """Where to, and where from."""
    by = max(-side, min(side, by))
    return (slice(by, side), slice(0, side - by)) if by >= 0 else (slice(0, side + by), slice(-by, side))
