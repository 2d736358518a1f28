"""roi_align: the same without any rounding."""

import numpy as np

from assignments.referees.ps7.regions import COUNTING, FLOAT32, FORBIDDEN, TWO, WHOLE, any_region, exchanged
from core.detect.regions.roi import line_weights, sample_places
from core.detect.regions.roi import roi_align as reference
from core.types import FeatureMap, Floats, Pair
from grading.referee import Group, Mistake, Referee, case

SAMPLING = 2  # places in each direction of a cell


def aligned(maps: FeatureMap, region: Floats, size: Pair, scale: float) -> FeatureMap:
    """The reference."""
    return reference(maps, region, size, scale=scale, sampling=SAMPLING)


def sampled(
    maps: FeatureMap, region: Floats, size: Pair, scale: float, *, places: str = "right", reading: str = "between"
) -> FeatureMap:
    """Align with other places, or another reading of a place."""
    x1, y1, x2, y2 = (region * scale).tolist()
    rows, columns = (
        weights(places, reading, start, end, cells, side)
        for start, end, cells, side in ((y1, y2, size[0], maps.shape[1]), (x1, x2, size[1], maps.shape[2]))
    )
    seen = np.einsum("iky,cyx,jlx->cijkl", rows, maps, columns)
    found: FeatureMap = seen.max(axis=(3, 4)) if reading == "largest" else seen.mean(axis=(3, 4))
    return found


def weights(places: str, reading: str, start: float, end: float, cells: int, side: int) -> Floats:
    """How much each value of a side counts at each place of each cell: (cells, n, side)."""
    where = sample_places(start, end, cells, sampling=1 if places == "middle" else SAMPLING)
    if places == "corners":
        where = start - 0.5 + (np.arange(cells)[:, None] + np.array([0.0, 1.0])) * (end - start) / cells
    where = where.ravel()
    if reading == "nearest":
        where = np.where((where >= -1) & (where <= side), np.floor(where.clip(0, side - 1) + 0.5), where)
    if reading == "held":
        where = where.clip(0, side - 1)
    table = line_weights(where, side)
    if reading == "fading":
        table = np.maximum(0.0, 1 - np.abs(where[:, None] - np.arange(side)))
    return table.reshape(cells, -1, side)


def rounded(region: Floats, scale: float) -> Floats:
    """To whole cells, as pooling does it."""
    whole: Floats = np.sign(region) * np.floor(np.abs(region * scale) + 0.5) / scale
    return whole


roi_align = Referee(
    name="roi_align",
    points=1,
    reference=aligned,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(COUNTING, WHOLE, (2, 2), 1 / 16, title="A region on a map of stride 16"),
                case(TWO, np.array([0.5, 1, 2.5, 3]), (1, 2), 1.0, title="Two maps"),
            ),
        ),
        Group("regions inside the map", weight=1, drawn=any_region("inside"), count=8),
        Group("regions with fewer cells than the grid", weight=1, drawn=any_region("small"), count=8),
        Group(
            "regions over the rim of the map",
            weight=1,
            drawn=any_region("rim"),
            count=8,
            cases=(  # just a cell beyond the rim, which still counts, at all four sides
                case(TWO - 30, np.array([-1.0, 3, 1, 5]), (1, 1), 1.0),
                case(30 - TWO, np.array([4.0, -1, 6, 1]), (1, 1), 1.0),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the scale",
            lambda maps, region, size, scale: aligned(maps, region, size, 1.0),
            hint="The region is given in pixels of the picture: its edges times the scale are places on the map.",
        ),
        Mistake(
            "forgets the half",
            lambda maps, region, size, scale: aligned(maps, region + 0.5 / scale, size, scale),
            hint="A value of the map stands in the middle of its cell: subtract one half from every place.",
        ),
        Mistake(
            "rounds the region",
            lambda maps, region, size, scale: aligned(maps, rounded(region, scale), size, scale),
            hint="You round the region. Nothing is rounded here: that is what Align is for.",
        ),
        Mistake(
            "takes the nearest value",
            lambda *asked: sampled(*asked, reading="nearest"),
            hint="Between the values mix the four around the place; you take the nearest one.",
        ),
        Mistake(
            "takes the largest",
            lambda *asked: sampled(*asked, reading="largest"),
            hint="Take the mean of the places in a cell, not the largest of them.",
        ),
        Mistake(
            "looks in the middle only",
            lambda *asked: sampled(*asked, places="middle"),
            hint="Look at two places each way in every cell, not in its middle alone.",
        ),
        Mistake(
            "looks at the corners of the cells",
            lambda *asked: sampled(*asked, places="corners"),
            hint="The places lie inside a cell, at a quarter and at three quarters of it, not on its edges.",
        ),
        Mistake(
            "exchanges x and y",
            lambda maps, region, size, scale: aligned(maps, exchanged(region), size, scale),
            hint="In a region x comes first, but the first axis of a map after the channels is y.",
        ),
        Mistake(
            "exchanges height and width of the grid",
            lambda maps, region, size, scale: aligned(maps, region, size[::-1], scale),
            hint="The grid is given as rows and columns, in this order.",
        ),
        Mistake(
            "goes on beyond the rim",
            lambda *asked: sampled(*asked, reading="held"),
            hint="The outermost values count a cell beyond the rim; further out there is 0.",
        ),
        Mistake(
            "fades at the rim",
            lambda *asked: sampled(*asked, reading="fading"),
            hint="Up to a cell beyond the rim the outermost value counts in full, it does not fade.",
        ),
    ),
    forbidden=FORBIDDEN,
)
