"""The referees of PS8: what a network learns from, losses, and what it is judged by, scores.

Each function has a reference from `core`, cases in groups that earn points together, and the mistakes we know.
"""

from assignments.referees.ps8.areas import average_precision
from assignments.referees.ps8.borders import border_weights
from assignments.referees.ps8.curves import precision_recall
from assignments.referees.ps8.focal import focal_loss
from assignments.referees.ps8.losses import cross_entropy, cross_entropy_slope
from assignments.referees.ps8.overlaps import coco_ap
from assignments.referees.ps8.pixels import segmentation_scores

__all__ = [
    "average_precision",
    "border_weights",
    "coco_ap",
    "cross_entropy",
    "cross_entropy_slope",
    "focal_loss",
    "precision_recall",
    "segmentation_scores",
]
