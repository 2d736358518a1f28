"""Averages and votes against torch, scipy and scikit-learn, and what holds for all of them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import softmax
from scipy.stats import mode
from sklearn.metrics import log_loss, zero_one_loss

from core.errors import CoreError, ShapeError
from core.learning.ensemble import (
    average,
    cross_entropy,
    errors_by_size,
    majority,
    relative_reduction,
    rescued,
    wrong,
)
from core.types import Floats

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 12), st.integers(2, 5))
SEEDS = st.integers(0, 10_000)


def drawn(sizes: tuple[int, int, int], seed: int) -> tuple[Floats, NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    return softmax(random.normal(0, 3, sizes), axis=2), random.integers(0, sizes[2], sizes[1])


@given(SIZES, SEEDS)
def test_averages_and_counts_as_the_libraries_do(sizes: tuple[int, int, int], seed: int) -> None:
    said, labels = drawn(sizes, seed)
    together = average(said)
    np.testing.assert_allclose(together, torch.from_numpy(said).mean(dim=0).numpy())
    answers = together.argmax(axis=1)
    assert wrong(answers, labels) == pytest.approx(zero_one_loss(labels, answers))
    ours = cross_entropy(together, labels).mean()
    assert ours == pytest.approx(log_loss(labels, together, labels=np.arange(sizes[2])))


@given(SIZES, SEEDS)
def test_votes_as_scipy_does_where_the_vote_is_clear(sizes: tuple[int, int, int], seed: int) -> None:
    said, _ = drawn(sizes, seed)
    chosen = said.argmax(axis=2)
    votes = np.sort([np.bincount(column, minlength=sizes[2]) for column in chosen.T], axis=1)
    clear = votes[:, -1] > votes[:, -2]
    assert (majority(said)[clear] == mode(chosen, axis=0).mode[clear]).all()
    for image in np.flatnonzero(~clear):  # a tie goes to the most probable of those with most votes
        counts = np.bincount(chosen[:, image], minlength=sizes[2])
        leading = np.flatnonzero(counts == counts.max())
        assert majority(said)[image] == leading[average(said)[image, leading].argmax()]


@given(SIZES, SEEDS)
def test_is_never_more_surprised_than_its_members_are_in_the_mean(sizes: tuple[int, int, int], seed: int) -> None:
    """Jensen: on every single image the average of the cross-entropies is not below that of the average."""
    said, labels = drawn(sizes, seed)
    assert (cross_entropy(said, labels).mean(axis=0) >= cross_entropy(average(said), labels) - 1e-12).all()


@given(SIZES, SEEDS)
def test_gains_nothing_from_equal_networks(sizes: tuple[int, int, int], seed: int) -> None:
    said, labels = drawn(sizes, seed)
    same = np.repeat(said[:1], 3, axis=0)
    assert wrong(average(same).argmax(axis=1), labels) == wrong(said[0].argmax(axis=1), labels)
    assert (majority(same) == said[0].argmax(axis=1)).all()
    assert not len(rescued(same, labels, 1))


@given(SIZES, SEEDS, st.booleans())
def test_takes_every_choice_once(sizes: tuple[int, int, int], seed: int, vote: bool) -> None:
    said, labels = drawn(sizes, seed)
    found = errors_by_size(said, labels, vote=vote)
    assert sum(map(len, found)) == 2 ** sizes[0] - 1
    assert found[0] == pytest.approx([wrong(each.argmax(axis=1), labels) for each in said])
    whole = majority(said) if vote else average(said).argmax(axis=1)
    assert found[-1] == pytest.approx([wrong(whole, labels)])


@given(SIZES, SEEDS)
def test_rescues_what_one_gets_wrong_and_all_get_right(sizes: tuple[int, int, int], seed: int) -> None:
    said, labels = drawn(sizes, seed)
    places, together = rescued(said, labels, 0), average(said).argmax(axis=1)
    expected = {i for i in range(sizes[1]) if said[0, i].argmax() != labels[i] and together[i] == labels[i]}
    assert set(places.tolist()) == expected
    gains = [average(said)[i, labels[i]] - said[0, i, labels[i]] for i in places]
    assert gains == sorted(gains, reverse=True)


@pytest.mark.parametrize("share", [pytest.param(0.154, id="N78-seven-alexnets")])
def test_says_how_many_errors_are_gone(share: float) -> None:
    assert round(relative_reduction(18.2, 15.4), 3) == share


def test_can_be_infinitely_surprised() -> None:
    assert cross_entropy(np.array([[0.0, 1.0]]), np.array([0])).tolist() == [np.inf]


def test_says_what_it_needs() -> None:
    two = np.full((2, 3, 4), 0.25)
    with pytest.raises(ShapeError, match="one network or more"):
        average(np.zeros((0, 3, 4)))
    with pytest.raises(ShapeError, match="one answer for each label"):
        wrong(np.zeros(3, dtype=np.int64), np.zeros(2, dtype=np.int64))
    with pytest.raises(ShapeError, match="N labels"):
        cross_entropy(two, np.zeros(2, dtype=np.int64))
    with pytest.raises(CoreError, match="networks 0 to 1"):
        rescued(two, np.zeros(3, dtype=np.int64), 2)
    with pytest.raises(CoreError, match="none can go"):
        relative_reduction(0.0, 0.0)
