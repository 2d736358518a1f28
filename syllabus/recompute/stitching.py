"""Figures about full resolution from a coarse network: shift and stitch."""

import numpy as np

from core.filters.correlate import correlate
from core.filters.pooling import max_pool
from core.segment.stitch import shift_and_stitch, shifts
from core.types import Floats
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N59")
def stitched_against_dilated() -> Value:
    """Pool 2, filter 3, in one dimension: all shifts interleaved against one pass with the filter dilated."""
    signal, kernel = np.array([[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0]]), np.array([[1.0, -2.0, 4.0]])

    def coarse(image: Floats) -> Floats:
        return correlate(max_pool(image, (1, 2)), kernel)

    full = shift_and_stitch(coarse, signal, (1, 2), window=(1, 6))
    return float(np.abs(full - correlate(max_pool(signal, (1, 2), stride=1), kernel, dilation=2)).max())


@ours("N60")
def number_of_shifts() -> Value:
    """One for each offset of rows and columns below f."""
    return tuple(len(list(shifts(factor))) for factor in (2, 4, 8, 16, 32))
