"""One object, one person, many things: how many numbers say where they are, and what finds them."""

import numpy as np

from core.detect.single.joint import five_numbers, joint_loss
from core.detect.single.pose import OUTPUTS
from core.models.pixel_net import PIXEL_NET
from core.nets.layers import Pool
from core.nets.trace import trace
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N127")
def joint_loss_at_a_quarter() -> Value:
    """Of S = 2 and R = 0.8, at alpha = 0, 0.25 and 1."""
    return tuple(round(float(joint_loss(2.0, 0.8, alpha)), 3) for alpha in (0.0, 0.25, 1.0))


@ours("N128")
def outputs_of_a_pose() -> Value:
    """Two for each joint of the people we draw; the test of the regressor counts its outputs."""
    return OUTPUTS


@ours("N159")
def numbers_of_a_labelled_box() -> Value:
    """As many as it takes to say them."""
    return len(five_numbers(np.array([0.0, 0.0, 1.0, 1.0]), 0, 1.0))


@ours("N178")
def widths_of_a_detection_network() -> Value:
    """The maps of the first level, twice as many behind each pooling."""
    rows = trace(PIXEL_NET).rows
    poolings = sum(isinstance(row.operation, Pool) for row in rows)
    return tuple(rows[0].shape[0] * 2**level for level in range(poolings + 1))
