"""Filters that look for edges of every direction, as the first layer of a trained network does (lecture C)."""

from math import pi

import numpy as np

from core.errors import ShapeError
from core.filters.correlate import correlate_fast
from core.types import FeatureMap, Floats, Heatmap

UPRIGHT = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]) / 8  # brighter on the right


def oriented_kernels(maps: int) -> Floats:
    """As many directions, evenly spread over a full turn: (maps, 3, 3).

    A filter that looks along an angle is a sum of the two along the axes (Freeman and Adelson, "The Design and Use of
    Steerable Filters", 1991).

    >>> oriented_kernels(4)[2].round(3) + 0.0  # half a turn: brighter on the left
    array([[ 0.125,  0.   , -0.125],
           [ 0.25 ,  0.   , -0.25 ],
           [ 0.125,  0.   , -0.125]])
    """
    if maps < 1:
        raise ShapeError(f"at least one map is needed, got {maps}")
    angles = 2 * pi * np.arange(maps) / maps
    kernels: Floats = np.cos(angles)[:, None, None] * UPRIGHT + np.sin(angles)[:, None, None] * UPRIGHT.T
    return kernels


def oriented_maps(image: Heatmap, maps: int, *, gain: float = 1.0) -> FeatureMap:
    """What rectified filters of every direction find: (H, W) -> (maps, H - 2, W - 2).

    >>> oriented_maps(np.array([[0.0, 0.0, 1.0]] * 3), 4).ravel().round(3)
    array([0.5, 0. , 0. , 0. ])
    """
    found = [correlate_fast(image, gain * kernel) for kernel in oriented_kernels(maps)]
    return np.maximum(np.stack(found), 0.0)
