"""Following an input through an architecture: what every layer makes of it, and what that costs.

Volumes are (C, H, W), vectors (N,). Nothing is allocated: this is arithmetic on the table alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import prod
from typing import TypeAlias

from core.errors import LimitError, ShapeError
from core.nets.costs import multiplications, parameters
from core.nets.layers import (
    INPUT,
    Activation,
    BatchNorm,
    Crop,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Network,
    Operation,
    Pad,
    Scale,
    Transposed,
    sources,
    word,
)
from core.nets.receptive import Field
from core.nets.shapes import cropped, output
from core.nets.stack import windows_of
from core.types import Pair, Shape

MOST_LAYERS = 1200
MOST_SIDE = 8192
MOST_MAPS = 65_536
BYTES = 4  # a value is a float32

Fields: TypeAlias = tuple[Field, Field]  # vertical, horizontal


@dataclass(frozen=True)
class Row:
    """One layer at work: what went in, what came out, and what it cost."""

    name: str
    operation: Operation
    of: tuple[str, ...]  # the rows it takes
    inputs: tuple[Shape, ...]  # their shapes
    shape: Shape
    parameters: int
    formula: str  # the parameters with the numbers substituted; empty where there are none of its own
    macs: int  # multiply-accumulates; biases, pooling and activations multiply nothing
    fields: Fields | None  # None where an upsampling made neighbours look between pixels
    shares: str | None = None  # the row whose weights it uses

    @property
    def taken(self) -> Shape:
        """What went in; the first of several."""
        return self.inputs[0]

    @property
    def kind(self) -> str:
        """What the layer does, in the word of the text form."""
        return word(self.operation)

    @property
    def values(self) -> int:
        """How many new values it keeps: none where it works in place or only looks at its input differently."""
        return 0 if isinstance(self.operation, Flatten | Activation | Dropout | Crop) else prod(self.shape)

    @property
    def statistics(self) -> int:
        """Values it keeps without learning them: the running mean and variance of every map."""
        return 2 * self.shape[0] if isinstance(self.operation, BatchNorm) and self.shares is None else 0

    @property
    def receptive_field(self) -> Pair | None:
        """How many input pixels one of its values sees, vertically and horizontally."""
        return (self.fields[0].size, self.fields[1].size) if self.fields else None


@dataclass(frozen=True)
class Trace:
    """A network at work on an input (C, H, W)."""

    network: Network
    input: tuple[int, int, int]
    rows: tuple[Row, ...]

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers."""
        return sum(row.parameters for row in self.rows)

    @property
    def statistics(self) -> int:
        """Values that normalisations keep without learning them."""
        return sum(row.statistics for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one forward pass of one image."""
        return sum(row.macs for row in self.rows)

    @property
    def activations(self) -> int:
        """Values that a forward pass keeps, the input among them."""
        return prod(self.input) + sum(row.values for row in self.rows)

    def parameters_of(self, *kinds: type[Operation]) -> int:
        """Parameters of the layers that do one of these things."""
        return sum(row.parameters for row in self.rows if isinstance(row.operation, kinds))


def trace(network: Network, input: tuple[int, int, int] | None = None) -> Trace:
    """Every layer of a network on its own input or another one (C, H, W).

    >>> from core.nets.layers import Conv, Network, numbered
    >>> drawn = Network("first layer of LeNet-5", (1, 32, 32), numbered(Conv(6, (5, 5))))
    >>> row = trace(drawn).rows[0]
    >>> row.shape, row.formula, row.macs, row.receptive_field
    ((6, 28, 28), '6·(5·5·1) + 6 = 156', 117600, (5, 5))
    """
    given = input or network.input
    _within_limits(network, given)
    made = {INPUT: _Made(given, given[1:], (Field(), Field()))}
    rows = dict[str, Row]()
    for layer, of in zip(network.layers, sources(network.layers), strict=True):
        if layer.name in made:
            raise ShapeError(f"the name {layer.name[:50]!r} is taken by an earlier layer")
        taken = [made[name] for name in of]
        inputs = tuple(each.shape for each in taken)
        shape = output(layer, inputs)
        if prod(shape) > MOST_SIDE**2 * 1024:
            raise LimitError(f"{layer.name}: {prod(shape):,} values are more than one visitor may ask for")
        fields = _fields(layer.operation, taken)
        made[layer.name] = _Made(shape, _sides(layer.operation, shape, taken[0]), fields)
        count, formula = parameters(layer.operation, inputs[0])
        macs = multiplications(layer.operation, inputs[0], shape)
        row = Row(layer.name, layer.operation, of, inputs, shape, count, formula, macs, fields)
        rows[layer.name] = row if layer.shares is None else _sharing(row, rows.get(layer.shares), layer.shares)
    return Trace(network, given, tuple(rows.values()))


@dataclass(frozen=True)
class _Made:
    """What a row made, seen from the rows below."""

    shape: Shape
    sides: Pair  # of the maps its values come from: flatten keeps them, a dense layer has looked at all
    fields: Fields | None


def _sides(operation: Operation, shape: Shape, taken: _Made) -> Pair:
    if len(shape) == 3:
        return shape[1], shape[2]
    return (1, 1) if isinstance(operation, Dense | GlobalPool) else taken.sides


def _fields(operation: Operation, taken: Sequence[_Made]) -> Fields | None:
    """The receptive field after a layer: windows widen it, an upsampling makes it finer, rows that meet join theirs."""
    first = taken[0].fields
    if first is None or any(each.fields is None for each in taken):
        return None
    if isinstance(operation, Transposed):
        kernel, stride, padding = operation.kernel, operation.stride, operation.padding
        found = [first[way].back(kernel[way], stride=stride[way], padding=padding[way]) for way in (0, 1)]
    elif isinstance(operation, Pad):
        before = operation.rows[0], operation.columns[0]
        found = [field.through(1, padding=padding) for field, padding in zip(first, before, strict=True)]
    elif isinstance(operation, Crop):
        found = [
            Field(field.size, field.jump, field.start + field.jump * cropped(have, want, operation.offset))
            for field, have, want in zip(first, taken[0].sides, taken[1].sides, strict=True)
        ]
    elif isinstance(operation, Scale):
        found = [_seen_by_all(first[way], taken[1].fields[way]) for way in (0, 1) if taken[1].fields]
    elif len(taken) > 1:
        every: list[list[Field | None]] = [[each.fields[way] for each in taken if each.fields] for way in (0, 1)]
        found = [reduce(_joined, fields, fields[0]) for fields in every]
    elif windows := windows_of(operation, taken[0].sides):
        found = [
            field.through(window.kernel, stride=window.stride, padding=window.padding, dilation=window.dilation)
            for field, window in zip(first, windows, strict=True)
        ]
    else:
        return first
    rows, columns = found
    return None if rows is None or columns is None else (rows, columns)


def _joined(one: Field | None, other: Field | None) -> Field | None:
    return one.joined(other) if one and other else None


def _seen_by_all(field: Field, whole: Field) -> Field:
    """The field of a map whose every value also depends on one number that saw `whole`."""
    return Field(max(field.size, whole.size), field.jump, min(field.start, whole.start))


def _sharing(row: Row, lender: Row | None, name: str) -> Row:
    """The row with the weights of an earlier one, which must fit."""
    if lender is None:
        raise ShapeError(f"{row.name}: there is no row {name[:50]!r} above it whose weights it could share")
    if lender.operation != row.operation or lender.parameters != row.parameters or lender.shares is not None:
        raise ShapeError(
            f"{row.name}: it can share the weights of {name} only if it is the same layer on an input as deep, "
            f"and if {name} has weights of its own"
        )
    return replace(row, parameters=0, formula="", shares=name)


def parse_input(text: str) -> tuple[int, int, int]:
    """An input size as people write it.

    >>> parse_input("3x224x224"), parse_input("1 × 28 × 28")
    ((3, 224, 224), (1, 28, 28))
    """
    sides = [side.strip() for side in text.lower().replace("×", "x").split("x")]
    if len(sides) != 3 or not all(side.isascii() and side.isdigit() and len(side) < 10 for side in sides):
        raise ShapeError(f"the input is maps x height x width, such as 3x224x224, got {text[:40]!r}")
    maps, height, width = (int(side) for side in sides)
    return maps, height, width


def _within_limits(network: Network, given: tuple[int, int, int]) -> None:
    if len(network.layers) > MOST_LAYERS:
        raise LimitError(f"a network has at most {MOST_LAYERS} layers here, got {len(network.layers)}")
    if min(given) < 1:
        raise ShapeError(f"every side of the input is 1 or more, got {'x'.join(map(str, given))}")
    if max(given[1:]) > MOST_SIDE or given[0] > MOST_MAPS:
        raise LimitError(
            f"the input has at most {MOST_MAPS:,} maps of at most {MOST_SIDE:,} pixels a side, "
            f"got {'x'.join(map(str, given))}"
        )
