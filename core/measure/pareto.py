"""Pareto front: which of several things is not beaten in everything at once (lectures B and C).

Accuracy and cost pull in different directions, so there is rarely one best network; there are those that no other
network beats. Source: Canziani, Paszke and Culurciello, "An Analysis of Deep Neural Network Models for Practical
Applications", 2017, draws networks this way.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from core.errors import ShapeError
from core.types import Floats, Mask

Better: TypeAlias = Literal["lower", "higher"]


def pareto_front(points: Floats, better: Sequence[Better]) -> Mask:
    """Which of N points no other point beats: (N, D) -> (N,), with the better direction of each of the D columns.

        p beats q    if p is at least as good as q in every column, and better in one

    Equal points do not beat each other: both are on the front, or neither.

    >>> size_and_accuracy = np.array([[14.0, 71.3], [16.0, 70.4], [528.0, 71.3], [343.0, 82.5]])
    >>> pareto_front(size_and_accuracy, ("lower", "higher"))
    array([ True, False, False,  True])
    """
    costs = _as_costs(points, better)  # (N, D), lower is better everywhere
    beaten = np.zeros(len(costs), dtype=np.bool_)
    for place, cost in enumerate(costs):
        as_good, better_somewhere = (costs <= cost).all(axis=1), (costs < cost).any(axis=1)
        beaten[place] = bool((as_good & better_somewhere).any())
    return ~beaten


def _as_costs(points: Floats, better: Sequence[Better]) -> Floats:
    if points.ndim != 2 or points.shape[1] != len(better):
        raise ShapeError(f"need points (N, {len(better)}), one column per direction, got {points.shape}")
    if not np.isfinite(points).all():
        raise ShapeError("a point without a value in some column can be compared with none: leave it out first")
    costs: Floats = points * np.array([1.0 if way == "lower" else -1.0 for way in better])
    return costs
