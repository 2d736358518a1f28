"""A figure with fourteen joints: how it stands, and the parts it is drawn from.

The joints are those of DeepPose, in its order. The figure looks at us, so its right hand is on the left of the picture;
a mirrored picture shows a figure whose right hand is where its left was, and MIRRORED says which joints change places.
Source: Toshev and Szegedy, "DeepPose: Human Pose Estimation via Deep Neural Networks", CVPR 2014.
"""

from math import cos, pi, sin

import numpy as np

from core.data.scenes.records import Point
from core.types import Floats

JOINTS = (
    "right ankle",
    "right knee",
    "right hip",
    "left hip",
    "left knee",
    "left ankle",
    "right wrist",
    "right elbow",
    "right shoulder",
    "left shoulder",
    "left elbow",
    "left wrist",
    "neck",
    "head",
)
MIRRORED = (5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6, 12, 13)  # a joint's place in the mirror
LIMBS = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (6, 7), (7, 8), (8, 9), (9, 10), (10, 11), (12, 13), (2, 8), (3, 9))

SHIRT, TROUSERS, SKIN = 0, 1, 2
# From joint to joint, how thick, in what colour. The head is a limb without length.
PARTS = (
    *((0, 1, 0.085, TROUSERS), (1, 2, 0.1, TROUSERS), (3, 4, 0.1, TROUSERS), (4, 5, 0.085, TROUSERS)),
    *((7, 8, 0.08, SHIRT), (9, 10, 0.08, SHIRT), (6, 7, 0.065, SKIN), (10, 11, 0.065, SKIN)),
    *((12, 13, 0.07, SKIN), (13, 13, 0.17, SKIN)),
)
TORSO = (8, 9, 3, 2)  # the corners of the trunk
TRUNK = 0.08  # by how much it is rounder than its corners


def pose(random: np.random.Generator) -> tuple[Point, ...]:
    """Fourteen joints of a figure that walks, waves or jumps, within the circle of radius 1 around 0.

    >>> joints = pose(np.random.default_rng(1))
    >>> len(joints), bool(np.hypot(*np.array(joints).T).max() < 1)
    (14, True)
    """
    lean = random.uniform(-0.25, 0.25)
    hips = np.zeros(2)
    neck = hips + 0.62 * _way(pi + lean)
    head = neck + 0.27 * _way(pi + lean + random.uniform(-0.3, 0.3))
    across = np.array([cos(lean), -sin(lean)])
    joints = np.zeros((14, 2))
    joints[12], joints[13] = neck, head
    for side, (ankle, knee, hip), (wrist, elbow, shoulder) in ((-1, (0, 1, 2), (6, 7, 8)), (1, (5, 4, 3), (11, 10, 9))):
        thigh = side * random.uniform(0.02, 0.75)
        joints[hip] = hips + side * 0.13 * across
        joints[knee] = joints[hip] + 0.46 * _way(thigh)
        joints[ankle] = joints[knee] + 0.44 * _way(thigh - side * random.uniform(0, 0.7))
        upper = side * random.uniform(0.25, 2.6)
        joints[shoulder] = neck + side * 0.21 * across + 0.06 * _way(lean)
        joints[elbow] = joints[shoulder] + 0.32 * _way(upper)
        joints[wrist] = joints[elbow] + 0.3 * _way(upper + side * random.uniform(-0.3, 1.1))
    thick = 0.18
    joints -= (joints.min(axis=0) + joints.max(axis=0)) / 2
    joints /= np.hypot(*joints.T).max() + thick
    return tuple((float(x), float(y)) for x, y in joints)


def rim(joints: Floats) -> Floats:
    """Points all around the figure, to find the box of it: (14, 2) -> (M, 2)."""
    turn = 2 * pi * np.arange(12) / 12
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)  # (12, 2)
    ends = [(joint, thick) for first, last, thick, _ in PARTS for joint in (first, last)]
    ends += [(joint, TRUNK) for joint in TORSO]
    points: Floats = np.concatenate([joints[joint] + thick * ring for joint, thick in ends])
    return points


def _way(angle: float) -> Floats:
    """One step down, turned by an angle; positive angles go to the right."""
    return np.array([sin(angle), cos(angle)])
