"""What referees of several sets draw their cases with."""

import numpy as np

from core.types import Pair


def unlike(random: np.random.Generator, sides: tuple[int, ...]) -> Pair:
    """Two different ones of some sides, so that rows are never taken for columns unnoticed."""
    rows, columns = random.choice(sides, size=2, replace=False)
    return int(rows), int(columns)
