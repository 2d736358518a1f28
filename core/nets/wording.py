"""A layer in the words of the text form, which `core.nets.table` reads back."""

from core.nets.layers import (
    Add,
    BatchNorm,
    Conv,
    Crop,
    Dense,
    Dropout,
    Layer,
    Local,
    LocalNorm,
    Operation,
    Pad,
    Pool,
    Transposed,
    word,
)
from core.types import Pair


def described(layer: Layer) -> str:
    """One row as text.

    >>> described(Layer("c3", Conv(16, (5, 5), stride=(2, 2), bias=False), of=("pool1",)))
    'c3: conv 16 5 stride 2 no bias of pool1'
    """
    return f"{layer.name}: {_written(layer.operation)}{_linked(layer)}"


def _written(operation: Operation) -> str:
    match operation:
        case Conv(filters=filters, kernel=kernel, groups=groups):
            words = [f"conv {filters} {_short(kernel)}"]
            words += [f"stride {_short(operation.stride)}"] if operation.stride != (1, 1) else []
            words += [f"pad {_short(operation.padding)}"] if operation.padding != (0, 0) else []
            words += [f"dilation {_short(operation.dilation)}"] if operation.dilation != (1, 1) else []
            words += [f"groups {groups}"] if groups > 1 else []
            return " ".join([*words, *([] if operation.bias else ["no bias"])])
        case Pool(kernel=kernel, stride=stride, padding=padding):
            words = [f"{word(operation)} {_short(kernel)}"]
            words += [f"stride {_short(stride)}"] if stride != kernel else []
            words += [f"pad {_short(padding)}"] if padding != (0, 0) else []
            return " ".join([*words, *(["ceil"] if operation.ceil else []), *(["inside"] if operation.inside else [])])
        case Pad(rows=rows, columns=columns, maps=maps):
            given = (("rows", rows), ("columns", columns), ("maps", maps))
            return " ".join(
                ["pad", *(f"{name} {before}x{after}" for name, (before, after) in given if before or after)]
            )
        case Local(filters=filters, kernel=kernel, stride=stride, bias=bias):
            words = [f"local {filters} {_short(kernel)}", *([f"stride {_short(stride)}"] if stride != (1, 1) else [])]
            return " ".join([*words, *([] if bias else ["no bias"])])
        case Transposed(filters=filters, kernel=kernel, groups=groups):
            words = [f"transposed {filters} {_short(kernel)}"]
            words += [f"stride {_short(operation.stride)}"] if operation.stride != (1, 1) else []
            words += [f"pad {_short(operation.padding)}"] if operation.padding != (0, 0) else []
            words += [f"extra {_short(operation.output_padding)}"] if operation.output_padding != (0, 0) else []
            words += [f"groups {groups}"] if groups > 1 else []
            return " ".join([*words, *([] if operation.bias else ["no bias"])])
        case BatchNorm(eps=eps, scale=scale):
            return "batchnorm" + ("" if eps == 1e-5 else f" eps {eps:g}") + ("" if scale else " no scale")
        case Add(share=share) if share != 1:
            return f"add share {share:g}"
        case Crop(offset=offset) if offset is not None:
            return f"crop offset {offset}"
        case Dense(units=units, bias=bias):
            return f"dense {units}" + ("" if bias else " no bias")
        case Dropout(rate=rate):
            return f"dropout {rate:g}"
        case LocalNorm(size=size):
            return f"lrn {size}"
        case _:
            return word(operation)


def _linked(layer: Layer) -> str:
    """What the row takes, and whose weights it shares."""
    return (f" of {', '.join(layer.of)}" if layer.of else "") + (f" shares {layer.shares}" if layer.shares else "")


def _short(sides: Pair) -> str:
    return str(sides[0]) if sides[0] == sides[1] else f"{sides[0]}x{sides[1]}"
