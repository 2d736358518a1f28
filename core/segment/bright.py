"""The oldest way to label pixels: what is brighter than a threshold is thing, all else is ground.

Source: Otsu, "A Threshold Selection Method from Gray-Level Histograms", IEEE Transactions on Systems, Man and
Cybernetics 9(1), 1979.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError

WEIGHTS = np.array([0.299, 0.587, 0.114])  # of red, green and blue: how bright an eye finds them (ITU-R BT.601)


def brightness(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How bright every pixel looks: (H, W, 3) from 0 to 255 -> (H, W) from 0 to 255.

    >>> brightness(np.array([[[255, 0, 0], [0, 255, 0]]], dtype=np.uint8)).tolist()
    [[76, 150]]
    """
    if image.ndim != 3 or image.shape[2] != 3:
        raise ShapeError(f"need a photo (H, W, 3), got {image.shape}")
    found: NDArray[np.uint8] = np.rint(image @ WEIGHTS).astype(np.uint8)
    return found


def brighter(bright: NDArray[np.uint8], threshold: int, *, darker: bool = False) -> NDArray[np.uint8]:
    """1 where a pixel is brighter than the threshold, or darker, and 0 elsewhere: (H, W) -> (H, W).

    >>> brighter(np.array([[76, 150]], dtype=np.uint8), 100).tolist()
    [[0, 1]]
    """
    if not 0 <= threshold <= 255:
        raise CoreError(f"a threshold is from 0 to 255, got {threshold}")
    return (bright < threshold if darker else bright > threshold).astype(np.uint8)


def otsu(bright: NDArray[np.uint8]) -> int:
    """The threshold that parts the brightnesses into the two groups farthest apart: (H, W) -> 0 to 254.

        largest w_0 w_1 (mu_0 - mu_1)^2, with the groups' shares w and means mu                  (Otsu, eq. 14)

    >>> otsu(np.array([[10, 12, 200, 210]], dtype=np.uint8))
    12
    """
    counts = np.bincount(bright.ravel(), minlength=256).astype(np.float64)
    values = np.arange(256)
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * values)
    above = total - below
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return int(np.nan_to_num(apart[:-1]).argmax())
