"""The layers of PyTorch in a layer table, each as the rows it stands for.

A reader gets the arguments of a call and the shape that comes in, (C, H, W) or (N,), which PyTorch wants to be told:
where the code and the shape disagree, the error says so.
"""

import ast
from collections.abc import Iterator

from core.filters.arithmetic import same_padding
from core.nets.layers import (
    Activation,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    Flatten,
    Function,
    GlobalPool,
    LocalNorm,
    Operation,
    Pad,
    Pool,
    Transposed,
)
from core.nets.pasted.literals import Arguments, Unreadable, wholes
from core.nets.pasted.readers import Reader, Rows, readers
from core.types import Pair, Shape

MOST_UNITS = 1_000_000
FOUR = "one number, or four: left, right, above, below"
POOL = "kernel_size stride padding"


def _agrees(given: Arguments, name: str, found: int, what: str) -> None:
    """PyTorch asks for what comes in; the table knows."""
    said = given.whole(name, most=10**9)
    if said != found:
        raise Unreadable(f"{given.kind} says {name}={said}, but {found} {what} come in", given.call)


def _maps(given: Arguments, name: str, shape: Shape) -> None:
    if len(shape) == 3:
        _agrees(given, name, shape[0], "maps")


def _torch_padding(given: Arguments, kernel: Pair, dilation: Pair) -> Pair:
    node = given.given.get("padding")
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return given.pair("padding", 0, least=0)
    match given.word("padding"):
        case "valid":
            return 0, 0
        case "same":
            return same_padding(kernel[0], dilation=dilation[0]), same_padding(kernel[1], dilation=dilation[1])
    raise Unreadable(f"{given.kind}: padding is a number, 'same' or 'valid'", node)


def _conv2d(given: Arguments, shape: Shape) -> Iterator[Operation]:
    _maps(given, "in_channels", shape)
    kernel, dilation = given.pair("kernel_size"), given.pair("dilation", 1)
    if given.word("padding_mode", "zeros") != "zeros":
        raise Unreadable("Conv2d: only padding_mode='zeros' is read", given.call)
    padding = _torch_padding(given, kernel, dilation)
    filters, groups = given.whole("out_channels"), given.whole("groups", 1)
    yield Conv(filters, kernel, given.pair("stride", 1), padding, dilation, groups, given.flag("bias", True))


def _conv_transpose2d(given: Arguments, shape: Shape) -> Iterator[Operation]:
    _maps(given, "in_channels", shape)
    if given.pair("dilation", 1) != (1, 1):
        raise Unreadable("ConvTranspose2d: a dilation is not read", given.call)
    padding, extra = given.pair("padding", 0, least=0), given.pair("output_padding", 0, least=0)
    filters, groups = given.whole("out_channels"), given.whole("groups", 1)
    kernel, stride = given.pair("kernel_size"), given.pair("stride", 1)
    yield Transposed(filters, kernel, stride, padding, extra, groups, given.flag("bias", True))


def _torch_pool(how: str) -> Rows:
    def read(given: Arguments, shape: Shape) -> Iterator[Operation]:
        kernel = given.pair("kernel_size")
        padding, ceil = given.pair("padding", 0, least=0), given.flag("ceil_mode", False)
        if any(2 * edge > side for edge, side in zip(padding, kernel, strict=True)):
            raise Unreadable(f"{given.kind}: padding is at most half of kernel_size", given.call)
        if given.pair("dilation", 1) != (1, 1):
            raise Unreadable(f"{given.kind}: a dilation is not read", given.call)
        if given.flag("return_indices", False):
            raise Unreadable(f"{given.kind}: return_indices is not read", given.call)
        inside = how == "average" and not given.flag("count_include_pad", True)
        stride = given.pair("stride", kernel)
        yield Pool("max" if how == "max" else "average", kernel, stride, padding, ceil, inside)

    return read


def _adaptive(how: str) -> Rows:
    def read(given: Arguments, shape: Shape) -> Iterator[Operation]:
        wanted = given.pair("output_size")
        if wanted == (1, 1):
            yield GlobalPool("max" if how == "max" else "average")
        elif len(shape) != 3 or shape[1] % wanted[0] or shape[2] % wanted[1]:
            raise Unreadable(f"{given.kind}: output_size divides the sides of its input, or is 1", given.call)
        elif shape[1:] != wanted:
            kernel = shape[1] // wanted[0], shape[2] // wanted[1]
            yield Pool("max" if how == "max" else "average", kernel, kernel)

    return read


def _linear(given: Arguments, shape: Shape) -> Iterator[Operation]:
    if len(shape) == 1:
        _agrees(given, "in_features", shape[0], "values")
    yield Dense(given.whole("out_features", most=MOST_UNITS), given.flag("bias", True))


def _flatten(given: Arguments, shape: Shape) -> Iterator[Operation]:
    if given.whole("start_dim", 1, least=0) != 1 or "end_dim" in given.given:
        raise Unreadable("Flatten: everything but the batch is unrolled, so it takes nothing", given.call)
    if len(shape) == 3:
        yield Flatten()


def _batch_norm(given: Arguments, shape: Shape) -> Iterator[Operation]:
    _agrees(given, "num_features", shape[0], "maps")
    if not (given.flag("affine", True) and given.flag("track_running_stats", True)):
        raise Unreadable(f"{given.kind}: only one that learns a scale and a shift is read", given.call)
    yield BatchNorm(given.number("eps", 1e-5))


def _leaky(given: Arguments, shape: Shape) -> Iterator[Operation]:
    if given.number("negative_slope", 0.01) != 0.01:
        raise Unreadable("LeakyReLU: only the slope 0.01 is read", given.call)
    yield Activation("leaky")


def _function(function: Function) -> Rows:
    def read(given: Arguments, shape: Shape) -> Iterator[Operation]:
        yield Activation(function)

    return read


def _dropout(given: Arguments, shape: Shape) -> Iterator[Operation]:
    rate = given.number("rate" if "rate" in given.given else "p", 0.5)
    if rate >= 1:
        raise Unreadable("Dropout: the share it silences is below 1", given.call)
    yield Dropout(rate)


def _local_norm(given: Arguments, shape: Shape) -> Iterator[Operation]:
    yield LocalNorm(given.whole("size"))


def _zero_pad(given: Arguments, shape: Shape) -> Iterator[Operation]:
    node = given.given.get("padding")
    if isinstance(node, ast.Tuple | ast.List):
        edges = wholes(node, "ZeroPad2d: padding", FOUR, least=0, most=1024)
        if len(edges) != 4:
            raise Unreadable(f"ZeroPad2d: padding is {FOUR}", node)
        left, right, above, below = edges
        yield Pad((above, below), (left, right))
        return
    each = given.whole("padding", least=0, most=1024)
    yield Pad((each, each), (each, each))


def _nothing(given: Arguments, shape: Shape) -> Iterator[Operation]:
    return iter(())


TORCH: dict[str, Reader] = {
    **readers(
        _conv2d, "in_channels out_channels kernel_size stride padding dilation groups bias padding_mode", "Conv2d"
    ),
    **readers(
        _conv_transpose2d,
        "in_channels out_channels kernel_size stride padding output_padding groups bias dilation",
        "ConvTranspose2d",
    ),
    **readers(_linear, "in_features out_features bias", "Linear"),
    **readers(_torch_pool("max"), f"{POOL} dilation return_indices ceil_mode", "MaxPool2d"),
    **readers(_torch_pool("average"), f"{POOL} ceil_mode count_include_pad", "AvgPool2d"),
    **readers(_adaptive("max"), "output_size", "AdaptiveMaxPool2d"),
    **readers(_adaptive("average"), "output_size", "AdaptiveAvgPool2d"),
    **readers(_batch_norm, "num_features eps momentum affine track_running_stats", "BatchNorm2d", "BatchNorm1d"),
    **readers(_local_norm, "size", "LocalResponseNorm"),
    **readers(_zero_pad, "padding", "ZeroPad2d"),
    **readers(_leaky, "negative_slope inplace", "LeakyReLU"),
    **readers(_nothing, "", "Identity"),
    **readers(_flatten, "start_dim end_dim", "Flatten", keras=True),
    **readers(_dropout, "p inplace rate", "Dropout", "Dropout2d", "SpatialDropout2D", keras=True),
    **readers(_function("relu"), "inplace", "ReLU"),
    **readers(_function("relu6"), "inplace", "ReLU6"),
    **readers(_function("silu"), "inplace", "SiLU"),
    **readers(_function("tanh"), "", "Tanh"),
    **readers(_function("sigmoid"), "", "Sigmoid"),
    **readers(_function("softmax"), "dim", "Softmax"),
}
