"""The words of the house for arrays and shapes."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]  # any shape; a function's first line says which
Mask: TypeAlias = NDArray[np.bool_]  # (H, W)
Heatmap: TypeAlias = Floats  # (H, W)
FeatureMap: TypeAlias = Floats  # (C, H, W), one image at a time
Shape: TypeAlias = tuple[int, ...]  # (C, H, W) for a volume, (N,) for a vector
Pair: TypeAlias = tuple[int, int]  # vertical, horizontal


def pair(side: int | Pair) -> Pair:
    """A size in both directions: 3 -> (3, 3).

    >>> pair(3), pair((1, 5))
    ((3, 3), (1, 5))
    """
    return (side, side) if isinstance(side, int) else side
