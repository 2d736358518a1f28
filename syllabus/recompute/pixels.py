"""Figures about nets that label pixels."""

import numpy as np

from core.segment.weights import border_term
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N121")
def between_two_cells() -> Value:
    """What U-Net's border term adds one pixel from each of two cells."""
    return round(float(border_term(np.array([2.0]), w_0=10.0, sigma=5.0)[0]), 2)
