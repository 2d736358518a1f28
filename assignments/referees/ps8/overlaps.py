"""coco_ap: ten overlaps and all classes in three numbers."""

import numpy as np

from core.errors import ShapeError
from core.measure.coco.records import THRESHOLDS
from core.measure.detection import mean_average_precision
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, Tolerance, case

MEANS = Tolerance(1e-4, 1e-5, because="means of fewer than a hundred numbers: float32 keeps five digits of them")


def summary(table: Floats) -> dict[str, float]:
    """The reference: the means of all, and of the rows of two overlaps."""
    if len(table) != len(THRESHOLDS):
        raise ShapeError(f"need a row for each of {len(THRESHOLDS)} overlaps, got {len(table)}")
    half, three_quarters = (table[int(np.abs(THRESHOLDS - overlap).argmin())] for overlap in (0.5, 0.75))
    return of_rows(table, half, three_quarters)


def of_rows(table: Floats, half: Floats, three_quarters: Floats) -> dict[str, float]:
    """The three means of whatever is given."""
    values = (mean_average_precision(part.ravel().tolist()) for part in (table, half, three_quarters))
    return dict(zip(("AP", "AP50", "AP75"), values, strict=True))


def averaged(table: Floats) -> dict[str, float]:
    """Means that know no class without things."""
    return {name: float(part.mean()) for name, part in (("AP", table), ("AP50", table[0]), ("AP75", table[5]))}


def said(table: Floats, **other: float) -> dict[str, float]:
    """The right answer, but for one number."""
    return summary(table) | other


def any_table(random: np.random.Generator) -> Case:
    """AP falls as the overlap asked for grows; six classes or more, and never ten."""
    classes = int(random.integers(6, 10))
    steps = random.uniform(0.01, 0.1, size=(10, classes))
    return case((1.0 - steps.cumsum(axis=0)).clip(0.0))


def with_absent(random: np.random.Generator) -> Case:
    """Some of the classes have nothing to be found."""
    table = any_table(random).arguments[0]
    absent = random.permutation(table.shape[1])[: int(random.integers(1, 4))]
    table[:, absent] = np.nan
    return case(table)


def rows(count: int, classes: int) -> Floats:
    """A falling table of any size."""
    return np.linspace(0.9, 0.1, count * classes).reshape(count, classes)


TEN = np.array(
    [
        [0.8, 0.9],
        [0.8, 0.8],
        [0.7, 0.7],
        [0.7, 0.6],
        [0.6, 0.5],
        [0.5, 0.4],
        [0.4, 0.3],
        [0.3, 0.2],
        [0.1, 0.1],
        [0.0, 0.0],
    ]
)

coco_ap = Referee(
    name="coco_ap",
    points=1,
    reference=summary,
    tolerance=MEANS,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(TEN, title="Two classes"),
                case(np.insert(TEN, 1, np.nan, axis=1), title="A class without things between them"),
            ),
        ),
        Group("things of every class", weight=1, drawn=any_table, count=10),
        Group("classes without things", weight=1, drawn=with_absent, count=10, cases=(case(rows(10, 1)),)),
        Group("no things at all", weight=1, cases=(case(np.full((10, 3), np.nan)), case(np.full((10, 1), np.nan)))),
        Group(
            "tables without ten rows",
            weight=1,
            cases=tuple(case(rows(*shape), raises=ValueError) for shape in ((9, 4), (11, 3), (7, 10), (20, 2))),
        ),
    ),
    mistakes=(
        Mistake(
            "one overlap for all",
            lambda table: said(table, AP=summary(table)["AP50"]),
            hint="AP is the mean over all ten overlaps; you give the one at an overlap of one half.",
        ),
        Mistake(
            "mean of the two",
            lambda table: said(table, AP=(summary(table)["AP50"] + summary(table)["AP75"]) / 2),
            hint="AP is the mean over all ten overlaps, not of AP50 and AP75.",
        ),
        Mistake(
            "forgets the tenth",
            lambda table: said(table, AP=10 * summary(table)["AP"]),
            hint="You add up over the ten overlaps: AP is a mean, so there is a tenth in front of the sum.",
        ),
        Mistake(
            "a row too early",
            lambda table: summary(table) | {"AP75": of_rows(table, table[0], table[4])["AP75"]},
            hint="Your AP75 belongs to a smaller overlap: count the steps of 0.05 from 0.5 to 0.75 again.",
        ),
        Mistake(
            "a row too late",
            lambda table: summary(table) | {"AP75": of_rows(table, table[0], table[6])["AP75"]},
            hint="Your AP75 belongs to a larger overlap: the first row is number 0.",
        ),
        Mistake(
            "takes columns for rows",
            lambda table: summary(table) | of_rows(table, table[:, 0], table[:, 5]),
            hint="A row is an overlap, a column a class; AP50 and AP75 are means of rows.",
        ),
        Mistake(
            "in percent",
            lambda table: {name: 100 * value for name, value in summary(table).items()},
            hint="Papers print percent; here the answer lies between 0 and 1.",
        ),
        Mistake(
            "lets one class spoil the mean",
            lambda table: summary(table) and averaged(table),
            hint="A class without things has NaN in its column, and a mean with NaN in it is NaN: leave it out.",
        ),
        Mistake(
            "counts absent classes as 0",
            lambda table: summary(table) and averaged(np.nan_to_num(table)),
            hint="A class without things cannot be missed: leave it out of the mean instead of counting it as 0.",
        ),
        Mistake(
            "takes any table",
            lambda table: of_rows(table, table[0], table[5]),
            hint="If the table has not ten rows, an overlap is missing or too much: raise a ValueError.",
        ),
    ),
)
