"""Padding: what a window reads beyond the border of the image (lecture C).

Two questions, kept apart: how much is added, and what is written there.
"""

from typing import Literal, TypeAlias, get_args

import numpy as np

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import reach, same_padding
from core.types import Floats, Pair, pair

Filling: TypeAlias = Literal["zeros", "symmetric", "reflect"]
Padding: TypeAlias = Literal["valid", "same", "full", "symmetric", "reflect"]
PADDINGS: tuple[Padding, ...] = get_args(Padding)
MOST_PIXELS = 4_000_000


def padding_amount(kernel: Pair, mode: Padding, *, dilation: int | Pair = 1) -> Pair:
    """How many rows and columns `mode` adds on each side, for a kernel (kh, kw).

    "valid" adds none, so the output shrinks. "full" adds all that still touches the image. The others keep the size.

    >>> padding_amount((3, 5), "valid"), padding_amount((3, 5), "same"), padding_amount((3, 5), "full")
    ((0, 0), (1, 2), (2, 4))
    """
    if mode == "valid":
        return 0, 0
    if mode == "full":
        rows, columns = (reach(k, dilation=d) - 1 for k, d in zip(kernel, pair(dilation), strict=True))
    else:
        rows, columns = (same_padding(k, dilation=d) for k, d in zip(kernel, pair(dilation), strict=True))
    return rows, columns


def filling_of(mode: Padding) -> Filling:
    """What a mode writes beyond the border: "same" and "full" mean zeros.

    >>> filling_of("same"), filling_of("symmetric")
    ('zeros', 'symmetric')
    """
    return mode if mode in ("symmetric", "reflect") else "zeros"


def pad(image: Floats, amount: int | Pair, filling: Filling = "zeros") -> Floats:
    """Rows and columns added on every side: (H, W) -> (H + 2 * rows, W + 2 * columns).

    "symmetric" mirrors the image with its border pixel (cba|abc), "reflect" without it (cb|abc).

    >>> pad(np.array([[1.0, 2.0, 3.0]]), (0, 2), "symmetric")
    array([[2., 1., 1., 2., 3., 3., 2.]])
    >>> pad(np.array([[1.0, 2.0, 3.0]]), (0, 2), "reflect")
    array([[3., 2., 1., 2., 3., 2., 1.]])
    """
    if image.ndim != 2:
        raise ShapeError(f"need an image (H, W), got {image.shape}")
    rows, columns = pair(amount)
    if min(rows, columns) < 0:
        raise ShapeError(f"padding must be 0 or more, got {(rows, columns)}")
    if (image.shape[0] + 2 * rows) * (image.shape[1] + 2 * columns) > MOST_PIXELS:
        raise LimitError(f"padding {(rows, columns)} makes more than {MOST_PIXELS:,} pixels: a smaller one would do")
    if filling == "zeros":
        return np.pad(image, ((rows, rows), (columns, columns)))
    mirrored = 1 if filling == "reflect" else 0  # reflect does not repeat the border pixel, so it has one less to give
    for name, size, added in (("rows", image.shape[0], rows), ("columns", image.shape[1], columns)):
        if added > size - mirrored:
            raise ShapeError(
                f"{filling} padding mirrors the image, and {size} {name} have only {size - mirrored} to give: "
                f"asked for {added}"
            )
    return np.pad(image, ((rows, rows), (columns, columns)), mode=filling)
