"""Figures about average precision."""

import numpy as np

from core.measure.coco.records import THRESHOLDS
from core.measure.detection import at_recalls, average_precision, eleven_point_sum, precision_recall
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

PERFECT = precision_recall(np.ones(4, dtype=np.bool_), 4)
ROWS = np.arange(1, 10) / 10  # recall; precision falls as it rises


@ours("N148")
def table_of_precision_and_recall() -> Value:
    """A list of detections that draws the lecture's table: precision where the recall is 0.1 and where it is 0.9."""
    wanted = 2520  # so that every row is a whole number of detections
    said = [0, *(wanted * row // (10 - row) for row in range(1, 10))]  # until a recall of row / 10
    parts = [np.arange(more) >= more - wanted // 10 for more in np.diff(said)]
    precision, recall = precision_recall(np.concatenate(parts), wanted)
    first, last = at_recalls(precision, recall, np.array([0.1, 0.9]))
    return round(float(first), 4), round(float(last), 4)


@ours("N149")
def perfect_detector() -> Value:
    """Eleven ones, divided by eleven."""
    return round(average_precision(*PERFECT, "11 points"), 12)


@claim("N149")
def perfect_detector_as_printed() -> Value:
    """Eleven ones."""
    return round(eleven_point_sum(*PERFECT), 12)


@ours("N150")
def nine_rows() -> Value:
    """By eleven points."""
    return round(average_precision(1 - ROWS, ROWS, "11 points"), 4)


@ours("N151")
def nine_rows_three_ways() -> Value:
    """By eleven points, by all points, and the area under the line."""
    return tuple(round(average_precision(1 - ROWS, ROWS, rule), 4) for rule in ("11 points", "all points", "trapezoid"))


@ours("N152")
def overlaps_of_coco() -> Value:
    """How many there are, from 0.50 by 0.05 to 0.95."""
    return len(THRESHOLDS)
