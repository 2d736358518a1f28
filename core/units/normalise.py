"""Local response normalisation: neighbouring maps damp each other (lectures B and C).

AlexNet had it behind its first two convolutions; VGG found that it does not help and left it out, as all have since.
Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012,
section 3.3, with k = 2, n = 5, alpha = 1e-4 and beta = 0.75.
"""

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import FeatureMap, Floats


def neighbours(maps: int, size: int) -> list[range]:
    """The maps that each map is compared with, itself among them: size // 2 before it, (size - 1) // 2 after it.

    >>> neighbours(4, 3), neighbours(4, 2)
    ([range(0, 2), range(0, 3), range(1, 4), range(2, 4)], [range(0, 1), range(0, 2), range(1, 3), range(2, 4)])
    """
    if size < 1 or maps < 1:
        raise ShapeError(f"need at least one map and one neighbour, got {maps} maps and a size of {size}")
    before, after = size // 2, (size - 1) // 2
    return [range(max(0, each - before), min(maps, each + after + 1)) for each in range(maps)]


def grounds(volume: FeatureMap, *, size: int, alpha: float, k: float) -> FeatureMap:
    """What every value is divided by, before that is raised to beta: (C, H, W) -> (C, H, W).

        k + alpha / size * sum over neighbours j of a_j^2

    >>> grounds(np.array([[[3.0]], [[4.0]]]), size=3, alpha=3.0, k=1.0).ravel()
    array([26., 26.])
    """
    if volume.ndim != 3:
        raise ShapeError(f"need a volume (C, H, W), got an array of shape {volume.shape}")
    squares = volume**2
    energy: Floats = np.stack([squares[span.start : span.stop].sum(axis=0) for span in neighbours(len(volume), size)])
    found: FeatureMap = k + alpha / size * energy
    return found


def local_response_norm(
    volume: FeatureMap, *, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> FeatureMap:
    """Every value divided by what its neighbours in depth say at the same place: (C, H, W) -> (C, H, W).

        b_i = a_i / (k + alpha / size * sum over neighbours j of a_j^2) ^ beta

    This is how PyTorch counts. The paper does not divide alpha by the size and takes k = 2: its alpha is ours times 5.
    No parameter is learned, and the volume keeps its size.

    >>> local_response_norm(np.array([[[3.0]], [[4.0]]]), size=3, alpha=3.0, beta=0.5, k=0.0).ravel()
    array([0.6, 0.8])
    """
    if alpha < 0 or k < 0:
        raise CoreError(f"alpha and k are 0 or more, got {alpha:g} and {k:g}: else what divides may be nothing")
    ground = grounds(volume, size=size, alpha=alpha, k=k)
    if (ground == 0).any():
        raise CoreError("k is 0 and a neighbourhood is all zeros: nothing can be divided by it; a k above 0 would do")
    normal: FeatureMap = volume / ground**beta
    return normal
