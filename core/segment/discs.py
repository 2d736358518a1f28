"""Two or three round cells with a gap of known width: the smallest picture of what border weights do."""

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError

SIDE = 96


def discs(gap: float, *, radius: float = 18.0, third: bool = False, side: int = SIDE) -> NDArray[np.int64]:
    """Numbers of cells, 0 the ground: -> (side, side). The first two lie side by side, `gap` pixels apart;
    a third is as far from both, below them.

    >>> found = discs(4.0)
    >>> found.shape, sorted(set(found[48].tolist())), int((found[48, 30:66] == 0).sum())
    ((96, 96), [0, 1, 2], 4)
    """
    if not 0 <= gap <= side or not 2 <= radius <= side / 2:
        raise CoreError(f"a gap from 0 to {side} and a radius from 2 to {side / 2:g} pixels, got {gap} and {radius}")
    rows, columns = np.mgrid[:side, :side] + 0.5
    middle, far = side / 2, radius + gap / 2
    half = np.sqrt(3) / 2 * far if third else 0.0  # of the height of the triangle of three middles
    places = [(middle - half, middle - far), (middle - half, middle + far)]
    if third:
        places.append((middle + half, middle))
    cells = np.zeros((side, side), dtype=np.int64)
    nearest = np.full((side, side), np.inf)
    for number, (y, x) in enumerate(places, start=1):
        distance = np.hypot(rows - y, columns - x)
        cells[(distance <= radius) & (distance < nearest)] = number
        nearest = np.minimum(nearest, distance)
    return cells
