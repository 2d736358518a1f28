"""precision_recall: what a list of detections is worth, one after the other."""

from typing import Any

import numpy as np

from core.measure import detection
from core.measure.coco.records import Flags
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, Tolerance, case

Curve = tuple[Floats, Floats]

SHARES = Tolerance(1e-5, 1e-6, because="quotients of small whole numbers: float32 keeps five digits of them")


def curve(scores: Floats, hits: Flags, wanted: int) -> Curve:
    """The reference."""
    return detection.precision_recall(hits[np.argsort(-scores, kind="stable")], wanted)


def in_order(hits: Flags, wanted: int, order: Any) -> Curve:
    """The curve of another order."""
    return detection.precision_recall(hits[order], wanted)


def over(scores: Floats, hits: Flags, wanted: int, *, precision: object = None, recall: object = None) -> Curve:
    """The right detections so far divided by something else, as numpy divides: by nothing, too."""
    right = curve(scores, hits, wanted)
    so_far = np.rint(right[1] * wanted)
    with np.errstate(divide="ignore", invalid="ignore"):
        other = [
            kept if whole is None else so_far / whole for kept, whole in zip(right, (precision, recall), strict=True)
        ]
    return other[0], other[1]


def one_point_for_a_tie(scores: Floats, hits: Flags, wanted: int) -> Curve:
    """Detections with the same score taken together."""
    precision, recall = curve(scores, hits, wanted)
    falling = -np.sort(-scores)
    last = np.append(falling[1:] != falling[:-1], [True] * bool(len(falling)))
    return precision[last], recall[last]


def with_a_start(scores: Floats, hits: Flags, wanted: int) -> Curve:
    """A point that no detection stands for, as some tools add it."""
    precision, recall = curve(scores, hits, wanted)
    return np.insert(precision, 0, 1.0), np.insert(recall, 0, 0.0)


def of_nothing(scores: Floats, hits: Flags, wanted: int) -> Curve:
    """A recall even where there is nothing to find."""
    return curve(scores, hits, wanted) if wanted else (np.zeros(len(hits)), np.full(len(hits), np.nan))


def any_scores(random: np.random.Generator, count: int) -> Floats:
    """All different, some below zero."""
    return (random.permutation(4 * count)[:count] - count) / 4.0


def any_hits(random: np.random.Generator, count: int) -> Flags:
    """At least one right and one wrong detection."""
    hits = random.random(count) < 0.5
    hits[random.permutation(count)[:2]] = [True, False]
    return hits


def sorted_already(random: np.random.Generator) -> Case:
    """The surest first."""
    count = int(random.integers(5, 13))
    hits = any_hits(random, count)
    return case(-np.sort(-any_scores(random, count)), hits, int(hits.sum() + random.integers(1, 6)))


def in_any_order(random: np.random.Generator) -> Case:
    """Scores all different."""
    count = int(random.integers(6, 13))
    hits = any_hits(random, count)
    return case(any_scores(random, count), hits, int(hits.sum() + random.integers(1, 6)))


def with_ties(random: np.random.Generator) -> Case:
    """Four scores at most; a right and a wrong detection share the first of them."""
    count = int(random.integers(8, 15))
    hits, scores = any_hits(random, count), random.integers(0, 4, size=count) / 4
    scores[[int(np.flatnonzero(hits)[0]), int(np.flatnonzero(~hits)[0])]] = 0.75
    return case(scores, hits, int(hits.sum() + random.integers(1, 6)))


def detections(hits: list[int], scores: list[float], wanted: int, title: str = "", **refused: type[Exception]) -> Case:
    """A list of detections, written out."""
    return case(np.array(scores, dtype=float), np.array(hits, dtype=bool), wanted, title=title, **refused)


SEVEN = ([1, 0, 1, 1, 0, 0, 1], [0.9, 0.6, 0.95, 0.4, 0.8, 0.3, 0.7])

precision_recall = Referee(
    name="precision_recall",
    points=1,
    reference=curve,
    tolerance=SHARES,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                detections([1, 0, 1], [0.9, 0.8, 0.7], 4, "Three detections of four things"),
                detections(*SEVEN, 5, "Seven detections in any order"),
                detections([0, 1, 1], [0.5, 0.5, 0.9], 2, "A tie: the one that comes first counts first"),
            ),
        ),
        Group("the surest first already", weight=1, drawn=sorted_already, count=8),
        Group("detections in any order", weight=2, drawn=in_any_order, count=12),
        Group("detections with equal scores", weight=1, drawn=with_ties, count=10),
        Group(
            "nothing detected, all wrong, all found",
            weight=2,
            cases=(
                detections([], [], 3),
                detections([0, 0, 0, 0], [0.1, 0.7, 0.4, 0.2], 2),
                detections([1, 1, 1], [0.3, 0.8, 0.5], 3),
                detections([1], [-2.5], 1),
            ),
        ),
        Group(
            "nothing to be found",
            weight=1,
            cases=(detections([0, 0], [0.7, 0.6], 0, raises=ValueError), detections([], [], 0, raises=ValueError)),
        ),
    ),
    mistakes=(
        Mistake(
            "does not sort",
            lambda scores, hits, wanted: in_order(hits, wanted, slice(None)),
            hint="The curve begins with the surest detection: put the hits into the order of falling scores first.",
        ),
        Mistake(
            "sorts the wrong way",
            lambda scores, hits, wanted: in_order(hits, wanted, np.argsort(scores, kind="stable")),
            hint="Your curve begins with the least sure detection: the scores should fall, not rise.",
        ),
        Mistake(
            "turns ties round",
            lambda scores, hits, wanted: in_order(hits, wanted, np.argsort(scores, kind="stable")[::-1]),
            hint="Sorting and then reversing turns equal scores round as well: sort by minus the score, stably.",
        ),
        Mistake(
            "one point for a tie",
            one_point_for_a_tie,
            hint="Every detection has a point of its own on the curve, also if another one has the same score.",
        ),
        Mistake(
            "recall of what was found",
            lambda scores, hits, wanted: over(scores, hits, wanted, recall=hits.sum()),
            hint="Your recall always ends at 1. Divide by all the things there are, not by those that were found.",
        ),
        Mistake(
            "recall of all detections",
            lambda scores, hits, wanted: over(scores, hits, wanted, recall=len(hits)),
            hint="Recall asks which share of the things was found: divide by their number, not by that of detections.",
        ),
        Mistake(
            "precision of all detections",
            lambda scores, hits, wanted: over(scores, hits, wanted, precision=len(hits)),
            hint="The precision after a detection looks at the detections so far, not at all there will be.",
        ),
        Mistake(
            "counts from zero",
            lambda scores, hits, wanted: over(scores, hits, wanted, precision=np.arange(len(hits))),
            hint="After the first detection there is one detection, not none: count from 1.",
        ),
        Mistake(
            "swaps the two",
            lambda scores, hits, wanted: curve(scores, hits, wanted)[::-1],
            hint="You return recall and precision; asked for is precision first, then recall.",
        ),
        Mistake(
            "adds a first point",
            with_a_start,
            hint="There is one point for each detection, and none before the first.",
        ),
        Mistake(
            "has a recall of nothing",
            of_nothing,
            hint="With nothing to be found recall has no meaning: raise a ValueError.",
        ),
    ),
)
