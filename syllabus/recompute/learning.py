"""Losses, fits and their weights."""

import numpy as np

from core.learning.losses import cross_entropy_by_probabilities, cross_entropy_by_scores
from core.learning.polynomial import LECTURE_DEGREE, coefficients
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

EVEN = np.array([0.5, 0.5])  # two classes, as probable as each other


@ours("N143")
def slope_by_the_probability() -> Value:
    """Of the right one of two classes that are equally probable."""
    return float(cross_entropy_by_probabilities(EVEN, np.array(0))[0])


@claim("N143")
def slope_by_the_score() -> Value:
    """What lecture E prints as the slope by the probability is that by the score."""
    return float(cross_entropy_by_scores(np.log(EVEN), np.array(0))[0])


@ours("N166")
def weights_of_the_polynomial() -> Value:
    """Of the degree that lecture D gives."""
    return coefficients(LECTURE_DEGREE)
