"""Handwritten digits, 8x8 pixels: small enough to look at every number (scikit-learn's test part of Alpaydin's set).

1797 images of 43 writers' digits 0 to 9, split once and for all: what a lab learns from, and what it is judged by.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Floats

HELD_OUT = 360  # images nobody learns from
SEED = 20_260_901  # of the split, which never changes


@dataclass(frozen=True)
class Digits:
    """Images (N, 8, 8) from 0 to 1, white ink on black, and what each of them is (N,)."""

    images: Floats
    labels: NDArray[np.int64]


@cache
def _all() -> tuple[Digits, Digits]:
    from sklearn.datasets import load_digits

    found = load_digits()
    order = np.random.default_rng(SEED).permutation(len(found.target))
    images, labels = found.images[order] / 16.0, found.target[order].astype(np.int64)
    images.flags.writeable = labels.flags.writeable = False
    return Digits(images[HELD_OUT:], labels[HELD_OUT:]), Digits(images[:HELD_OUT], labels[:HELD_OUT])


def training_digits() -> Digits:
    """The 1437 digits to learn from.

    >>> training_digits().images.shape, float(training_digits().images.max())
    ((1437, 8, 8), 1.0)
    """
    return _all()[0]


def held_out_digits() -> Digits:
    """The 360 digits that nobody learns from.

    >>> held_out_digits().images.shape, np.bincount(held_out_digits().labels).min() > 20
    ((360, 8, 8), np.True_)
    """
    return _all()[1]


def specimen(digit: int, number: int = 0) -> Floats:
    """One held-out image of a digit, (8, 8); `number` counts through those of that digit and starts again.

    >>> specimen(3).shape, bool((specimen(3, 0) == specimen(3, 1)).all())
    ((8, 8), False)
    """
    if digit not in range(10) or number < 0:
        raise CoreError(f"a digit is one of 0 to 9 and its number 0 or more, got {digit} and {number}")
    held = held_out_digits()
    places = np.flatnonzero(held.labels == digit)
    image: Floats = held.images[places[number % len(places)]]
    return image
