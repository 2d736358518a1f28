"""U-Net's weights of the pixels: a line between two touching cells counts as much as all the ground far from cells.

Source: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015,
equation 2 (lecture A).
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats

Labels = NDArray[np.int64]
FAR = 1e6  # pixels to a cell that is not there


def border_weights(things: Labels, *, w_0: float = 10.0, sigma: float = 5.0, balanced: bool = True) -> Floats:
    """How much every pixel counts: numbers of cells, 0 the ground, (H, W) -> (H, W).

        w(x) = w_c(x) + w_0 * exp(-(d1(x) + d2(x))^2 / (2 * sigma^2))          (Ronneberger et al., eq. 2)

    d1 and d2 are the distances from a ground pixel to the nearest and the second nearest cell; a pixel of a cell keeps
    w_c. `balanced` makes w_c large for the rarer of cell and ground; else it is 1.

    >>> border_weights(np.array([[1, 0, 2]]), balanced=False).round(2)
    array([[ 1.  , 10.23,  1.  ]])
    """
    if things.ndim != 2 or things.size == 0 or things.min() < 0:
        raise ShapeError(f"need numbers of cells (H, W), 0 for the ground, got an array {things.shape}")
    if not w_0 >= 0 or not sigma > 0 or not np.isfinite(w_0 + sigma):
        raise CoreError(f"w_0 is 0 or more and sigma above 0, got {w_0} and {sigma}")
    first, second = two_nearest(things)
    apart = np.where(things == 0, first + second, np.inf)
    weights: Floats = class_weights(things > 0) if balanced else np.ones(things.shape)
    return weights + border_term(apart, w_0=w_0, sigma=sigma)


def border_term(apart: Floats, *, w_0: float, sigma: float) -> Floats:
    """What being between two cells adds: d1 + d2, of any shape -> the same shape.

        w_0 * exp(-(d1 + d2)^2 / (2 * sigma^2))

    >>> border_term(np.array([2.0, 40.0]), w_0=10.0, sigma=5.0).round(2)
    array([9.23, 0.  ])
    """
    added: Floats = w_0 * np.exp(-(apart**2) / (2 * sigma**2))
    return added


def class_weights(cell: NDArray[np.bool_]) -> Floats:
    """w_c: cell and ground together weigh the same, and a pixel weighs 1 on average: (H, W) -> (H, W).

    >>> class_weights(np.array([[True, False, False, False]])).round(3)
    array([[2.   , 0.667, 0.667, 0.667]])
    """
    share = float(cell.mean())
    if share in (0.0, 1.0):
        return np.ones(cell.shape)
    return np.where(cell, 0.5 / share, 0.5 / (1 - share))


def two_nearest(things: Labels) -> tuple[Floats, Floats]:
    """Distances in pixels to the nearest and the second nearest cell: (H, W) -> (H, W), (H, W); 0 inside a cell.

    >>> two_nearest(np.array([[1, 0, 0, 2]]))
    (array([[0., 1., 1., 0.]]), array([[3., 2., 2., 3.]]))
    """
    from scipy.ndimage import distance_transform_edt

    first, second = np.full(things.shape, FAR), np.full(things.shape, FAR)
    for number in np.unique(things[things > 0]):
        far = distance_transform_edt(things != number)
        second = np.minimum(second, np.maximum(first, far))
        first = np.minimum(first, far)
    return first, second


def separated(things: Labels) -> Labels:
    """Touching cells with a line of ground between them, as a net shall learn it: (H, W) -> (H, W).

    A pixel with another cell among its eight neighbours becomes ground.

    >>> separated(np.array([[1, 1, 1, 2, 2, 2]]))
    array([[1, 1, 0, 0, 2, 2]])
    """
    padded = np.pad(things, 1, mode="edge")
    high, wide = things.shape
    apart = things.copy()
    for down in range(3):
        for right in range(3):
            beside = padded[down : down + high, right : right + wide]
            apart[(beside > 0) & (things > 0) & (beside != things)] = 0
    return apart
