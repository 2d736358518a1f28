"""Figures about activations, and about the gradient that passes through them."""

import numpy as np

from core.types import Floats
from core.units.activations import (
    CURVES,
    leaky_relu,
    sigmoid,
    sigmoid_as_printed,
    sigmoid_as_printed_slope,
    sigmoid_slope,
    tanh,
)
from core.units.backprop import Net, finite_difference, gradient, run
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value


def rounded(*values: Floats) -> Value:
    """Numbers to the four decimals that the table has."""
    return tuple(round(float(value), 4) for value in values)


def samples() -> tuple[Net, Floats, Floats]:
    """A net of 2, 3 and 2 units with four samples, all drawn."""
    draw = np.random.default_rng(175)
    layers = (draw.normal(size=(3, 3)), draw.normal(size=(2, 4)))
    return Net(layers, (CURVES["tanh"], CURVES["sigmoid"])), draw.normal(size=(4, 2)), draw.normal(size=(4, 2))


@ours("N32")
def tanh_as_printed() -> Value:
    """The largest distance between the printed form and the library's, on 10,001 sums from -5 to 5."""
    x = np.linspace(-5, 5, 10_001)
    return round(float(abs(tanh(x) - np.tanh(x)).max()), 12)


@ours("N33")
def logistic() -> Value:
    """Value at 1 and slope at 0 of the logistic function."""
    return rounded(sigmoid(np.array(1.0)), sigmoid_slope(np.array(0.0)))


@claim("N33")
def logistic_as_printed() -> Value:
    """The same of the printed function."""
    return rounded(sigmoid_as_printed(np.array(1.0)), sigmoid_as_printed_slope(np.array(0.0)))


@ours("N34")
def leaky() -> Value:
    """A leaky ReLU of -2."""
    return float(leaky_relu(np.array(-2.0)))


@ours("N175")
def rule_against_differences() -> Value:
    """How many derivatives the net has, and how many of them finite differences confirm to a millionth."""
    net, x, targets = samples()
    found = gradient(net, x, targets)
    apart = [abs(found[n][u, k] - finite_difference(net, (n, u, k), x, targets)) for n, u, k in net.places()]
    return len(apart), sum(bool(each < 1e-6) for each in apart)


@ours("N192")
def full_step_over_mean_step() -> Value:
    """The step of the whole set, divided by the mean step of its four samples: one number for all parameters."""
    net, x, targets = samples()
    singles = [run(net, *sample).gradient for sample in zip(x, targets, strict=True)]
    ratios = [
        whole / np.mean([single[layer] for single in singles], axis=0)
        for layer, whole in enumerate(gradient(net, x, targets))
    ]
    (ratio,) = {round(float(each), 6) for ratio in ratios for each in ratio.ravel()}
    return int(ratio)
