"""One threshold, two kinds of error: letting in who should stay out, and keeping out who should come in (lecture D).

A score says how much an example looks like the real thing; who scores at least the threshold is let in.
"""

import numpy as np

from core.errors import CoreError
from core.types import Floats


def false_accepts(fakes: Floats, thresholds: Floats) -> Floats:
    """Which share of the fakes is let in at each threshold: (N,), (T,) -> (T,).

    >>> false_accepts(np.array([0.1, 0.2, 0.9]), np.array([0.0, 0.5]))
    array([1.        , 0.33333333])
    """
    kept: Floats = 1 - np.searchsorted(np.sort(_some(fakes)), thresholds, side="left") / len(fakes)
    return kept


def false_rejects(real: Floats, thresholds: Floats) -> Floats:
    """Which share of the real ones is kept out at each threshold: (N,), (T,) -> (T,).

    >>> false_rejects(np.array([0.4, 0.8, 0.9, 1.0]), np.array([0.0, 0.5]))
    array([0.  , 0.25])
    """
    lost: Floats = np.searchsorted(np.sort(_some(real)), thresholds, side="left") / len(real)
    return lost


def equal_error(real: Floats, fakes: Floats) -> tuple[float, float]:
    """The threshold at which both errors are most alike, and their mean there.

    >>> equal_error(np.array([0.4, 0.8, 0.9, 1.0]), np.array([0.1, 0.2, 0.3, 0.6]))
    (0.6, 0.25)
    """
    thresholds = np.unique(np.concatenate([real, fakes]))
    accepted, rejected = false_accepts(fakes, thresholds), false_rejects(real, thresholds)
    best = int(np.abs(accepted - rejected).argmin())
    return float(thresholds[best]), float((accepted[best] + rejected[best]) / 2)


def _some(scores: Floats) -> Floats:
    if scores.ndim != 1 or not len(scores):
        raise CoreError(f"need at least one score in a row, got {scores.shape}")
    return scores
