"""Dense layers as convolutions: the same numbers in a new shape, and a classifier slides over larger images (A, B).

A dense layer on a volume (C, h, w) with L outputs is a convolution with L filters of C x h x w: as large as the volume.
It leaves one pixel, so every dense layer after it is a convolution of 1x1. On a larger image nothing has to be changed.
Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.nets.layers import Conv, Dense, Flatten, Network, numbered
from core.nets.trace import trace
from core.types import Floats

if TYPE_CHECKING:
    from torch.nn import Linear, Module, Sequential

Volume = tuple[int, int, int]


def dense_to_conv(matrix: Floats, volume: Volume) -> Floats:
    """The filters that do what a dense layer does on a volume (C, h, w): (L, C·h·w) -> (L, C, h, w).

        w[l, c, y, x] = W[l, (c · h + y) · w + x]

    One filter holds the weights of one output neuron, in PyTorch's order: maps, rows, columns.

    >>> dense_to_conv(np.arange(8.0)[None], (2, 2, 2)).tolist()
    [[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]]]
    >>> dense_to_conv(np.zeros((256, 4000)), (10, 20, 20)).shape
    (256, 10, 20, 20)
    """
    if matrix.ndim != 2 or matrix.shape[1] != np.prod(volume):
        raise ShapeError(
            f"a dense layer on a volume of {volume[0]}x{volume[1]}x{volume[2]} has weights (L, {np.prod(volume)}), "
            f"got {matrix.shape}"
        )
    return matrix.reshape(-1, *volume)


def dense_to_conv_keras(matrix: Floats, volume: Volume) -> Floats:
    """The same as Keras keeps it, maps last: (h·w·C, L) on a volume (h, w, C) -> (h, w, C, L).

    The lecture's `w7.reshape(20, 20, 10, 256)`. `reshape` gives a new array: it has to be kept.

    >>> dense_to_conv_keras(np.zeros((4000, 256)), (20, 20, 10)).shape
    (20, 20, 10, 256)
    """
    if matrix.ndim != 2 or matrix.shape[0] != np.prod(volume):
        raise ShapeError(
            f"Keras keeps a dense layer on a volume of {volume[0]}x{volume[1]}x{volume[2]} as ({np.prod(volume)}, L), "
            f"got {matrix.shape}"
        )
    return matrix.reshape(*volume, -1)


def keras_to_torch(kernel: Floats) -> Floats:
    """The same filters with other axes first: (h, w, C, L) -> (L, C, h, w).

    A plain reshape to that shape would have the right size and every weight in a wrong place.

    >>> keras_to_torch(np.zeros((20, 20, 10, 256))).shape
    (256, 10, 20, 20)
    """
    if kernel.ndim != 4:
        raise ShapeError(f"Keras keeps filters as (h, w, C, L), got {kernel.shape}")
    return kernel.transpose(3, 2, 0, 1)


def convolutional(network: Network) -> Network:
    """The table of a classifier with its dense layers written as convolutions; it takes any larger image.

    >>> from core.models.window_net import WINDOW_NET
    >>> [(layer.operation.filters, layer.operation.kernel) for layer in convolutional(WINDOW_NET).layers
    ...  if isinstance(layer.operation, Conv)]
    [(16, (5, 5)), (32, (3, 3)), (64, (2, 2)), (11, (1, 1))]
    """
    operations, sides = [], (1, 1)
    for row in trace(network).rows:
        if isinstance(row.operation, Flatten):
            sides = row.taken[1], row.taken[2]
        elif isinstance(row.operation, Dense):
            operations.append(Conv(row.operation.units, sides, bias=row.operation.bias))
            sides = 1, 1
        else:
            operations.append(row.operation)  # type: ignore[arg-type]
    return replace(network, name=f"{network.name}, convolutions only", layers=numbered(*operations))


def as_convolutions(module: "Module", taken: Volume) -> "Sequential":
    """A trained classifier for images (C, H, W) with its dense layers as convolutions; the weights are copied.

    On (N, C, H, W) it gives (N, L, 1, 1): the same scores. On a larger image it gives a map of scores for every class.

    >>> import torch
    >>> from core.models.registry import load
    >>> sliding = as_convolutions(load("digit_windows"), (1, 16, 16))
    >>> tuple(sliding(torch.zeros(1, 1, 16, 16)).shape), tuple(sliding(torch.zeros(1, 1, 64, 80)).shape)
    ((1, 11, 1, 1), (1, 11, 13, 17))
    """
    import torch
    from torch import nn

    if not isinstance(module, nn.Sequential):
        raise ShapeError(f"need a chain of layers, an nn.Sequential, got {type(module).__name__}")
    kind = next((weights.dtype for weights in module.parameters()), torch.float32)
    layers, volume = list[nn.Module](), torch.zeros(1, *taken, dtype=kind)
    flat: Volume | None = None  # the volume that the next dense layer sees
    with torch.no_grad():
        for layer in module:
            if isinstance(layer, nn.Flatten):
                flat = (volume.shape[1], volume.shape[2], volume.shape[3])
            elif isinstance(layer, nn.Linear):
                layers.append(_as_conv(layer, flat or (layer.in_features, 1, 1)))
                flat = None
            else:
                layers.append(layer)
            volume = layer(volume)
    return nn.Sequential(*layers).train(module.training).requires_grad_(False)


def _as_conv(layer: "Linear", volume: Volume) -> "Module":
    import torch
    from torch import nn

    conv = nn.Conv2d(volume[0], layer.out_features, volume[1:], bias=layer.bias is not None, dtype=layer.weight.dtype)
    with torch.no_grad():
        conv.weight.copy_(layer.weight.reshape(conv.weight.shape))
        if conv.bias is not None:
            conv.bias.copy_(layer.bias)
    return conv


@dataclass(frozen=True)
class Stop:
    """One layer of a module at work: the volume it made, or why it cannot."""

    layer: str
    shape: tuple[int, ...] | None
    error: str = ""


def run_through(module: "Module", image: NDArray[np.float32]) -> list[Stop]:
    """What every layer makes of one image (C, H, W), as far as it goes.

    >>> from core.models.registry import load
    >>> stops = run_through(load("digit_windows"), np.zeros((1, 20, 20), dtype=np.float32))
    >>> stops[6].shape, stops[7].error
    ((288,), 'mat1 and mat2 shapes cannot be multiplied (1x288 and 128x64)')
    """
    import torch

    volume, found = torch.from_numpy(np.ascontiguousarray(image))[None], list[Stop]()
    with torch.no_grad():
        for layer in module.children():
            try:
                volume = layer(volume)
            except RuntimeError as error:
                return [*found, Stop(type(layer).__name__, None, str(error).splitlines()[0])]
            found.append(Stop(type(layer).__name__, tuple(volume.shape[1:])))
    return found
