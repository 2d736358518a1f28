"""What the questions share: how close is close enough, and sizes that differ."""

import numpy as np

from core.types import Floats
from grading.referee import Tolerance

FLOAT32 = Tolerance(1e-4, 1e-5, because="float32 carries seven digits, and a value adds up some dozens of products")
SHARE = Tolerance(1e-5, 1e-6, because="a share of counted things: float32 keeps six digits of it")


def unlike(random: np.random.Generator, low: int, high: int, count: int) -> list[int]:
    """So many different whole numbers from low to below high, so that no axis is taken for another unnoticed."""
    return [int(each) for each in random.choice(np.arange(low, high), size=count, replace=False)]


def points(random: np.random.Generator, count: int, length: int) -> Floats:
    """Vectors (count, length) whose numbers have both signs and different spreads from column to column."""
    spread = random.uniform(0.5, 2.0, size=length)
    values: Floats = random.normal(size=(count, length)) * spread
    return values
