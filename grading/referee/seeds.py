"""The seed of the drawn cases: chosen after hand-in, the same for the whole run, and written down.

A student who knew it could write the answers down instead of computing them.
"""

import secrets
from zlib import crc32

import numpy as np

BITS = 63  # so that it fits into a column of any database

_seed: int | None = None


def set_seed(value: int | None) -> None:
    """Fix the seed of this run; None forgets it, and the next reader draws a fresh one.

    >>> set_seed(7)
    >>> seed()
    7
    >>> set_seed(None)
    """
    global _seed
    _seed = value


def seed() -> int:
    """The seed of this run: what the grader set, else drawn once and kept."""
    global _seed
    if _seed is None:
        _seed = secrets.randbits(BITS)
    return _seed


def generator(value: int, *names: str) -> np.random.Generator:
    """A stream of its own for every name, so that a new group of cases leaves the others as they were.

    >>> first, second = generator(7, "iou", "touching"), generator(7, "iou", "far")
    >>> bool(first.random() == second.random())
    False
    """
    return np.random.default_rng([abs(value), *(crc32(name.encode()) for name in names)])
