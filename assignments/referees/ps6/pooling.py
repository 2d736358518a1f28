"""global_pool and gap_matrix: one number of every map, and the mean as a matrix."""

import numpy as np

from core.blocks.heads import average_matrix, flatten_matrix, global_average, global_max
from core.types import FeatureMap, Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

FLOAT32 = Tolerance(1e-5, 1e-5, because="a mean of at most a hundred numbers: float32 keeps five digits of it")
SHARES = Tolerance(1e-5, 1e-6, because="entries are quotients of whole numbers: float32 keeps seven digits of each")


def pooled(maps: FeatureMap, mode: str) -> Floats:
    """The reference of global_pool."""
    ways = {"average": global_average, "maximum": global_max}
    if mode not in ways:
        raise ValueError(f"the mode is average or maximum, got {mode!r}")
    return ways[mode](maps)


def known(mode: str) -> str:
    """The mode itself, if it is one."""
    pooled(np.zeros((1, 1, 1)), mode)
    return mode


def over(maps: FeatureMap, mode: str, axes: tuple[int, ...]) -> Floats:
    """The right operation along other axes."""
    return np.asarray(maps.mean(axis=axes) if known(mode) == "average" else maps.max(axis=axes))


def any_maps(mode: str, *, sign: int = 0) -> Drawn:
    """Maps of which number, height and width all differ; of both signs, or of one."""

    def draw(random: np.random.Generator) -> Case:
        count, high, wide = (int(side) for side in random.permutation(np.arange(2, 8))[:3])
        maps = random.uniform(0.5, 4.0, size=(count, high, wide))
        return case(maps * (sign or random.choice([-1.0, 1.0], size=maps.shape)), mode)

    return draw


LECTURE = np.array([[[9.0, 0.0], [0.0, 0.0]], [[2.0, 2.0], [3.0, 3.0]]])
LINE = np.array([[[4.0, -1.0, 0.0]]])
LINES = np.array([[[-4.0, -1.0, -2.0]], [[0.0, 3.0, 0.0]]])

BOTH_AXES = "A map has two axes, rows and columns. Pool over both of them."

global_pool = Referee(
    name="global_pool",
    points=1,
    reference=pooled,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(LECTURE, "average", title="A strong pixel and a wide blob"),
                case(LECTURE, "maximum", title="A strong pixel and a wide blob"),
                case(LINES, "maximum", title="One map is negative everywhere"),
            ),
        ),
        Group("means", weight=3, drawn=any_maps("average"), count=8, cases=(case(LINE, "average"),)),
        Group("largest values", weight=3, drawn=any_maps("maximum"), count=8, cases=(case(LINE, "maximum"),)),
        Group(
            "maps that are negative everywhere",
            weight=2,
            drawn=any_maps("maximum", sign=-1),
            count=6,
            cases=(case(LINES[:1], "average"), case(-LECTURE - 1, "average")),
        ),
        Group(
            "other modes",
            weight=1,
            cases=(case(LECTURE, "median", raises=ValueError), case(LINE, "", raises=ValueError)),
        ),
    ),
    mistakes=(
        Mistake(
            "pools over the maps",
            lambda maps, mode: over(maps, mode, (0,)),
            hint="You pool over the maps and keep the places. It is the other way round: one number of every map.",
        ),
        Mistake(
            "pools over the rows only",
            lambda maps, mode: over(maps, mode, (1,)),
            hint=BOTH_AXES,
        ),
        Mistake("pools over the columns only", lambda maps, mode: over(maps, mode, (2,)), hint=BOTH_AXES),
        Mistake(
            "takes the maps last",
            lambda maps, mode: over(maps, mode, (0, 1)),
            hint="The first axis counts the maps here; rows and columns come after it.",
        ),
        Mistake(
            "one number for all maps",
            lambda maps, mode: over(maps, mode, (0, 1, 2)),
            hint="Every map gives a number of its own. You have one for all of them together.",
        ),
        Mistake(
            "adds up",
            lambda maps, mode: maps.sum(axis=(1, 2)) if known(mode) == "average" else pooled(maps, mode),
            hint="That is the sum of every map. The mean divides it by the number of places, so that the size of the "
            "map does not matter.",
        ),
        Mistake(
            "forgets the sign",
            lambda maps, mode: pooled(maps if known(mode) == "average" else np.abs(maps), mode),
            hint="The largest value is meant, not the one farthest from zero.",
        ),
        Mistake(
            "begins at zero",
            lambda maps, mode: pooled(maps, mode).clip(-np.inf if mode == "average" else 0),
            hint="A map may be negative everywhere; its largest value is negative then. Do not begin with a zero.",
        ),
        Mistake(
            "always takes the mean",
            lambda maps, mode: pooled(maps, "average"),
            hint="Your function takes the mean in every mode.",
        ),
        Mistake(
            "always takes the largest",
            lambda maps, mode: pooled(maps, "maximum"),
            hint="Your function takes the largest value in every mode.",
        ),
        Mistake(
            "takes any other mode for one of the two",
            lambda maps, mode: pooled(maps, mode if mode == "maximum" else "average"),
            hint="A mode that is neither of the two is an error of the caller: raise a ValueError.",
        ),
    ),
)


def sizes(*, maps: tuple[int, ...]) -> Drawn:
    """Number, height and width that all differ."""

    def draw(random: np.random.Generator) -> Case:
        count = int(random.choice(maps))
        left = [side for side in (2, 3, 4, 5, 6) if side != count]
        high, wide = (int(side) for side in random.choice(left, size=2, replace=False))
        return case(count, high, wide)

    return draw


def rows_only(maps: int, height: int, width: int) -> Floats:
    """A row of the matrix for every row of a map."""
    return average_matrix(maps * height, 1, width)


gap_matrix = Referee(
    name="gap_matrix",
    points=1,
    reference=average_matrix,
    tolerance=SHARES,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(2, 1, 2, title="Two maps of one row and two columns"),
                case(2, 3, 2, title="Two maps of three rows and two columns"),
            ),
        ),
        Group("several maps", weight=2, drawn=sizes(maps=(2, 3, 4)), count=9, cases=(case(3, 1, 4), case(3, 4, 1))),
        Group("a single map", weight=1, drawn=sizes(maps=(1,)), count=5),
        Group("maps of one pixel", weight=1, cases=(case(3, 1, 1), case(5, 1, 1), case(1, 1, 1))),
    ),
    mistakes=(
        Mistake(
            "adds up",
            lambda maps, height, width: average_matrix(maps, height, width) * height * width,
            hint="A row of ones adds the places up. For the mean each entry of a block is one over the number of "
            "places.",
        ),
        Mistake(
            "divides by all maps",
            lambda maps, height, width: average_matrix(maps, height, width) / maps,
            hint="A mean goes over the places of one map, so a block does not know how many maps there are. Every row "
            "adds up to 1.",
        ),
        Mistake(
            "divides by the height",
            lambda maps, height, width: average_matrix(maps, height, width) * width,
            hint="You divide by the number of rows. A map has as many places as rows times columns.",
        ),
        Mistake(
            "divides by the width",
            lambda maps, height, width: average_matrix(maps, height, width) * height,
            hint="You divide by the number of columns. A map has as many places as rows times columns.",
        ),
        Mistake(
            "unrolls place by place",
            lambda maps, height, width: np.tile(np.eye(maps), height * width) / (height * width),
            hint="Your matrix expects all maps at the first place, then all at the second. Here a map is unrolled as a "
            "whole before the next one begins.",
        ),
        Mistake(
            "transposes",
            lambda maps, height, width: average_matrix(maps, height, width).T,
            hint="The matrix stands on the left of the vector: a row for every map, a column for every value.",
        ),
        Mistake(
            "mixes the maps",
            lambda maps, height, width: np.full((maps, maps * height * width), 1 / (height * width)),
            hint="A row belongs to one map and is zero over all the others.",
        ),
        Mistake(
            "keeps the rows",
            rows_only,
            hint="You take the mean of every row of a map. One number is left of the whole map.",
        ),
        Mistake(
            "keeps everything",
            flatten_matrix,
            hint="That matrix changes nothing: it unrolls, and pools nothing.",
        ),
    ),
)
