"""Anchors: how many there are, and what they cost."""

from core.detect.anchors import outputs
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N135")
def anchors_of_a_region_proposal_network() -> Value:
    """Nine at each of 38 x 63 places."""
    return outputs(38, 63, 9).anchors


@ours("N141")
def anchors_of_a_large_picture() -> Value:
    """Nine at every whole cell of 16 pixels in a picture of 600 x 1000."""
    return outputs(600 // 16, 1000 // 16, 9).anchors
