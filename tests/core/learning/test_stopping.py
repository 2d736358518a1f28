"""The rules of Keras' callbacks: against its own loop written out, and epoch by epoch where they surprise."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError
from core.learning.stopping import Checkpoint, EarlyStopping, falls, watched

CURVE = [0.9, 0.7, 0.6, 0.62, 0.61, 0.5, 0.55, 0.6, 0.7, 0.4]
LOSSES = st.lists(st.floats(0, 10), min_size=1, max_size=30)


def keras_stops(values: Sequence[float], patience: int, min_delta: float, falling: bool) -> tuple[int, int | None]:
    """Best epoch and last epoch as the loop of Keras 3 finds them, which counts epochs from 0."""
    delta, best = (-min_delta, math.inf) if falling else (min_delta, -math.inf)
    wait, best_epoch = 0, 0
    for epoch, current in enumerate(values):
        wait += 1
        if (current - delta < best) if falling else (current - delta > best):
            best, best_epoch, wait = current, epoch, 0
            continue
        if wait >= patience and epoch > 0:
            return best_epoch + 1, epoch + 1
    return best_epoch + 1, None


@settings(max_examples=200)
@given(LOSSES, st.integers(0, 6), st.floats(0, 1), st.booleans())
def test_stops_where_keras_stops(values: list[float], patience: int, min_delta: float, falling: bool) -> None:
    rule = EarlyStopping("val_loss", min_delta, patience, "min" if falling else "max")
    kept = rule.replay(values)[-1]
    assert (kept.best_epoch, kept.stopped) == keras_stops(values, patience, min_delta, falling)


@pytest.mark.parametrize(("patience", "stopped"), [(0, 4), (1, 4), (2, 5), (3, 9), (4, None), (9, None)])
def test_waits_as_long_as_its_patience(patience: int, stopped: int | None) -> None:
    assert EarlyStopping(patience=patience).replay(CURVE)[-1].stopped == stopped


@given(LOSSES)
def test_makes_no_difference_between_a_patience_of_none_and_of_one(values: list[float]) -> None:
    none, one = (EarlyStopping(patience=patience).replay(values)[-1].stopped for patience in (0, 1))
    assert none == one


def test_calls_a_small_gain_no_gain() -> None:
    slow = [1.0, 0.99, 0.98, 0.97, 0.96]
    assert EarlyStopping(patience=2).replay(slow)[-1].stopped is None
    kept = EarlyStopping(patience=2, min_delta=0.05).replay(slow)[-1]
    assert (kept.stopped, kept.best_epoch) == (3, 1)


def test_adds_up_small_gains_until_they_count() -> None:
    """The margin is from the best value, not from the last: 0.04 twice is more than 0.05."""
    assert [kept.waited for kept in EarlyStopping(patience=9, min_delta=0.05).replay([1.0, 0.96, 0.92])] == [0, 1, 0]


def test_watches_an_accuracy_upwards() -> None:
    assert EarlyStopping("val_accuracy", patience=1).replay([0.5, 0.7, 0.6])[-1].stopped == 3
    assert Checkpoint("val_accuracy", save_best_only=True).replay([0.5, 0.7, 0.6, 0.8]) == (1, 2, 4)
    assert not falls("accuracy")


@pytest.mark.parametrize(("restore", "epoch"), [(False, 9), (True, 6)])
def test_ends_with_the_best_weights_only_if_asked(restore: bool, epoch: int) -> None:
    rule = EarlyStopping(patience=3, restore_best_weights=restore)
    assert rule.weights_of(rule.replay(CURVE)[-1]) == epoch


@pytest.mark.parametrize(
    ("rule", "saved"),
    [
        (Checkpoint(), tuple(range(1, 11))),
        (Checkpoint(save_best_only=True), (1, 2, 3, 6, 10)),
        (Checkpoint(period=4), (4, 8)),
        (Checkpoint(save_best_only=True, period=4), (4, 8)),
        (Checkpoint(save_best_only=True, period=3), (3, 6)),
        (Checkpoint(save_best_only=True, mode="max"), (1,)),
    ],
)
def test_saves_the_epochs_that_keras_saves(rule: Checkpoint, saved: tuple[int, ...]) -> None:
    assert rule.replay(CURVE) == saved


@given(LOSSES, st.integers(1, 5))
def test_saves_the_best_only_among_those_it_would_save(values: list[float], period: int) -> None:
    every, best = (Checkpoint(save_best_only=only, period=period).replay(values) for only in (False, True))
    assert set(best) <= set(every)
    assert all(values[two - 1] < values[one - 1] for one, two in pairwise(best))
    if every:
        assert values[best[-1] - 1] == min(values[epoch - 1] for epoch in every)


def test_does_not_take_nan_for_a_gain() -> None:
    assert EarlyStopping(patience=2).replay([1.0, math.nan, math.nan])[-1].stopped == 3


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(CoreError, match="patience and min_delta"):
        EarlyStopping(patience=-1)
    with pytest.raises(CoreError, match="period of 0"):
        Checkpoint(period=0)
    with pytest.raises(CoreError, match="'auc' is not among the numbers of an epoch: loss"):
        watched({"loss": 1.0}, "auc")
    with pytest.raises(CoreError, match="auto, min or max"):
        falls("loss", "down")  # type: ignore[arg-type]
