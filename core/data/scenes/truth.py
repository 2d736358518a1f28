"""The truth of a scene as arrays: boxes, places of classes, and maps of labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.scenes.records import CLASSES, Label, Scene, Target
from core.types import Floats

Labels = NDArray[np.int64]


def boxes(targets: Sequence[Target]) -> Floats:
    """The boxes around what can be seen: (N, 4).

    >>> boxes(()).shape
    (0, 4)
    """
    return np.array([target.box for target in targets], dtype=np.float64).reshape(-1, 4)


def labels(targets: Sequence[Target], classes: Sequence[Label] = CLASSES) -> Labels:
    """The place of every target's class in a list of classes: (N,)."""
    return np.array([classes.index(target.label) for target in targets], dtype=np.int64)


def label_map(scene: Scene, classes: Sequence[Label] = CLASSES) -> Labels:
    """For every pixel 0, the ground, or 1 and the place of its class: (H, W)."""
    found: Labels = np.zeros(scene.image.shape[:2], dtype=np.int64)
    for target in scene.targets:
        found[target.mask] = 1 + classes.index(target.label)
    return found


def instance_map(scene: Scene) -> Labels:
    """For every pixel 0, the ground, or the number of its target, counted from 1: (H, W)."""
    found: Labels = np.zeros(scene.image.shape[:2], dtype=np.int64)
    for number, target in enumerate(scene.targets, start=1):
        found[target.mask] = number
    return found
