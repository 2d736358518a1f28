"""Filling in a column of an architecture table: is it right, and if not, which usual mistake makes this number?

A hint is found backwards: every mistake that people make at this kind of layer is worked out, and the one that gives
what was typed is named. Lecture A itself makes one: 16·5·5 + 16 = 416 where 16·(5·5·6) + 16 = 2416 is right.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

from core.nets.layers import Conv, Dense, Flatten, GlobalPool, Pool
from core.nets.trace import Row
from core.nets.workings import Direction, directions
from core.types import Shape

Asked: TypeAlias = Literal["output", "parameters", "receptive field"]
Slip: TypeAlias = tuple[Shape, str]  # what a mistake gives, and how to name it


@dataclass(frozen=True)
class Verdict:
    """Whether it is right, and what there is to say: the mistake if it is a known one, else where to look."""

    right: bool
    hint: str = ""


def asks(row: Row, column: Asked) -> bool:
    """Whether a row is worth asking: only windows widen a field, and what works value by value changes nothing.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> [row.name for row in trace(network("minimal-cnn")).rows if asks(row, "parameters")]
    ['conv1', 'flatten1', 'dense1']
    """
    kinds = Conv | Pool if column == "receptive field" else Conv | Pool | GlobalPool | Flatten | Dense
    return isinstance(row.operation, kinds) and row.shares is None and row.fields is not None


def answer(row: Row, column: Asked) -> Shape:
    """What belongs in a row: a shape, a count as (n,), or a field as height and width."""
    return {"output": row.shape, "parameters": (row.parameters,), "receptive field": row.receptive_field or ()}[column]


def judge(row: Row, column: Asked, typed: Shape) -> Verdict:
    """What was typed in one row: a count as (n,), a shape as its sides, a field as one side or both.

    >>> from core.nets.trace import trace
    >>> from core.nets.zoo import network
    >>> second = trace(network("lenet5")).rows[3]
    >>> judge(second, "parameters", (2416,)).right
    True
    >>> judge(second, "parameters", (416,)).hint
    'Every filter is as deep as its input: 6 maps, not 1.'
    """
    right = answer(row, column)
    if column == "receptive field" and len(typed) == 1:
        typed = typed * 2
    if typed == right:
        return Verdict(True)
    if column == "output" and len(right) == 3 and typed == (*right[1:], right[0]):
        return Verdict(True, "This is height x width x maps, the order of Keras. The table here has the maps first.")
    slips = {"output": _output_slips, "parameters": _parameter_slips, "receptive field": _field_slips}[column](row)
    found = next((hint for value, hint in slips if value == typed), "")
    return Verdict(False, found or _direction(column, typed, right))


def _direction(column: Asked, typed: Shape, right: Shape) -> str:
    if len(typed) != len(right):
        if column == "output":
            wanted = "a volume: maps x height x width" if len(right) == 3 else "a vector: one number"
            return f"What comes out is {wanted}."
        return "A field is one side, or height x width." if column == "receptive field" else "A count is one number."
    if column == "output" and len(right) == 3 and sorted(typed) == sorted(right):
        return "The sides are right and their order is not: maps x height x width."
    if column == "output" and len(right) == 3 and typed[1:] == right[1:]:
        return "Height and width are right, the number of maps is not."
    if column == "output" and len(right) == 3 and typed[0] == right[0]:
        return "The number of maps is right, height and width are not."
    return f"Too {'many' if column == 'parameters' else 'large'}." if prod(typed) > prod(right) else "Too small."


def _parameter_slips(row: Row) -> Iterator[Slip]:
    for count, hint in _counts(row):
        yield (count,), hint


def _counts(row: Row) -> Iterator[tuple[int, str]]:
    """The wrong counts people arrive at; the first that fits names the mistake."""
    match row.operation:
        case Conv(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            depth, biases = row.taken[0] // groups, filters if bias else 0
            weights = filters * high * wide * depth
            flat, maps = filters * high * wide, f"{depth:,} maps" if depth > 1 else "1 map"
            yield flat + biases, f"Every filter is as deep as its input: {maps}, not 1."
            yield from _bias_counts(weights, filters, depth, bias, "filter")
            yield flat, f"Every filter is as deep as its input, {maps}, and has a bias."
            yield high * wide * depth + 1, f"That is one filter. There are {filters:,}."
            yield high * wide * depth, f"That is one filter, and without its bias. There are {filters:,}."
            yield high * wide + 1, f"That is one filter on one map. There are {filters:,} filters on {maps}."
            yield filters * high * depth + biases, "A kernel has two sides: its height times its width."
            yield filters * high * wide * row.taken[0] + biases, f"{groups} groups: a filter sees {maps} only."
            hint = (
                "The weights are shared: the same filter is used at every place, so the size of the map is no factor."
            )
            spots = prod(row.shape[1:])
            for each in (weights + biases, weights, flat + biases, flat):
                yield spots * each, hint
            yield prod(row.taken) * prod(row.shape) + prod(row.shape), f"That is a dense layer. {hint}"
            yield prod(row.shape), "That is the number of values that come out. Parameters are what is learned."
            yield 0, "A convolution learns its filters."
        case Dense(units=units, bias=bias):
            values = row.taken[0]
            yield from _bias_counts(units * values, units, values, bias, "unit")
            yield units + values, "Every unit has a weight for every input: multiply, do not add."
            yield values + 1, f"That is one unit. There are {units:,}."
            biases = units if bias else 0
            for part in _parts(values):
                hint = f"You counted {part:,} inputs. All maps are unrolled: {values:,} values come in."
                yield units * part + biases, hint
                yield units * part, f"{hint} And every unit has a bias."
            yield 0, "A dense layer learns a weight for every pair of input and unit."
            yield units, "Those are the values that come out. Every one of them has a weight for every input."
        case Pool(kernel=(high, wide)):
            for count in (high * wide, high * wide + 1, row.taken[0] * (high * wide + 1), row.taken[0] * high * wide):
                yield count, "A pooling window has a size and no weights: it takes a maximum or a mean."
            yield prod(row.shape), "That is the number of values that come out. Nothing is learned here."


def _bias_counts(weights: int, outputs: int, inputs: int, bias: bool, what: str) -> Iterator[tuple[int, str]]:
    """Mistakes about biases, the same for filters and units."""
    if not bias:
        yield weights + outputs, "This layer was told to have no bias."
        return
    yield weights, f"The biases are missing: one for every {what}, {outputs:,} in all."
    yield weights + 1, f"There is one bias for every {what}, {outputs:,} in all, not one for the layer."
    yield 2 * weights, f"A bias belongs to a {what}, not to a weight: {outputs:,} in all."
    yield weights + inputs, f"Biases are counted on the way out: one for every {what}, not for every input."
    yield weights + outputs * inputs, f"One bias for every {what}, not for every pair of {what} and input."


def _parts(values: int) -> Iterator[int]:
    """What a person may take for the inputs of a dense layer: a map of the volume before, its side, or its depth."""
    yield from (values // by for by in range(2, min(values, 4096) + 1) if values % by == 0)


def _output_slips(row: Row) -> Iterator[Slip]:
    maps, taken = row.shape[0], row.taken
    match row.operation:
        case Conv() | Pool():
            depth = taken[0]
            if isinstance(row.operation, Conv):
                yield (depth, *row.shape[1:]), f"Every filter makes one map: {maps:,} filters, {maps:,} maps."
                hint = "A filter sums over all its input maps: one map comes out of it, not one for each."
                yield (depth * maps, *row.shape[1:]), hint
                yield (1, *row.shape[1:]), f"That is one map. There are {maps:,} filters, and each makes one."
            for sides, hint in _side_slips(row):
                yield (maps, *sides), hint
                yield (*sides, maps), hint  # the order of Keras
            yield (maps, row.shape[2], row.shape[1]), "Height comes before width."
            yield row.shape[1:], "The maps are missing: maps x height x width."
            yield row.shape[1:2], "That is one side. Write maps x height x width."
            yield (prod(row.shape),), "That is how many values there are. Here is a volume: maps x height x width."
        case Flatten() | GlobalPool() if len(taken) == 3:
            if isinstance(row.operation, Flatten):
                yield taken, "Flatten unrolls the volume into one line: multiply its sides."
                yield (prod(taken[1:]),), f"That is one map. There are {taken[0]:,}, and all are unrolled."
                yield (sum(taken),), "The sides are multiplied, not added."
            yield (prod(taken),), "Global pooling leaves one number of every map."
            yield (taken[0], 1, 1), "One number of every map: a vector."
        case Dense(units=units):
            yield taken, f"A dense layer has one value for every unit: {units:,}."
            yield (units * taken[0],), "That is how many weights it has. One value comes out of every unit."


def _side_slips(row: Row) -> Iterator[tuple[Shape, str]]:
    """Height and width as they come out when a part of the arithmetic is forgotten."""
    ways = directions(row)
    stride, span = _each([way.stride for way in ways]), _each([way.span for way in ways])
    one = "One is missing: the first place counts, too."
    slips: tuple[tuple[Callable[[Direction], int], str], ...] = (
        (lambda way: _fits(way) // way.stride, one),
        (lambda way: _fits(way) + 1, f"The stride is forgotten: the window moves on by {stride}."),
        (lambda way: (way.taken - way.span) // way.stride + 1, "The padding is forgotten."),
        (
            lambda way: (way.taken + way.padding - way.span) // way.stride + 1,
            "The padding is added at both ends, so it counts twice.",
        ),
        (lambda way: -(-_fits(way) // way.stride) + 1, "What is left over at the edge is dropped: round down."),
        (
            lambda way: (way.taken + 2 * way.padding - way.kernel) // way.stride + 1,
            "The dilation is forgotten: it spreads the window.",
        ),
        (lambda way: way.taken // way.stride, f"The window has to fit in, and {span} is its side: the map shrinks."),
        (lambda way: -(-way.taken // way.stride), f"The window has to fit in, and {span} is its side."),
        (lambda way: way.taken, "The map shrinks: the window has to fit in, and the stride skips places."),
        (lambda way: way.taken - way.span, one),
    )
    for rule, hint in slips:
        yield tuple(map(rule, ways)), hint


def _field_slips(row: Row) -> Iterator[Slip]:
    ways = directions(row)
    if not ways:
        return
    jump = _each([way.below.jump for way in ways])
    window = "That is the window on the map below. How many pixels of the image is that?"
    slips: tuple[tuple[Callable[[Direction], int], str], ...] = (
        (
            lambda way: way.below.size + way.span - 1,
            f"A step on the map below is {jump} pixels of the image: every step counts {jump}.",
        ),
        (
            lambda way: way.below.size + (way.kernel - 1) * way.below.jump,
            "The dilation is forgotten: it spreads the window.",
        ),
        (
            lambda way: way.below.size + way.span * way.below.jump,
            "The window adds its side less 1: one of its values is there already.",
        ),
        (
            lambda way: way.below.size + (way.span - 1) * way.field.jump,
            "The layer's own stride widens the fields after it, not its own.",
        ),
        (lambda way: way.kernel, window),
        (lambda way: way.span, window),
        (lambda way: way.below.size, "That is the field of the layer below. This window sees several of its values."),
        (lambda way: way.field.jump, "That is the jump: how far apart neighbours look."),
        (lambda way: way.below.size * way.span, "The fields of neighbours overlap, so they do not multiply."),
        (lambda way: way.made, "That is the side of the map. The field is counted on the image."),
    )
    for rule, hint in slips:
        yield tuple(map(rule, ways)), hint


def _fits(way: Direction) -> int:
    """How far the window can move."""
    return way.taken + 2 * way.padding - way.span


def _each(sides: Sequence[int]) -> str:
    return str(sides[0]) if len(set(sides)) == 1 else "x".join(map(str, sides))
