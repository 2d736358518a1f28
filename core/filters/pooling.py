"""Pooling: one value stands for a window (lectures A and C).

A map (H, W) at a time. Pooling has no weights; the largest value also has a position, which unpooling returns to.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.filters.correlate import windows
from core.filters.padding import pad
from core.types import Floats, Pair, pair


def max_pool(image: Floats, window: int | Pair, *, stride: int | Pair | None = None, padding: int | Pair = 0) -> Floats:
    """The largest value of every window: (H, W) -> (OH, OW). Without a stride the windows lie side by side.

    Beyond the border nothing can win: padding adds no values, it only lets a window hang over the edge.

    >>> max_pool(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[5., 6.]])
    >>> max_pool(np.zeros((224, 224)), 2, stride=1).shape  # stride 1 alone does not keep the size
    (223, 223)
    """
    step = window if stride is None else stride
    largest: Floats = _seen(image, window, step, padding, beyond=-np.inf).max(axis=(2, 3))
    return largest


def max_positions(
    image: Floats, window: int | Pair, *, stride: int | Pair | None = None, padding: int | Pair = 0
) -> NDArray[np.int64]:
    """Where each maximum came from, row and column in the input: (H, W) -> (OH, OW, 2). The first of equals wins.

    >>> max_positions(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[[1, 1],
            [0, 2]]])
    """
    step = window if stride is None else stride
    seen = _seen(image, window, step, padding, beyond=-np.inf)  # (OH, OW, kh, kw)
    winner = seen.reshape(*seen.shape[:2], -1).argmax(axis=2)
    (sy, sx), (py, px) = pair(step), pair(padding)
    rows = winner // seen.shape[3] + sy * np.arange(seen.shape[0])[:, None] - py
    columns = winner % seen.shape[3] + sx * np.arange(seen.shape[1])[None, :] - px
    return np.stack([rows, columns], axis=-1)


def average_pool(
    image: Floats, window: int | Pair, *, stride: int | Pair | None = None, padding: int | Pair = 0
) -> Floats:
    """The mean of every window, zeros beyond the border counted: (H, W) -> (OH, OW).

    >>> average_pool(np.array([[1.0, 2.0, 6.0, 3.0], [3.0, 5.0, 2.0, 1.0]]), 2)
    array([[2.75, 3.  ]])
    """
    step = window if stride is None else stride
    mean: Floats = _seen(image, window, step, padding, beyond=0.0).mean(axis=(2, 3))
    return mean


def _seen(image: Floats, window: int | Pair, stride: int | Pair, padding: int | Pair, *, beyond: float) -> Floats:
    (tall, wide), (py, px) = pair(window), pair(padding)
    if 2 * py > tall or 2 * px > wide:
        raise ShapeError(
            f"padding {(py, px)} is more than half of the window {(tall, wide)}: some windows would see no pixel at all"
        )
    inside = pad(np.ones(image.shape, dtype=np.float64), padding) == 1
    return windows(np.where(inside, pad(image, padding), beyond), (tall, wide), stride=stride)
