"""Corner pooling: a corner of a box often lies where nothing of the thing is, so look along its row and its column.

A value of the top-left corner's map looks to the right in one map and down in another, takes the largest it meets in
each, and adds the two. The bottom-right corner looks to the left and up. Maps are (..., H, W).
Source: Law and Deng, "CornerNet: Detecting Objects as Paired Keypoints", ECCV 2018 (lecture E).
"""

from typing import Literal

import numpy as np

from core.errors import ShapeError
from core.types import Floats

Look = Literal["right", "left", "down", "up"]


def largest(values: Floats, *, look: Look) -> Floats:
    """The largest value from every place on in one direction, itself included: (..., H, W) -> the same shape.

        right: m[i, j] = max(f[i, j], m[i, j + 1]), and at the last column m[i, j] = f[i, j]      (Law and Deng, eq. 6)

    Beginning at the far end, every place needs one comparison: H * W of them for a map, not H * W * W.

    >>> largest(np.array([[2.0, 1.0, 3.0, 0.0, 2.0]]), look="right")
    array([[3., 3., 3., 2., 2.]])
    """
    if values.ndim < 2 or not values.size:
        raise ShapeError(f"need maps (..., H, W) with something in them, got {values.shape}")
    axis = -1 if look in ("right", "left") else -2
    if look in ("left", "up"):
        return np.maximum.accumulate(values, axis=axis)
    from_the_end = np.maximum.accumulate(np.flip(values, axis), axis=axis)
    return np.flip(from_the_end, axis).copy()


def top_left(across: Floats, along: Floats) -> Floats:
    """Corner pooling for top-left corners: two maps (..., H, W) -> one.

        c[i, j] = max over j' >= j of across[i, j'] + max over i' >= i of along[i', j]        (Law and Deng, eq. 5 to 7)

    The upper edge of a thing lies to the right of its corner, the left edge below it. Where they meet, the sum is high,
    even if both maps are 0 there.

    >>> upper_edge = np.array([[0.0, 0.0, 5.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    >>> left_edge = np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [4.0, 0.0, 0.0]])
    >>> top_left(upper_edge, left_edge)
    array([[9., 5., 5.],
           [4., 0., 0.],
           [4., 0., 0.]])
    """
    _must_fit(across, along)
    return largest(across, look="right") + largest(along, look="down")


def bottom_right(across: Floats, along: Floats) -> Floats:
    """Corner pooling for bottom-right corners, which looks to the left and up: two maps (..., H, W) -> one.

    >>> bottom_right(np.array([[5.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 4.0], [0.0, 0.0]]))
    array([[5., 9.],
           [0., 4.]])
    """
    _must_fit(across, along)
    return largest(across, look="left") + largest(along, look="up")


def _must_fit(across: Floats, along: Floats) -> None:
    if across.shape != along.shape:
        raise ShapeError(f"need two maps of one shape (..., H, W), got {across.shape} and {along.shape}")
