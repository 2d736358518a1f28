"""The layers of Keras in a layer table, each as the rows it stands for.

A reader gets the arguments of a call and the shape that comes in, (C, H, W) or (N,); Keras itself writes the maps last.
Its "same" needs that shape: where a stride does not divide the side, it pads more below and on the right, which takes a
row of its own.
"""

import ast
from collections.abc import Iterator
from typing import get_args

from core.nets.layers import (
    Activation,
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    Function,
    GlobalPool,
    Operation,
    Pad,
    Pool,
    Transposed,
)
from core.nets.pasted.literals import Arguments, Unreadable, wholes
from core.nets.pasted.pytorch import MOST_UNITS
from core.nets.pasted.readers import Reader, Rows, readers
from core.types import Pair, Shape

TWO_WAYS = "one number, two, or ((above, below), (left, right))"
CONV = "filters kernel_size strides padding"
FUNCTIONS: dict[str, Function] = {
    **{name: name for name in get_args(Function) if name != "leaky"},
    "swish": "silu",
}


def _followed(given: Arguments, operation: Operation) -> Iterator[Operation]:
    """A layer of Keras and the activation it was told."""
    yield operation
    word = given.word("activation")
    if word in (None, "linear"):
        return
    if word not in FUNCTIONS:
        raise Unreadable(
            f"{given.kind}: activation is one of {', '.join(FUNCTIONS)}, got {str(word)[:50]!r}", given.call
        )
    yield Activation(FUNCTIONS[word])


def _same(given: Arguments, usual: str = "valid") -> bool:
    word = given.word("padding", usual)
    if word not in ("same", "valid"):
        raise Unreadable(f"{given.kind}: padding is 'same' or 'valid'", given.call)
    return word == "same"


def _edges(shape: Shape, kernel: Pair, stride: Pair, dilation: Pair) -> tuple[Pair, Pair]:
    """Zeros before and after that make of a side n the side n / stride, rounded up: of the rows, of the columns."""
    found = []
    for side, window, step, gap in zip(shape[1:], kernel, stride, dilation, strict=True):
        total = max((-(-side // step) - 1) * step + gap * (window - 1) + 1 - side, 0)
        found.append((total // 2, total - total // 2))
    return found[0], found[1]


def _keras_conv(given: Arguments, shape: Shape) -> Iterator[Operation]:
    if given.word("data_format", "channels_last") != "channels_last":
        raise Unreadable(f"{given.kind}: only data_format='channels_last' is read", given.call)
    kernel, stride, dilation = given.pair("kernel_size"), given.pair("strides", 1), given.pair("dilation_rate", 1)
    depthwise = given.kind in ("DepthwiseConv2D", "SeparableConv2D")
    if depthwise and given.whole("depth_multiplier", 1) != 1:
        raise Unreadable(f"{given.kind}: only a depth_multiplier of 1 is read", given.call)
    padding: Pair = (0, 0)
    if _same(given) and len(shape) == 3:
        rows, columns = _edges(shape, kernel, stride, dilation)
        if rows[0] != rows[1] or columns[0] != columns[1]:
            yield Pad(rows, columns)
        else:
            padding = rows[0], columns[0]
    bias = given.flag("use_bias", True)
    if depthwise:
        alone = given.kind == "DepthwiseConv2D"
        window = Conv(shape[0], kernel, stride, padding, dilation, shape[0], bias and alone)
        if alone:
            yield from _followed(given, window)
            return
        yield window
        yield from _followed(given, Conv(given.whole("filters"), (1, 1), bias=bias))
        return
    groups = given.whole("groups", 1)
    yield from _followed(given, Conv(given.whole("filters"), kernel, stride, padding, dilation, groups, bias))


def _keras_transpose(given: Arguments, shape: Shape) -> Iterator[Operation]:
    kernel, stride = given.pair("kernel_size"), given.pair("strides", 1)
    padding: Pair = (0, 0)
    if _same(given):
        spare = kernel[0] - stride[0], kernel[1] - stride[1]
        if min(spare) < 0 or spare[0] % 2 or spare[1] % 2:
            raise Unreadable(
                "Conv2DTranspose: 'same' is read where kernel less stride is even, such as 4 and 2", given.call
            )
        padding = spare[0] // 2, spare[1] // 2
    bias = given.flag("use_bias", True)
    yield from _followed(given, Transposed(given.whole("filters"), kernel, stride, padding, bias=bias))


def _keras_pool(how: str) -> Rows:
    def read(given: Arguments, shape: Shape) -> Iterator[Operation]:
        kernel = given.pair("pool_size", 2)
        stride = given.pair("strides", kernel)
        padding, ceil = (0, 0), False
        if _same(given) and len(shape) == 3:
            (top, bottom), (left, right) = _edges(shape, kernel, stride, (1, 1))
            padding, ceil = (top, left), (top, left) != (bottom, right)
            if (
                (bottom > top and stride[0] == 1)
                or (right > left and stride[1] == 1)
                or (ceil and (bottom > top) != (right > left))
            ):
                raise Unreadable(f"{given.kind}: 'same' with such a window pads unevenly; use an odd one", given.call)
        yield Pool("max" if how == "max" else "average", kernel, stride, padding, ceil, how != "max" and any(padding))

    return read


def _global(how: str) -> Rows:
    def read(given: Arguments, shape: Shape) -> Iterator[Operation]:
        yield GlobalPool("max" if how == "max" else "average")

    return read


def _keras_dense(given: Arguments, shape: Shape) -> Iterator[Operation]:
    yield from _followed(given, Dense(given.whole("units", most=MOST_UNITS), given.flag("use_bias", True)))


def _keras_activation(given: Arguments, shape: Shape) -> Iterator[Operation]:
    found = list(_followed(given, Flatten()))
    if "activation" not in given.given:
        raise Unreadable("Activation needs its function, such as 'relu'", given.call)
    yield from found[1:]


def _keras_norm(given: Arguments, shape: Shape) -> Iterator[Operation]:
    if not given.flag("center", True):
        raise Unreadable("BatchNormalization: only one that learns a shift is read", given.call)
    yield BatchNorm(given.number("epsilon", 0.001), given.flag("scale", True))


def _keras_pad(given: Arguments, shape: Shape) -> Iterator[Operation]:
    node = given.given.get("padding")
    if isinstance(node, ast.Tuple | ast.List) and any(isinstance(each, ast.Tuple | ast.List) for each in node.elts):
        ways = [wholes(each, "ZeroPadding2D: padding", TWO_WAYS, least=0, most=1024) for each in node.elts]
        if [len(way) for way in ways] != [2, 2]:
            raise Unreadable(f"ZeroPadding2D: padding is {TWO_WAYS}", node)
        (above, below), (left, right) = ways
        yield Pad((above, below), (left, right))
        return
    rows, columns = given.pair("padding", 1, least=0)
    yield Pad((rows, rows), (columns, columns))


def _told(given: Arguments, shape: Shape) -> Iterator[Operation]:
    """An input alone makes no row."""
    return iter(())


KERAS: dict[str, Reader] = {
    **readers(_keras_conv, f"{CONV} data_format dilation_rate groups activation use_bias", "Conv2D", keras=True),
    **readers(
        _keras_conv,
        "kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias",
        "DepthwiseConv2D",
        keras=True,
    ),
    **readers(
        _keras_conv,
        f"{CONV} data_format dilation_rate depth_multiplier activation use_bias",
        "SeparableConv2D",
        keras=True,
    ),
    **readers(_keras_transpose, f"{CONV} activation use_bias", "Conv2DTranspose", keras=True),
    **readers(_keras_pool("max"), "pool_size strides padding", "MaxPooling2D", "MaxPool2D", keras=True),
    **readers(_keras_pool("average"), "pool_size strides padding", "AveragePooling2D", "AvgPool2D", keras=True),
    **readers(_global("max"), "", "GlobalMaxPooling2D", "GlobalMaxPool2D", keras=True),
    **readers(_global("average"), "", "GlobalAveragePooling2D", "GlobalAvgPool2D", keras=True),
    **readers(_keras_dense, "units activation use_bias", "Dense", keras=True),
    **readers(_keras_activation, "activation", "Activation", keras=True),
    **readers(_keras_norm, "axis momentum epsilon center scale", "BatchNormalization", keras=True),
    **readers(_keras_pad, "padding", "ZeroPadding2D", keras=True),
    **readers(_told, "shape", "Input", "InputLayer", keras=True),
}


def measured(given: Arguments) -> Shape | None:
    """The input that a layer of Keras was told: (H, W, C) becomes (C, H, W).

    >>> call = ast.parse("Dense(9, input_shape=(28, 20, 1))", mode="eval").body
    >>> measured(KERAS["Dense"].bind("Dense", call))
    (1, 28, 20)
    """
    if "input_dim" in given.given:
        return (given.whole("input_dim", most=10**6),)
    shape = given.shape("input_shape") or given.shape("shape")
    if shape is None:
        return None
    if len(shape) not in (1, 3):
        raise Unreadable(f"{given.kind}: an image is (height, width, maps), got {len(shape)} sides", given.call)
    return shape if len(shape) == 1 else (shape[2], *shape[:2])
