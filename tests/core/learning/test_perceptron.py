"""A network with one hidden layer: its slopes are torch's, and learning goes down."""

import numpy as np
import pytest
import torch

from core.errors import CoreError, ShapeError
from core.learning.losses import cross_entropy
from core.learning.perceptron import descended, scores_of, slopes_of


def drawn(seed: int, examples: int = 9, inputs: int = 3, hidden: int = 5, classes: int = 4):
    random = np.random.default_rng(seed)
    sizes = ((inputs, hidden), (hidden,), (hidden, classes), (classes,))
    features, labels = random.normal(size=(examples, inputs)), random.integers(0, classes, size=examples)
    return features, labels, tuple(random.normal(size=size) for size in sizes)


@pytest.mark.parametrize("seed", range(5))
def test_has_the_slopes_that_torch_has(seed: int) -> None:
    features, labels, weights = drawn(seed)
    theirs = [torch.tensor(each, requires_grad=True) for each in weights]
    scores = torch.relu(torch.tensor(features) @ theirs[0] + theirs[1]) @ theirs[2] + theirs[3]
    torch.nn.functional.cross_entropy(scores, torch.tensor(labels)).backward()
    np.testing.assert_allclose(scores_of(features, weights)[2], scores.detach().numpy(), atol=1e-12)
    for ours, tensor in zip(slopes_of(features, labels, weights), theirs, strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), atol=1e-12)


def test_learns_and_leaves_the_first_weights_as_they_were() -> None:
    features, labels, weights = drawn(7)
    before = [each.copy() for each in weights]
    later = [descended(features, labels, weights, steps=steps, rate=0.2) for steps in (0, 10, 100)]
    losses = [cross_entropy(scores_of(features, each)[2], labels).mean() for each in later]
    assert losses[0] > losses[1] > losses[2]
    assert all((one == other).all() for one, other in zip(weights, before, strict=True))


def test_takes_two_steps_like_one_and_another() -> None:
    features, labels, weights = drawn(3)
    once = descended(features, labels, weights, steps=1, rate=0.3)
    twice = descended(features, labels, once, steps=1, rate=0.3)
    for one, other in zip(twice, descended(features, labels, weights, steps=2, rate=0.3), strict=True):
        np.testing.assert_array_equal(one, other)


def test_refuses_sizes_that_do_not_fit_and_steps_backwards() -> None:
    features, labels, weights = drawn(0)
    with pytest.raises(ShapeError, match="got"):
        scores_of(features[:, :2], weights)
    with pytest.raises(ShapeError, match="no examples"):
        slopes_of(features[:0], labels[:0], weights)
    with pytest.raises(CoreError, match="0 or more"):
        descended(features, labels, weights, steps=-1, rate=0.1)
