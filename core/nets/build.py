"""From the table to PyTorch: the same network as a module that runs, and as the code that makes it."""

import inspect
from math import prod
from typing import TYPE_CHECKING, Any

from core.errors import LimitError
from core.nets.layers import (
    INPUT,
    Activation,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Local,
    LocalNorm,
    Mean,
    Merge,
    Operation,
    Pad,
    Pool,
    Scale,
    Transposed,
    is_chain,
)
from core.nets.shapes import cropped, drawn
from core.nets.trace import Row, Trace
from core.types import Pair

if TYPE_CHECKING:
    import torch

    from core.nets.module import Graph

MOST_PARAMETERS = 500_000_000  # 2 GB of float32

MODULES = {"relu": "ReLU", "leaky": "LeakyReLU", "relu6": "ReLU6", "silu": "SiLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
OWN = ("LocalConv2d", "ShiftedBatchNorm")  # what PyTorch has no word for
PLACED = ("Conv2d", "ConvTranspose2d", "Linear", "BatchNorm1d", "BatchNorm2d", *OWN)  # what holds weights


def build(traced: Trace, *, device: str = "cpu") -> "torch.nn.Sequential | Graph":
    """The network as a module; on the device "meta" it has shapes and no memory."""
    from torch import nn

    from core.nets import module as ours
    from core.nets.module import Graph

    if device != "meta" and traced.parameters > MOST_PARAMETERS:
        raise LimitError(f"{traced.parameters:,} parameters are more than the {MOST_PARAMETERS:,} built here")

    def made(row: Row) -> list[nn.Module]:
        return [getattr(ours if kind in OWN else nn, kind)(**given, **placed(kind)) for kind, given in modules(row)]

    def placed(kind: str) -> dict[str, Any]:
        return {"device": device} if kind in PLACED else {}

    if is_chain(traced.network.layers):
        return nn.Sequential(*(module for row in traced.rows for module in made(row)))
    return Graph(traced.rows, {row.name: nn.Sequential(*made(row)) for row in traced.rows if _owns(row)})


def modules(row: Row) -> list[tuple[str, dict[str, Any]]]:
    """What a layer is in PyTorch: class and arguments of a module, of two where it takes two, none where rows meet.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> modules(trace(network("lenet5")).rows[0])
    [('Conv2d', {'in_channels': 1, 'out_channels': 6, 'kernel_size': 5})]
    """
    if isinstance(row.operation, Merge):
        return []
    first = _module(row.operation, row)
    return [first, ("Flatten", {})] if isinstance(row.operation, GlobalPool) else [first]


def _owns(row: Row) -> bool:
    """Whether a row has a module of its own."""
    return row.shares is None and not isinstance(row.operation, Merge)


def code(traced: Trace) -> str:
    """The network as a Python file that needs nothing but PyTorch.

    The names were typed by somebody: they stand in remarks, escaped, and nowhere else.
    """
    shape = ", ".join(map(str, traced.input))
    head = [
        f"# {traced.network.name!a}: {traced.parameters:,} parameters, {traced.macs:,} multiply-accumulates.",
        "",
        "import torch",
        "from torch import nn",
        "",
    ]
    used = {kind for row in traced.rows for kind, _ in modules(row)}
    for kind in sorted(used.intersection(OWN)):
        from core.nets import module as ours

        head += ["", *inspect.getsource(getattr(ours, kind)).splitlines(), "", ""]
    body = _sequence(traced) if is_chain(traced.network.layers) else _class(traced)
    return "\n".join([*head, *body, "", f"print(model(torch.zeros(1, {shape})).shape)"]) + "\n"


def _sequence(traced: Trace) -> list[str]:
    """A chain as one nn.Sequential."""
    lines = [f"    {call},  # {_remark(row)}" for row in traced.rows for call in _calls(row)]
    return ["model = nn.Sequential(", *lines, ")"]


def _class(traced: Trace) -> list[str]:
    """A graph as a module: its layers in one list, and a line of `forward` for every row."""
    made, steps, variables, places = list[str](), list[str](), {INPUT: "x"}, dict[str, int]()
    for number, row in enumerate(traced.rows, 1):
        taken = [variables[name] for name in row.of]
        variables[row.name] = variable = f"x{number}"
        if _owns(row):
            places[row.name], calls = len(places), _calls(row)
            call = calls[0] if len(calls) == 1 else f"nn.Sequential({', '.join(calls)})"
            made.append(f"                {call},  # {places[row.name]}, {_remark(row)}")
        merge = isinstance(row.operation, Merge)
        value = _merged(row, taken) if merge else f"self.layers[{places[row.shares or row.name]}]({taken[0]})"
        steps.append(f"        {variable} = {value}" + (f"  # {_remark(row)}" if merge else ""))
    return [
        "",
        "class Network(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.layers = nn.ModuleList(",
        "            [",
        *made,
        "            ]",
        "        )",
        "",
        "    def forward(self, x):",
        *steps,
        f"        return {variables[traced.rows[-1].name]}",
        "",
        "",
        "model = Network()",
    ]


def _calls(row: Row) -> list[str]:
    """The modules of a row, as code."""
    written = []
    for kind, given in modules(row):
        arguments = ", ".join(f"{key}={value!r}" for key, value in given.items())
        written.append(f"{'' if kind in OWN else 'nn.'}{kind}({arguments})")
    return written


def _merged(row: Row, taken: list[str]) -> str:
    """Where rows meet, as code."""
    match row.operation:
        case Add(share=share):
            return (" + " if share == 1 else f" + {share!r} * ").join(taken)
        case Mean():
            return f"({' + '.join(taken)}) / {len(taken)}"
        case Concat():
            return f"torch.cat([{', '.join(taken)}], dim=1)"
        case Scale():
            return f"{taken[0]} * {taken[1]}[:, :, None, None]"
        case Crop(offset=offset):
            corners = zip(row.taken[1:], row.shape[1:], strict=True)
            spans = [(cropped(have, want, offset), want) for have, want in corners]
            return f"{taken[0]}[:, :, {', '.join(f'{start} : {start + want}' for start, want in spans)}]"
    raise AssertionError(row.kind)


def _remark(row: Row) -> str:
    return f"{ascii(row.name)[1:-1]}: {drawn(row.shape)}"


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
            return "Conv2d", {**_start(row, filters, kernel), **_said(extra)}
        case Local(filters=filters, kernel=kernel, bias=bias):
            extra = {"stride": _short(operation.stride, 1), "bias": None if bias else False}
            return "LocalConv2d", {**_start(row, filters, kernel), "sides": row.taken[1:], **_said(extra)}
        case Transposed(filters=filters, kernel=kernel, groups=groups, bias=bias):
            extra = {
                "stride": _short(operation.stride, 1),
                "padding": _short(operation.padding, 0),
                "output_padding": _short(operation.output_padding, 0),
                "groups": groups if groups > 1 else None,
                "bias": None if bias else False,
            }
            return "ConvTranspose2d", {**_start(row, filters, kernel), **_said(extra)}
        case Pool(how=how, kernel=kernel, stride=stride, padding=padding, ceil=ceil):
            arguments = {"kernel_size": _short(kernel, None), "stride": _short(stride, None)}
            given = {"padding": _short(padding, 0), "ceil_mode": ceil or None}
            if how == "max":
                return "MaxPool2d", {**arguments, **_said(given)}
            counted = {"count_include_pad": False if operation.inside else None}
            return "AvgPool2d", {**arguments, **_said({**given, **counted})}
        case Pad(rows=rows, columns=columns, maps=maps):
            flat = maps == (0, 0)
            return ("ZeroPad2d" if flat else "ZeroPad3d"), {"padding": (*columns, *rows, *(() if flat else maps))}
        case BatchNorm(eps=eps, scale=scale):
            kind = "BatchNorm1d" if len(row.taken) == 1 else "BatchNorm2d"
            learned = {} if eps == 1e-5 else {"eps": eps}
            return (kind if scale else "ShiftedBatchNorm"), {"num_features": row.taken[0], **learned}
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
    raise AssertionError(f"{row.kind} has no module")


def _start(row: Row, filters: int, kernel: Pair) -> dict[str, Any]:
    return {"in_channels": row.taken[0], "out_channels": filters, "kernel_size": _short(kernel, None)}


def _said(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments that are worth writing."""
    return {key: value for key, value in given.items() if value is not None}


def _short(sides: Pair, usual: int | None) -> int | Pair | None:
    """A pair as people write it: one number if both are equal, nothing if it is what PyTorch assumes."""
    if sides[0] != sides[1]:
        return sides
    return None if sides[0] == usual else sides[0]
