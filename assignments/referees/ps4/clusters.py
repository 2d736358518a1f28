"""knn_purity: how many of a point's neighbours are of its class?"""

from collections.abc import Callable

import numpy as np

from assignments.referees.ps4.common import SHARE, points
from core.features.faithful import purity
from core.features.neighbours import Places, distances, squared
from core.learning.losses import Labels
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, case


def pure(vectors: Floats, labels: Labels, k: int) -> float:
    """The reference."""
    return purity(vectors, labels, k)


def of(far: Callable[[Floats], Floats], *, skip: int = 0) -> Callable[..., float]:
    """By other distances (N, N), some of the nearest left out."""

    def variant(vectors: Floats, labels: Labels, k: int) -> float:
        pure(vectors, labels, k)  # refuses
        order = np.argsort(far(vectors), axis=1, kind="stable")[:, skip : skip + k]
        return float((labels[order] == labels[:, None]).mean())

    return variant


def others(far: Floats) -> Floats:
    """Oneself is no neighbour."""
    return far + np.diag(np.full(len(far), np.inf))


def order(vectors: Floats, k: int) -> Places:
    """The k nearest other points."""
    return np.argsort(others(squared(vectors, vectors)), axis=1, kind="stable")[:, :k]


def not_at_distance_zero(vectors: Floats) -> Floats:
    """Whoever lies exactly here is taken for oneself."""
    far = ((vectors[:, None] - vectors) ** 2).sum(axis=2)  # exactly 0 at the same place
    return np.where(far == 0, np.inf, far)


def by_majority(vectors: Floats, labels: Labels, k: int) -> float:
    """A point counts fully if more than half of its neighbours are of its class."""
    pure(vectors, labels, k)  # refuses
    same = labels[order(vectors, k)] == labels[:, None]
    return float((same.mean(axis=1) > 0.5).mean())


def by_any(vectors: Floats, labels: Labels, k: int) -> float:
    """A point counts fully if one neighbour is of its class."""
    pure(vectors, labels, k)  # refuses
    return float((labels[order(vectors, k)] == labels[:, None]).any(axis=1).mean())


def class_by_class(vectors: Floats, labels: Labels, k: int) -> float:
    """The mean over the classes of each one's purity."""
    pure(vectors, labels, k)  # refuses
    same = (labels[order(vectors, k)] == labels[:, None]).mean(axis=1)
    return float(np.mean([same[labels == each].mean() for each in np.unique(labels)]))


def counted(vectors: Floats, labels: Labels, k: int) -> float:
    """How many neighbours, in place of which share."""
    return pure(vectors, labels, k) * k


def one_more_below(vectors: Floats, labels: Labels, k: int) -> float:
    """Oneself counts below the line."""
    return pure(vectors, labels, k) * k / (k + 1)


def as_many_as_there_are(vectors: Floats, labels: Labels, k: int) -> float:
    """Fewer, where more are asked for than there are."""
    return pure(vectors, labels, min(max(k, 1), len(vectors) - 1))


MANY: tuple[Callable[..., float], ...] = (
    *(pure, by_majority, by_any, class_by_class, counted, one_more_below),
    of(lambda vectors: squared(vectors, vectors)),
    of(lambda vectors: others(distances(vectors, vectors, "l1"))),
    of(lambda vectors: others(-squared(vectors, vectors))),
    lambda vectors, labels, k: 1 - pure(vectors, labels, k),
    lambda vectors, labels, k: pure(vectors, labels, 1),
)


def mixed(random: np.random.Generator) -> Case:
    """Classes of different sizes that overlap: no known mistake gives the right share, or that of another one."""
    while True:
        classes, length, k, count = 3, 2, int(random.integers(2, 5)), int(random.integers(9, 14))
        labels = random.permutation(np.concatenate([np.arange(classes), random.integers(0, 2, size=count - classes)]))
        vectors = points(random, count, length) * 1.5 + labels[:, None]
        found = {round(each(vectors, labels, k), 6) for each in MANY}
        if len(found) == len(MANY):
            return case(vectors, labels.astype(np.int64), k)


def twins(random: np.random.Generator) -> Case:
    """Every point lies exactly on one of another class, and far from all others; nothing of it is in order."""
    while True:
        count = int(random.integers(4, 7))
        spots = np.cumsum(random.integers(2, 5, size=count))[:, None] * np.array([[3.0, -4.0]])
        turn = random.permutation(2 * count)
        vectors, labels = np.repeat(spots, 2, axis=0)[turn], np.repeat(random.integers(0, 2, size=count), 2)
        labels[1::2] += 1
        labels = labels[turn]
        wrong = of(lambda given: squared(given, given), skip=1), of(not_at_distance_zero)
        found = {round(each(vectors, labels, 1), 6) for each in (pure, *wrong)}
        if len(found) == 3:
            return case(vectors, labels, 1)


LINE = np.array([[0.0], [1.0], [3.0], [7.0], [8.0]])
NAMES = np.array([0, 0, 0, 1, 1])
SQUARE = np.array([[0.0, 0], [0, 3], [4, 0.5], [9, 9], [9, 4.5], [5, 8]])

knn_purity = Referee(
    name="knn_purity",
    points=1,
    reference=pure,
    tolerance=SHARE,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(LINE, NAMES, 1, title="Five points on a line, one neighbour"),
                case(LINE, NAMES, 2, title="Five points on a line, two neighbours"),
            ),
        ),
        Group("classes that overlap", weight=4, drawn=mixed, count=8),
        Group("points on top of each other", weight=1, drawn=twins, count=6),
        Group(
            "pure, hopeless, and all the others",
            weight=1,
            cases=(
                case(SQUARE, np.array([5, 5, 5, -2, -2, -2]), 2),
                case(SQUARE[::2], np.array([1, 2, 3]), 2),
                case(SQUARE, np.array([0, 1, 1, 1, 0, 1]), 5),
                case(SQUARE[:, :1] ** 2, np.array([0, 0, 1, 1, 0, 1])[:6], 5),
            ),
        ),
        Group(
            "more neighbours than other points, or none",
            weight=1,
            cases=(
                case(LINE, NAMES, 5, raises=ValueError),
                case(SQUARE, np.arange(6), 8, raises=ValueError),
                case(LINE, NAMES, 0, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "is its own neighbour",
            of(lambda vectors: squared(vectors, vectors)),
            hint="Every point is nearest to itself, and that says nothing: only other points are neighbours.",
        ),
        Mistake(
            "skips whoever comes first",
            of(lambda vectors: squared(vectors, vectors), skip=1),
            hint="Where two points lie on top of each other, the first in the order may be the other one: leave a "
            "point out by its number, not by its rank.",
        ),
        Mistake(
            "skips all that lie here",
            of(not_at_distance_zero),
            hint="Another point may lie at distance 0, and it is a neighbour: leave a point out by its number, not by "
            "its distance.",
        ),
        Mistake(
            "by l1",
            of(lambda vectors: others(distances(vectors, vectors, "l1"))),
            hint="Here distances are straight: the root of the squares, l2.",
        ),
        Mistake(
            "the farthest",
            of(lambda vectors: others(-squared(vectors, vectors))),
            hint="You ask those who are farthest away.",
        ),
        Mistake(
            "lets the majority decide",
            by_majority,
            hint="You count a point fully or not at all. Its purity is the share of its neighbours and may lie "
            "between.",
        ),
        Mistake(
            "one is enough",
            by_any,
            hint="One neighbour of the class is not enough for a whole point: take the share of all k.",
        ),
        Mistake(
            "the nearest alone",
            lambda vectors, labels, k: pure(vectors, labels, 1 if 1 <= k < len(vectors) else k),
            hint="You ask the nearest neighbour only; there are k.",
        ),
        Mistake(
            "class by class",
            class_by_class,
            hint="You average over the classes. The mean is one over the points, so that each of them counts as much.",
        ),
        Mistake(
            "counts neighbours",
            counted,
            hint="You count neighbours of the class. A share is asked for: divide by k.",
        ),
        Mistake(
            "divides by one more",
            one_more_below,
            hint="Each point has k neighbours, so divide by k: the point itself is none of them.",
        ),
        Mistake(
            "impurity",
            lambda vectors, labels, k: 1 - pure(vectors, labels, k),
            hint="That is the share of neighbours of other classes.",
        ),
        Mistake(
            "takes as many as there are",
            as_many_as_there_are,
            hint="A point has one neighbour less than there are points. Whoever asks for more, or for none, is to get "
            "a "
            "ValueError.",
        ),
    ),
)
