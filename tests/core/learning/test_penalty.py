"""The price of weights, against PyTorch's weight decay and the fit of a polynomial."""

import numpy as np
import pytest
import torch

from core.errors import CoreError
from core.learning.penalty import penalised, squares
from core.learning.polynomial import Points, fitted, value


def test_is_what_weight_decay_descends() -> None:
    """Sgd adds decay * w to the slope, and that is the slope of decay / 2 * w^2: the decay is 2 c."""
    c, weights = 0.05, torch.tensor([[0.5, -2.0, 1.5]], dtype=torch.float64, requires_grad=True)
    price = c * weights.square().sum()
    (slope,) = torch.autograd.grad(price, weights)
    decayed = weights.detach().clone().requires_grad_(True)
    decayed.grad = torch.zeros_like(decayed)
    torch.optim.SGD([decayed], lr=0.1, weight_decay=2 * c).step()
    np.testing.assert_allclose(decayed.detach().numpy(), (weights - 0.1 * slope).detach().numpy())
    assert penalised(0.0, {"weight": weights.detach().numpy()}, c) == pytest.approx(price.item())


def test_is_least_at_the_fit_with_the_same_price() -> None:
    random = np.random.default_rng(0)
    points, c = Points(np.linspace(-1, 1, 8), random.normal(size=8)), 0.1

    def loss(weights: np.ndarray) -> float:
        return penalised(float(np.square(value(weights, points.x) - points.y).sum()), {"w": weights}, c)

    best = fitted(points, 5, c=c)
    assert all(loss(best) < loss(best + 0.05 * random.normal(size=6)) for _ in range(30))


def test_counts_biases_only_when_asked() -> None:
    parameters = {"a.weight": np.array([[3.0]]), "a.bias": np.array([4.0])}
    assert (squares(parameters), squares(parameters, biases=True)) == (9, 25)
    assert squares({}) == 0


def test_refuses_a_price_below_zero() -> None:
    with pytest.raises(CoreError, match="from 0, got c = -1"):
        penalised(0.0, {}, -1)
