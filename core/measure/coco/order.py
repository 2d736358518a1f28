"""Putting many things in order at once, and counting inside groups: one sort of one whole number each."""

import numpy as np

from core.measure.coco.records import Answers, Whole


def by_confidence(answers: Answers) -> Whole:
    """The order of classes, in each the most confident first; of equal ones the earlier image, then the earlier entry.

    COCO sorts twice, in every image and then over all of them, each time leaving equal ones as they come. One number
    for each detection holds all of that, class, rank of the confidence, image and place side by side, and one sort
    does it.

    >>> label, image, sure = np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([0.9, 0.5, 0.5])
    >>> by_confidence(Answers(image, label, sure, np.ones(3), np.ones((3, 4))))
    array([2, 1, 0])
    """
    count = len(answers.confidence)
    if not count:
        return np.zeros(0, dtype=np.int64)
    falling = np.argsort(-answers.confidence)
    sorted_confidence = answers.confidence[falling]
    rank = np.empty(count, dtype=np.int64)  # equal confidences share one
    rank[falling] = np.cumsum(np.diff(sorted_confidence, prepend=sorted_confidence[0]) != 0)
    columns = (answers.label, rank, answers.image, np.arange(count))
    widths = [_bits(column) for column in columns]
    if sum(widths) > 63:
        return np.lexsort(columns[::-1])
    key = columns[0].astype(np.int64)
    for column, width in zip(columns[1:], widths[1:], strict=True):
        key = key << width | column
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
