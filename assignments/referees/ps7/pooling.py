"""roi_pool: how does a region of any size become a grid of one size?"""

from math import floor

import numpy as np

from assignments.referees.ps7.regions import COUNTING, FLOAT32, FORBIDDEN, TWO, WHOLE, any_region, exchanged
from core.detect.regions.roi import pooled_spans
from core.detect.regions.roi import roi_pool as reference
from core.types import FeatureMap, Floats, Pair
from grading.referee import Group, Mistake, Referee, case

Spans = list[tuple[int, int]]


def pooled(maps: FeatureMap, region: Floats, size: Pair, scale: float) -> FeatureMap:
    """The reference."""
    return reference(maps, region, size, scale=scale)


def cell_by_cell(
    maps: FeatureMap, region: Floats, size: Pair, scale: float, *, spans: str, reduced: str = "max"
) -> FeatureMap:
    """The same, with other spans or another summary: mistakes are made with it."""
    x1, y1, x2, y2 = (region * scale).tolist()
    rows = spans_of(spans, y1, y2, size[0], maps.shape[1])
    columns = spans_of(spans, x1, x2, size[1], maps.shape[2])
    found = np.zeros((len(maps), *size))
    for row, (top, bottom) in enumerate(rows):
        for column, (left, right) in enumerate(columns):
            window = maps[:, top:bottom, left:right]
            if window.size:
                found[:, row, column] = getattr(window, reduced)(axis=(1, 2))
    return found


def spans_of(kind: str, start: float, end: float, cells: int, side: int) -> Spans:
    """Which cells of a side are read, in one of the wrong ways."""
    first, last = (floor(abs(each) + 0.5) * (1 if each >= 0 else -1) for each in (start, end))
    if kind == "right":
        return [(int(a), int(b)) for a, b in pooled_spans(start, end, cells, side)]
    if kind == "down":
        first, last = floor(start), floor(end)
    if kind == "even":
        first, last = round(start), round(end)
    if kind == "held":
        first, last = (min(max(each, 0), side - 1) for each in (first, last))
    width = max(last - first + (kind != "open"), 1) / cells
    spans = [(first + floor(each * width), first - floor(-(each + 1) * width)) for each in range(cells)]
    if kind == "parted":
        spans = [(first + floor(each * width), first + floor((each + 1) * width)) for each in range(cells)]
    return spans if kind == "wrapped" else [(min(max(a, 0), side), min(max(b, 0), side)) for a, b in spans]


roi_pool = Referee(
    name="roi_pool",
    points=2,
    reference=pooled,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(COUNTING, WHOLE, (2, 2), 1 / 16, title="A region on a map of stride 16"),
                case(TWO, np.array([0.0, 1, 3, 2]), (1, 2), 1.0, title="Two maps"),
            ),
        ),
        Group("regions inside the map", weight=1.5, drawn=any_region("inside"), count=8),
        Group("regions with fewer cells than the grid", weight=1, drawn=any_region("small"), count=8),
        Group("regions over the rim of the map", weight=1, drawn=any_region("rim"), count=8),
        Group(
            "edges halfway between two cells, a single cell, and regions beside the map",
            weight=0.5,
            cases=(
                case(COUNTING[:, :5] - 9, np.array([4.0, 12, 36, 28]), (2, 3), 1 / 8),
                case(9 - COUNTING[:, :, :5], np.array([-4.0, -4, 20, 12]), (3, 2), 1 / 8),
                case(TWO - 3, np.array([8.0, 16, 8, 16]), (2, 3), 1 / 8),
                case(COUNTING + 1, np.array([80.0, 80, 99, 90]), (2, 1), 1 / 8),
                case(-1 - COUNTING, np.array([-60.0, -30, -20, 8]), (1, 2), 1 / 8),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the scale",
            lambda maps, region, size, scale: pooled(maps, region, size, 1.0),
            hint="The region is given in pixels of the picture: its edges times the scale are places on the map.",
        ),
        Mistake(
            "leaves the last cell out",
            lambda *asked: cell_by_cell(*asked, spans="open"),
            hint="The last cell counts as part of the region: from first to last there are last - first + 1 of them.",
        ),
        Mistake(
            "rounds down",
            lambda *asked: cell_by_cell(*asked, spans="down"),
            hint="The edges of the region are rounded to the nearest whole number, not down.",
        ),
        Mistake(
            "rounds halves to even numbers",
            lambda *asked: cell_by_cell(*asked, spans="even"),
            hint="Python's round takes a half to the even neighbour. Here a half goes away from 0.",
        ),
        Mistake(
            "parts that share no cell",
            lambda *asked: cell_by_cell(*asked, spans="parted"),
            hint="A part ends at its rounded up edge, so that it may share a cell with the next one.",
        ),
        Mistake(
            "exchanges x and y",
            lambda maps, region, size, scale: pooled(maps, exchanged(region), size, scale),
            hint="In a region x comes first, but the first axis of a map after the channels is y.",
        ),
        Mistake(
            "exchanges height and width of the grid",
            lambda maps, region, size, scale: pooled(maps, region, size[::-1], scale),
            hint="The grid is given as rows and columns, in this order.",
        ),
        Mistake(
            "takes the mean",
            lambda *asked: cell_by_cell(*asked, spans="right", reduced="mean"),
            hint="Each cell of the grid keeps the largest value, not the mean.",
        ),
        Mistake(
            "begins at 0",
            lambda *asked: np.maximum(pooled(*asked), 0),
            hint="Where all values of a part are negative the largest is negative, too: do not begin with 0.",
        ),
        Mistake(
            "counts from the end",
            lambda *asked: cell_by_cell(*asked, spans="wrapped"),
            hint="A negative place means that the region begins before the map; to Python it means a place counted "
            "from the end. Cut off what lies beyond the map.",
        ),
        Mistake(
            "cuts the region first",
            lambda *asked: cell_by_cell(*asked, spans="held"),
            hint="Divide the whole region into parts, and only then cut off what lies beyond the map.",
        ),
    ),
    forbidden=FORBIDDEN,
)
