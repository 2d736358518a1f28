"""Cutting a network in two: what is kept as a feature extractor, and the head that is put on it (lectures B and C).

A network can be cut behind a layer if everything above sees the image through that layer alone.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias, get_args

from core.errors import CoreError
from core.nets.layers import (
    INPUT,
    Activation,
    Add,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    Layer,
    Network,
)
from core.nets.trace import Trace
from core.nets.zoo.efficientnet import STAGES
from core.types import Shape, pair

Pooling: TypeAlias = Literal["average", "maximum", "none"]
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)


@dataclass(frozen=True)
class Cut:
    """A place to cut: the layer above which everything goes, its maps, and what is kept below."""

    layer: str
    shape: Shape  # (C, H, W)
    parameters: int  # of the layers that are kept


def cuts(traced: Trace) -> tuple[Cut, ...]:
    """The last place to cut at every size of the maps, from the image up.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> [(cut.layer, cut.shape) for cut in cuts(trace(network("vgg16")))][-2:]
    [('block5_relu3', (512, 14, 14)), ('block5_pool', (512, 7, 7))]
    """
    place = {row.name: number for number, row in enumerate(traced.rows)} | {INPUT: -1}
    last_use = dict[int, int]()
    for number, row in enumerate(traced.rows):
        for name in row.of:
            last_use[place[name]] = number
    found, open_until, kept = dict[Shape, Cut](), last_use.get(-1, 0), 0
    for number, row in enumerate(traced.rows):
        kept += row.parameters
        if len(row.shape) == 3 and open_until <= number and not isinstance(row.operation, GlobalPool):
            found[row.shape[1:]] = Cut(row.name, row.shape, kept)
        open_until = max(open_until, last_use.get(number, number))
    return tuple(found.values())


def feature_length(shape: Shape, pooling: Pooling) -> int:
    """How many numbers of an image reach the new head: one for each map, or without pooling all of them.

    >>> feature_length((1280, 7, 7), "average"), feature_length((1280, 7, 7), "none")
    (1280, 62720)
    """
    if len(shape) != 3 or pooling not in POOLINGS:
        raise CoreError(f"need maps (C, H, W) and a pooling of {', '.join(POOLINGS)}, got {shape} and {pooling!r}")
    return prod(shape) if pooling == "none" else shape[0]


def head_parameters(features: int, outputs: int) -> int:
    """The weights and biases of one dense layer: (features + 1) * outputs.

    >>> head_parameters(1280, 1)
    1281
    """
    if features < 1 or outputs < 1:
        raise CoreError(f"a head has at least one input and one output, got {features} and {outputs}")
    return (features + 1) * outputs


def _conv(name: str, operation: Conv, *of: str) -> tuple[Layer, ...]:
    return Layer(name, operation, of), Layer(f"{name}_bn", BatchNorm()), Layer(f"{name}_relu", Activation("relu6"))


def _block(
    name: str, source: str, maps: int, filters: int, *, kernel: int, stride: int, wider: int
) -> tuple[Layer, ...]:
    """A block of MobileNetV2 with a window of any size."""
    inside = maps * wider
    window = Conv(inside, pair(kernel), pair(stride), pair(kernel // 2), groups=inside, bias=False)
    layers = (
        *(_conv(f"{name}_expand", Conv(inside, (1, 1), bias=False), source) if wider > 1 else ()),
        *_conv(f"{name}_window", window, *(() if wider > 1 else (source,))),
        *_conv(f"{name}_project", Conv(filters, (1, 1), bias=False))[:2],
    )
    return (
        layers if stride > 1 or maps != filters else (*layers, Layer(f"{name}_add", Add(), (layers[-1].name, source)))
    )


def _lite0() -> Network:
    maps, layers = 32, list(_conv("stem", Conv(32, (3, 3), (2, 2), (1, 1), bias=False)))
    for stage, (wider, kernel, first, filters, count) in enumerate(STAGES, 1):
        for number in range(count):
            name, stride = f"stage{stage}_block{number + 1}", first if number == 0 else 1
            layers += _block(name, layers[-1].name, maps, filters, kernel=kernel, stride=stride, wider=wider)
            maps = filters
    head = (
        *_conv("last", Conv(1280, (1, 1), bias=False)),
        *(Layer("gap", GlobalPool("average")), Layer("dropout", Dropout(0.2)), Layer("predictions", Dense(1000))),
    )
    return Network("EfficientNet-Lite0", (3, 224, 224), (*layers, *head))


LITE0 = _lite0()


def part_parameters(traced: Trace) -> tuple[int, ...]:
    """Parameters of the nine parts of EfficientNet-Lite0: stem, seven stages, last convolution.

    >>> from core.nets.trace import trace
    >>> part_parameters(trace(LITE0))[0], len(part_parameters(trace(LITE0)))
    (928, 9)
    """
    sums = dict[str, int]()
    for row in traced.rows:
        sums[row.name.split("_")[0]] = sums.get(row.name.split("_")[0], 0) + row.parameters
    return tuple(sums[name] for name in ("stem", *(f"stage{number}" for number in range(1, 8)), "last"))
