"""vote: the label that most neighbours have."""

from collections.abc import Callable

import numpy as np

from assignments.referees.ps4.common import unlike
from core.features.neighbours import Places, voted
from core.learning.losses import Labels
from grading.referee import Case, Group, Mistake, Referee, case


def winners(labels: Labels, places: Places) -> Labels:
    """The reference."""
    return voted(labels, places)


def each(decide: Callable[[Labels], int]) -> Callable[..., Labels]:
    """By the labels of a query's neighbours, nearest first: (k,) -> one label."""

    def variant(labels: Labels, places: Places) -> Labels:
        return np.array([decide(row) for row in labels[places]], dtype=np.int64)

    return variant


def smallest_of_the_most(row: Labels) -> int:
    """As bincount and argmax decide."""
    found, counts = np.unique(row, return_counts=True)
    return int(found[counts.argmax()])


def largest_of_the_most(row: Labels) -> int:
    """The last of those with most votes."""
    found, counts = np.unique(row, return_counts=True)
    return int(found[::-1][counts[::-1].argmax()])


def farthest_of_the_most(row: Labels) -> int:
    """Of equals the one that is farthest away."""
    return int(voted(row, np.arange(len(row))[None, ::-1])[0])


def rarest(row: Labels) -> int:
    """The label with the fewest votes, the nearest of them."""
    return int(row[(row[:, None] == row).sum(axis=1).argmin()])


def place_of_the_winner(labels: Labels, places: Places) -> Places:
    """Who has the label, in place of the label."""
    row = labels[places]
    return np.asarray(places[np.arange(len(places)), (row == winners(labels, places)[:, None]).argmax(axis=1)])


def over_all(labels: Labels, places: Places) -> Labels:
    """One winner for all queries."""
    return np.full(len(places), winners(labels, places.reshape(1, -1))[0])


def votes(labels: Labels, places: Places) -> Labels:
    """How many voted for the winner."""
    return np.asarray((labels[places] == winners(labels, places)[:, None]).sum(axis=1))


MANY = (
    *(winners, each(lambda row: int(row[0])), each(smallest_of_the_most), each(largest_of_the_most)),
    *(each(farthest_of_the_most), each(rarest), place_of_the_winner, over_all, votes),
    each(lambda row: int(np.sort(row)[len(row) // 2])),
    each(lambda row: int(np.rint(row.mean()))),
)


def drawn(*, ties: bool) -> Callable[[np.random.Generator], Case]:
    """Queries of which some have ties, or none has; labels with gaps between them, some negative."""

    def draw(random: np.random.Generator) -> Case:
        while True:
            k, queries, examples = sorted(unlike(random, 5, 14, 3))
            names = random.permutation(np.array([-8, -5, 3, 40, 90, 200]))[:3]
            labels = names[random.integers(0, 3, size=examples)].astype(np.int64)
            places = np.array([random.permutation(examples)[:k] for _ in range(queries)])
            if not ties:  # only queries with a single winner
                places = places[[smallest_of_the_most(row) == largest_of_the_most(row) for row in labels[places]]]
            if len(places) < 3:
                continue
            wanted = MANY if ties else (*MANY[:2], *MANY[5:])
            found = {str(variant(labels, places).tolist()) for variant in wanted}
            if len(found) == len(wanted):
                return case(labels, places)

    return draw


LABELS = np.array([7, 8, 8, 9])
PLACES = np.array([[0, 1, 2], [3, 0, 1]])

vote = Referee(
    name="vote",
    points=1,
    reference=winners,
    groups=(
        Group(
            "worked example",
            weight=1,
            visible=True,
            cases=(case(LABELS, PLACES, title="Two of three, and three of a kind of their own"),),
        ),
        Group("one label has most votes", weight=2, drawn=drawn(ties=False), count=6),
        Group(
            "several labels have most votes",
            weight=2,
            drawn=drawn(ties=True),
            count=6,
            cases=(case(LABELS, np.array([[3, 2, 0, 1]])), case(np.array([5, -5, 5, -5]), np.array([[1, 2, 0, 3]]))),
        ),
        Group("a single neighbour", weight=1, cases=(case(LABELS, np.array([[2], [0], [3]])),)),
    ),
    mistakes=(
        Mistake(
            "asks the nearest alone",
            each(lambda row: int(row[0])),
            hint="You give the label of the nearest neighbour, whatever the others have.",
        ),
        Mistake(
            "the smallest label wins",
            each(smallest_of_the_most),
            hint="Of labels with equally many votes you take the smallest. It is that of the nearest neighbour among "
            "them.",
        ),
        Mistake(
            "the largest label wins",
            each(largest_of_the_most),
            hint="Of labels with equally many votes you take the largest. It is that of the nearest neighbour among "
            "them.",
        ),
        Mistake(
            "the farthest wins",
            each(farthest_of_the_most),
            hint="Of labels with equally many votes you take the one that comes last. The nearest neighbour decides.",
        ),
        Mistake(
            "the fewest votes win",
            each(rarest),
            hint="You take the label with the fewest votes.",
        ),
        Mistake(
            "gives places",
            place_of_the_winner,
            hint="You return the place of an example. Asked for is its label.",
        ),
        Mistake(
            "gives votes",
            votes,
            hint="You return how many have voted for the winner. Asked for is the label.",
        ),
        Mistake(
            "one winner for all",
            over_all,
            hint="You count the votes of all queries together. Every query has a winner of its own.",
        ),
        Mistake(
            "takes the middle one",
            each(lambda row: int(np.sort(row)[len(row) // 2])),
            hint="Labels are names, not sizes: there is no middle one. Count how often each occurs.",
        ),
        Mistake(
            "takes the mean",
            each(lambda row: int(np.rint(row.mean()))),
            hint="Labels are names, not sizes: their mean says nothing. Count how often each occurs.",
        ),
    ),
)
