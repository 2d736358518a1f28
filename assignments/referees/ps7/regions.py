"""Maps, and regions on them, for both questions about regions."""

import numpy as np

from core.types import Floats
from grading.referee import Case, Drawn, Forbidden, Tolerance, case

FLOAT32 = Tolerance(1e-4, 1e-4, because="float32 carries seven digits, and a cell is the mean of 16 products")
COUNTING = np.arange(36.0).reshape(1, 6, 6)
TWO = np.stack([np.arange(20.0).reshape(4, 5), -np.arange(20.0).reshape(4, 5)])
ITSELF = "This function does the whole exercise. Go through the cells yourself."
FORBIDDEN = tuple(
    Forbidden(f"torchvision.ops.{name}", because=ITSELF) for name in ("RoIAlign", "RoIPool", "roi_align", "roi_pool")
)
WHOLE = np.array([16.0, 0.0, 70.0, 30.0])


def exchanged(region: Floats) -> Floats:
    """y before x."""
    return region[[1, 0, 3, 2]]


def span(random: np.random.Generator, where: str, side: int) -> tuple[float, float]:
    """Start and end on a side of the map, in cells, neither near a half nor near a whole number."""
    cells = {"inside": random.uniform(3.5, 5), "small": random.uniform(0.4, 2.5), "rim": random.uniform(5, 7)}[where]
    last = side - 2 - int(np.ceil(cells))  # from which it stays inside
    start = int(random.integers(1, max(last, 1) + 1)) if where != "rim" else int(random.choice([-4, side - 3]))
    first = start + random.uniform(0.1, 0.4) + 0.5 * float(random.integers(2))
    return first, float(np.floor(first + cells) + random.uniform(0.6, 0.9))


def any_region(where: str) -> Drawn:
    """A map and a region on it: inside, with fewer cells of the map than of the grid, or over the rim."""

    def draw(random: np.random.Generator) -> Case:
        sides = random.permuted([random.integers(8, 11), random.integers(12, 15)])  # of the map, never square
        maps = random.normal(-1, 2, size=(int(random.integers(2, 4)), *sides))
        scale = 2.0 ** -int(random.integers(1, 5))
        low, high = (5, 6) if where == "small" else (2, 4)
        size = tuple(int(cells) for cells in random.permuted([int(random.integers(low, high)), high]))
        (y1, y2), (x1, x2) = (span(random, where, int(side)) for side in sides)
        return case(maps, np.array([x1, y1, x2, y2]) / scale, size, scale)

    return draw
