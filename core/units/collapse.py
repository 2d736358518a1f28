"""Without activations a network is one matrix (lecture C): multiplied out, layer by layer.

A convolution, an average pooling and a dense layer are all linear with a bias, y = A x + b. So is one after the other:
A2 (A1 x + b1) + b2 = (A2 A1) x + (A2 b1 + b2). The network is then a linear classifier, however deep it is drawn.
"""

from collections.abc import Mapping

import numpy as np

from core.errors import LimitError, ShapeError
from core.nets.layers import Activation, GlobalPool, LocalNorm, Pool
from core.nets.trace import Trace
from core.types import Floats
from core.units.forward import Weights, forward

MOST_PIXELS = 4096  # the matrix has a column for each


def nonlinear(traced: Trace) -> list[str]:
    """The rows that are not linear, by name: what has to go before a network can be multiplied out.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> nonlinear(trace(network("minimal-cnn-pooled")))
    ['relu1', 'pool1', 'softmax1']
    """
    return [
        row.name
        for row in traced.rows
        if isinstance(row.operation, Activation | LocalNorm)
        or (isinstance(row.operation, Pool | GlobalPool) and row.operation.how == "max")
    ]


def collapse(traced: Trace, weights: Mapping[str, Weights]) -> tuple[Floats, Floats]:
    """A network without nonlinearities as one matrix and one bias: A (outputs, pixels), b (outputs,).

    The bias is what the network answers to a black image; column p of the matrix is what it answers to pixel p alone,
    less that bias.

    >>> from core.nets.layers import Conv, Flatten, Network, numbered
    >>> from core.nets.trace import trace
    >>> two = trace(Network("two convolutions", (1, 1, 3), numbered(Conv(1, (1, 2)), Conv(1, (1, 2)), Flatten())))
    >>> kernel = np.array([[[[1.0, 10.0]]]])
    >>> collapse(two, {"conv1": (kernel, np.zeros(1)), "conv2": (kernel, np.ones(1))})
    (array([[  1.,  20., 100.]]), array([1.]))
    """
    if found := nonlinear(traced):
        raise ShapeError(f"{', '.join(found[:5])} cannot be written as a matrix: take what is not linear away first")
    pixels = int(np.prod(traced.input))
    if pixels > MOST_PIXELS:
        raise LimitError(f"the matrix would have {pixels:,} columns, at most {MOST_PIXELS:,} go: take a smaller image")
    bias = forward(traced, weights, np.zeros(traced.input))[-1].ravel()
    answers = [forward(traced, weights, unit.reshape(traced.input))[-1].ravel() - bias for unit in np.eye(pixels)]
    return np.stack(answers, axis=1), bias
