"""Figures about measuring how well pixels are labelled."""

import numpy as np

from core.measure.confusion import precisions, recalls
from core.measure.segmentation import dices, f1, ious, mean_pixel_accuracy, pixel_accuracy
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N153")
def one_overlap_three_ways() -> Value:
    """Dice, F1 and IoU of one class with 30 hits, 10 false alarms and 20 misses."""
    counts = np.array([[0, 10], [20, 30]])
    harmonic = float(f1(precisions(counts)[1], recalls(counts)[1]))
    return tuple(round(value, 3) for value in (float(dices(counts)[1]), harmonic, float(ious(counts)[1])))


@ours("N154")
def accuracy_two_ways() -> Value:
    """Of all pixels, and of every class alike, where the smallest of three classes is the hardest."""
    counts = np.array([[47, 2, 1], [6, 33, 1], [3, 2, 5]])
    return round(pixel_accuracy(counts), 3), round(mean_pixel_accuracy(counts), 3)
