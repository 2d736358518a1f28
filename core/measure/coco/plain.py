"""COCO's matching as one would say it aloud: image by image, class by class, the most confident first.

This is the version to read. `core/measure/coco/matching.py` does the same for all images at once.
"""

import numpy as np

from core.measure.coco.overlap import overlaps
from core.measure.coco.records import RECALLS, THRESHOLDS, Flags, Problem, Whole
from core.types import Floats

NEARLY = 1 - 1e-10  # an overlap of 1 may come out a little smaller


def evaluated(problem: Problem) -> tuple[Floats, Floats]:
    """Precision at 101 recalls (T, R, K, A), and the recall reached (T, K, A, M); -1 where nothing is to be found.

    T thresholds of the overlap, R recalls, K classes, A sizes, M numbers of detections that count in an image.
    """
    sizes, most = problem.setting.sizes, problem.setting.most
    precision = np.full((len(THRESHOLDS), len(RECALLS), problem.classes, len(sizes)), -1.0)
    recall = np.full((len(THRESHOLDS), problem.classes, len(sizes), len(most)), -1.0)
    for label in range(problem.classes):
        for size, (least, largest) in enumerate(sizes):
            for place, count in enumerate(most):
                found = [_image(problem, image, label, (least, largest), count) for image in range(problem.images)]
                wanted = sum(each[3] for each in found)
                if not wanted:
                    continue
                confidence = np.concatenate([each[0] for each in found])
                order = np.argsort(-confidence, kind="stable")
                hits = np.concatenate([each[1] for each in found], axis=1)[:, order]  # (T, M)
                ignored = np.concatenate([each[2] for each in found], axis=1)[:, order]
                for level in range(len(THRESHOLDS)):
                    right = np.cumsum(hits[level] & ~ignored[level])
                    wrong = np.cumsum(~hits[level] & ~ignored[level])
                    recall[level, label, size, place] = right[-1] / wanted if len(right) else 0.0
                    if place == len(most) - 1:
                        precision[level, :, label, size] = interpolated(right, wrong, wanted)
    return precision, recall


def interpolated(right: Whole, wrong: Whole, wanted: int) -> Floats:
    """The best precision at each of 101 recalls or beyond: running counts (M,), (M,) -> (101,); 0 where none gets.

    >>> interpolated(np.array([1, 1, 2]), np.array([0, 1, 1]), 2)[[0, 50, 51, 100]].round(3)
    array([1.   , 1.   , 0.667, 0.667])
    """
    precisions = right / (right + wrong + np.spacing(1))
    best = np.maximum.accumulate(precisions[::-1])[::-1]
    first = np.searchsorted(right / wanted, RECALLS, side="left")
    return np.append(best, 0.0)[np.minimum(first, len(best))]


def matched(overlap: Floats, crowd: Flags, ignored: Flags, threshold: float) -> tuple[Whole, Flags]:
    """Which true thing every detection takes, or -1, and whether it does not count: (M, N) -> (M,), (M,).

    Detections come most confident first, true things that count before those that do not. Each detection takes the
    thing it overlaps most that is still free; only a crowd may be taken again, and only what is left over takes a
    thing that does not count.

    >>> matched(np.array([[0.6, 0.9], [0.7, 0.8]]), np.zeros(2, dtype=bool), np.zeros(2, dtype=bool), 0.5)[0]
    array([1, 0])
    """
    taken = np.zeros(len(crowd), dtype=np.bool_)
    chosen = np.full(len(overlap), -1)
    for row, shares in enumerate(overlap):
        best = min(threshold, NEARLY)
        for thing, share in enumerate(shares):
            if taken[thing] and not crowd[thing]:
                continue
            if chosen[row] >= 0 and ignored[thing] and not ignored[chosen[row]]:
                break  # a thing that counts is taken already
            if share >= best:
                best, chosen[row] = share, thing
        if chosen[row] >= 0:
            taken[chosen[row]] = True
    return chosen, np.where(chosen >= 0, np.append(ignored, False)[chosen], False)


def _image(
    problem: Problem, image: int, label: int, size: tuple[float, float], most: int
) -> tuple[Floats, Flags, Flags, int]:
    """One class in one image: confidences (M,), hits (T, M), detections that do not count (T, M), things to find."""
    truths, answers = problem.truths, problem.answers
    mine = np.flatnonzero((answers.image == image) & (answers.label == label))
    mine = mine[np.argsort(-answers.confidence[mine], kind="stable")][:most]
    theirs = np.flatnonzero((truths.image == image) & (truths.label == label))
    outside = _outside(truths.area[theirs], size)
    theirs = theirs[np.argsort(truths.ignored[theirs] | outside, kind="stable")]
    ignored = truths.ignored[theirs] | _outside(truths.area[theirs], size)
    hits = np.zeros((len(THRESHOLDS), len(mine)), dtype=np.bool_)
    skipped = np.zeros_like(hits)
    if len(mine):
        pairs = np.repeat(mine, len(theirs)), np.tile(theirs, len(mine))
        shares = overlaps(problem, *pairs).reshape(len(mine), len(theirs))
        for level, threshold in enumerate(THRESHOLDS):
            chosen, skipped[level] = matched(shares, truths.crowd[theirs], ignored, threshold)
            hits[level] = chosen >= 0
            skipped[level] |= ~hits[level] & _outside(answers.area[mine], size)
    return answers.confidence[mine], hits, skipped, int((~ignored).sum())


def _outside(area: Floats, size: tuple[float, float]) -> Flags:
    outside: Flags = (area < size[0]) | (area > size[1])
    return outside
