"""Dropout by all its masks: the mean is what the network gets in use, and PyTorch's layer draws from the same."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError, LimitError, ShapeError
from core.learning.thinned import SCALINGS, every_mask, factor, masks, running_means, training_sums, used_sum

VALUES, WEIGHTS = np.abs(np.random.default_rng(0).normal(size=9)), np.random.default_rng(1).normal(size=9)


@given(st.floats(0, 0.95), st.integers(1, 9))
def test_is_on_average_what_the_network_gets_in_use(rate: float, units: int) -> None:
    awake, chance = every_mask(units, rate)
    assert chance.sum() == pytest.approx(1)
    for scaling in ("while training", "when used"):
        sums = training_sums(VALUES[:units], WEIGHTS[:units], awake, rate, scaling)
        assert chance @ sums == pytest.approx(used_sum(VALUES[:units], WEIGHTS[:units], rate, scaling), abs=1e-9)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_gets_too_much_in_use_where_the_scaling_is_forgotten(rate: float) -> None:
    awake, chance = every_mask(9, rate)
    met = chance @ training_sums(VALUES, WEIGHTS, awake, rate, "forgotten")
    assert used_sum(VALUES, WEIGHTS, rate, "forgotten") == pytest.approx(met / (1 - rate))


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_thins_as_pytorch_does(rate: float) -> None:
    """The values PyTorch lets through are ours times the factor of training; the shares of awake units agree."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        theirs = torch.nn.Dropout(rate)(torch.tensor(VALUES).repeat(20_000, 1)).numpy()
    awake = theirs != 0
    np.testing.assert_allclose(theirs @ WEIGHTS, training_sums(VALUES, WEIGHTS, awake, rate, "while training"))
    ours = masks(20_000, 9, rate, np.random.default_rng(0))
    np.testing.assert_allclose(ours.mean(axis=0), awake.mean(axis=0), atol=0.02)


def test_draws_the_first_masks_again_when_more_are_asked_for() -> None:
    few, many = (masks(count, 5, 0.5, np.random.default_rng(7)) for count in (3, 50))
    np.testing.assert_array_equal(few, many[:3])


def test_comes_near_the_mean_with_many_batches() -> None:
    sums = training_sums(VALUES, WEIGHTS, masks(50_000, 9, 0.5, np.random.default_rng(0)), 0.5, "while training")
    assert running_means(sums)[-1] == pytest.approx(used_sum(VALUES, WEIGHTS, 0.5, "while training"), abs=0.05)


def test_does_nothing_at_a_rate_of_none() -> None:
    assert masks(10, 9, 0.0, np.random.default_rng(0)).all()
    assert {factor(0.0, scaling) for scaling in SCALINGS} == {(1.0, 1.0)}


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(CoreError, match="share that rests"):
        masks(1, 1, 1.0, np.random.default_rng(0))
    with pytest.raises(CoreError, match="the scaling is one of"):
        factor(0.5, "twice")  # type: ignore[arg-type]
    with pytest.raises(LimitError, match="1 to 14 units"):
        every_mask(40, 0.5)
    with pytest.raises(ShapeError, match="values and weights"):
        training_sums(np.ones(2), np.ones(3), np.ones((1, 2), bool), 0.5, "forgotten")
