"""The Pareto front: against a front by hand, against every pair, and the laws it obeys."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.measure.pareto import pareto_front

WAYS = ("lower", "higher")
COORDINATE = st.integers(-4, 4)  # few values, so that ties are common


@st.composite
def clouds(draw, columns=None):
    width = columns or draw(st.integers(1, 4))
    rows = draw(st.lists(st.tuples(*[COORDINATE] * width), min_size=1, max_size=12))
    better = tuple(draw(st.sampled_from(WAYS)) for _ in range(width))
    return np.array(rows, dtype=np.float64), better


def beats(p, q, better):
    """Written for one pair, with words instead of signs."""
    at_least = all((a <= b) if way == "lower" else (a >= b) for a, b, way in zip(p, q, better, strict=True))
    return at_least and any(a != b for a, b in zip(p, q, strict=True))


@given(clouds())
def test_equals_looking_at_every_pair(cloud):
    points, better = cloud
    slow = [not any(beats(other, point, better) for other in points) for point in points]
    assert pareto_front(points, better).tolist() == slow


@given(clouds())
def test_is_never_empty_and_beats_everything_that_is_not_on_it(cloud):
    points, better = cloud
    front = pareto_front(points, better)
    assert front.any()
    for point in points[~front]:
        assert any(beats(other, point, better) for other in points[front])


@given(clouds(), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_nor_on_the_scale(cloud, random):
    points, better = cloud
    order = list(range(len(points)))
    random.shuffle(order)
    front = pareto_front(points, better)
    assert pareto_front(points[order], better).tolist() == front[order].tolist()
    assert pareto_front(np.exp(points / 3) * 7 + 1, better).tolist() == front.tolist()


@given(clouds(columns=2))
def test_keeps_a_front_when_the_rest_is_gone(cloud):
    points, better = cloud
    assert pareto_front(points[pareto_front(points, better)], better).all()


@pytest.mark.parametrize(
    ("points", "front"),
    [
        pytest.param([[1, 1]], [True], id="one point"),
        pytest.param([[1, 1], [1, 1]], [True, True], id="equal points"),
        pytest.param([[1, 2], [1, 3], [2, 3]], [False, True, False], id="ties in one column"),
        pytest.param([[1, 1], [2, 2], [3, 3]], [True, True, True], id="a chain that all stays"),
    ],
)
def test_keeps_ties(points, front):
    assert pareto_front(np.array(points, dtype=float), ("lower", "higher")).tolist() == front


def test_refuses_what_cannot_be_compared():
    with pytest.raises(ShapeError, match="one column per direction"):
        pareto_front(np.zeros((3, 2)), ("lower",))
    with pytest.raises(ShapeError, match="without a value"):
        pareto_front(np.array([[1.0, np.nan]]), ("lower", "higher"))


@pytest.mark.parametrize("better", list(product(WAYS, WAYS)))
def test_turns_round_with_the_signs(better):
    points = np.random.default_rng(3).normal(size=(30, 2))
    turned = points * [1 if way == "lower" else -1 for way in better]
    assert pareto_front(points, better).tolist() == pareto_front(turned, ("lower", "lower")).tolist()
