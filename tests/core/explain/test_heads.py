"""A head on means and a head on maxima: what they hear adds up to what they say."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.explain.cam import class_activation_map
from core.explain.heads import Head, heard, learned_head, pooled, scores


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10**6), st.sampled_from(["average", "maximum"]))
def test_hears_what_it_says(maps: int, side: int, seed: int, pooling) -> None:
    random = np.random.default_rng(seed)
    head = Head(pooling, random.normal(size=(3, maps)), random.normal(size=3))
    features = random.normal(size=(maps, side, side))
    found = [heard(head, features, of).mean() + head.bias[of] for of in range(3)]
    np.testing.assert_allclose(found, scores(head, features), atol=1e-10)


@pytest.mark.parametrize("pooling", ["average", "maximum"])
def test_pools_as_pytorch_does(pooling) -> None:
    features = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    twin = {"average": torch.nn.AdaptiveAvgPool2d(1), "maximum": torch.nn.AdaptiveMaxPool2d(1)}[pooling]
    np.testing.assert_allclose(pooled(features, pooling), twin(torch.tensor(features))[:, :, 0, 0].numpy(), atol=1e-12)


def test_hears_one_place_of_each_map_through_a_maximum_and_all_through_an_average() -> None:
    features = np.random.default_rng(0).random((2, 4, 4))
    weights = np.ones((1, 2))
    assert np.count_nonzero(heard(Head("maximum", weights, np.zeros(1)), features, 0)) <= 2
    average = heard(Head("average", weights, np.zeros(1)), features, 0)
    np.testing.assert_allclose(average, class_activation_map(features, weights)[0])


@pytest.mark.parametrize("pooling", ["average", "maximum"])
def test_learns_to_the_end(pooling) -> None:
    """Where it stops, the loss that PyTorch works out is flat, and it rises in every direction."""
    random = np.random.default_rng(0)
    labels = np.arange(90) % 3
    features = random.random((90, 4, 3, 3))
    features[np.arange(90), labels] += 0.3
    head = learned_head(features, labels, pooling, classes=3, price=0.01)
    spread = torch.tensor(pooled(features, pooling).std(axis=0))

    def loss(weights: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        said = torch.tensor(pooled(features, pooling)) @ weights.T + bias
        price = 0.01 * (weights * spread).square().sum() / 2
        return torch.nn.functional.cross_entropy(said, torch.tensor(labels)) + price

    weights, bias = (torch.tensor(each, requires_grad=True) for each in (head.weights, head.bias))
    least = loss(weights, bias)
    least.backward()
    assert float(bias.grad.abs().max()) < 1e-3
    assert float((weights.grad / spread).abs().max()) < 1e-3
    for _ in range(5):
        away = torch.tensor(random.normal(size=(3, 4)))
        assert loss(weights + away, bias).item() > least.item()
    assert np.mean([scores(head, each).argmax() for each in features] == labels) > 0.7


def test_says_what_would_fit() -> None:
    with pytest.raises(ShapeError, match="with C = 3"):
        heard(Head("average", np.ones((2, 3)), np.zeros(2)), np.ones((2, 4, 4)), 0)
    with pytest.raises(ShapeError, match="a class from 0 to 1 for each of 4 pictures"):
        learned_head(np.ones((4, 1, 2, 2)), np.array([0, 1, 2, 0]), "average", classes=2)
