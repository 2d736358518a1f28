"""The focal loss: torchvision's twin, its slope by finite differences, and the numbers of lecture E."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import sigmoid_focal_loss

from core.errors import CoreError, ShapeError
from core.learning.focal import (
    Group,
    focal_factor,
    focal_loss,
    focal_slope,
    shares_of_loss,
    shares_of_pull,
    sigmoid_focal,
)

CROWD = [Group("easy background", 10_000, 0.99), Group("objects", 10, 0.1)]
CHANCES = st.floats(0.001, 0.999)
GAMMAS = st.floats(0, 6)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [None, 0.25, 0.9])
def test_the_torch_one_is_that_of_torchvision(gamma: float, alpha: float | None) -> None:
    dice = torch.Generator().manual_seed(0)
    scores = (4 * torch.randn(50, 7, generator=dice)).requires_grad_()
    wanted = (torch.rand(50, 7, generator=dice) < 0.3).float()
    ours = sigmoid_focal(scores, wanted, gamma=gamma, alpha=alpha)
    theirs = sigmoid_focal_loss(scores, wanted, alpha=-1 if alpha is None else alpha, gamma=gamma)
    torch.testing.assert_close(ours, theirs)
    slopes = [torch.autograd.grad(each.sum(), scores)[0] for each in (ours, theirs)]
    torch.testing.assert_close(slopes[0], slopes[1], atol=1e-5, rtol=1e-4)


def test_scores_of_any_height_stay_finite() -> None:
    scores = torch.tensor([-1e4, 1e4, -1e4, 1e4], requires_grad=True)
    loss = sigmoid_focal(scores, torch.tensor([0.0, 1.0, 1.0, 0.0]), gamma=2, alpha=0.25)
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert torch.isfinite(scores.grad).all()  # type: ignore[arg-type]


@given(CHANCES)
def test_with_gamma_0_it_is_the_cross_entropy(p: float) -> None:
    assert focal_loss(np.array([p]), 0)[0] == pytest.approx(-np.log(p))


@given(CHANCES, GAMMAS, GAMMAS)
def test_a_larger_gamma_never_makes_a_loss_larger(p: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert focal_loss(np.array([p]), high)[0] <= focal_loss(np.array([p]), low)[0]


@given(CHANCES, GAMMAS)
def test_its_slope_is_that_of_finite_differences(p: float, gamma: float) -> None:
    score, step = np.log(p / (1 - p)), 1e-5
    near = 1 / (1 + np.exp(-np.array([score - step, score + step])))
    by_hand = np.diff(focal_loss(near, gamma))[0] / (2 * step)
    assert focal_slope(np.array([p]), gamma)[0] == pytest.approx(by_hand, abs=1e-6)


def test_the_edges_are_what_they_should_be() -> None:
    np.testing.assert_array_equal(focal_loss(np.array([0.0, 1.0]), 2), [np.inf, 0.0])
    np.testing.assert_array_equal(focal_slope(np.array([0.0, 1.0]), 2), [-1.0, 0.0])


@pytest.mark.parametrize(("p", "times"), [(0.9, 100), (0.5, 4)], ids=["N144-well", "N144-half"])
def test_N144_the_factor_of_gamma_2(p: float, times: float) -> None:
    assert 1 / focal_factor(np.array([p]), 2)[0] == pytest.approx(times)


@pytest.mark.parametrize(("gamma", "ground"), [(0, 0.814), (2, 0.001)], ids=["N142-cross-entropy", "N142-focal"])
def test_N142_who_holds_the_loss(gamma: float, ground: float) -> None:
    assert shares_of_loss(CROWD, gamma)[0] == pytest.approx(ground, abs=5e-4)
    assert shares_of_loss(CROWD, gamma).sum() == pytest.approx(1)


def test_the_pull_on_the_scores_shifts_to_the_objects_too() -> None:
    before, after = shares_of_pull(CROWD, 0), shares_of_pull(CROWD, 2)
    np.testing.assert_allclose(before, [100 / 109, 9 / 109])
    assert after[1] > 0.99


@pytest.mark.parametrize(("p", "gamma", "said"), [(1.5, 2, "probability"), (0.5, -1, "gamma")])
def test_wrong_inputs_are_explained(p: float, gamma: float, said: str) -> None:
    with pytest.raises(CoreError, match=said):
        focal_loss(np.array([p]), gamma)


def test_groups_that_lose_nothing_have_nothing_to_share() -> None:
    with pytest.raises(CoreError, match="nothing to share"):
        shares_of_loss([Group("perfect", 5, 1.0)], 2)
    with pytest.raises(CoreError, match="a p in"):
        Group("impossible", 5, 0.0)
    with pytest.raises(ShapeError, match="an answer for every score"):
        sigmoid_focal(torch.zeros(2), torch.zeros(3), gamma=2)
