"""nearest: which examples lie closest to a query, by one distance or another."""

from collections.abc import Callable

import numpy as np

from assignments.referees.ps4.common import points, unlike
from core.features import neighbours
from core.features.neighbours import Metric, Places, distances
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def places(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """The reference."""
    return neighbours.nearest(train, query, k, metric)


def by(far: Callable[[Floats, Floats, Metric], Floats]) -> Callable[..., Places]:
    """By other distances, (M, N)."""

    def variant(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
        places(train, query, k, metric)  # refuses
        return np.argsort(far(train, query, metric), axis=1, kind="stable")[:, :k]

    return variant


def apart(train: Floats, query: Floats) -> Floats:
    """Every difference: (N, D), (M, D) -> (M, N, D)."""
    return query[:, None] - train[None]


def signed(train: Floats, query: Floats, metric: Metric) -> Floats:
    """Differences that cancel each other out."""
    return apart(train, query).mean(axis=2) if metric == "l1" else distances(train, query, metric)


def largest(train: Floats, query: Floats, metric: Metric) -> Floats:
    """The largest of the differences."""
    return np.asarray(np.abs(apart(train, query)).max(axis=2))


def by_angle(train: Floats, query: Floats, metric: Metric) -> Floats:
    """Directions alone."""
    return distances(train, query, "cosine")


def last_of_equals(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """Sorted, then reversed."""
    places(train, query, k, metric)  # refuses
    return np.argsort(-distances(train, query, metric), axis=1, kind="stable")[:, ::-1][:, :k]


def in_their_order(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """The right ones, the earliest first."""
    return np.sort(places(train, query, k, metric), axis=1)


def without_the_first(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """As if the query were one of the examples."""
    places(train, query, k, metric)  # refuses
    return places(train, query, len(train), metric)[:, 1 : k + 1]


def the_other_way(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """Which queries are nearest to each example."""
    places(train, query, k, metric)  # refuses
    return places(query, train, min(k, len(query)), metric)


def how_far(train: Floats, query: Floats, k: int, metric: Metric) -> Floats:
    """Distances in place of places."""
    return np.asarray(np.take_along_axis(distances(train, query, metric), places(train, query, k, metric), axis=1))


def as_many_as_there_are(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """Fewer, where more are asked for than there are."""
    return places(train, query, len(train), metric)[:, : max(k, 0)]


def from_one(train: Floats, query: Floats, k: int, metric: Metric) -> Places:
    """Counted from 1."""
    return places(train, query, k, metric) + 1


def drawn(metric: Metric) -> Drawn:
    """Numbers of examples, queries, values and neighbours all differ, and every known mistake finds others."""

    def draw(random: np.random.Generator) -> Case:
        while True:
            neighbours_, length, queries, examples = sorted(unlike(random, 2, 10, 4))
            given = points(random, examples, length), points(random, queries, length), neighbours_
            found = [places(*given, each).tolist() for each in ("l1", "l2", "cosine")]
            found.append(by(largest)(*given, metric).tolist())
            found.append(by(signed)(*given, "l1").tolist())
            if len({str(each) for each in found}) == len(found):
                return case(*given, metric)

    return draw


def on_a_grid(random: np.random.Generator) -> Case:
    """Small whole numbers: several examples are equally near, and one of them is the query itself."""
    while True:
        neighbours_, length, queries, examples = sorted(unlike(random, 2, 9, 4))
        train = random.integers(-1, 2, size=(examples, length)).astype(float)
        query = random.integers(-1, 2, size=(queries, length)).astype(float)
        metric: Metric = "l1" if random.integers(2) else "l2"
        given = train, query, neighbours_, metric
        if (places(*given) != last_of_equals(*given)).any():
            return case(*given)


TRAIN = np.array([[0.0, 0], [3, 3], [5, 0], [0, 4]])
QUERY = np.array([[0.0, 0], [4, 1]])
TIES = np.array([[2.0, 0], [0, 2], [0, -2], [1, 0]])
SIX = np.array([[1.0, 5], [2, 2], [0, 7], [-3, 1], [4, 4], [9, 0]])

nearest = Referee(
    name="nearest",
    points=2,
    reference=places,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(TRAIN, QUERY, 3, "l1", title="The drawing by l1"),
                case(TRAIN, QUERY, 3, "l2", title="The drawing by l2"),
                case(TIES, np.zeros((1, 2)), 3, "l1", title="Three equally near"),
            ),
        ),
        Group("by l1", weight=2, drawn=drawn("l1"), count=8),
        Group("by l2", weight=2, drawn=drawn("l2"), count=8),
        Group("examples equally near", weight=1, drawn=on_a_grid, count=8),
        Group(
            "all examples, a single one, a single query, values far from 0",
            weight=1,
            cases=(
                case(SIX, QUERY, 6, "l2"),
                case(SIX[:1], QUERY, 1, "l1"),
                case(SIX, QUERY[1:], 1, "l2"),
                case(SIX + 1000.0, QUERY[1:] + 1000.0, 4, "l1"),
            ),
        ),
        Group(
            "more neighbours than examples, or none",
            weight=1,
            cases=(
                case(SIX, QUERY, 7, "l1", raises=ValueError),
                case(TRAIN, QUERY[:1], 5, "l2", raises=ValueError),
                case(SIX, QUERY, 0, "l1", raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "always l1",
            by(lambda train, query, metric: distances(train, query, "l1")),
            hint='With the metric "l2" the differences are squared before they are added up.',
        ),
        Mistake(
            "always l2",
            by(lambda train, query, metric: distances(train, query, "l2")),
            hint='With the metric "l1" it is the sizes of the differences that count, not their squares.',
        ),
        Mistake(
            "lets differences cancel",
            by(signed),
            hint="You average differences with their signs: one of plus 3 and one of minus 3 are not nothing. Take "
            "their sizes first.",
        ),
        Mistake(
            "the largest difference alone",
            by(largest),
            hint="You look at the largest difference only. All of them count.",
        ),
        Mistake(
            "by the angle",
            by(by_angle),
            hint="That is the angle between the vectors. How long they are matters here as well.",
        ),
        Mistake(
            "the farthest first",
            by(lambda train, query, metric: -distances(train, query, metric)),
            hint="You begin with the farthest: a small distance is a near neighbour.",
        ),
        Mistake(
            "turns ties round",
            last_of_equals,
            hint="Of examples equally near, the earlier comes first: sort by rising distance, stably, and reverse "
            "nothing.",
        ),
        Mistake(
            "not in order of distance",
            in_their_order,
            hint="You find the right ones; the nearest of them has to come first.",
        ),
        Mistake(
            "leaves the first one out",
            without_the_first,
            hint="You leave the nearest one out. The query is not among the examples, so nothing is to be skipped.",
        ),
        Mistake(
            "asks the other way round",
            the_other_way,
            hint="You look for the nearest query of each example. There is a row for each query.",
        ),
        Mistake(
            "gives distances",
            how_far,
            hint="You return how far the neighbours are. Asked for is which examples they are: their places.",
        ),
        Mistake(
            "counts from 1",
            from_one,
            hint="The first example has the place 0.",
        ),
        Mistake(
            "gives as many as there are",
            as_many_as_there_are,
            hint="Who asks for more neighbours than there are examples, or for none, is to get a ValueError.",
        ),
    ),
)
