"""A forward pass in numpy, row by row: every volume of a chain of layers, to be looked at (lectures A and C).

The obvious twin of the PyTorch module that `core.nets.build` makes; images are (C, H, W), one at a time.
Weights are those of PyTorch: (filters, C, kh, kw) and (filters,) for a convolution, (units, inputs) and (units,) dense.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from core.errors import ShapeError
from core.filters.correlate import windows
from core.filters.padding import pad
from core.filters.pooling import average_pool, max_pool
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, LocalNorm, Pool, is_chain
from core.nets.trace import Row, Trace
from core.types import FeatureMap, Floats
from core.units.activations import leaky_relu, relu, sigmoid, softmax, tanh
from core.units.normalise import local_response_norm

Weights: TypeAlias = tuple[Floats, Floats]  # of one layer: its weights and its biases
CURVES: dict[str, Callable[[Floats], Floats]] = {
    "relu": relu,
    "leaky": leaky_relu,
    "tanh": tanh,
    "sigmoid": sigmoid,
    "softmax": softmax,
}


def forward(traced: Trace, weights: Mapping[str, Weights], image: FeatureMap) -> list[Floats]:
    """Every volume of a network on an image (C, H, W), one for each row of its table.

    >>> from core.nets.layers import Conv, Network, numbered
    >>> from core.nets.trace import trace
    >>> edge = trace(Network("an edge", (1, 1, 3), numbered(Conv(1, (1, 2)), Activation("relu"))))
    >>> [volume.tolist() for volume in forward(edge, {"conv1": (np.array([[[[-1.0, 1.0]]]]), np.zeros(1))},
    ...                                        np.array([[[0.0, 5.0, 1.0]]]))]
    [[[[5.0, -4.0]]], [[[5.0, 0.0]]]]
    """
    if image.shape != traced.input:
        raise ShapeError(f"this network was drawn for an image {traced.input}, got {image.shape}")
    if not is_chain(traced.network.layers):
        raise ShapeError("this network branches: only a chain of layers can be followed volume by volume here")
    volume, made = np.asarray(image, dtype=np.float64), list[Floats]()
    for row in traced.rows:
        volume = step(row, weights.get(row.name), volume)
        made.append(volume)
    return made


def step(row: Row, weights: Weights | None, volume: Floats) -> Floats:
    """One row at work on what the row before it made: (C, H, W) -> (C', H', W'), or vectors."""
    match row.operation:
        case Conv() if weights:
            return _conv(row.operation, weights, volume)
        case Dense() if weights:
            answer: Floats = weights[0] @ volume + weights[1]
            return answer
        case Conv() | Dense():
            raise ShapeError(f"{row.name} has no weights: give it (weights, biases) under its name")
        case Pool(how=how, kernel=kernel, stride=stride, padding=padding, ceil=False):
            pooled = max_pool if how == "max" else average_pool
            return np.stack([pooled(each, kernel, stride=stride, padding=padding) for each in volume])
        case GlobalPool(how=how):
            whole: Floats = volume.max(axis=(1, 2)) if how == "max" else volume.mean(axis=(1, 2))
            return whole
        case Flatten():
            return volume.ravel()
        case Activation(function=name) if name in CURVES:
            return CURVES[name](volume)
        case Dropout():
            return volume
        case LocalNorm(size=size):
            return local_response_norm(volume, size=size)
    raise ShapeError(f"{row.name}: a {row.kind} cannot be followed here, value by value")


def _conv(operation: Conv, weights: Weights, volume: FeatureMap) -> FeatureMap:
    """Every filter summed over all its input maps: (C, H, W) -> (filters, OH, OW)."""
    kernels, biases = weights  # (filters, C / groups, kh, kw)
    seen = np.stack(
        [
            windows(
                pad(each, operation.padding), operation.kernel, stride=operation.stride, dilation=operation.dilation
            )
            for each in volume
        ]
    )  # (C, OH, OW, kh, kw)
    depth, share = kernels.shape[1], len(kernels) // operation.groups
    parts = [
        np.einsum(
            "fcuv,cyxuv->fyx",
            kernels[group * share : (group + 1) * share],
            seen[group * depth : (group + 1) * depth],
            optimize=True,
        )
        for group in range(operation.groups)
    ]
    answer: FeatureMap = np.concatenate(parts) + biases[:, None, None]
    return answer
