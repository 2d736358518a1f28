"""Detectors in one stage: the answers of a grid, and who holds the loss."""

from math import prod

import numpy as np

from core.detect.dense.grid import BASES, decode, shape_of
from core.learning.focal import Group, focal_factor, shares_of_loss
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N138")
def outputs_with_classes_per_box() -> Value:
    """As lecture A has them."""
    return prod(shape_of(7, 3, 20, "classes per box"))


@ours("N139")
def outputs_with_classes_per_cell() -> Value:
    """As lectures B and E have them."""
    return prod(shape_of(7, 3, 20, "classes per cell"))


@ours("N140")
def boxes_of_a_grid() -> Value:
    """Decoded, and counted."""
    return decode(np.zeros((7, 7, 5 * len(BASES) + 20)), "classes per cell", classes=20).confidences.size


@ours("N142")
def share_of_easy_negatives() -> Value:
    """10,000 at p = 0.99 beside 10 at 0.1."""
    crowd = [Group("background", 10_000, 0.99), Group("objects", 10, 0.1)]
    return round(float(shares_of_loss(crowd, 0.0)[0]), 2)


@ours("N144")
def reductions_by_the_focal_factor() -> Value:
    """At p = 0.9 and 0.5 with gamma 2."""
    return tuple(round(float(each)) for each in 1 / focal_factor(np.array([0.9, 0.5]), 2))


@ours("N190")
def cells_of_the_grid() -> Value:
    """Of the tensor that one pass answers with."""
    rows, columns, _ = shape_of(7, 3, 20, "classes per cell")
    return rows * columns
