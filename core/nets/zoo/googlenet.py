"""GoogLeNet: Inception modules, 22 layers with weights, and few parameters (lecture B).

A module looks with four windows at once and piles up what they find; 1x1 convolutions keep it affordable. As the paper
draws it, and as torchvision ships it: normalised, without biases, and with 3x3 where the paper has 5x5.
Source: Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, table 1.
"""

from dataclasses import dataclass

from core.nets.layers import (
    Activation,
    BatchNorm,
    Concat,
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Layer,
    LocalNorm,
    Network,
    Pool,
)
from core.types import pair

RELU, SOFTMAX = Activation("relu"), Activation("softmax")
HALVING = Pool("max", (3, 3), (2, 2), ceil=True)
SAME = Pool("max", (3, 3), (1, 1), (1, 1), ceil=True)


@dataclass(frozen=True)
class Widths:
    """The filters of a module's branches; without reducers the large windows see the whole depth, and the pool stays.

    In the order of the paper's table: 1x1, reducer and 3x3, reducer and 5x5, and the 1x1 behind the pooling.
    """

    one: int
    reduce_three: int | None
    three: int
    reduce_five: int | None
    five: int
    pool: int | None


MODULES = {
    "3a": Widths(64, 96, 128, 16, 32, 32),
    "3b": Widths(128, 128, 192, 32, 96, 64),
    "4a": Widths(192, 96, 208, 16, 48, 64),
    "4b": Widths(160, 112, 224, 24, 64, 64),
    "4c": Widths(128, 128, 256, 24, 64, 64),
    "4d": Widths(112, 144, 288, 32, 64, 64),
    "4e": Widths(256, 160, 320, 32, 128, 128),
    "5a": Widths(256, 160, 320, 32, 128, 128),
    "5b": Widths(384, 192, 384, 48, 128, 128),
}
NAIVE = Widths(128, None, 192, None, 96, None)  # the module of the lecture, on 28x28x256
REDUCED = Widths(128, 64, 192, 64, 96, 64)  # the same with bottlenecks


def inception(name: str, source: str, widths: Widths, *, normalised: bool = False, large: int = 5) -> tuple[Layer, ...]:
    """A module on the row `source`: four branches, and their maps in one pile named `<name>_out`.

    >>> [layer.name for layer in inception("naive", "input", NAIVE) if "relu" not in layer.name]
    ['naive_1x1', 'naive_3x3', 'naive_5x5', 'naive_pool', 'naive_out']
    """
    branches: tuple[tuple[tuple[str, int | None, int], ...], ...] = (
        (("1x1", widths.one, 1),),
        (("3x3_reduce", widths.reduce_three, 1), ("3x3", widths.three, 3)),
        (("5x5_reduce", widths.reduce_five, 1), ("5x5", widths.five, large)),
        (("pool", None, 0), ("pool_proj", widths.pool, 1)),
    )
    layers, ends = list[Layer](), list[str]()
    for branch in branches:
        below = source
        for part, filters, kernel in branch:
            if part == "pool":
                layers.append(Layer(f"{name}_pool", SAME, of=(below,)))
            elif filters is None:
                continue
            else:
                layers += _conv(
                    f"{name}_{part}", Conv(filters, pair(kernel), padding=pair(kernel // 2)), normalised, below
                )
            below = layers[-1].name
        ends.append(below)
    return *layers, Layer(f"{name}_out", Concat(), of=tuple(ends))


def module(name: str, widths: Widths, input: tuple[int, int, int] = (256, 28, 28), *, times: int = 1) -> Network:
    """Modules on their own, one on top of the other: what the lecture counts.

    >>> from core.nets.trace import trace
    >>> trace(module("naive", NAIVE)).macs, trace(module("with bottlenecks", REDUCED)).macs
    (854196224, 271351808)
    """
    layers, below = list[Layer](), "input"
    for place in range(1, times + 1):
        layers += inception(f"module{place}", below, widths)
        below = layers[-1].name
    return Network(name, input, tuple(layers))


def googlenet(name: str, *, heads: bool = False, normalised: bool = False) -> Network:
    """The network; `heads` are the two auxiliary outputs, `normalised` is torchvision's variant of it.

    >>> [layer.name for layer in googlenet("GoogLeNet", heads=True).layers if layer.name.endswith("softmax")]
    ['head1_softmax', 'head2_softmax', 'softmax']
    """
    large = 3 if normalised else 5
    norm = (lambda place: ()) if normalised else (lambda place: (Layer(f"stem_norm{place}", LocalNorm()),))
    layers = [
        *_conv("stem_conv1", Conv(64, (7, 7), (2, 2), (3, 3)), normalised),
        Layer("stem_pool1", HALVING),
        *norm(1),
        *_conv("stem_conv2", Conv(64, (1, 1)), normalised),
        *_conv("stem_conv3", Conv(192, (3, 3), padding=(1, 1)), normalised),
        *norm(2),
        Layer("stem_pool2", HALVING),
    ]
    below = "stem_pool2"
    for place, widths in MODULES.items():
        layers += inception(f"inception{place}", below, widths, normalised=normalised, large=large)
        below = f"inception{place}_out"
        if place in ("3b", "4e"):
            side = 2 if normalised and place == "4e" else 3
            below = f"pool{place[0]}"
            layers.append(Layer(below, Pool("max", pair(side), (2, 2), ceil=True)))
    if heads:
        layers += [*_head("head1", "inception4a_out", normalised), *_head("head2", "inception4d_out", normalised)]
    return Network(
        name,
        (3, 224, 224),
        (
            *layers,
            Layer("gap", GlobalPool("average"), of=(below,)),
            Layer("dropout", Dropout(0.2 if normalised else 0.4)),
            Layer("predictions", Dense(1000)),
            Layer("softmax", SOFTMAX),
        ),
    )


def _conv(name: str, operation: Conv, normalised: bool, *of: str) -> tuple[Layer, ...]:
    """A convolution and what follows it."""
    relu = Layer(f"{name}_relu", RELU)
    if not normalised:
        return Layer(name, operation, of), relu
    plain = Conv(operation.filters, operation.kernel, operation.stride, operation.padding, bias=False)
    return Layer(name, plain, of), Layer(f"{name}_bn", BatchNorm(0.001)), relu


def _head(name: str, source: str, normalised: bool) -> tuple[Layer, ...]:
    """An auxiliary output: it gives the layers below it a gradient of their own, and is thrown away after training."""
    return (
        Layer(f"{name}_pool", Pool("average", (5, 5), (3, 3)), of=(source,)),
        *_conv(f"{name}_conv", Conv(128, (1, 1)), normalised),
        *(Layer(f"{name}_flatten", Flatten()), Layer(f"{name}_dense", Dense(1024)), Layer(f"{name}_relu", RELU)),
        *(Layer(f"{name}_dropout", Dropout(0.7)), Layer(f"{name}_predictions", Dense(1000))),
        Layer(f"{name}_softmax", SOFTMAX),
    )


GOOGLENET = googlenet("GoogLeNet")
GOOGLENET_HEADS = googlenet("GoogLeNet with auxiliary outputs", heads=True)
GOOGLENET_TORCH = googlenet("GoogLeNet (torchvision)", normalised=True)
GOOGLENET_TORCH_HEADS = googlenet("GoogLeNet (torchvision) with auxiliary outputs", heads=True, normalised=True)
