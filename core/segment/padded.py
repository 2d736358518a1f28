"""A net that needs sides which its stride divides, on a picture of any sides: what lacks is mirrored, then cut off.

Source: Long et al., "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015, pads as well, by 100 pixels
of nothing; a mirror leaves no edge that a net could take for one.
"""

from typing import TYPE_CHECKING

import numpy as np

from core.data.scenes.records import Picture
from core.errors import ShapeError
from core.models.segmenters import Labels, answers

if TYPE_CHECKING:
    from torch.nn import Module

STRIDE = 32


def padded(image: Picture, *, stride: int = STRIDE) -> Picture:
    """The picture with its mirror image below and to the right, up to sides that the stride divides: (H, W, 3) -> same.

    >>> padded(np.zeros((30, 65, 3), dtype=np.float32)).shape
    (32, 96, 3)
    """
    if image.ndim != 3 or min(image.shape[:2]) < 1 or stride < 1:
        raise ShapeError(f"need a picture (H, W, 3) and a stride from 1, got {image.shape} and {stride}")
    more = [(0, -side % stride) for side in image.shape[:2]]
    mirrored: Picture = np.pad(image, [*more, (0, 0)], mode="symmetric")
    return mirrored


def answers_anywhere(module: "Module", image: Picture, *, stride: int = STRIDE) -> Labels:
    """The label of every pixel of a picture of any sides: (H, W, 3) from 0 to 1 -> (H, W)."""
    high, wide = image.shape[:2]
    return answers(module, padded(image, stride=stride))[:high, :wide]
