"""A neuron: a weighted sum, and what the activation makes of it (lecture D).

Inputs and weights are vectors (K,). Source: Rumelhart, Hinton and Williams, "Learning representations by
back-propagating errors", Nature 323, 1986.
"""

from dataclasses import dataclass

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats
from core.units.activations import Curve


@dataclass(frozen=True)
class Neuron:
    """K weights, a bias and an activation."""

    weights: Floats  # (K,)
    bias: float
    curve: Curve

    def sum(self, x: Floats) -> float:
        """What comes in: (K,) -> s = sum over k of w_k x_k, + bias.

        >>> from core.units.activations import CURVES
        >>> Neuron(np.array([2.0, -1.0]), 0.5, CURVES["ReLU"]).sum(np.array([1.0, 3.0]))
        -0.5
        """
        if x.shape != self.weights.shape:
            raise ShapeError(f"this neuron has weights for {self.weights.shape} inputs, got {x.shape}")
        return float(self.weights @ x) + self.bias

    def output(self, x: Floats) -> float:
        """What goes out: (K,) -> y = f(s).

        >>> from core.units.activations import CURVES
        >>> Neuron(np.array([2.0, -1.0]), 0.5, CURVES["ReLU"]).output(np.array([1.0, 3.0]))
        0.0
        """
        return float(self.curve.value(np.array(self.sum(x))))

    def blame(self, x: Floats, onward: Floats, beyond: Floats) -> Floats:
        """How the loss moves with every weight, as lecture D writes it: (K,), (J,), (J,) -> (K,).

            dL/dw_k = x_k f'(s) sum over j of w~_j dL/dy~_j

        `onward` are the weights w~_j with which the J neurons of the next layer take this one's output; `beyond` is
        dL/dy~_j, how the loss moves with the sum of each of them.

        >>> from core.units.activations import CURVES
        >>> here = Neuron(np.array([2.0, 1.0]), 0.5, CURVES["ReLU"])
        >>> here.blame(np.array([1.0, 3.0]), onward=np.array([2.0, -1.0]), beyond=np.array([0.5, 1.0]))
        array([0., 0.])
        >>> here.blame(np.array([1.0, 3.0]), onward=np.array([2.0, -1.0]), beyond=np.array([1.0, 0.5]))
        array([1.5, 4.5])
        """
        if onward.shape != beyond.shape:
            raise ShapeError(f"one derivative for each weight onward: got {onward.shape} and {beyond.shape}")
        steepness = float(self.curve.slope(np.array(self.sum(x))))
        found: Floats = x * steepness * float(onward @ beyond)
        return found


def stepped(parameters: Floats, gradient: Floats, mu: float) -> Floats:
    """One step of gradient descent: (...), (...) -> (...), theta - mu * gradient.

    >>> stepped(np.array([1.0, 2.0]), np.array([10.0, -10.0]), 0.1)
    array([0., 3.])
    """
    if parameters.shape != gradient.shape:
        raise ShapeError(f"one derivative for each parameter: got {parameters.shape} and {gradient.shape}")
    if mu < 0:
        raise CoreError(f"a step length is 0 or more, got {mu:g}: a negative one would climb")
    return parameters - mu * gradient
