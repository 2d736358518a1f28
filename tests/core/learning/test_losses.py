"""Losses and their derivatives against torch's, against finite differences, and the lecture's own formula."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from core.errors import CoreError, ShapeError
from core.learning import losses
from core.units.activations import sigmoid, softmax

SCORES = np.random.default_rng(0).normal(0, 4, (200, 5))
LABELS = np.random.default_rng(1).integers(0, 5, 200)
YES_NO = np.random.default_rng(2).integers(0, 2, 200).astype(float)
VALUES, WANTED = (np.random.default_rng(seed).normal(0, 3, 200) for seed in (3, 4))


def test_is_as_surprised_as_torch_and_pulls_the_scores_as_autograd_does() -> None:
    scores = torch.tensor(SCORES, requires_grad=True)
    theirs = functional.cross_entropy(scores, torch.tensor(LABELS), reduction="none")
    theirs.sum().backward()
    np.testing.assert_allclose(losses.cross_entropy(SCORES, LABELS), theirs.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(losses.cross_entropy_by_scores(SCORES, LABELS), scores.grad.numpy(), atol=1e-14)


def test_pulls_the_probabilities_as_autograd_does() -> None:
    probabilities = torch.tensor(softmax(SCORES), requires_grad=True)
    functional.nll_loss(probabilities.log(), torch.tensor(LABELS), reduction="sum").backward()
    ours = losses.cross_entropy_by_probabilities(softmax(SCORES), LABELS)
    np.testing.assert_allclose(ours, probabilities.grad.numpy(), rtol=1e-12)


def test_answers_yes_or_no_as_torch_does() -> None:
    scores, wanted = torch.tensor(VALUES, requires_grad=True), torch.tensor(YES_NO)
    theirs = functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
    theirs.sum().backward()
    np.testing.assert_allclose(losses.binary_cross_entropy(VALUES, YES_NO), theirs.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(losses.binary_cross_entropy_by_score(VALUES, YES_NO), scores.grad.numpy(), atol=1e-14)
    chances = torch.tensor(sigmoid(VALUES), requires_grad=True)
    functional.binary_cross_entropy(chances, wanted, reduction="sum").backward()
    by_probability = losses.binary_cross_entropy_by_probability(sigmoid(VALUES), YES_NO)
    np.testing.assert_allclose(by_probability, chances.grad.numpy(), rtol=1e-9)


@pytest.mark.parametrize(
    ("ours", "slope", "twin"),
    [
        (losses.quadratic, losses.quadratic_by_value, functional.mse_loss),
        (losses.absolute, losses.absolute_by_value, functional.l1_loss),
    ],
)
def test_measures_distances_as_torch_does(ours, slope, twin) -> None:
    values, wanted = torch.tensor(VALUES, requires_grad=True), torch.tensor(WANTED)
    theirs = twin(values, wanted, reduction="none")
    theirs.sum().backward()
    np.testing.assert_allclose(ours(VALUES, WANTED), theirs.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(slope(VALUES, WANTED), values.grad.numpy(), rtol=1e-12)


@settings(max_examples=40)
@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6), st.integers(0, 5))
def test_is_the_slope_that_small_steps_find(scores: list[float], label: int) -> None:
    z, right, step = np.array(scores), np.array(label % len(scores)), 1e-5
    nudged = z + step * np.array([[[1.0]], [[-1.0]]]) * np.eye(len(z))  # (2, K, K)
    up, down = losses.cross_entropy(nudged, np.full((2, len(z)), right))
    np.testing.assert_allclose((up - down) / (2 * step), losses.cross_entropy_by_scores(z, right), atol=1e-6)


@settings(max_examples=40)
@given(st.lists(st.floats(-700, 700), min_size=2, max_size=6))
def test_pulls_of_all_scores_cancel_and_none_is_above_one(scores: list[float]) -> None:
    pulls = losses.cross_entropy_by_scores(np.array(scores), np.array(0))
    assert pulls.sum() == pytest.approx(0, abs=1e-12)
    assert np.abs(pulls).max() <= 1


@pytest.mark.parametrize("p", [0.5, 0.1, 0.9], ids=lambda p: f"N143-at-{p}")
def test_finds_the_printed_derivative_to_be_that_by_the_score(p: float) -> None:
    """Lecture E prints dL/dp = p - 1. A small step of p finds -1/p; a small step of the score finds p - 1."""
    step = 1e-6
    by_p = (-np.log(p + step) + np.log(p - step)) / (2 * step)
    two = np.array([p, 1 - p])
    assert losses.cross_entropy_by_probabilities(two, np.array(0))[0] == pytest.approx(by_p, rel=1e-6)
    assert losses.cross_entropy_by_scores(np.log(two), np.array(0))[0] == pytest.approx(p - 1)
    assert abs(by_p - (p - 1)) > 1


def test_joins_both_derivatives_by_the_chain_rule() -> None:
    from core.units.activations import softmax_slopes

    for scores, label in zip(SCORES[:20], LABELS[:20], strict=True):
        by_p = losses.cross_entropy_by_probabilities(softmax(scores), label)
        np.testing.assert_allclose(
            by_p @ softmax_slopes(scores), losses.cross_entropy_by_scores(scores, label), atol=1e-9
        )


def test_stays_finite_where_the_probability_rounds_to_zero() -> None:
    assert losses.cross_entropy(np.array([0.0, 1000.0]), np.array(0)) == 1000
    assert losses.binary_cross_entropy(np.array([800.0]), np.array([0.0]))[0] == 800


@settings(max_examples=40)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=15), st.floats(-200, 200))
def test_nothing_is_nearer_than_the_best_value(measured: list[float], guess: float) -> None:
    points = np.array(measured)
    for distance in ("quadratic", "absolute"):
        best = np.array([losses.best_value(points, distance)])
        here, there = losses.mean_loss(np.array([guess]), points, distance), losses.mean_loss(best, points, distance)
        assert there[0] <= here[0] + 1e-9


def test_lets_an_outlier_drag_the_mean_and_not_the_median() -> None:
    calm, wild = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([1.0, 2.0, 3.0, 4.0, 1000.0])
    assert losses.best_value(calm, "absolute") == losses.best_value(wild, "absolute") == 3
    assert (losses.best_value(calm, "quadratic"), losses.best_value(wild, "quadratic")) == (3, 202)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="a label for each row"):
        losses.cross_entropy(np.zeros((2, 3)), np.array([0]))
    with pytest.raises(CoreError, match="from 0 to 2"):
        losses.cross_entropy(np.zeros(3), np.array(3))
    with pytest.raises(CoreError, match="infinite"):
        losses.cross_entropy_by_probabilities(np.array([0.0, 1.0]), np.array(0))
    with pytest.raises(CoreError, match="above 0 and below 1"):
        losses.binary_cross_entropy_by_probability(np.array([1.0]), np.array([0.0]))
    with pytest.raises(ShapeError, match="one target"):
        losses.quadratic(np.zeros(2), np.zeros(3))
    with pytest.raises(ShapeError, match="measured"):
        losses.best_value(np.zeros(0), "quadratic")
