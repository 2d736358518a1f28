"""From matches to precision and recall: only the hits are looked at, since nothing else changes a recall.

The precision at a hit is the hits so far over the detections so far. A detection that is no hit counts as wrong unless
it took a thing that does not count, or took none and is itself of another size.
"""

import numpy as np
from numpy.typing import NDArray

from core.measure.coco.matching import LEVELS, Matching, States
from core.measure.coco.records import RECALLS, Problem, Whole
from core.types import Floats


def curves(problem: Problem, found: Matching) -> tuple[Floats, Floats]:
    """Precision (T, R, K, A) and recall (T, K, A, M), the same bits as from `core.measure.coco.plain.evaluated`."""
    sizes, most = problem.setting.sizes, problem.setting.most
    states, classes = len(sizes) * LEVELS, problem.classes
    counted = _counted(problem, found)  # (A, M + 1)
    hits, matched = _bits(found.hit, states), _bits(found.hit | found.skipped, states)  # (S, C)
    inside = (counted[:, found.near + 1] - counted[:, found.near]).astype(np.int8)  # (A, C)
    matched &= np.repeat(inside, LEVELS, axis=0)
    extra = np.zeros((states, len(found.near) + 1), dtype=np.int32)  # hits of another size count, skipped ones do not
    np.cumsum(hits - matched, axis=1, out=extra[:, 1:])

    label = found.answers.label
    starts = np.searchsorted(label, np.arange(classes))  # classes lie side by side
    near_starts = np.searchsorted(label[found.near], np.arange(classes))
    state, place = np.nonzero(hits)  # by state, then by confidence
    of = label[found.near[place]]
    size = state // LEVELS
    so_far = counted[size, found.near[place] + 1] - counted[size, starts[of]]
    so_far = so_far + extra[state, place + 1] - extra[state, near_starts[of]]
    row = state * classes + of
    amounts = np.bincount(row, minlength=states * classes)
    begins = np.cumsum(amounts) - amounts
    rank = np.arange(len(row)) - np.repeat(begins, amounts) + 1
    precisions = rank / (so_far + np.spacing(1))

    precision = _read(precisions, begins, amounts, found.wanted)
    recall = np.empty((len(most), len(sizes), LEVELS, classes))
    for index, count in enumerate(most):
        right = np.bincount(row[found.rank[found.near[place]] < count], minlength=states * classes)
        shaped = right.reshape(len(sizes), LEVELS, classes)
        recall[index] = shaped / np.maximum(found.wanted, 1)[:, None, :]
    nothing = found.wanted == 0
    recall[:, np.repeat(nothing[:, None, :], LEVELS, axis=1)] = -1.0
    return precision, np.ascontiguousarray(recall.transpose(2, 3, 1, 0))


def _bits(words: States, states: int) -> NDArray[np.int8]:
    """The first bits of every word: (C,) -> (S, C)."""
    bits = np.unpackbits(words.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, count=states, bitorder="little")
    return np.ascontiguousarray(bits.T).view(np.int8)


def _counted(problem: Problem, found: Matching) -> Whole:
    """How many of the first n detections have a size that is looked at: (A, M + 1)."""
    area = found.answers.area
    counts = np.zeros((len(problem.setting.sizes), len(area) + 1), dtype=np.int64)
    for place, (least, largest) in enumerate(problem.setting.sizes):
        np.cumsum((area >= least) & (area <= largest), out=counts[place, 1:])
    return counts


def _read(precisions: Floats, begins: Whole, amounts: Whole, wanted: Whole) -> Floats:
    """The best precision from each of 101 recalls on, for every state and class: -> (T, R, K, A)."""
    sizes, classes = wanted.shape
    needed = np.zeros((sizes, classes, len(RECALLS)), dtype=np.int64)  # hits it takes to get there, less one
    for size, label in zip(*np.nonzero(wanted), strict=True):
        total = int(wanted[size, label])
        needed[size, label] = np.searchsorted(np.arange(1, total + 1) / total, RECALLS)
    hits = np.repeat(needed[:, None], LEVELS, axis=1).reshape(-1, len(RECALLS))
    there = hits < amounts[:, None]
    places = begins[:, None] + np.minimum(hits, amounts[:, None])
    best = np.maximum.reduceat(np.append(precisions, 0.0), places.ravel()).reshape(places.shape)
    best[~there] = 0.0
    best = np.maximum.accumulate(best[:, ::-1], axis=1)[:, ::-1]
    shaped = best.reshape(sizes, LEVELS, classes, len(RECALLS))
    shaped = np.where((wanted == 0)[:, None, :, None], -1.0, shaped)
    return np.ascontiguousarray(shaped.transpose(1, 3, 2, 0))
