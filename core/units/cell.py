"""One value of a volume, worked out: what it reads, what it is multiplied with, what comes out (lectures A and C)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.errors import ShapeError
from core.filters.padding import pad
from core.nets.layers import Activation, Conv, Dense, Pool
from core.nets.trace import Row
from core.types import Floats, Pair
from core.units.forward import Weights


@dataclass(frozen=True)
class Cell:
    """A value and where it comes from.

    `window` is what it reads of every map (C, kh, kw), padding included as zeros; `kernel` is what that is multiplied
    with, None where nothing is; `maps` the maps it reads, `rows` and `columns` the first and the last it reads of each.
    """

    window: Floats
    kernel: Floats | None
    bias: float
    value: float
    maps: range
    rows: Pair
    columns: Pair

    @property
    def products(self) -> Floats:
        """Every weight times what it meets: (C, kh, kw)."""
        if self.kernel is None:
            raise ShapeError("nothing is multiplied here: this layer has no weights")
        return self.kernel * self.window


def cell(row: Row, weights: Mapping[str, Weights], taken: Floats, place: tuple[int, int, int]) -> Cell:
    """One value of a row's volume at (map, y, x), from the volume (C, H, W) that the row takes.

    What works value by value reads one cell. A pooling reads a window of one map, a convolution the same window of all.

    >>> from core.nets.layers import Network, numbered
    >>> from core.nets.trace import trace
    >>> edge = trace(Network("an edge", (1, 1, 3), numbered(Conv(1, (1, 2)))))
    >>> kernels = {"conv1": (np.array([[[[-1.0, 1.0]]]]), np.array([0.5]))}
    >>> found = cell(edge.rows[0], kernels, np.array([[[0.0, 5.0, 1.0]]]), (0, 0, 1))
    >>> found.products, found.value
    (array([[[-5.,  1.]]]), -3.5)
    """
    depth, y, x = place
    inside = len(place) == 3 == len(row.shape) and all(
        0 <= at < side for at, side in zip(place, row.shape, strict=True)
    )
    if not inside:
        raise ShapeError(f"{row.name} has no value at {place}: it is {'x'.join(map(str, row.shape))}")
    match row.operation:
        case Conv(filters=filters, kernel=kernel, stride=stride, padding=padding, dilation=dilation, groups=groups):
            kernels, biases = weights[row.name]
            share = row.taken[0] // groups
            maps = range(depth // (filters // groups) * share, (depth // (filters // groups) + 1) * share)
            window, rows, columns = _window(taken[maps.start : maps.stop], (y, x), kernel, stride, padding, dilation)
            value = float((kernels[depth] * window).sum() + biases[depth])
            return Cell(window, kernels[depth], float(biases[depth]), value, maps, rows, columns)
        case Pool(how=how, kernel=kernel, stride=stride, padding=(0, 0), ceil=False):
            window, rows, columns = _window(taken[depth : depth + 1], (y, x), kernel, stride, (0, 0), (1, 1))
            value = float(window.max() if how == "max" else window.mean())
            return Cell(window, None, 0.0, value, range(depth, depth + 1), rows, columns)
        case Activation(function="relu"):
            window = taken[depth : depth + 1, y : y + 1, x : x + 1]
            value = float(np.maximum(window, 0).item())
            return Cell(window, None, 0.0, value, range(depth, depth + 1), (y, y), (x, x))
    raise ShapeError(f"{row.name}: one value of a {row.kind} is not worked out here")


def unit(row: Row, weights: Mapping[str, Weights], taken: Floats, number: int) -> Cell:
    """One unit of a dense layer: it reads the whole vector (N,), drawn as a window of one map.

    >>> from core.nets.layers import Network, Flatten, numbered
    >>> from core.nets.trace import trace
    >>> last = trace(Network("scores", (1, 1, 2), numbered(Flatten(), Dense(1)))).rows[1]
    >>> unit(last, {"dense1": (np.array([[2.0, -1.0]]), np.array([0.5]))}, np.array([3.0, 4.0]), 0).value
    2.5
    """
    if not isinstance(row.operation, Dense) or not 0 <= number < row.operation.units:
        raise ShapeError(f"{row.name} has no unit {number}")
    matrix, biases = weights[row.name]
    window = taken[None, None, :]
    value = float(matrix[number] @ taken + biases[number])
    last = len(taken) - 1
    return Cell(window, matrix[number][None, None, :], float(biases[number]), value, range(1), (0, 0), (0, last))


def _window(
    maps: Floats, place: Pair, kernel: Pair, stride: Pair, padding: Pair, dilation: Pair
) -> tuple[Floats, Pair, Pair]:
    """What a window at a place of the output reads of each map, and which rows and columns these are."""
    padded = np.stack([pad(each, padding) for each in maps])
    first = [at * step for at, step in zip(place, stride, strict=True)]
    last = [start + gap * (side - 1) for start, gap, side in zip(first, dilation, kernel, strict=True)]
    window = padded[:, first[0] : last[0] + 1 : dilation[0], first[1] : last[1] + 1 : dilation[1]]
    (top, left), (bottom, right) = (
        [at - edge for at, edge in zip(corner, padding, strict=True)] for corner in (first, last)
    )
    return window, (top, bottom), (left, right)
