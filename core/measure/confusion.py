"""What was taken for what: a table of counts, and what is read from it (lectures A and E).

Row: what it is. Column: what it was taken for. Counts add up, so a metric of many batches is one of their sum.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.types import Floats

Counts = NDArray[np.int64]


def confusion(labels: Counts, answers: Counts, classes: int) -> Counts:
    """How often class i was taken for class j: (N,), (N,) -> (K, K).

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    array([[1, 1],
           [0, 1]])
    """
    if labels.shape != answers.shape or labels.ndim != 1:
        raise ShapeError(f"need as many answers as labels, got {labels.shape} and {answers.shape}")
    together = np.concatenate([labels, answers])
    if together.size and (together.min() < 0 or together.max() >= classes):
        raise ShapeError(f"classes run from 0 to {classes - 1}, got {together.min()} to {together.max()}")
    return np.bincount(labels * classes + answers, minlength=classes * classes).reshape(classes, classes)


def recalls(counts: Counts) -> Floats:
    """Which share of every class was found: (K, K) -> (K,); nan for a class that never occurred.

    >>> recalls(np.array([[1, 1], [0, 1]]))
    array([0.5, 1. ])
    """
    return shares(np.diag(counts), counts.sum(axis=1))


def precisions(counts: Counts) -> Floats:
    """Which share of what was called a class is one: (K, K) -> (K,); nan for a class that was never called.

    >>> precisions(np.array([[1, 1], [0, 1]]))
    array([1. , 0.5])
    """
    return shares(np.diag(counts), counts.sum(axis=0))


def accuracy(counts: Counts) -> float:
    """Which share of all was right: (K, K) -> a number; nan if nothing was counted.

    >>> accuracy(np.array([[1, 1], [0, 2]]))
    0.75
    """
    return float(np.trace(counts) / counts.sum()) if counts.any() else float("nan")


def shares(part: Counts, whole: Counts) -> Floats:
    """A part of a whole, class by class: (K,), (K,) -> (K,); nan where there is no whole.

    >>> shares(np.array([1, 0]), np.array([2, 0]))
    array([0.5, nan])
    """
    each: Floats = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return each
