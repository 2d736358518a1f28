"""How the numbers in a row of an architecture table come about, spelt out with the row's own numbers.

One sentence per column, the way a person would work it out on paper beside the lectures' tables.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias, get_args

from core.filters.arithmetic import reach
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, LocalNorm, Pool
from core.nets.receptive import Field
from core.nets.trace import BYTES, Row
from core.types import Shape

Column: TypeAlias = Literal["output", "parameters", "multiply-accumulates", "memory", "receptive field"]
COLUMNS: tuple[Column, ...] = get_args(Column)


def workings(row: Row, column: Column) -> str:
    """One column of a row, worked out.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> second = trace(network("lenet5")).rows[3]
    >>> print(workings(second, "parameters"))
    16 filters, each 5 high, 5 wide and 6 deep like its input, and 16 biases: 16·(5·5·6) + 16 = 2,416.
    >>> print(workings(second, "output"))
    Both sides: 14 - 5 + 1 = 10. Each of the 16 filters makes one map: 16x10x10.
    """
    match column:
        case "output":
            return _output(row)
        case "parameters":
            return _parameters(row)
        case "multiply-accumulates":
            return _macs(row)
        case "memory":
            return _memory(row)
        case "receptive field":
            return _field(row)


@dataclass(frozen=True)
class Direction:
    """A window at work in one direction, down or across."""

    taken: int  # the side of the map below
    made: int  # the side of the map it makes
    kernel: int
    span: int  # of the window, the gaps of a dilated one included
    stride: int
    padding: int
    field: Field
    below: Field


def directions(row: Row) -> tuple[Direction, ...]:
    """Down and across, for a convolution or a pooling; nothing for a layer without a window.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> [way.below.size for way in directions(trace(network("lenet5")).rows[3])]
    [6, 6]
    """
    operation = row.operation
    if not isinstance(operation, Conv | Pool):
        return ()
    dilation = operation.dilation if isinstance(operation, Conv) else (1, 1)
    found = []
    for side in (0, 1):
        kernel, stride, padding = operation.kernel[side], operation.stride[side], operation.padding[side]
        field, span = row.fields[side], reach(kernel, dilation=dilation[side])
        jump = field.jump // stride
        below = Field(field.size - (span - 1) * jump, jump, field.start + padding * jump)
        found.append(Direction(row.taken[1 + side], row.shape[1 + side], kernel, span, stride, padding, field, below))
    return tuple(found)


def _output(row: Row) -> str:
    drawn = _drawn(row.shape)
    match row.operation:
        case Conv() | Pool():
            high, wide = map(_side, directions(row))
            sides = f"Both sides: {high}" if high == wide else f"Height: {high}; width: {wide}"
            if isinstance(row.operation, Conv):
                return f"{sides}. Each of the {row.operation.filters:,} filters makes one map: {drawn}."
            return f"{sides}. Every map is pooled on its own, so {row.taken[0]:,} stay {row.shape[0]:,}: {drawn}."
        case GlobalPool():
            return f"Every map becomes one number: {row.taken[0]:,} maps, {drawn} values."
        case Flatten():
            return f"The same values in one line: {_times(row.taken)} = {row.shape[0]:,}."
        case Dense(units=units):
            return f"One value for each of the {units:,} units."
        case Activation() | Dropout() | LocalNorm():
            return f"Works value by value, so the shape stays {drawn}."


def _side(way: Direction) -> str:
    padded = f"{way.taken:,} + 2·{way.padding}" if way.padding else f"{way.taken:,}"
    if way.stride == 1:
        return f"{padded} - {way.span} + 1 = {way.made:,}"
    down = ", rounded down," if (way.taken + 2 * way.padding - way.span) % way.stride else ""
    return f"({padded} - {way.span})/{way.stride}{down} + 1 = {way.made:,}"


def _parameters(row: Row) -> str:
    match row.operation:
        case Conv(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            like = "like its input" if groups == 1 else f"because {groups} groups share the {row.taken[0]:,} input maps"
            told = f"{filters:,} filters, each {high} high, {wide} wide and {row.taken[0] // groups:,} deep {like}"
            return f"{told}, and {f'{filters:,} biases' if bias else 'no bias'}: {row.formula}."
        case Dense(units=units, bias=bias):
            told = f"{units:,} units, each with a weight for all {row.taken[0]:,} inputs"
            return f"{told}, and {f'{units:,} biases' if bias else 'no bias'}: {row.formula}."
    return "Nothing is learned here: 0."


def _macs(row: Row) -> str:
    match row.operation:
        case Conv(kernel=(high, wide), groups=groups):
            depth = row.taken[0] // groups
            return (
                f"Each of the {_times(row.shape)} = {prod(row.shape):,} outputs is a sum of {high}·{wide}·{depth:,} = "
                f"{high * wide * depth:,} products: {row.macs:,}."
            )
        case Dense():
            return f"Every weight is used once: {row.shape[0]:,}·{row.taken[0]:,} = {row.macs:,}."
    return "No weights, so nothing is multiplied: 0."


def _memory(row: Row) -> str:
    if not row.values:
        return "It keeps no new values: it works in place, or only looks at its input differently."
    product = f"{_times(row.shape)} = " if len(row.shape) > 1 else ""
    return f"{product}{row.values:,} values, {BYTES} bytes each: {row.values * BYTES:,} bytes."


def _field(row: Row) -> str:
    high, wide = row.receptive_field
    ways = directions(row)
    if not ways:
        if isinstance(row.operation, Dense | GlobalPool):
            return f"It sees all that the map below sees together: {high}x{wide}, padding over the edge included."
        return f"It sees what its input sees: {high}x{wide}."
    rows, columns = (f"{way.below.size} + ({way.span} - 1)·{way.below.jump} = {way.field.size}" for way in ways)
    grown = rows if rows == columns else f"height {rows}, width {columns}"
    jump = row.fields[0].jump, row.fields[1].jump
    step = f"{jump[0]}" if jump[0] == jump[1] else f"{jump[0]} rows and {jump[1]} columns"
    return f"The field below, and the side of the window less 1 times the jump below: {grown}. Its own jump is {step}."


def _drawn(shape: Shape) -> str:
    return "x".join(map(str, shape))


def _times(shape: Shape) -> str:
    return "·".join(f"{side:,}" for side in shape)
