"""The referees of PS3: the largest value and the way back, stamps, tents, and a classifier that answers everywhere.

Each function has a reference from `core`, cases in groups that earn points together, and the mistakes we know.
"""

from assignments.referees.ps3.dense import dense_to_conv
from assignments.referees.ps3.dilated import dilated_correlate
from assignments.referees.ps3.pooling import max_pool_with_indices
from assignments.referees.ps3.stamps import transposed_conv2d
from assignments.referees.ps3.stitching import shift_and_stitch
from assignments.referees.ps3.tents import bilinear_kernel
from assignments.referees.ps3.unpooling import max_unpool

__all__ = [
    "bilinear_kernel",
    "dense_to_conv",
    "dilated_correlate",
    "max_pool_with_indices",
    "max_unpool",
    "shift_and_stitch",
    "transposed_conv2d",
]
