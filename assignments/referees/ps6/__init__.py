"""The referees of PS6: where a network looks, a box there, and the losses that teach it where things are.

Each function has a reference from `core`, cases in groups that earn points together, and the mistakes we know.
"""

from assignments.referees.ps6.boxes import cam_to_box
from assignments.referees.ps6.losses import joint_loss, pose_loss
from assignments.referees.ps6.pooling import gap_matrix, global_pool
from assignments.referees.ps6.sharper import augmented_objective
from assignments.referees.ps6.slopes import grad_cam
from assignments.referees.ps6.voting import cam

__all__ = [
    "augmented_objective",
    "cam",
    "cam_to_box",
    "gap_matrix",
    "global_pool",
    "grad_cam",
    "joint_loss",
    "pose_loss",
]
