"""A region of any size as a grid of one size: RoI pooling, RoI Align, spatial pyramid pooling (lectures A and E).

Maps are (C, H, W), one picture at a time. A region is a box (x1, y1, x2, y2) in pixels of the picture, `scale` what
turns them into cells of the map: 1/16 behind four halvings. Cell (row, column) of a map lies from (column, row) to
(column + 1, row + 1), so its middle is half a cell further.
Sources: Girshick, "Fast R-CNN", ICCV 2015, section 2.1; He et al., "Mask R-CNN", ICCV 2017, section 3; He et al.,
"Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition", ECCV 2014, appendix A.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, LimitError, ShapeError
from core.types import FeatureMap, Floats, Pair

How: TypeAlias = Literal["pool", "align"]
Spans: TypeAlias = NDArray[np.int64]  # (n, 2): from the first cell of the map up to, and without, the second
HOWS: tuple[How, ...] = get_args(How)
MOST_CELLS = 64  # of the grid, in one direction
MOST_SAMPLES = 4096  # of a region, in one direction


def pooled_spans(start: float, end: float, cells: int, side: int) -> Spans:
    """Which cells of a map's side each cell of the grid reads: (cells, 2).

        a = round(start),  b = round(end),  width = max(b - a + 1, 1)
        from  a + floor(i · width / cells)  up to  a + ceil((i + 1) · width / cells)

    Everything is rounded twice: the region to whole cells of the map, and its parts again, outwards, so that they
    may share a cell. The last cell b counts as part of the region. What lies beyond the map is cut off.

    >>> pooled_spans(0.6, 4.6, 2, 8).tolist()
    [[1, 4], [3, 6]]
    """
    first, last = _rounded(start), _rounded(end)
    width = max(last - first + 1, 1) / cells
    edges = [(first + floor(each * width), first + ceil((each + 1) * width)) for each in range(cells)]
    return np.array(edges, dtype=np.int64).clip(0, side)


def roi_pool(maps: FeatureMap, region: Floats, size: Pair, *, scale: float = 1.0) -> FeatureMap:
    """The largest value in every cell of a grid over a region: (C, H, W), (4,) -> (C, h, w).

    The grid has h times w cells whatever the region's size. A cell beyond the map holds nothing: 0.

    >>> maps = np.arange(36.0).reshape(1, 6, 6)
    >>> roi_pool(maps, np.array([16.0, 0.0, 70.0, 30.0]), (2, 2), scale=1 / 16)
    array([[[ 8., 10.],
            [14., 16.]]])
    """
    _checked(maps, region, size, scale)
    x1, y1, x2, y2 = (region * scale).tolist()
    rows = pooled_spans(y1, y2, size[0], maps.shape[1])
    columns = pooled_spans(x1, x2, size[1], maps.shape[2])
    pooled = np.zeros((len(maps), *size))
    for row, (top, bottom) in enumerate(rows):
        for column, (left, right) in enumerate(columns):
            if top < bottom and left < right:
                pooled[:, row, column] = maps[:, top:bottom, left:right].max(axis=(1, 2))
    return pooled


def sample_places(start: float, end: float, cells: int, *, sampling: int = 0, aligned: bool = True) -> Floats:
    """Where Align looks along one side, n places in each cell of the grid: (cells, n), in places of values.

        p = start - 1/2 + (i + (k + 1/2) / n) · width / cells        value j of a map lies at its middle, j + 1/2

    Nothing is rounded. With sampling 0 there are n = ceil(width / cells) places, about one for each cell of the map.
    Not `aligned`, as in the first programs, the half is forgotten, and a region has a width of at least 1.

    >>> sample_places(0.6, 4.4, 2, sampling=2).round(3).tolist()
    [[0.575, 1.525], [2.475, 3.425]]
    """
    width = end - start if aligned else max(end - start, 1.0)
    count = sampling if sampling > 0 else max(ceil(width / cells), 0)
    if count * cells > MOST_SAMPLES:
        raise LimitError(
            f"from 0 to {MOST_SAMPLES:,} places along a side, and {count} in each of {cells} cells are more"
        )
    shares = (np.arange(count) + 0.5) / max(count, 1)  # (n,)
    places: Floats = start - (0.5 if aligned else 0.0) + (np.arange(cells)[:, None] + shares) * width / cells
    return places


def line_weights(places: Floats, side: int) -> Floats:
    """How much each value of a line counts at some places between them: (P,) -> (P, side).

    A place between two values takes of each the share by which it is nearer. Up to one cell beyond the ends the last
    value counts alone; further out there is nothing.

    >>> line_weights(np.array([0.25, 2.0, -0.4, 3.5]), 3)
    array([[0.75, 0.25, 0.  ],
           [0.  , 0.  , 1.  ],
           [1.  , 0.  , 0.  ],
           [0.  , 0.  , 0.  ]])
    """
    inside = (places >= -1) & (places <= side)
    held = places.clip(0, side - 1)
    near = np.maximum(0.0, 1 - np.abs(held[:, None] - np.arange(side)))  # (P, side)
    weights: Floats = near * inside[:, None]
    return weights


def align_weights(
    start: float, end: float, cells: int, side: int, *, sampling: int = 0, aligned: bool = True
) -> Floats:
    """How much each value of a map's side counts in each cell of the grid: (cells, side).

    The mean of what its places see. The weights of a map's value are the product of its row's and its column's.

    >>> align_weights(0.5, 2.5, 2, 4, sampling=2)
    array([[0.5, 0.5, 0. , 0. ],
           [0. , 0.5, 0.5, 0. ]])
    """
    places = sample_places(start, end, cells, sampling=sampling, aligned=aligned)  # (cells, n)
    seen = line_weights(places.ravel(), side).reshape(*places.shape, side)  # (cells, n, side)
    weights: Floats = seen.sum(axis=1) / max(places.shape[1], 1)
    return weights


def roi_align(
    maps: FeatureMap, region: Floats, size: Pair, *, scale: float = 1.0, sampling: int = 0, aligned: bool = True
) -> FeatureMap:
    """The mean of a few places between the values, in every cell of a grid: (C, H, W), (4,) -> (C, h, w).

        out[c, i, j] = sum over y, x of  R[i, y] · maps[c, y, x] · C[j, x]        R, C: align_weights

    >>> maps = np.arange(36.0).reshape(1, 6, 6)
    >>> roi_align(maps, np.array([16.0, 0.0, 70.0, 30.0]), (2, 2), scale=1 / 16).round(3)
    array([[[1.344, 3.031],
            [6.781, 8.469]]])
    """
    _checked(maps, region, size, scale)
    x1, y1, x2, y2 = (region * scale).tolist()
    rows = align_weights(y1, y2, size[0], maps.shape[1], sampling=sampling, aligned=aligned)  # (h, H)
    columns = align_weights(x1, x2, size[1], maps.shape[2], sampling=sampling, aligned=aligned)  # (w, W)
    aligned_maps: FeatureMap = rows @ maps @ columns.T
    return aligned_maps


def many_regions(
    how: How,
    maps: FeatureMap,
    regions: Floats,
    size: Pair,
    *,
    scale: float = 1.0,
    sampling: int = 0,
    aligned: bool = True,
) -> Floats:
    """Many regions of one picture at once, by torchvision: (C, H, W), (R, 4) -> (R, C, h, w)."""
    import torch
    from torchvision.ops import roi_align as fast_align
    from torchvision.ops import roi_pool as fast_pool

    for region in regions:
        _checked(maps, region, size, scale)
    given, boxes = torch.from_numpy(maps)[None], [torch.from_numpy(np.asarray(regions, dtype=np.float64))]
    if how == "pool":
        found = fast_pool(given, boxes, size, scale)
    else:
        found = fast_align(given, boxes, size, scale, sampling or -1, aligned)
    values: Floats = found.numpy()
    return values


def spatial_pyramid(maps: FeatureMap, levels: Sequence[int] = (1, 2, 4)) -> Floats:
    """The largest value of every cell of some grids over whole maps, as one vector: (C, H, W) -> (C · sum of n²,).

        cell i of n reads from floor(i · H / n) up to ceil((i + 1) · H / n)

    The length does not depend on H and W, so a dense layer behind it takes pictures of any size.

    >>> spatial_pyramid(np.arange(6.0).reshape(1, 2, 3), levels=(1, 2))
    array([5., 1., 2., 4., 5.])
    >>> spatial_pyramid(np.zeros((256, 13, 13))).shape, spatial_pyramid(np.zeros((256, 10, 17))).shape
    ((5376,), (5376,))
    """
    if maps.ndim != 3 or 0 in maps.shape:
        raise ShapeError(f"need maps (C, H, W) with a value at least, got {maps.shape}")
    if not levels or not all(1 <= level <= MOST_CELLS for level in levels):
        raise LimitError(f"a level has 1 to {MOST_CELLS} cells a side, got {list(levels)}")
    parts = []
    for level in levels:
        rows, columns = (pyramid_spans(side, level) for side in maps.shape[1:])
        cells = [maps[:, a:b, c:d].max(axis=(1, 2)) for a, b in rows for c, d in columns]  # n² of (C,)
        parts.append(np.stack(cells, axis=1).ravel())
    return np.concatenate(parts)


def pyramid_spans(side: int, cells: int) -> Spans:
    """Which of a map's rows each cell of a level reads: (cells, 2). On a map smaller than the level cells share rows.

    >>> pyramid_spans(13, 4).tolist()
    [[0, 4], [3, 7], [6, 10], [9, 13]]
    """
    return np.array([(each * side // cells, -(-(each + 1) * side // cells)) for each in range(cells)], dtype=np.int64)


def _rounded(value: float) -> int:
    """To the nearest whole number, halves away from 0, as C does it; Python's own goes to the even one."""
    return floor(abs(value) + 0.5) * (1 if value >= 0 else -1)


def _checked(maps: FeatureMap, region: Floats, size: Pair, scale: float) -> None:
    if maps.ndim != 3 or region.shape != (4,):
        raise ShapeError(f"need maps (C, H, W) and a region (x1, y1, x2, y2), got {maps.shape} and {region.shape}")
    if not all(1 <= side <= MOST_CELLS for side in size):
        raise LimitError(f"a grid has 1 to {MOST_CELLS} cells a side, got {size[0]}x{size[1]}")
    if not scale > 0 or not np.isfinite(region).all():
        raise CoreError(f"need a scale above 0 and a region of numbers, got {scale} and {region.tolist()}")
