"""Associative embedding: corners of one thing learn numbers that are alike, those of two things numbers that differ.

A net says one number for every corner, its tag. No number is right or wrong by itself: the pull asks that the two tags
of a thing agree, the push that the means of two things are at least 1 apart. Tags are (N,), one for each thing.
Sources: Newell, Huang and Deng, "Associative Embedding: End-to-End Learning for Joint Detection and Grouping", NIPS
2017; in this form Law and Deng, "CornerNet", ECCV 2018 (lecture E).
"""

import numpy as np

from core.errors import ShapeError
from core.types import Floats, Mask

APART = 1.0  # how far the means of two things are to lie from each other
WITHIN = 1.0  # two corners whose tags are no farther apart may belong together; the paper has 0.5


def means(first: Floats, second: Floats) -> Floats:
    """The mean of both tags of every thing: (N,), (N,) -> (N,)."""
    _must_fit(first, second)
    middle: Floats = (first + second) / 2
    return middle


def pull(first: Floats, second: Floats) -> float:
    """How far the two tags of a thing are from their mean: (N,), (N,) -> one number, 0 without things.

        L = 1/N sum over k of (first_k - mean_k)^2 + (second_k - mean_k)^2                      (Law and Deng, eq. 4)

    >>> pull(np.array([1.0, 5.0]), np.array([3.0, 5.0]))
    1.0
    """
    middle = means(first, second)
    if not len(middle):
        return 0.0
    return float((np.square(first - middle) + np.square(second - middle)).mean())


def push(first: Floats, second: Floats, *, apart: float = APART) -> float:
    """How much the means of two things are too close, over all ordered pairs: (N,), (N,) -> one number.

        L = 1 / (N (N - 1)) sum over k, j other than k of max(0, apart - |mean_k - mean_j|)     (Law and Deng, eq. 5)

    Things that are far enough from each other push no more: tags need not run away.

    >>> push(np.array([0.0, 0.5, 9.0]), np.array([0.0, 0.5, 9.0]))
    0.16666666666666666
    """
    middle = means(first, second)
    if len(middle) < 2:
        return 0.0
    close = np.maximum(0.0, apart - np.abs(middle[:, None] - middle))  # (N, N)
    np.fill_diagonal(close, 0.0)
    return float(close.sum() / (len(middle) * (len(middle) - 1)))


def alike(first: Floats, second: Floats, *, within: float = WITHIN) -> Mask:
    """Which corner of one kind may belong to which of the other: (P,), (Q,) -> (P, Q).

    >>> alike(np.array([0.1, 2.0]), np.array([2.2, 0.0, -4.0]))
    array([[False,  True, False],
           [ True, False, False]])
    """
    near: Mask = np.abs(first[:, None] - second[None, :]) <= within
    return near


def _must_fit(first: Floats, second: Floats) -> None:
    if first.ndim != 1 or first.shape != second.shape:
        raise ShapeError(f"need two tags for each of N things, (N,) and (N,), got {first.shape} and {second.shape}")
