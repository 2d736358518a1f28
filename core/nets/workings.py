"""How the numbers in a row of an architecture table come about, spelt out with the row's own numbers.

One sentence per column, the way a person would work it out on paper beside the lectures' tables.
"""

from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias, get_args

from core.filters.arithmetic import reach
from core.nets.layers import (
    Add,
    BatchNorm,
    Concat,
    Conv,
    Crop,
    Dense,
    Flatten,
    GlobalPool,
    Local,
    Mean,
    Merge,
    Pad,
    Pool,
    Transposed,
)
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

    Where the fields on the image cannot be counted, these are the ones on the map below.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> [way.below.size for way in directions(trace(network("lenet5")).rows[3])]
    [6, 6]
    """
    operation = row.operation
    if not isinstance(operation, Conv | Local | Pool):
        return ()
    padded = operation.padding if not isinstance(operation, Local) else (0, 0)
    dilation = operation.dilation if isinstance(operation, Conv) else (1, 1)
    found = []
    for side in (0, 1):
        kernel, stride, padding = operation.kernel[side], operation.stride[side], padded[side]
        span = reach(kernel, dilation=dilation[side])
        field = row.fields[side] if row.fields else Field().through(span, stride=stride, padding=padding)
        jump = field.jump // stride
        below = Field(field.size - (span - 1) * jump, jump, field.start + padding * jump)
        found.append(Direction(row.taken[1 + side], row.shape[1 + side], kernel, span, stride, padding, field, below))
    return tuple(found)


def _output(row: Row) -> str:
    drawn = _drawn(row.shape)
    match row.operation:
        case Conv() | Local() | Pool():
            high, wide = map(_side, directions(row))
            sides = f"Both sides: {high}" if high == wide else f"Height: {high}; width: {wide}"
            if isinstance(row.operation, Conv | Local):
                return f"{sides}. Each of the {row.operation.filters:,} filters makes one map: {drawn}."
            return f"{sides}. Every map is pooled on its own, so {row.taken[0]:,} stay {row.shape[0]:,}: {drawn}."
        case Pad():
            return f"{_padded(row, row.operation)}: {drawn}."
        case GlobalPool():
            return f"Every map becomes one number: {row.taken[0]:,} maps, {drawn} values."
        case Flatten():
            return f"The same values in one line: {_times(row.taken)} = {row.shape[0]:,}."
        case Dense(units=units):
            return f"One value for each of the {units:,} units."
        case Transposed(filters=filters) as operation:
            return f"{_spread(row, operation)} Each of the {filters:,} filters makes one map: {drawn}."
        case Concat():
            maps = " + ".join(f"{shape[0]:,}" for shape in row.inputs)
            return f"The maps of {len(row.inputs)} rows in one pile, {maps} = {row.shape[0]:,}: {drawn}."
        case Crop():
            return f"The sides of {row.of[1]}; the {row.shape[0]:,} maps are those of {row.of[0]}: {drawn}."
        case Add() | Mean():
            how = "added" if isinstance(row.operation, Add) else "averaged"
            part = getattr(row.operation, "share", 1.0)
            less = "" if part == 1 else f", all but the first times {part:g}"
            return f"{len(row.inputs)} rows of one shape, {how} value by value{less}: {drawn}."
    return f"Works value by value, so the shape stays {drawn}."


def _padded(row: Row, operation: Pad) -> str:
    """How many rows, columns and maps of zeros are put where."""
    ways = (("rows", operation.rows, 1), ("columns", operation.columns, 2), ("maps", operation.maps, 0))
    told = [
        f"{name} {before} + {row.taken[place]:,} + {after} = {row.shape[place]:,}"
        for name, (before, after), place in ways
        if before or after
    ]
    return f"Zeros around the volume, {', '.join(told)}" if told else "No zeros are added"


def _spread(row: Row, operation: Transposed) -> str:
    """The sides of a transposed convolution: steps apart, and one kernel at the end."""
    told = []
    for way in (0, 1):
        cut, extra = operation.padding[way], operation.output_padding[way]
        less = (f" - 2·{cut}" if cut else "") + (f" + {extra}" if extra else "")
        steps = f"({row.taken[1 + way]:,} - 1)·{operation.stride[way]} + {operation.kernel[way]}"
        told.append(f"{steps}{less} = {row.shape[1 + way]:,}")
    return f"Both sides: {told[0]}." if told[0] == told[1] else f"Height: {told[0]}; width: {told[1]}."


def _side(way: Direction) -> str:
    padded = f"{way.taken:,} + 2·{way.padding}" if way.padding else f"{way.taken:,}"
    if way.stride == 1:
        return f"{padded} - {way.span} + 1 = {way.made:,}"
    places, left = divmod(way.taken + 2 * way.padding - way.span, way.stride)
    rounded = f", rounded {'up' if way.made > places + 1 else 'down'}," if left else ""
    return f"({padded} - {way.span})/{way.stride}{rounded} + 1 = {way.made:,}"


def _parameters(row: Row) -> str:
    if row.shares:
        return f"It uses the weights of {row.shares}, so it learns nothing of its own: 0."
    match row.operation:
        case Conv(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            like = "like its input" if groups == 1 else f"because {groups} groups share the {row.taken[0]:,} input maps"
            told = f"{filters:,} filters, each {high} high, {wide} wide and {row.taken[0] // groups:,} deep {like}"
            return f"{told}, and {f'{filters:,} biases' if bias else 'no bias'}: {row.formula}."
        case Dense(units=units, bias=bias):
            told = f"{units:,} units, each with a weight for all {row.taken[0]:,} inputs"
            return f"{told}, and {f'{units:,} biases' if bias else 'no bias'}: {row.formula}."
        case Local(filters=filters, kernel=(high, wide), bias=bias):
            places = f"At each of the {row.shape[1]}·{row.shape[2]} places {filters:,} filters of their own"
            told = f"{places}, each {high} high, {wide} wide and {row.taken[0]:,} deep"
            return f"{told}, and {'as many biases' if bias else 'no bias'}: {row.formula}."
        case Transposed(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            told = f"Each of the {row.taken[0]:,} input maps spreads a kernel of {high}x{wide} over "
            told += f"{filters // groups:,} output maps"
            return f"{told}, and {f'{filters:,} biases' if bias else 'no bias'}: {row.formula}."
        case BatchNorm(scale=scale):
            learned = "A scale and a shift" if scale else "A shift and no scale"
            return f"{learned} for each of the {row.taken[0]:,} maps: {row.formula}."
    return "Nothing is learned here: 0."


def _macs(row: Row) -> str:
    match row.operation:
        case Conv(kernel=(high, wide), groups=groups):
            depth = row.taken[0] // groups
            return (
                f"Each of the {_times(row.shape)} = {prod(row.shape):,} outputs is a sum of {high}·{wide}·{depth:,} = "
                f"{high * wide * depth:,} products: {row.macs:,}."
            )
        case Local(kernel=(high, wide)):
            return (
                f"As many as with shared weights: {_times(row.shape)} outputs, {high}·{wide}·{row.taken[0]:,} "
                f"products each: {row.macs:,}."
            )
        case Transposed(filters=filters, kernel=(high, wide), groups=groups):
            return (
                f"Each of the {_times(row.taken)} = {prod(row.taken):,} inputs is spread over {high}·{wide}·"
                f"{filters // groups:,} outputs: {row.macs:,}."
            )
        case Dense():
            return f"Every weight is used once: {row.shape[0]:,}·{row.taken[0]:,} = {row.macs:,}."
        case BatchNorm():
            return "One product per value, which the convolution before it can take over: counted as 0."
    return "No weights, so nothing is multiplied: 0."


def _memory(row: Row) -> str:
    if not row.values:
        return "It keeps no new values: it works in place, or only looks at its input differently."
    product = f"{_times(row.shape)} = " if len(row.shape) > 1 else ""
    return f"{product}{row.values:,} values, {BYTES} bytes each: {row.values * BYTES:,} bytes."


def _field(row: Row) -> str:
    if row.fields is None:
        return (
            "An upsampling made neighbours look between pixels, so their fields are no longer counted in steps of one."
        )
    high, wide = row.fields[0].size, row.fields[1].size
    ways = directions(row)
    if not ways:
        if isinstance(row.operation, Dense | GlobalPool):
            return f"It sees all that the map below sees together: {high}x{wide}, padding over the edge included."
        if isinstance(row.operation, Merge):
            return f"What its inputs see together: {high}x{wide}."
        if isinstance(row.operation, Transposed):
            return f"At most {high}x{wide}: as many inputs as copies of the kernel overlap."
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
