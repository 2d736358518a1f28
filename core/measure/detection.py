"""Detections against the truth: what matches what, precision and recall, and the rules of average precision (A and E).

This is the version to read, for one class. `core/measure/coco` adds COCO's crowds, sizes and numbers of detections,
and does a whole data set at once. M detections, N things of the truth; boxes are (x1, y1, x2, y2).
Sources: Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010, section 4.2 (eleven points), and
its development kit of 2010 (all points); Lin et al., "Microsoft COCO", ECCV 2014, and its evaluation (101 points).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.detect.boxes import intersection_over_union
from core.errors import CoreError, ShapeError
from core.measure.coco.plain import NEARLY
from core.measure.coco.records import RECALLS, Flags, Problem
from core.types import Floats

Rule: TypeAlias = Literal["11 points", "all points", "101 points", "steps", "trapezoid"]
RULES: tuple[Rule, ...] = get_args(Rule)
Choice: TypeAlias = Literal["best free", "best"]
Why: TypeAlias = Literal["took it", "taken before", "too little", "nothing near"]
ELEVEN: Floats = np.arange(11) / 10


@dataclass(frozen=True)
class Match:
    """What became of one detection."""

    detection: int  # its place among those handed in
    truth: int  # the thing it took, or -1
    why: Why
    nearest: int  # the thing it overlaps most, taken or not; -1 if it overlaps none
    overlap: float  # with the thing it took, else with the nearest


def matched(
    boxes: Floats, confidence: Floats, truths: Floats, *, threshold: float = 0.5, choice: Choice = "best free"
) -> list[Match]:
    """One class in one picture, the surest detection first: (M, 4), (M,), (N, 4) -> M matches.

    Each detection takes a thing that it overlaps by the threshold or more and that nobody took before. COCO lets it
    take the best of those that are left ("best free"); Pascal VOC looks only at the thing it overlaps best, and if that
    one is taken the detection is wrong ("best").

    >>> boxes, truths = np.array([[0.0, 0, 10, 9], [0, 0, 10, 10]]), np.array([[0.0, 0, 10, 10]])
    >>> [(each.detection, each.why) for each in matched(boxes, np.array([0.4, 0.9]), truths)]
    [(1, 'took it'), (0, 'taken before')]
    """
    if confidence.shape != (len(boxes),):
        raise ShapeError(f"need one confidence for each of {len(boxes)} boxes, got {confidence.shape}")
    if not 0 < threshold <= 1:
        raise CoreError(f"the overlap that counts is above 0 and at most 1, got {threshold:g}")
    overlap = intersection_over_union(boxes, truths)  # (M, N)
    free = np.ones(len(truths), dtype=np.bool_)
    found = []
    for detection in np.argsort(-confidence, kind="stable"):
        shares = overlap[detection]  # (N,)
        nearest = _largest(shares)
        allowed = free if choice == "best free" else np.arange(len(truths)) == nearest
        truth = _largest(np.where(allowed, shares, 0.0))
        enough = min(threshold, NEARLY)  # as COCO: an overlap of 1 may come out a little smaller
        why: Why = "took it"
        if nearest < 0:
            why = "nothing near"
        elif shares[nearest] < enough:
            why = "too little"
        elif truth < 0 or shares[truth] < enough or not free[truth]:
            why = "taken before"
        took = truth if why == "took it" else -1
        if took >= 0:
            free[took] = False
        share = shares[took if took >= 0 else nearest] if nearest >= 0 else 0.0
        found.append(Match(int(detection), took, why, nearest, float(share)))
    return found


def of_class(
    problem: Problem, label: int, *, threshold: float = 0.5, choice: Choice = "best free"
) -> tuple[Floats, Flags, int]:
    """One class in all pictures: confidences, falling (M,), which of them are hits (M,), and how many things there are.

    Matching stays inside a picture; the order is one of all pictures together.
    """
    if problem.kind != "bbox" or problem.truths.ignored.any():
        raise CoreError("the plain rules know boxes that count, and no crowds: core.measure.coco knows both")
    said, true = problem.answers, problem.truths
    confidence, hits = [np.zeros(0)], [np.zeros(0, dtype=np.bool_)]
    for image in range(problem.images):
        mine = (said.image == image) & (said.label == label)
        theirs = (true.image == image) & (true.label == label)
        sure = said.confidence[mine]
        found = matched(
            _corners(said.boxes[mine]), sure, _corners(true.boxes[theirs]), threshold=threshold, choice=choice
        )
        confidence.append(sure[[each.detection for each in found]])
        hits.append(np.array([each.truth >= 0 for each in found], dtype=np.bool_))
    joined = np.concatenate(confidence)
    order = np.argsort(-joined, kind="stable")
    return joined[order], np.concatenate(hits)[order], int((true.label == label).sum())


def precision_recall(hits: Flags, wanted: int) -> tuple[Floats, Floats]:
    """After each detection, the surest first: (M,) -> precision (M,), recall (M,).

        precision = TP / (TP + FP)        recall = TP / (TP + FN)

    >>> precision, recall = precision_recall(np.array([True, False, True]), 4)
    >>> precision.round(3), recall
    (array([1.   , 0.5  , 0.667]), array([0.25, 0.25, 0.5 ]))
    """
    if wanted < 1:
        raise CoreError("without anything to find there is no recall: the truth needs one thing at least")
    right = np.cumsum(hits)
    if len(right) and right[-1] > wanted:
        raise CoreError(f"{right[-1]} detections are right, but there are only {wanted} things to find")
    return right / np.arange(1, len(hits) + 1), right / wanted


def envelope(precision: Floats) -> Floats:
    """The best precision from here on, at the same or a higher recall: (M,) -> (M,).

    >>> envelope(np.array([1.0, 0.5, 0.667]))
    array([1.   , 0.667, 0.667])
    """
    best: Floats = np.maximum.accumulate(precision[::-1])[::-1]
    return best


def at_recalls(precision: Floats, recall: Floats, levels: Floats) -> Floats:
    """The best precision at each recall asked for or beyond it, 0 where none gets there: (M,), (M,), (L,) -> (L,).

        max over r' >= r of p(r')        (lecture E)

    >>> at_recalls(np.array([1.0, 0.5, 0.667]), np.array([0.25, 0.25, 0.5]), np.array([0.0, 0.3, 0.6]))
    array([1.   , 0.667, 0.   ])
    """
    _curve(precision, recall)
    first = np.searchsorted(recall, levels, side="left")
    return np.append(envelope(precision), 0.0)[first]


def average_precision(precision: Floats, recall: Floats, rule: Rule = "101 points") -> float:
    """One number for a curve, by one of five rules: (M,), (M,) with recall rising -> 0 to 1.

        11 points, 101 points   mean over r of max over r' >= r of p(r')
        all points              area under the envelope: sum of (r_i - r_(i-1)) * max over j >= i of p_j
        steps                   the same without the envelope: sum of (r_i - r_(i-1)) * p_i
        trapezoid               area under the line through the points as they are

    >>> recall = np.arange(1, 10) / 10
    >>> [round(average_precision(1 - recall, recall, rule), 3) for rule in ("11 points", "all points", "trapezoid")]
    [0.491, 0.45, 0.4]
    """
    _curve(precision, recall)
    if rule in ("11 points", "101 points"):
        return float(at_recalls(precision, recall, ELEVEN if rule == "11 points" else RECALLS).mean())
    if rule == "trapezoid":
        return float(np.trapezoid(precision, recall)) if len(recall) else 0.0
    height = envelope(precision) if rule == "all points" else precision
    return float((np.diff(recall, prepend=0.0) * height).sum())


def eleven_point_sum(precision: Floats, recall: Floats) -> float:
    """The formula as lecture E prints it, a sum that nobody divides by eleven: (M,), (M,) -> 0 to 11.

    >>> eleven_point_sum(np.array([1.0]), np.array([1.0]))
    11.0
    """
    return float(at_recalls(precision, recall, ELEVEN).sum())


def in_single(start: float, end: float, count: int) -> Floats:
    """Equal steps worked out with 32 bits, and only then made 64 bits wide, as torch.linspace(...).tolist(): -> (L,).

    A recall asked for as 0.60000002 is not reached by six hits of ten.

    >>> in_single(0.0, 1.0, 101)[[25, 60]].tolist()
    [0.25, 0.6000000238418579]
    """
    step = (np.float32(end) - np.float32(start)) / np.float32(count - 1)
    place = np.arange(count, dtype=np.float32)
    rising = np.float64(np.float32(start)) + np.float64(step) * place  # one rounding for both, as processors do it
    falling = np.float64(np.float32(end)) - np.float64(step) * (count - 1 - place)
    return np.where(place < count // 2, rising, falling).astype(np.float32).astype(np.float64)


def mean_average_precision(values: Sequence[float]) -> float:
    """The mean over the classes that had something to find (nan: had not); nan if none had.

    >>> mean_average_precision([1.0, 0.5, float("nan")])
    0.75
    """
    there = [value for value in values if value == value]
    return float(np.mean(there)) if there else float("nan")


def _largest(shares: Floats) -> int:
    """Where the largest share is, of equal ones the last, as COCO has it; -1 if all are 0."""
    if not shares.size or not shares.max() > 0:
        return -1
    return int(len(shares) - 1 - shares[::-1].argmax())


def _corners(boxes: Floats) -> Floats:
    """COCO's (x, y, width, height) as corners."""
    corners: Floats = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
    return corners


def _curve(precision: Floats, recall: Floats) -> None:
    if precision.shape != recall.shape or precision.ndim != 1:
        raise ShapeError(f"need a precision for every recall, got {precision.shape} and {recall.shape}")
    if (np.diff(recall) < 0).any():
        raise CoreError("recall only rises along a curve: put the points in order, the surest detection first")
