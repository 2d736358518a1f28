"""A network small enough to follow by eye: one pooling, one filter of 2x2 (lecture A's way from coarse to full).

Strided it answers at every f-th place; without the stride, and with its filter dilated by f, at every place.
"""

import numpy as np

from core.filters.correlate import correlate
from core.filters.pooling import max_pool
from core.types import Floats

KERNEL = np.array([[1.0, 0.0], [0.0, 2.0]])


def coarse(image: Floats, factor: int) -> Floats:
    """The largest of every f x f block, then once the upper left and twice the lower right of four: (H, W) -> (h, w).

    >>> coarse(np.arange(16.0).reshape(4, 4), 2)
    array([[35.]])
    """
    return correlate(max_pool(image, factor), KERNEL)


def dense(image: Floats, factor: int) -> Floats:
    """The same for every window of the image, in one pass: (H, W) -> (H - 2f + 1, W - 2f + 1).

    >>> dense(np.arange(20.0).reshape(4, 5), 2)
    array([[42., 45.]])
    """
    return correlate(max_pool(image, factor, stride=1), KERNEL, dilation=factor)
