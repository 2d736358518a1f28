"""Pairs in the wrong order, against scipy's rank correlation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.measure.ranking import share_in_order, wrong_pairs


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=12, unique=True))
def test_follows_from_kendalls_tau(values):
    from scipy.stats import kendalltau

    tau = kendalltau(range(len(values)), values).statistic
    assert share_in_order(values) == pytest.approx((1 + tau) / 2)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=10))
def test_is_one_exactly_when_sorted(values):
    assert (share_in_order(values) == 1) == (values == sorted(values))
    assert not wrong_pairs(sorted(values))


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
def test_names_pairs_that_fall(values):
    for i, j in wrong_pairs(values):
        assert i < j
        assert values[i] > values[j]


def test_counts_all_pairs_of_a_reversed_list():
    assert len(wrong_pairs([4, 3, 2, 1])) == 6
    assert share_in_order([4, 3, 2, 1]) == 0


def test_needs_two_things():
    with pytest.raises(ShapeError, match="two things"):
        share_in_order([1])
