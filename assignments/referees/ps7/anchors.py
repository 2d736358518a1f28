"""make_anchors: from which boxes does a detector guess?"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from core.detect.anchors import anchors, shapes
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Numbers: TypeAlias = Sequence[float]
PIXELS = Tolerance(1e-5, 1e-3, because="pixels below 1,000: float32 keeps a thousandth of them")


def everywhere(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """The reference."""
    found: Floats = anchors(rows, columns, stride=stride, sizes=sizes, ratios=ratios).double().numpy()
    return found


def middles(rows: int, columns: int, stride: float) -> Floats:
    """Of all cells, row by row: (H W, 2)."""
    down, over = np.meshgrid(np.arange(rows) + 0.5, np.arange(columns) + 0.5, indexing="ij")
    found: Floats = stride * np.stack([over, down], axis=-1).reshape(-1, 2)
    return found


def around(places: Floats, kinds: Sequence[tuple[float, float]]) -> Floats:
    """Boxes of some widths and heights around places: (P, 2), k -> (P k, 4)."""
    halves = np.array(kinds) / 2
    corners = np.concatenate([places[:, None] - halves, places[:, None] + halves], axis=-1)
    return corners.reshape(-1, 4)


def column_by_column(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """The places of the first column first."""
    table = everywhere(rows, columns, stride, sizes, ratios).reshape(rows, columns, -1, 4)
    return table.swapaxes(0, 1).reshape(-1, 4)


def kind_by_kind(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """All places of the first kind first."""
    table = everywhere(rows, columns, stride, sizes, ratios).reshape(rows * columns, -1, 4)
    return table.swapaxes(0, 1).reshape(-1, 4)


def ratio_by_ratio(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """All sizes of the first ratio first."""
    table = everywhere(rows, columns, stride, sizes, ratios).reshape(-1, len(sizes), len(ratios), 4)
    return table.swapaxes(1, 2).reshape(-1, 4)


def clipped(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """Cut off at the rim of the picture."""
    found = everywhere(rows, columns, stride, sizes, ratios)
    return found.clip(0, np.array([columns, rows] * 2) * stride)


def middle_and_size(rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """Not turned into corners."""
    found = everywhere(rows, columns, stride, sizes, ratios)
    return np.concatenate([(found[:, :2] + found[:, 2:]) / 2, found[:, 2:] - found[:, :2]], axis=1)


def of_shapes(area: str, rows: int, columns: int, stride: float, sizes: Numbers, ratios: Numbers) -> Floats:
    """Widths and heights found another way."""
    kinds = {
        "not kept": [(size, size * ratio) for size in sizes for ratio in ratios],
        "no root": [(size / ratio, size * ratio) for size in sizes for ratio in ratios],
        "double": [(2 * width, 2 * height) for width, height in shapes(sizes, ratios)],
    }[area]
    return around(middles(rows, columns, stride), kinds)


def any_map(*, sizes: int, ratios: int) -> Drawn:
    """A map that is never square, with so many sizes, and shapes that are not square unless there is one of them."""

    def draw(random: np.random.Generator) -> Case:
        short = int(random.integers(1, 4))
        rows, columns = (int(side) for side in random.permuted([short, short + int(random.integers(1, 4))]))
        stride = int(random.integers(3, 17))
        tall = random.permuted([0.25, 0.4, 0.5, 2, 3, 4])[:ratios] if ratios else [1.0]
        wide = stride * random.uniform(1.2, 4, size=sizes)
        return case(rows, columns, stride, tuple(map(float, wide)), tuple(map(float, tall)))

    return draw


make_anchors = Referee(
    name="make_anchors",
    points=1,
    reference=everywhere,
    tolerance=PIXELS,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(1, 2, 8, (8,), (1,), title="Two cells side by side"),
                case(2, 2, 8, (8,), (1,), title="Four cells"),
                case(2, 1, 8, (16, 32), (1, 4), title="Two cells below each other, two sizes of two shapes"),
            ),
        ),
        Group("one square anchor in each cell", weight=1, drawn=any_map(sizes=1, ratios=0), count=8),
        Group("one anchor in each cell, wide or tall", weight=1, drawn=any_map(sizes=1, ratios=1), count=8),
        Group("several sizes and shapes", weight=1, drawn=any_map(sizes=2, ratios=3), count=8),
    ),
    mistakes=(
        Mistake(
            "goes column by column",
            column_by_column,
            hint="The cells come row by row: the column changes faster than the row.",
        ),
        Mistake(
            "goes kind by kind",
            kind_by_kind,
            hint="The anchors of one cell stand together: all kinds of the first cell, then those of the next.",
        ),
        Mistake(
            "goes ratio by ratio",
            ratio_by_ratio,
            hint="Within a cell all ratios of the first size come first, then those of the next size.",
        ),
        Mistake(
            "begins at the corner of the cell",
            lambda rows, columns, stride, *kinds: everywhere(rows, columns, stride, *kinds) - stride / 2,
            hint="An anchor stands around the middle of its cell, half a stride further than the corner.",
        ),
        Mistake(
            "exchanges x and y",
            lambda *asked: everywhere(*asked)[:, [1, 0, 3, 2]],
            hint="x runs along the columns and y along the rows, and in a box x comes first.",
        ),
        Mistake(
            "turns the ratio over",
            lambda rows, columns, stride, sizes, ratios: everywhere(
                rows, columns, stride, sizes, [1 / ratio for ratio in ratios]
            ),
            hint="The ratio is height over width: above one the anchor is tall.",
        ),
        Mistake(
            "lets the area grow",
            lambda *asked: of_shapes("not kept", *asked),
            hint="All shapes of one size have the same area: what the height gains the width loses.",
        ),
        Mistake(
            "forgets the square root",
            lambda *asked: of_shapes("no root", *asked),
            hint="Height over width is the ratio only if each of them takes its square root.",
        ),
        Mistake(
            "adds whole sides",
            lambda *asked: of_shapes("double", *asked),
            hint="From the middle it is half a width to each edge: your anchors are twice as large.",
        ),
        Mistake(
            "cuts them off",
            clipped,
            hint="Anchors may hang over the rim of the picture: do not cut them off.",
        ),
        Mistake(
            "answers with middle and size",
            middle_and_size,
            hint="The answer wants corners, (x1, y1, x2, y2), not the middle, the width and the height.",
        ),
    ),
)
