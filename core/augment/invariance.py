"""How much of an invariance a network really has: its answers to changed copies, compared (lectures A and C).

A is the number of changes, N the number of images; answers are the classes a network names.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError


def stability(answers: NDArray[np.int64]) -> float:
    """The share of images whose answer is the same after every change, right or wrong: (A, N) -> a share.

    >>> stability(np.array([[1, 2, 3], [1, 2, 4]]))
    0.6666666666666666
    """
    if answers.ndim != 2 or not answers.size:
        raise ShapeError(f"need answers (A, N) to one change and image or more, got {answers.shape}")
    return float((answers == answers[0]).all(axis=0).mean())


def flip_rate(answers: NDArray[np.int64], labels: NDArray[np.int64], true: int, taken: int) -> float:
    """Of the images of one class, the share taken for another: (N,), (N,) -> a share.

    >>> flip_rate(np.array([9, 9, 6, 0]), np.array([6, 6, 6, 0]), 6, 9)
    0.6666666666666666
    """
    if answers.shape != labels.shape or not (labels == true).any():
        raise ShapeError(f"need an answer for each label and a {true} among them, got {answers.shape}, {labels.shape}")
    return float((answers[labels == true] == taken).mean())
