"""A price for large weights, so that a network has no more of them than the data ask for (lectures B and D).

Parameters come by their names, as PyTorch gives them: those whose name ends with "bias" are biases.
Source: Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization", NIPS 1991.
"""

from collections.abc import Mapping

import numpy as np

from core.errors import CoreError
from core.types import Floats


def squares(parameters: Mapping[str, Floats], *, biases: bool = False) -> float:
    """The sum of all squared weights, and of the biases if they are asked for.

    >>> squares({"head.weight": np.array([[1.0, -2.0]]), "head.bias": np.array([3.0])})
    5.0
    """
    counted = (values for name, values in parameters.items() if biases or not name.endswith("bias"))
    return float(sum(np.square(values).sum() for values in counted))


def penalised(loss: float, parameters: Mapping[str, Floats], c: float, *, biases: bool = False) -> float:
    """What a training makes small: the loss on the data and the price of the weights.

        L + c * sum over i of w_i^2                   (lectures B and D)

    >>> penalised(0.5, {"head.weight": np.array([[1.0, -2.0]]), "head.bias": np.array([3.0])}, 0.01)
    0.55
    """
    if c < 0:
        raise CoreError(f"the price of a weight is from 0, got c = {c}")
    return loss + c * squares(parameters, biases=biases)
