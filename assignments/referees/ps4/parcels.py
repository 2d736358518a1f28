"""parcel_features: seven numbers that an expert reads off a height map."""

from collections.abc import Callable
from typing import Any

import numpy as np

from assignments.referees.ps4.common import FLOAT32, unlike
from core.features import handcrafted
from core.features.handcrafted import FEATURES, QUANTILES
from core.types import Heatmap, Mask
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Features = dict[str, float]
Wrong = Callable[[Heatmap], Features]  # the features that are wrong


def one_of(heights: Heatmap, key: str) -> float:
    """The reference, for one of the features."""
    return handcrafted.parcel_features(heights)[key]


def part_of(function: Callable[[Heatmap], Any], heights: Heatmap, key: str) -> Any:
    """The student's answer, as far as the case is about it; what is no dictionary answers nothing."""
    answer = function(heights)
    return answer[key] if isinstance(answer, dict) else {"no dictionary"}


def outline(covered: Mask) -> float:
    """Sides of cells against nothing: the perimeter of a mask."""
    return handcrafted.parcel_features(covered.astype(float))["perimeter"]


def sides(heights: Heatmap) -> tuple[int, int]:
    """Rows and columns of the smallest rectangle around what is not 0."""
    rows, columns = np.nonzero(heights)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def without_rim(heights: Heatmap) -> Features:
    """Sides at the rim of the map are not seen."""
    covered = (heights != 0).astype(int)
    return {"perimeter": float(abs(np.diff(covered, axis=0)).sum() + abs(np.diff(covered, axis=1)).sum())}


def without_holes(heights: Heatmap) -> Features:
    """Only the outline outside."""
    from scipy.ndimage import binary_fill_holes

    return {"perimeter": outline(binary_fill_holes(heights != 0))}


def border_cells(heights: Heatmap) -> Features:
    """Cells with a free side, in place of sides."""
    covered = np.pad(heights != 0, 1)
    inside = covered[:-2, 1:-1] & covered[2:, 1:-1] & covered[1:-1, :-2] & covered[1:-1, 2:]
    return {"perimeter": float((covered[1:-1, 1:-1] & ~inside).sum())}


def eight_neighbours(heights: Heatmap) -> Features:
    """Corners count like sides."""
    covered = np.pad(heights != 0, 1)
    rows, columns = heights.shape
    around = [(r, c) for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    free = sum((~covered[r : r + rows, c : c + columns] & covered[1:-1, 1:-1]).sum() for r, c in around)
    return {"perimeter": float(free)}


def quantiles(heights: Heatmap, values: Any = None, **options: Any) -> Features:
    """The three heights, of other values or by another rule."""
    values = heights[heights != 0] if values is None else values
    found = np.quantile(values, list(QUANTILES.values()), **options)
    return dict(zip(QUANTILES, map(float, found), strict=True))


def exchanged(heights: Heatmap) -> Features:
    """The low height for the high one."""
    found = quantiles(heights)
    return found | {"low height": found["high height"], "high height": found["low height"]}


def extremes(heights: Heatmap) -> Features:
    """Lowest and highest of all."""
    values = heights[heights != 0]
    return {"low height": float(values.min()), "high height": float(values.max())}


def of_percent(heights: Heatmap) -> Features:
    """A tenth of a percent in place of ten percent."""
    found = np.percentile(heights[heights != 0], list(QUANTILES.values()))
    return dict(zip(QUANTILES, map(float, found), strict=True))


def only_above(heights: Heatmap, key: str) -> float:
    """What lies below the belt is not there."""
    return one_of(np.where(heights > 0, heights, 0.0), key)


def not_for_empty(heights: Heatmap, key: str) -> float:
    """Means and quantiles of nothing."""
    if not heights.any():
        raise ValueError
    return one_of(heights, key)


def named(title: str, wrong: Wrong, hint: str) -> Mistake:
    """A mistake of the whole function, asked for one of its features; an empty map is answered all the same."""

    def variant(heights: Heatmap, key: str) -> float:
        return ({} if not heights.any() else wrong(heights)).get(key, one_of(heights, key))

    return Mistake(title, variant, hint)


def any_map(random: np.random.Generator) -> Heatmap:
    """A parcel at the rim of a larger map: taller or wider than long, a corner missing and a hole inside."""
    rows, columns = unlike(random, 8, 14, 2)
    tall, wide = unlike(random, 5, min(rows, columns), 2)
    parcel = random.uniform(2.0, 9.0, size=(tall, wide)) + random.uniform(0.0, 30.0)
    parcel[: int(random.integers(1, 3)), : int(random.integers(1, 3))] = 0  # a corner
    parcel[-2, -2 - int(random.integers(0, 2))] = 0  # a hole
    heights = np.zeros((rows, columns))
    across = int(random.integers(1, columns - wide + 1))
    heights[:tall, across : across + wide] = parcel
    return np.ascontiguousarray(heights[:: int(random.choice([-1, 1]))])


def partly_below(random: np.random.Generator) -> Heatmap:
    """A flat parcel, some cells of its rim measured a little lower than the belt."""
    heights = any_map(random)
    heights[heights != 0] -= heights[heights != 0].min() - 0.1
    rows, _ = np.nonzero(heights)
    for row in {int(rows.min()), int(rows.max())}:
        heights[row] *= -0.1
    heights[:, np.flatnonzero(heights.any(axis=0))[[0, -1]]] *= -0.1
    return heights


def asked_for(*keys: str, of: Callable[[np.random.Generator], Heatmap] = any_map) -> Drawn:
    """Some of the features of a map."""

    def draw(random: np.random.Generator) -> Case:
        return case(of(random), str(random.choice(keys)))

    return draw


LETTER_L = np.array([[0.0, 0, 0, 0], [6, 0, 0, 0], [4, 2, 9, 0]])
FRAME = np.array([[5.0, 5, 5], [5, 0, 7], [5, 5, 5], [5, 5, 5]])
EMPTY = np.zeros((3, 5))
DOT = np.array([[0.0, 0, 0], [0, 0, 3.5]])
APART = np.array([[2.0, 0, 0, 0, 9], [0, 0, 0, 0, 0], [0, 0, 4, 0, 0]])

parcel_features = Referee(
    name="parcel_features",
    points=2,
    reference=one_of,
    tolerance=FLOAT32,
    given=lambda heights, key: (heights, key),
    ask=part_of,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                *(case(LETTER_L, key, title=f"An L of four cells: {key}") for key in FEATURES),
                *(case(FRAME, key, title=f"A frame: {key}") for key in ("perimeter", "diagonal")),
            ),
        ),
        Group("mean height", weight=1, drawn=asked_for("mean height"), count=3),
        Group("area", weight=1, drawn=asked_for("area"), count=3),
        Group("perimeter", weight=2, drawn=asked_for("perimeter"), count=4, cases=(case(APART, "perimeter"),)),
        Group("diagonal", weight=1, drawn=asked_for("diagonal"), count=3, cases=(case(APART, "diagonal"),)),
        Group(
            "low, middle and high height",
            weight=2,
            drawn=asked_for(*QUANTILES),
            count=3,
            cases=tuple(case(APART, key) for key in QUANTILES),
        ),
        Group("maps without a parcel", weight=1, cases=tuple(case(EMPTY, key) for key in FEATURES)),
        Group(
            "heights below the belt, and a parcel of one cell",
            weight=1,
            drawn=asked_for("area", "mean height", of=partly_below),
            count=4,
            cases=(*(case(-LETTER_L, key) for key in FEATURES), *(case(DOT, key) for key in FEATURES)),
        ),
    ),
    mistakes=(
        named(
            "averages the belt as well",
            lambda heights: {"mean height": float(heights.mean())},
            hint="The mean height is one over the cells that are not 0; your mean counts the belt as well.",
        ),
        named(
            "averages over the rectangle",
            lambda heights: {"mean height": float(heights.sum() / np.prod(sides(heights)))},
            hint="The mean height is one over the cells that are not 0, not over all those of the rectangle around "
            "them.",
        ),
        named(
            "area of the rectangle",
            lambda heights: {"area": float(np.prod(sides(heights)))},
            hint="The area is the number of cells that are not 0, not that of the rectangle around them.",
        ),
        named(
            "volume for area",
            lambda heights: {"area": float(heights.sum())},
            hint="The area counts cells, however high they are; you add the heights up.",
        ),
        named(
            "forgets the rim of the map",
            without_rim,
            hint="What lies at the rim of the map has a free side there. Put a frame of zeros around the map first.",
        ),
        named(
            "overlooks holes",
            without_holes,
            hint="A hole inside has sides as well: every side of a cell that is not 0 counts if a 0 lies beyond it.",
        ),
        named(
            "counts cells at the border",
            border_cells,
            hint="You count cells that have a free side. A cell may have several of them, and each counts.",
        ),
        named(
            "counts corners as well",
            eight_neighbours,
            hint="A cell has four sides. The cells that touch it at a corner only do not count.",
        ),
        named(
            "goes around the rectangle",
            lambda heights: {"perimeter": 2.0 * sum(sides(heights))},
            hint="You go around the rectangle. The perimeter follows the parcel, into every notch and hole.",
        ),
        named(
            "from middle to middle",
            lambda heights: {"diagonal": float(np.hypot(sides(heights)[0] - 1, sides(heights)[1] - 1))},
            hint="From the first row to the last one it is last - first + 1 rows: the rectangle reaches to the far "
            "sides of its cells.",
        ),
        named(
            "around two corners",
            lambda heights: {"diagonal": float(sum(sides(heights)))},
            hint="The diagonal goes straight across: the root of the squares of both sides, not their sum.",
        ),
        named(
            "diagonal of the map",
            lambda heights: {"diagonal": float(np.hypot(heights.shape[0], heights.shape[1]))},
            hint="That is the diagonal of the whole map. Look for the first and the last row and column with a parcel.",
        ),
        named(
            "belt among the heights",
            lambda heights: quantiles(heights, values=heights.ravel()),
            hint="The belt is not part of the parcel: take the cells that are not 0 first, then the quantiles.",
        ),
        named(
            "exchanges low and high",
            exchanged,
            hint="You exchange the low and the high height: one of ten cells stays below the low one, nine of ten "
            "below the high one.",
        ),
        named(
            "takes the extremes",
            extremes,
            hint="You take the lowest and the highest cell. Asked for are quantiles: a tenth of the cells lies beyond "
            "each.",
        ),
        named(
            "takes shares for percent",
            of_percent,
            hint="np.percentile takes percent and np.quantile takes shares: a tenth is ten percent.",
        ),
        named(
            "never takes a height between",
            lambda heights: quantiles(heights, method="lower"),
            hint="You take the height of one cell. Where the place of a quantile falls between two, their heights are "
            "mixed.",
        ),
        Mistake(
            "only what is above the belt",
            only_above,
            hint="A height below 0 was measured on a parcel as well: ask whether it is 0, not whether it is above.",
        ),
        Mistake(
            "fails without a parcel",
            not_for_empty,
            hint="Without a parcel all seven features are 0: answer that before you take a mean.",
        ),
    ),
)
