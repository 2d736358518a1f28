"""The tables of layers that the questions share: dicts for students, rows of `core` for the reference."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from core.errors import CoreError
from core.nets.layers import Conv, Dense, Flatten, Network, Operation, Pool, numbered
from core.nets.trace import Row, Trace, trace
from core.nets.zoo import network
from core.types import Shape, pair
from grading.referee import Case, Drawn, case

Layer: TypeAlias = dict[str, Any]


def conv(filters: int, kernel: tuple[int, int], stride: int = 1, pad: int = 0, bias: bool = True) -> Layer:
    """A row as the notebook's function of that name writes it, like the three below."""
    return {"kind": "conv", "filters": filters, "kernel": kernel, "stride": stride, "pad": pad, "bias": bias}


def pool(kernel: tuple[int, int], stride: int) -> Layer:
    """A pooling."""
    return {"kind": "pool", "kernel": kernel, "stride": stride}


def flatten() -> Layer:
    """A volume becomes a vector."""
    return {"kind": "flatten"}


def dense(units: int, bias: bool = True) -> Layer:
    """A dense layer."""
    return {"kind": "dense", "units": units, "bias": bias}


def followed(layers: Sequence[Layer], input_shape: Shape) -> Trace:
    """The table at work; the notebook writes volumes (H, W, C)."""
    height, width, maps = input_shape
    return trace(Network("a table", (maps, height, width), numbered(*map(operation, layers))))


def operation(layer: Layer) -> Operation:
    """The row of `core` that a dict stands for."""
    match layer:
        case {"kind": "conv", "filters": filters, "kernel": kernel, "stride": stride, "pad": pad, "bias": bias}:
            return Conv(filters, kernel, pair(stride), pair(pad), bias=bias)
        case {"kind": "pool", "kernel": kernel, "stride": stride}:
            return Pool("max", kernel, pair(stride))
        case {"kind": "flatten"}:
            return Flatten()
        case {"kind": "dense", "units": units, "bias": bias}:
            return Dense(units, bias=bias)
    raise CoreError(f"there is no layer of the kind {layer.get('kind')!r} here")


def kind(row: Row) -> str:
    """The word of a dict for a row of `core`."""
    return "pool" if isinstance(row.operation, Pool) else row.kind


def channels_last(shape: Shape) -> Shape:
    """(C, H, W) -> (H, W, C); a vector stays."""
    return (*shape[1:], shape[0])


def published(name: str) -> tuple[list[Layer], Shape]:
    """A network of the lectures as a table and its input; what has neither size nor parameters is left out."""
    layers, found = list[Layer](), network(name)
    for layer in found.layers:
        match layer.operation:
            case Conv(filters=filters, kernel=kernel, stride=(stride, _), padding=(pad, _), bias=bias):
                layers.append(conv(filters, kernel, stride, pad, bias))
            case Pool(kernel=kernel, stride=(stride, _)):
                layers.append(pool(kernel, stride))
            case Flatten():
                layers.append(flatten())
            case Dense(units=units, bias=bias):
                layers.append(dense(units, bias))
    return layers, channels_last(found.input)


VGG = published("vgg16")
LENET = published("lenet5")
MINIMAL = published("minimal-cnn")
SMALL = (9, 7, 3)


def any_size(random: np.random.Generator) -> Shape:
    """Higher than wide or wider than high, and always large enough for what `any_volumes` does to it."""
    high, more, maps = int(random.integers(26, 40)), int(random.integers(3, 14)), int(random.integers(2, 6))
    return (high, high + more, maps) if random.integers(2) else (high + more, high, maps)


def any_conv(random: np.random.Generator, *, stride: int = 1, bias: bool = True) -> Layer:
    """A kernel that is not square and some padding."""
    short, long = int(random.integers(1, 4)), int(random.integers(4, 6))
    kernel = (short, long) if random.integers(2) else (long, short)
    return conv(int(random.integers(6, 14)), kernel, stride, int(random.integers(1, 3)), bias)


def any_pool(random: np.random.Generator) -> Layer:
    """Windows that overlap or leave gaps, and never step by their height; often some pixels are left over."""
    kernel = (2, 3) if random.integers(2) else (3, 2)
    return pool(kernel, 4 if random.integers(2) else kernel[1])


def any_volumes(*, pooled: bool, bias: bool = True) -> Drawn:
    """Two convolutions, the second with a step, and a pooling between them or none."""

    def draw(random: np.random.Generator) -> Case:
        between = [any_pool(random)] if pooled else []
        layers = [any_conv(random, bias=bias), *between, any_conv(random, stride=int(random.integers(2, 4)), bias=bias)]
        return case(layers, any_size(random))

    return draw


def any_network(*, bias: bool = True) -> Drawn:
    """The same, unrolled, and two dense layers on top."""

    def draw(random: np.random.Generator) -> Case:
        layers, shape = any_volumes(pooled=True, bias=bias)(random).arguments
        first, second = int(random.integers(30, 60)), int(random.integers(2, 12))
        return case([*layers, flatten(), dense(first, bias), dense(second, bias)], shape)

    return draw
