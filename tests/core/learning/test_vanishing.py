"""Gradients at the start: against torch's own modules, and what the lectures say of plain, residual and dense nets."""

import numpy as np
import pytest
import torch
from torch import nn

from core.data.digits import training_digits
from core.errors import CoreError
from core.learning.vanishing import ACTIVATIONS, IMAGES, WIDTH, Depths, activate, at_start, fades
from core.units.activations import CURVES


@pytest.mark.parametrize("curve", ACTIVATIONS)
def test_bends_as_the_curves_of_the_other_labs_do(curve: str) -> None:
    sums = np.linspace(-4, 4, 101)
    np.testing.assert_allclose(activate(torch.tensor(sums), curve).numpy(), CURVES[curve].value(sums), atol=1e-12)


def test_finds_the_gradients_that_modules_find() -> None:
    """The plain network of four layers, rebuilt from nn.Linear with the same draws."""
    dice, digits = torch.Generator().manual_seed(5), training_digits()
    images = torch.tensor(digits.images[:IMAGES].reshape(IMAGES, -1))
    images = (images - images.mean()) / images.std()
    drawn = [torch.randn(64, WIDTH, generator=dice, dtype=torch.float64) / 8]
    drawn += [torch.randn(WIDTH, WIDTH, generator=dice, dtype=torch.float64) * (2 / WIDTH) ** 0.5 for _ in range(4)]
    drawn.append(torch.randn(WIDTH, 10, generator=dice, dtype=torch.float64) / WIDTH**0.5)
    layers = []
    for weights in drawn:
        layers.append(nn.Linear(*weights.shape, bias=False, dtype=torch.float64))
        layers[-1].weight.data = weights.T.contiguous()
    steps = [each for layer in layers[1:-1] for each in (layer, nn.ReLU())]
    module = nn.Sequential(layers[0], *steps, layers[-1])
    nn.functional.cross_entropy(module(images), torch.tensor(digits.labels[:IMAGES])).backward()
    theirs = [float(layer.weight.grad.norm()) for layer in layers[1:-1]]
    assert at_start("plain", 4, "ReLU", seed=5).gradients == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_vanishes_in_the_plain_network_only(seed: int) -> None:
    """N33: no slope of the sigmoid is above 1/4, so 19 layers leave less than 4^-19 times what weights give back."""
    plain, residual, dense = (at_start(kind, 20, "sigmoid", seed=seed) for kind in ("plain", "residual", "dense"))
    assert plain.fading < 1e-9
    assert 0.15 < fades(plain) < 0.3
    assert residual.fading > 0.1
    assert dense.fading > 0.1


@pytest.mark.parametrize("size", [0.5, 0.8, 1.5])
def test_multiplies_by_the_size_of_the_weights_in_every_layer(size: float) -> None:
    """A linear network is exact: the gradient of one layer holds the weights of all the others."""
    right, scaled = (at_start("plain", 10, "linear", size=each).signals for each in (1.0, size))
    assert scaled[-1] / right[-1] == pytest.approx(size**10)


def test_kills_rectifiers_and_no_others() -> None:
    assert at_start("plain", 30, "ReLU").dead[-1] > 0.3
    assert at_start("plain", 30, "ReLU", norm=True).dead[-1] == 0
    assert max(at_start("plain", 30, "leaky ReLU").dead) == 0
    low = at_start("plain", 10, "ReLU", bias=-4.0)
    assert low.dead[-1] == 1
    assert low.gradients[0] == 0
    assert fades(low) == 0


def test_draws_the_same_twice() -> None:
    assert at_start("dense", 5, "tanh", seed=3) == at_start("dense", 5, "tanh", seed=3)
    assert at_start("dense", 5, "tanh", seed=3) != at_start("dense", 5, "tanh", seed=4)


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(CoreError, match="a depth of 1 to 60"):
        at_start("plain", 0, "ReLU")
    with pytest.raises(CoreError, match="the activation is one of"):
        at_start("plain", 2, "swish")  # type: ignore[arg-type]
    assert fades(Depths((1.0,), (0.0,), (1.0,))) == 1
