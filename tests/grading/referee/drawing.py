"""A referee small enough to see through: the mean of each row, with the usual mistakes."""

import numpy as np

from grading.referee import Group, Mistake, Referee, Tolerance, case

CLOSE = Tolerance(1e-6, 1e-9, because="a few additions")


def means(table):
    return table.mean(axis=1)


def table(random):
    return case(random.uniform(100, 999, size=(int(random.integers(2, 5)), int(random.integers(5, 8)))))


def wide(random):
    return case(random.uniform(100, 999, size=(1, int(random.integers(5, 8)))))


def columns(table):
    return table.mean(axis=0)


def sums(table):
    return table.sum(axis=1)


SMALL = np.array([[1.0, 3.0], [5.0, 9.0]])


def referee(**changes):
    options = {
        "name": "row_means",
        "points": 4,
        "reference": means,
        "tolerance": CLOSE,
        "groups": (
            Group("the example", 1, visible=True, cases=(case(SMALL, title="Two rows"),)),
            Group("tables", 2, drawn=table, count=6),
            Group("single rows", 1, drawn=wide, count=3),
        ),
        "mistakes": (
            Mistake("columns", columns, hint="Take the mean along each row, not down each column."),
            Mistake("sums", sums, hint="Divide by the number of columns."),
            Mistake(
                "drops the last",
                lambda table: table[:, :-1].mean(axis=1),
                hint="The last column belongs to the row, too.",
            ),
            Mistake("keeps an axis", lambda table: table.mean(axis=1, keepdims=True), hint="Return one axis, not two."),
        ),
    } | changes
    return Referee(**options)
