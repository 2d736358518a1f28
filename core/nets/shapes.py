"""What comes out of a layer, and why some layers do not go together.

Volumes are (C, H, W), vectors (N,). Every refusal names the layer and says what would fit.
"""

from collections.abc import Sequence
from math import prod

from core.errors import ShapeError
from core.filters.arithmetic import transposed_side
from core.nets.layers import (
    Add,
    Concat,
    Conv,
    Crop,
    Dense,
    Flatten,
    GlobalPool,
    Layer,
    Local,
    LocalNorm,
    Mean,
    Merge,
    Operation,
    Pad,
    Pool,
    Scale,
    Transposed,
    word,
)
from core.nets.stack import windows_of
from core.types import Pair, Shape


def output(layer: Layer, inputs: Sequence[Shape]) -> Shape:
    """The shape a layer makes of its inputs.

    >>> output(Layer("conv1", Conv(6, (5, 5))), [(1, 32, 32)]), output(Layer("pile", Concat()), [(2, 8, 8), (3, 8, 8)])
    ((6, 28, 28), (5, 8, 8))
    """
    operation, taken = layer.operation, inputs[0]
    if isinstance(operation, Merge):
        return _merged(layer.name, operation, inputs)
    if len(inputs) > 1:
        raise ShapeError(
            f"{layer.name}: {word(operation)} takes one input, got {len(inputs)}: add or concat them first"
        )
    _fits(layer.name, operation, taken)
    match operation:
        case Conv(filters=filters) | Local(filters=filters):
            return (filters, *_sides(layer, taken))
        case Transposed(filters=filters):
            return (filters, *_spread(layer.name, operation, taken))
        case Pool():
            return (taken[0], *_sides(layer, taken))
        case Pad(rows=rows, columns=columns, maps=maps):
            return tuple(side + sum(more) for side, more in zip(taken, (maps, rows, columns), strict=True))
        case GlobalPool():
            return taken[:1]
        case Dense(units=units):
            return (units,)
        case Flatten():
            return (prod(taken),)
    return taken


def drawn(shape: Shape) -> str:
    """A shape in one word.

    >>> drawn((6, 28, 28)), drawn((400,))
    ('6x28x28', '400')
    """
    return "x".join(map(str, shape))


def cropped(taken: int, wanted: int, offset: int | None) -> int:
    """Where a crop to `wanted` values begins along one direction.

    >>> cropped(64, 56, None), cropped(70, 56, 5)
    (4, 5)
    """
    return (taken - wanted) // 2 if offset is None else offset


def _fits(name: str, operation: Operation, taken: Shape) -> None:
    """Refuse what cannot be done to an input of that shape."""
    slides = isinstance(operation, Conv | Local | Transposed | Pool | Pad | GlobalPool | LocalNorm)
    if slides and len(taken) == 1:
        raise ShapeError(f"{name}: {word(operation)} slides over a volume, and its input is a vector already")
    match operation:
        case Conv(filters=filters, groups=groups) | Transposed(filters=filters, groups=groups):
            if taken[0] % groups or filters % groups:
                raise ShapeError(
                    f"{name}: {groups} groups must divide its {taken[0]} input maps and its {filters} filters"
                )
        case Dense() if len(taken) > 1:
            raise ShapeError(
                f"{name}: dense takes a vector, and its input is a volume: put flatten, or a global pooling, before it"
            )


def _sides(layer: Layer, taken: Shape) -> Pair:
    windows = windows_of(layer.operation, (taken[1], taken[2])) or ()
    try:
        rows, columns = (window.side(side) for window, side in zip(windows, taken[1:], strict=True))
    except ShapeError as error:
        raise ShapeError(f"{layer.name}: {error}. Or take a layer below it away.") from error
    return rows, columns


def _spread(name: str, operation: Transposed, taken: Shape) -> Pair:
    try:
        rows, columns = (
            transposed_side(side, kernel, stride=stride, padding=padding, output_padding=extra)
            for side, kernel, stride, padding, extra in zip(
                taken[1:], operation.kernel, operation.stride, operation.padding, operation.output_padding, strict=True
            )
        )
    except ShapeError as error:
        raise ShapeError(f"{name}: {error}") from error
    return rows, columns


def _merged(name: str, operation: Merge, inputs: Sequence[Shape]) -> Shape:
    first, *others = inputs
    every = " and ".join(drawn(shape) for shape in inputs[:4])
    if not others:
        raise ShapeError(f"{name}: {word(operation)} takes two inputs or more; name them, such as: of conv1, conv2")
    match operation:
        case Add() | Mean():
            if any(shape != first for shape in others):
                raise ShapeError(
                    f"{name}: {word(operation)} goes value by value, so its inputs need one shape, got {every}: "
                    "a 1x1 convolution with a stride brings one to the shape of the other"
                )
            return first
        case Concat():
            if any(shape[1:] != first[1:] for shape in others):
                raise ShapeError(f"{name}: concat piles maps up, so they need one height and width, got {every}")
            return (sum(shape[0] for shape in inputs), *first[1:])
        case Scale():
            if len(inputs) != 2 or len(first) != 3 or others[0] != first[:1]:
                raise ShapeError(f"{name}: scale takes a volume and a vector with a number for each map, got {every}")
            return first
        case Crop(offset=offset):
            if len(inputs) != 2 or len(first) != 3 or len(others[0]) != 3:
                raise ShapeError(f"{name}: crop takes a volume and another whose sides it gets, got {every}")
            for taken, wanted in zip(first[1:], others[0][1:], strict=True):
                start = cropped(taken, wanted, offset)
                if start < 0 or start + wanted > taken:
                    raise ShapeError(f"{name}: {wanted} pixels from {start} on do not lie within {taken}")
            return (first[0], *others[0][1:])
