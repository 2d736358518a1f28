"""The first few answers of a classifier, what is left for all other classes, and the error of k guesses (A, B, C).

K is the number of classes. Source: Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.types import Floats


def top_classes(probabilities: Floats, k: int) -> tuple[NDArray[np.int64], float]:
    """The k most probable classes, best first, and the probability left for all others: (K,) -> (k,), a number.

    Of classes with equal probability the first in the list comes first.

    >>> castle_tower_and_rest = np.array([0.01, 0.55, 0.01, 0.43])
    >>> best, left = top_classes(castle_tower_and_rest, 2)
    >>> best, round(left, 2)
    (array([1, 3]), 0.02)
    """
    if probabilities.ndim != 1 or not 1 <= k <= probabilities.size:
        raise ShapeError(f"need probabilities (K,) and k from 1 to K, got {probabilities.shape} and {k}")
    best = np.argsort(-probabilities, kind="stable")[:k]
    return best, float(np.clip(probabilities.sum() - probabilities[best].sum(), 0.0, None))


def top_k_error(probabilities: Floats, labels: NDArray[np.int64], k: int) -> float:
    """Share of images whose true class is not among the k most probable: (N, K), (N,) -> a number from 0 to 1.

    >>> two_images = np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]])
    >>> top_k_error(two_images, np.array([1, 2]), 1), top_k_error(two_images, np.array([1, 2]), 2)
    (1.0, 0.5)
    """
    if probabilities.ndim != 2 or labels.shape != probabilities.shape[:1] or not labels.size:
        raise ShapeError(f"need probabilities (N, K) and labels (N,), got {probabilities.shape} and {labels.shape}")
    found = [label in top_classes(row, k)[0] for row, label in zip(probabilities, labels, strict=True)]
    return 1.0 - float(np.mean(found))
