"""Activations: what a unit makes of its sum, and how steep that is (lectures A, B, C and D).

A curve works value by value on an array of any shape; softmax works on the scores (..., K) of K classes.
Sources: LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998; Maas, Hannun and Ng, "Rectifier Nonlinearities
Improve Neural Network Acoustic Models", ICML 2013, for the leaky one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats, Mask

SLOPE = 0.01  # of the leaky rectifier, as the lectures have it


def relu(x: Floats) -> Floats:
    """The rectifier: (...) -> (...), max(0, x).

    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    return np.maximum(x, 0.0)


def relu_slope(x: Floats) -> Floats:
    """1 where the sum is positive, else 0: (...) -> (...). At 0 itself there are two slopes; like torch we say 0.

    >>> relu_slope(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 1.])
    """
    return np.where(x > 0, 1.0, 0.0)


def leaky_relu(x: Floats, *, slope: float = SLOPE) -> Floats:
    """x where it is positive, else slope * x: (...) -> (...).

    >>> leaky_relu(np.array([-2.0, 3.0]))
    array([-0.02,  3.  ])
    """
    return np.where(x > 0, x, _checked(slope) * x)


def leaky_relu_slope(x: Floats, *, slope: float = SLOPE) -> Floats:
    """1 where the sum is positive, else `slope`, which is never nothing: (...) -> (...).

    >>> leaky_relu_slope(np.array([-2.0, 3.0]), slope=0.2)
    array([0.2, 1. ])
    """
    return np.where(x > 0, 1.0, _checked(slope))


def sigmoid(x: Floats) -> Floats:
    """The logistic function: (...) -> (...), 1 / (1 + exp(-x)). The exponent is never positive, so nothing overflows.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    shrunk = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, shrunk) / (1.0 + shrunk)


def sigmoid_slope(x: Floats) -> Floats:
    """f (1 - f) of the logistic function: (...) -> (...), at most 1/4.

    >>> sigmoid_slope(np.array([0.0]))
    array([0.25])
    """
    shrunk = np.exp(-np.abs(x))
    return shrunk / (1.0 + shrunk) ** 2


def sigmoid_as_printed(x: Floats) -> Floats:
    """What lectures A and C print as the sigmoid: (...) -> (...), 1 / (1 + exp(-2x)).

    It is the logistic function of 2x, so it is twice as steep.

    >>> sigmoid_as_printed(np.array([1.0])).round(4), sigmoid(np.array([1.0])).round(4)
    (array([0.8808]), array([0.7311]))
    """
    return sigmoid(2.0 * x)


def sigmoid_as_printed_slope(x: Floats) -> Floats:
    """Twice the logistic slope at 2x: (...) -> (...), at most 1/2.

    >>> sigmoid_as_printed_slope(np.array([0.0]))
    array([0.5])
    """
    return 2.0 * sigmoid_slope(2.0 * x)


def tanh(x: Floats) -> Floats:
    """The hyperbolic tangent as the lectures print it: (...) -> (...), 2 / (1 + exp(-2x)) - 1.

    >>> tanh(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """
    return 2.0 * sigmoid(2.0 * x) - 1.0


def tanh_slope(x: Floats) -> Floats:
    """1 - f^2 of the hyperbolic tangent: (...) -> (...), at most 1.

    >>> tanh_slope(np.array([0.0]))
    array([1.])
    """
    return 4.0 * sigmoid_slope(2.0 * x)


def linear(x: Floats) -> Floats:
    """No activation, Keras' default: (...) -> (...), x itself.

    >>> linear(np.array([-2.0]))
    array([-2.])
    """
    return np.array(x, dtype=np.float64)


def linear_slope(x: Floats) -> Floats:
    """1 everywhere: (...) -> (...).

    >>> linear_slope(np.array([-2.0]))
    array([1.])
    """
    return np.ones_like(x, dtype=np.float64)


@dataclass(frozen=True)
class Curve:
    """An activation with its derivative, both value by value, and how they are written."""

    name: str
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    formula: str
    slope_formula: str


CURVES = {
    curve.name: curve
    for curve in (
        Curve("ReLU", relu, relu_slope, "max(0, x)", "1 if x > 0, else 0"),
        Curve("leaky ReLU", leaky_relu, leaky_relu_slope, "x if x > 0, else 0.01 x", "1 if x > 0, else 0.01"),
        Curve("tanh", tanh, tanh_slope, "2 / (1 + exp(-2x)) - 1", "1 - f(x)²"),
        Curve("sigmoid", sigmoid, sigmoid_slope, "1 / (1 + exp(-x))", "f(x) (1 - f(x))"),
        Curve(
            "sigmoid as printed",
            sigmoid_as_printed,
            sigmoid_as_printed_slope,
            "1 / (1 + exp(-2x))",
            "2 f(x) (1 - f(x))",
        ),
        Curve("linear", linear, linear_slope, "x", "1"),
    )
}


def curve(name: str, *, slope: float = SLOPE) -> Curve:
    """A curve by its name; `slope` is the leaky one's.

    >>> float(curve("leaky ReLU", slope=0.3).value(np.array(-2.0)))
    -0.6
    """
    if name not in CURVES:
        raise CoreError(f"there is no activation {name[:40]!r}; there are {', '.join(CURVES)}")
    if name != "leaky ReLU":
        return CURVES[name]
    value, steepness = partial(leaky_relu, slope=slope), partial(leaky_relu_slope, slope=slope)
    return Curve(name, value, steepness, f"x if x > 0, else {slope:g} x", f"1 if x > 0, else {slope:g}")


def softmax(scores: Floats, *, temperature: float = 1.0) -> Floats:
    """Scores of K classes as probabilities: (..., K) -> (..., K).

        p_c = exp(s_c / T) / sum over k of exp(s_k / T)

    Only differences of scores count, so the largest is taken off first and nothing overflows. A small T leaves all to
    the largest score, a large one makes all classes equal.

    >>> softmax(np.array([1000.0, 1000.0 + np.log(3.0)]))
    array([0.25, 0.75])
    """
    scaled = np.asarray(scores, dtype=np.float64) / _temperature(temperature)
    if scaled.ndim == 0 or scaled.shape[-1] == 0:
        raise ShapeError(f"softmax needs a score for every class, (..., K), got an array of shape {scaled.shape}")
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def softmax_slopes(scores: Floats, *, temperature: float = 1.0) -> Floats:
    """How every probability moves with every score: (K,) -> (K, K).

        d p_i / d s_j = p_i ([i = j] - p_j) / T

    >>> softmax_slopes(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    if scores.ndim != 1:
        raise ShapeError(f"one vector of scores at a time, (K,), got {scores.shape}")
    shares = softmax(scores, temperature=temperature)
    slopes: Floats = (np.diag(shares) - np.outer(shares, shares)) / temperature
    return slopes


def dead(sums: Floats, curve: Curve, *, bias: float = 0.0) -> Mask:
    """The units that no input of a set moves: sums (N, units) before the activation -> (units,).

    A unit is dead if its slope is 0 for every one of the N inputs. Then no gradient passes through it, and no step of
    gradient descent changes its weights: it stays dead.

    >>> sums = np.array([[1.0, -1.0], [2.0, -3.0]])
    >>> dead(sums, CURVES["ReLU"]), dead(sums, CURVES["leaky ReLU"])
    (array([False,  True]), array([False, False]))
    """
    _units(sums)
    found: Mask = (curve.slope(sums + bias) == 0).all(axis=0)
    return found


def dead_shares(sums: Floats, curve: Curve, biases: Sequence[float]) -> Floats:
    """The share of dead units for each bias that all units get: sums (N, units) -> (biases,).

    >>> dead_shares(np.array([[1.0, -1.0], [2.0, -3.0]]), CURVES["ReLU"], [2.0, 0.0, -5.0])
    array([0. , 0.5, 1. ])
    """
    return np.array([dead(sums, curve, bias=bias).mean() for bias in biases])


def saturated_share(sums: Floats, curve: Curve, *, within: float = 0.05) -> float:
    """The share of values that sit where the curve is almost flat: sums of any shape.

    Almost flat is a slope of less than `within` times the steepest this curve has.

    >>> saturated_share(np.array([0.0, 1.0, 5.0, -6.0]), CURVES["tanh"])
    0.5
    """
    if sums.size == 0:
        raise ShapeError("there is no value to look at: give at least one sum")
    steepest = float(curve.slope(np.array([0.0, 1.0])).max())
    return float((curve.slope(sums) < within * steepest).mean())


def _units(sums: Floats) -> None:
    if sums.ndim != 2 or 0 in sums.shape:
        raise ShapeError(f"need the sums of a set of inputs, (N, units), got an array of shape {sums.shape}")


def _checked(slope: float) -> float:
    if not 0 <= slope <= 1:
        raise CoreError(f"the slope of a leaky ReLU lies between 0 (no leak) and 1 (no activation), got {slope:g}")
    return slope


def _temperature(temperature: float) -> float:
    if not temperature > 0:
        raise CoreError(f"a temperature is above 0, got {temperature:g}: at 0 the largest score would take all")
    return temperature
