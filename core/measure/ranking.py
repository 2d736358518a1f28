"""How far an order is from the right one: the pairs that stand the wrong way round.

Source: Kendall, "A New Measure of Rank Correlation", Biometrika 1938.
"""

from collections.abc import Sequence
from itertools import combinations

from core.errors import ShapeError


def wrong_pairs(values: Sequence[float]) -> list[tuple[int, int]]:
    """Places (i, j), i before j, whose values fall although the list should rise: (N,) -> at most N (N - 1) / 2 pairs.

    Equal values may stand either way.

    >>> wrong_pairs([2012, 2015, 2014, 2014])
    [(1, 2), (1, 3)]
    """
    return [(i, j) for i, j in combinations(range(len(values)), 2) if values[i] > values[j]]


def share_in_order(values: Sequence[float]) -> float:
    """The share of the pairs that stand the right way round: 1 for a sorted list, 0 for a reversed one without ties.

    >>> share_in_order([2012, 2015, 2014, 2014])
    0.6666666666666666
    """
    if len(values) < 2:
        raise ShapeError(f"an order needs two things or more, got {len(values)}")
    pairs = len(values) * (len(values) - 1) // 2
    return (pairs - len(wrong_pairs(values))) / pairs
