"""Putting many things in order at once, and counting inside groups: one sort of one whole number each."""

import numpy as np

from core.measure.coco.records import Answers, Whole
from core.types import Floats


def by_confidence(answers: Answers) -> Whole:
    """The order of classes, in each the most confident first; of equal ones the earlier image, then the earlier entry.

    COCO sorts twice, in every image and then over all of them, each time leaving equal ones as they come. One number
    for each detection holds all of that, class, rank of the confidence, image and place side by side, and one sort
    does it.

    >>> label, image, sure = np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([0.9, 0.5, 0.5])
    >>> by_confidence(Answers(image, label, sure, np.ones(3), np.ones((3, 4))))
    array([2, 1, 0])
    """
    return by_columns(answers.label, falling(answers.confidence), answers.image)


def falling(values: Floats) -> Whole:
    """Ranks of numbers, the greatest first; equal ones share one: (N,) -> (N,).

    >>> falling(np.array([0.5, 0.9, 0.5]))
    array([1, 0, 1])
    """
    order = np.argsort(-values)
    ranks = np.empty(len(values), dtype=np.int64)
    ordered = values[order]
    ranks[order] = np.cumsum(np.diff(ordered, prepend=ordered[:1]) != 0)
    return ranks


def by_columns(*columns: Whole) -> Whole:
    """The order by the first column, then the next, and so on; what is equal in all stays as it comes.

    >>> by_columns(np.array([1, 0, 1, 0]), np.array([5, 7, 2, 7]))
    array([1, 3, 2, 0])
    """
    count = len(columns[0])
    columns = (*columns, np.arange(count))
    widths = [_bits(column) for column in columns]
    if sum(widths) > 63:
        return np.lexsort(columns[::-1])
    key = columns[0].astype(np.int64)
    for column, width in zip(columns[1:], widths[1:], strict=True):
        key <<= width
        key |= column
    key.sort()
    return key & ((1 << widths[-1]) - 1)


def grouped(groups: Whole) -> tuple[Whole, Whole, Whole]:
    """Places sorted by group, those of one group as they came; the sorted groups; and every place's rank in its group.

    >>> places, ordered, rank = grouped(np.array([7, 3, 7]))
    >>> places, ordered, rank
    (array([1, 0, 2]), array([3, 7, 7]), array([0, 0, 1]))
    """
    count = len(groups)
    width = _bits(np.arange(count))
    key = groups << width | np.arange(count)
    key.sort()
    places, ordered = key & ((1 << width) - 1), key >> width
    rank = np.empty(count, dtype=np.int64)
    rank[places] = within(ordered)
    return places, ordered, rank


def within(ordered: Whole) -> Whole:
    """How many of the same group came before, for groups that lie side by side: (N,) -> (N,).

    >>> within(np.array([4, 4, 4, 9, 9]))
    array([0, 1, 2, 0, 1])
    """
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    sizes = np.diff(starts, append=len(ordered))
    return np.arange(len(ordered)) - np.repeat(starts, sizes)


def _bits(column: Whole) -> int:
    return max(1, int(column.max()).bit_length()) if len(column) else 1
