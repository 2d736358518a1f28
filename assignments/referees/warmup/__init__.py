"""The referees of the warm-up: sizes, parameters, a filter, and two boxes.

Each function has a reference from `core`, cases in groups that earn points together, and the mistakes we know.
"""

from assignments.referees.warmup.boxes import iou
from assignments.referees.warmup.filters import correlate2d
from assignments.referees.warmup.layers import conv_parameters
from assignments.referees.warmup.models import count_parameters
from assignments.referees.warmup.sizes import output_side

__all__ = ["conv_parameters", "correlate2d", "count_parameters", "iou", "output_side"]
