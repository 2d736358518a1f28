"""What was taken for what: detections and things of a whole problem, whatever their classes.

COCO compares a class with itself only, so that a cat called dog is a missed cat and a false dog, and nothing says that
the two belong together. Here a detection takes the thing it overlaps most, of whatever class.
"""

import numpy as np

from core.errors import CoreError
from core.measure.coco.overlap import overlaps
from core.measure.coco.plain import NEARLY
from core.measure.coco.records import Problem, Whole
from core.measure.confusion import Counts


def taken_for(problem: Problem, *, threshold: float = 0.5, confidence: float = 0.5) -> Counts:
    """How often a thing of class i was called j: (K + 1, K + 1).

    The last row holds what was called j where nothing was, the last column what was missed.

    Of the detections with at least this confidence, in each picture the surest first, each takes the free thing that it
    overlaps most, if by the threshold or more. What does not count (a crowd) neither is missed nor makes wrong.

    >>> from core.measure.coco.records import Answers, Truths
    >>> box, one, no = np.array([[0.0, 0, 4, 4]]), np.array([0]), np.array([False])
    >>> truths = Truths(one, one, np.array([16.0]), no, no, box)
    >>> taken_for(Problem(1, 2, truths, Answers(one, one + 1, np.array([0.9]), np.array([16.0]), box)))
    array([[0, 1, 0],
           [0, 0, 0],
           [0, 0, 0]])
    """
    if not 0 < threshold <= 1:
        raise CoreError(f"the overlap that counts is above 0 and at most 1, got {threshold:g}")
    truths, answers, last = problem.truths, problem.answers, problem.classes
    order = np.lexsort((-answers.confidence, answers.image))  # by picture, the surest first
    sure = order[answers.confidence[order] >= confidence]
    called = np.full(len(truths.area), last)
    alone = np.zeros(len(answers.area), dtype=np.bool_)
    alone[sure] = True
    done = set[int]()
    for detection, thing in zip(*_near(problem, sure, min(threshold, NEARLY)), strict=True):
        if truths.ignored[thing]:
            alone[detection] = False
        elif detection not in done and called[thing] == last:
            called[thing] = answers.label[detection]
            alone[detection] = False
            done.add(detection)
    counts = ~truths.ignored
    table = np.zeros((last + 1, last + 1), dtype=np.int64)
    np.add.at(table, (truths.label[counts], called[counts]), 1)
    np.add.at(table[last], answers.label[alone], 1)
    return table


def most_confused(counts: Counts, *, most: int = 10) -> list[tuple[int, int, int]]:
    """The pairs of classes that were mixed up most often: true class, said class, how often.

    >>> most_confused(np.array([[5, 2, 1], [3, 4, 0], [9, 9, 0]]))
    [(1, 0, 3), (0, 1, 2)]
    """
    wrong = counts[:-1, :-1] - np.diag(np.diag(counts)[:-1])
    rows, columns = np.nonzero(wrong)
    order = np.argsort(-wrong[rows, columns], kind="stable")[:most]
    return [(int(rows[each]), int(columns[each]), int(wrong[rows[each], columns[each]])) for each in order]


def _near(problem: Problem, sure: Whole, threshold: float) -> tuple[list[int], list[int]]:
    """Detections and things that overlap enough: detections in the order given, of each the nearest thing first."""
    by_image = np.argsort(problem.truths.image, kind="stable")
    amounts = np.bincount(problem.truths.image, minlength=problem.images)
    first, image = np.cumsum(amounts) - amounts, problem.answers.image[sure]
    many = amounts[image]
    place = np.repeat(np.arange(len(sure)), many)
    thing = by_image[np.arange(len(place)) - np.repeat(np.cumsum(many) - many - first[image], many)]
    share = overlaps(problem, sure[place], thing)
    near = np.flatnonzero(share >= threshold)
    near = near[np.lexsort((-share[near], place[near]))]
    return sure[place[near]].tolist(), thing[near].tolist()
