"""Figures about augmentation: ranges of random layers, and mixed labels."""

import numpy as np

from core.augment.layers import shift_range, turn_range
from core.augment.mixup import mixup, one_hot
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N168")
def random_rotation_and_translation() -> Value:
    """Degrees of a turn, and percent of a side."""
    return round(turn_range(0.1)), round(shift_range(0.1, 100))


@ours("N174")
def sum_of_a_mixed_label() -> Value:
    """Two one-hot labels of ten classes, mixed by several shares: they all add up to the same."""
    labels, swapped = one_hot(np.array([3, 7]), 10), np.array([1, 0])
    sums = {round(float(mixup(labels, labels, share, swapped)[1][0].sum()), 9) for share in (0.0, 0.3, 0.5, 1.0)}
    (only,) = sums
    return only
