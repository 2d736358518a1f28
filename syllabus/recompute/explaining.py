"""Activation maps and their scores."""

import numpy as np

from core.explain.cam import class_activation_map, scores_of
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

ONES = class_activation_map(np.ones((1, 7, 7)), np.ones((1, 1)))  # (1, 7, 7)


@ours("N122")
def score_by_the_mean() -> Value:
    """Of a map of ones with weight 1, as the pooling takes it."""
    return float(scores_of(ONES, np.zeros(1))[0])


@claim("N122")
def score_by_the_sum() -> Value:
    """What the lecture's formula gives: the sum over the map."""
    return float(ONES.sum())
