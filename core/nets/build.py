"""From the table to PyTorch: the same network as a module that runs, and as the code that makes it."""

from math import prod
from typing import TYPE_CHECKING, Any

from core.errors import LimitError
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, LocalNorm, Operation, Pool
from core.nets.trace import Row, Trace
from core.types import Pair

if TYPE_CHECKING:
    import torch

MOST_PARAMETERS = 500_000_000  # 2 GB of float32

MODULES = {"relu": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}


def build(traced: Trace, *, device: str = "cpu") -> "torch.nn.Sequential":
    """The network as a module; on the device "meta" it has shapes and no memory."""
    from torch import nn

    if device != "meta" and traced.parameters > MOST_PARAMETERS:
        raise LimitError(f"{traced.parameters:,} parameters are more than the {MOST_PARAMETERS:,} built here")
    network = nn.Sequential()
    for row in traced.rows:
        for kind, arguments in modules(row):
            placed = {"device": device} if kind in ("Conv2d", "Linear") else {}
            network.append(getattr(nn, kind)(**arguments, **placed))
    return network


def modules(row: Row) -> list[tuple[str, dict[str, Any]]]:
    """What a layer is in PyTorch: class and arguments of one module, or of two where it takes two.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> modules(trace(network("lenet5")).rows[0])
    [('Conv2d', {'in_channels': 1, 'out_channels': 6, 'kernel_size': 5})]
    """
    first = _module(row.operation, row)
    return [first, ("Flatten", {})] if isinstance(row.operation, GlobalPool) else [first]


def code(traced: Trace) -> str:
    """The network as a Python file that needs nothing but PyTorch.

    The names were typed by somebody: they stand in remarks, escaped, and nowhere else.
    """
    shape = ", ".join(map(str, traced.input))
    lines = [
        f"# {traced.network.name!a}: {traced.parameters:,} parameters, {traced.macs:,} multiply-accumulates.",
        "",
        "import torch",
        "from torch import nn",
        "",
        "model = nn.Sequential(",
    ]
    for row in traced.rows:
        for kind, arguments in modules(row):
            given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
            lines.append(f"    nn.{kind}({given}),  # {ascii(row.name)[1:-1]}: {'x'.join(map(str, row.shape))}")
    lines += [")", "", f"print(model(torch.zeros(1, {shape})).shape)"]
    return "\n".join(lines) + "\n"


def _module(operation: Operation, row: Row) -> tuple[str, dict[str, Any]]:
    match operation:
        case Conv(filters=filters, kernel=kernel, groups=groups, bias=bias):
            extra: dict[str, Any] = {
                "stride": _short(operation.stride, 1),
                "padding": _short(operation.padding, 0),
                "dilation": _short(operation.dilation, 1),
                "groups": groups if groups > 1 else None,
                "bias": None if bias else False,
            }
            start = {"in_channels": row.taken[0], "out_channels": filters, "kernel_size": _short(kernel, None)}
            return "Conv2d", {**start, **{key: value for key, value in extra.items() if value is not None}}
        case Pool(how=how, kernel=kernel, stride=stride, padding=padding):
            arguments = {"kernel_size": _short(kernel, None), "stride": _short(stride, None)}
            around = _short(padding, 0)
            named = {} if around is None else {"padding": around}
            return ("MaxPool2d" if how == "max" else "AvgPool2d"), {**arguments, **named}
        case GlobalPool(how=how):
            return ("AdaptiveMaxPool2d" if how == "max" else "AdaptiveAvgPool2d"), {"output_size": 1}
        case Flatten():
            return "Flatten", {}
        case Dense(units=units, bias=bias):
            return "Linear", {
                "in_features": prod(row.taken),
                "out_features": units,
                **({} if bias else {"bias": False}),
            }
        case Activation(function="softmax"):
            return "Softmax", {"dim": 1}
        case Activation(function=function):
            return MODULES[function], {}
        case Dropout(rate=rate):
            return "Dropout", {"p": rate}
        case LocalNorm(size=size):
            return "LocalResponseNorm", {"size": size}


def _short(sides: Pair, usual: int | None) -> int | Pair | None:
    """A pair as people write it: one number if both are equal, nothing if it is what PyTorch assumes."""
    if sides[0] != sides[1]:
        return sides
    return None if sides[0] == usual else sides[0]
