"""Unpooling: three ways back to a larger map, none with weights (lectures A and B)."""

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.filters.padding import MOST_PIXELS
from core.types import Floats, Pair


def nearest(image: Floats, factor: int) -> Floats:
    """Every value repeated: (H, W) -> (factor * H, factor * W).

    >>> nearest(np.array([[1.0, 2.0]]), 2)
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.]])
    """
    _checked(image, factor)
    return image.repeat(factor, axis=0).repeat(factor, axis=1)


def bed_of_nails(image: Floats, factor: int) -> Floats:
    """Every value in the first corner of its block, zeros elsewhere: (H, W) -> (factor * H, factor * W).

    >>> bed_of_nails(np.array([[1.0, 2.0]]), 2)
    array([[1., 0., 2., 0.],
           [0., 0., 0., 0.]])
    """
    _checked(image, factor)
    nails = np.zeros((factor * image.shape[0], factor * image.shape[1]))
    nails[::factor, ::factor] = image
    return nails


def max_unpool(image: Floats, positions: NDArray[np.int64], shape: Pair) -> Floats:
    """Every value back where the maximum was: (H, W), (H, W, 2) from `max_positions` -> `shape`.

    Where overlapping windows chose the same pixel, the last value is written.

    >>> max_unpool(np.array([[7.0]]), np.array([[[0, 1]]]), (2, 2))
    array([[0., 7.],
           [0., 0.]])
    """
    if positions.shape != (*image.shape, 2):
        raise ShapeError(f"need one (row, column) for each of the {image.shape} values, got {positions.shape}")
    if min(shape) < 1 or shape[0] * shape[1] > MOST_PIXELS:
        raise LimitError(f"an output from 1 pixel to {MOST_PIXELS:,} would do, got {shape}")
    rows, columns = positions[..., 0], positions[..., 1]
    if positions.size and (positions.min() < 0 or rows.max() >= shape[0] or columns.max() >= shape[1]):
        raise ShapeError(f"a stored position lies outside of the output {shape}: the shape before pooling would do")
    output = np.zeros(shape)
    output[rows, columns] = image
    return output


def _checked(image: Floats, factor: int) -> None:
    if image.ndim != 2 or factor < 1:
        raise ShapeError(f"need a map (H, W) and a factor of 1 or more, got {image.shape} and {factor}")
    if image.size * factor * factor > MOST_PIXELS:
        raise LimitError(f"a factor of {factor} makes more than {MOST_PIXELS:,} pixels: a smaller one would do")
