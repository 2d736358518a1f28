"""Pooling: one value stands for a window (lectures A and C).

A map (H, W) at a time. Pooling has no weights; the largest value also has a position, which unpooling returns to.
`padding` is a number of pixels on every side, or "same": as many as keep ceil(side / stride) windows, as in Keras.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import same_margins
from core.filters.correlate import windows
from core.filters.padding import MOST_PIXELS
from core.types import Floats, Pair, pair

Margin: TypeAlias = int | Pair | Literal["same"]


def max_pool(image: Floats, window: int | Pair, *, stride: int | Pair | None = None, padding: Margin = 0) -> Floats:
    """The largest value of every window: (H, W) -> (OH, OW). Without a stride the windows lie side by side.

    Beyond the border nothing can win: padding adds no values, it only lets a window hang over the edge.

    >>> max_pool(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[5., 6.]])
    >>> max_pool(np.zeros((224, 224)), 2, stride=1).shape  # stride 1 alone does not keep the size
    (223, 223)
    >>> max_pool(np.zeros((224, 224)), 2, stride=1, padding="same").shape
    (224, 224)
    """
    reads = pool_reads(_size(image), window, stride=stride, padding=padding)
    largest: Floats = _seen(image, reads, beyond=-np.inf).max(axis=2)
    return largest


def max_positions(
    image: Floats, window: int | Pair, *, stride: int | Pair | None = None, padding: Margin = 0
) -> NDArray[np.int64]:
    """Where each maximum came from, row and column in the input: (H, W) -> (OH, OW, 2). The first of equals wins.

    >>> max_positions(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[[1, 1],
            [0, 2]]])
    """
    reads = pool_reads(_size(image), window, stride=stride, padding=padding)
    winner = _seen(image, reads, beyond=-np.inf).argmax(axis=2)
    flat = np.take_along_axis(reads, winner[..., None], axis=2)[..., 0]  # (OH, OW)
    return np.stack(np.divmod(flat, image.shape[1]), axis=-1)


def average_pool(
    image: Floats,
    window: int | Pair,
    *,
    stride: int | Pair | None = None,
    padding: Margin = 0,
    count_padding: bool = True,
) -> Floats:
    """The mean of every window: (H, W) -> (OH, OW).

    With `count_padding` what lies beyond the border counts as zeros (PyTorch's default); without, the mean is taken
    over the pixels there are (what Keras does).

    >>> average_pool(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[2.75, 3.  ]])
    >>> average_pool(np.array([[4.0, 8.0]]), (1, 2), stride=1, padding="same", count_padding=False)
    array([[6., 8.]])
    """
    reads = pool_reads(_size(image), window, stride=stride, padding=padding)
    total = _seen(image, reads, beyond=0.0).sum(axis=2)
    there = (reads >= 0).sum(axis=2)
    mean: Floats = total / (reads.shape[2] if count_padding else there)
    return mean


def pool_reads(
    shape: Pair, window: int | Pair, *, stride: int | Pair | None = None, padding: Margin = 0
) -> NDArray[np.int64]:
    """Which pixels every window reads: (H, W) -> (OH, OW, kh * kw), places in the flat image, -1 beyond the border.

    >>> pool_reads((1, 3), (1, 2), stride=1, padding="same")[0].tolist()
    [[0, 1], [1, 2], [2, -1]]
    """
    step, sides = pair(window if stride is None else stride), pair(window)
    margins = _margins(shape, sides, step, padding)
    (top, bottom), (left, right) = margins
    if (shape[0] + top + bottom) * (shape[1] + left + right) > MOST_PIXELS:
        raise LimitError(f"an image of {shape} with its padding has more than {MOST_PIXELS:,} pixels")
    numbers = np.arange(1.0, 1.0 + shape[0] * shape[1]).reshape(shape)  # from 1, so that 0 is left for "no pixel here"
    seen = windows(np.pad(numbers, margins), sides, stride=step).astype(np.int64) - 1
    return seen.reshape(*seen.shape[:2], -1)


def _margins(shape: Pair, window: Pair, stride: Pair, padding: Margin) -> tuple[Pair, Pair]:
    if padding == "same":
        rows, columns = (same_margins(n, k, stride=s) for n, k, s in zip(shape, window, stride, strict=True))
        return rows, columns
    py, px = pair(padding)
    if 2 * py > window[0] or 2 * px > window[1]:
        raise ShapeError(
            f"padding {(py, px)} is more than half of the window {window}: some windows would see no pixel at all"
        )
    return (py, py), (px, px)


def _seen(image: Floats, reads: NDArray[np.int64], *, beyond: float) -> Floats:
    return np.where(reads >= 0, image.ravel()[reads], beyond)  # (OH, OW, kh * kw)


def _size(image: Floats) -> Pair:
    if image.ndim != 2:
        raise ShapeError(f"need one map (H, W) at a time, got an array of shape {image.shape}")
    return image.shape[0], image.shape[1]
