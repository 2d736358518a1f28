"""Features an expert would measure on a parcel's height map (lectures A and C).

A height map is (H, W): the height of the parcel over each cell of the belt, 0 where there is none or none was measured.
"""

from collections.abc import Sequence

import numpy as np

from core.errors import ShapeError
from core.types import Floats, Heatmap

QUANTILES = {"low height": 0.1, "middle height": 0.5, "high height": 0.9}
FEATURES = ("mean height", "area", "perimeter", "diagonal", *QUANTILES)


def parcel_features(heights: Heatmap) -> dict[str, float]:
    """What can be read off a height map: (H, W) -> seven numbers, all 0 for an empty map.

        mean height   of the cells that are not 0
        area          how many cells are not 0
        perimeter     sides of those cells whose neighbour on that side (up, down, left, right) is 0 or off the map
        diagonal      of the smallest upright rectangle around them, in cells
        low, middle, high height   that 10, 50 and 90 % of the cells that are not 0 stay below

    >>> found = parcel_features(np.array([[0.0, 4.0, 8.0], [0.0, 0.0, 0.0]]))
    >>> [found[name] for name in ("mean height", "area", "perimeter")], round(found["diagonal"], 3)
    ([6.0, 2.0, 6.0], 2.236)
    """
    if heights.ndim != 2 or not heights.size:
        raise ShapeError(f"need a height map (H, W), got {heights.shape}")
    covered = heights != 0
    if not covered.any():
        return dict.fromkeys(FEATURES, 0.0)
    values = heights[covered]
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    tall, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    edges = np.pad(covered, 1).astype(np.int8)
    quantiles = np.quantile(values, list(QUANTILES.values()))
    return {
        "mean height": float(values.mean()),
        "area": float(covered.sum()),
        "perimeter": float(np.abs(np.diff(edges, axis=0)).sum() + np.abs(np.diff(edges, axis=1)).sum()),
        "diagonal": float(np.hypot(tall, wide)),
        **{name: float(value) for name, value in zip(QUANTILES, quantiles, strict=True)},
    }


def feature_table(maps: Sequence[Heatmap], names: Sequence[str] = FEATURES) -> Floats:
    """Some features of many maps: N maps -> (N, len(names)).

    >>> feature_table([np.ones((2, 2)), np.zeros((2, 2))], ["area", "perimeter"])
    array([[4., 8.],
           [0., 0.]])
    """
    unknown = [name for name in names if name not in FEATURES]
    if unknown or not names:
        raise ShapeError(f"choose one or more of {', '.join(FEATURES)}, got {', '.join(names) or 'none'}")
    return np.array([[found[name] for name in names] for found in map(parcel_features, maps)])


def standardise(train: Floats, *others: Floats) -> tuple[Floats, ...]:
    """Every column shifted and scaled to mean 0 and deviation 1 of the training part: (N, F), (M, F) -> the same.

    The others are measured by the ruler of the first: nothing of them is known when it is made. A column that never
    changes becomes 0.

    >>> first, second = standardise(np.array([[1.0, 7.0], [3.0, 7.0]]), np.array([[5.0, 7.0]]))
    >>> first.tolist(), second.tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[3.0, 0.0]])
    """
    if train.ndim != 2 or not len(train) or any(each.shape[1:] != train.shape[1:] for each in others):
        raise ShapeError(f"need tables with the same columns, got {[each.shape for each in (train, *others)]}")
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread = np.where(spread > 1e-12 * np.maximum(np.abs(mean), 1.0), spread, np.inf)
    return tuple((each - mean) / spread for each in (train, *others))
