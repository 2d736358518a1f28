"""summarize: shape and parameters of every layer."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from assignments.referees.ps1.tables import (
    LENET,
    MINIMAL,
    SMALL,
    VGG,
    Layer,
    any_network,
    any_volumes,
    channels_last,
    conv,
    dense,
    flatten,
    followed,
    kind,
    pool,
)
from core.nets.costs import parameters
from core.nets.layers import Conv
from core.nets.trace import Row
from core.types import Shape
from grading.referee import Group, Mistake, Referee, case

Summary = list[dict[str, Any]]


def summary(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """The reference."""
    rows = followed(layers, input_shape).rows
    return [{"kind": kind(row), "shape": channels_last(row.shape), "params": row.parameters} for row in rows]


def changed(
    *, shape: Callable[[Row], Shape] | None = None, params: Callable[[Row, Shape], int] | None = None
) -> Callable[..., Summary]:
    """A summary whose shapes or parameters are others."""

    def answer(layers: Sequence[Layer], input_shape: Shape) -> Summary:
        found = summary(layers, input_shape)
        for told, row in zip(found, followed(layers, input_shape).rows, strict=True):
            if shape:
                told["shape"] = shape(row)
            if params:
                told["params"] = params(row, input_shape)
        return found

    return answer


def edited(edit: Callable[[Layer], Layer]) -> Callable[..., Summary]:
    """The summary of another table: every row is read wrongly in the same way."""
    return lambda layers, input_shape: summary([edit(layer) for layer in layers], input_shape)


def turned(shape: Shape) -> Shape:
    """Height and width exchanged."""
    return (shape[1], shape[0], *shape[2:])


def turned_kernels(layer: Layer) -> Layer:
    """The kernel's width for its height."""
    return {**layer, "kernel": layer["kernel"][::-1]} if "kernel" in layer else layer


def half_padded(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """Padding at one end: what the shapes lose moves on to all that follows."""
    summary(layers, input_shape)  # refuses what cannot be
    return through(layers, input_shape, lambda size, layer: size + layer["pad"])


def rounded_up(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """A pooling whose last window may reach over the edge."""
    found, shape = summary(layers, input_shape)[:0], input_shape  # refuses what cannot be
    for layer in layers:
        if layer["kind"] == "pool":
            step = layer["stride"]
            sides = (-(-(n - k) // step) + 1 for n, k in zip(shape[:2], layer["kernel"], strict=True))
            told: dict[str, Any] = {"kind": "pool", "shape": (*sides, shape[2]), "params": 0}
        else:
            told = one(layer, shape)
        found.append(told)
        shape = told["shape"]
    return found


def through(layers: Sequence[Layer], input_shape: Shape, padded: Callable[[int, Layer], int]) -> Summary:
    """Layer by layer, each convolution on an image that was padded otherwise."""
    found, shape = list[dict[str, Any]](), input_shape
    for layer in layers:
        if layer["kind"] == "conv":
            told = one({**layer, "pad": 0}, (padded(shape[0], layer), padded(shape[1], layer), shape[2]))
        else:
            told = one(layer, shape)
        found.append(told)
        shape = told["shape"]
    return found


def one(layer: Layer, shape: Shape) -> dict[str, Any]:
    """A single layer on a volume or a vector."""
    if len(shape) == 3:
        return summary([layer], shape)[0]
    return summary([flatten(), layer], (1, 1, *shape))[1]


def flat_sides(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """A vector as long as one map is large."""
    found, shape = list[dict[str, Any]](), input_shape
    for layer in layers:
        told = one(layer, shape)
        if layer["kind"] == "flatten":
            told["shape"] = (prod(shape[:2]),)
        found.append(told)
        shape = told["shape"]
    return found


def known_only(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """What is unknown changes nothing and costs nothing."""
    found, shape = list[dict[str, Any]](), input_shape
    for layer in layers:
        known = layer["kind"] in ("conv", "pool", "flatten", "dense")
        found.append(one(layer, shape) if known else {"kind": layer["kind"], "shape": shape, "params": 0})
        shape = found[-1]["shape"]
    return found


def dense_anywhere(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """A dense layer on a volume takes all of its values, unasked."""
    found, shape = list[dict[str, Any]](), input_shape
    for layer in layers:
        found.append(one(layer, (prod(shape),) if layer["kind"] == "dense" else shape))
        shape = found[-1]["shape"]
    return found


def running(layers: Sequence[Layer], input_shape: Shape) -> Summary:
    """The parameters of all layers so far."""
    found, total = summary(layers, input_shape), 0
    for told in found:
        total += told["params"]
        told["params"] = total
    return found


def without_biases(row: Row, _: Shape) -> int:
    """The weights alone."""
    return row.parameters - (row.shape[0] if getattr(row.operation, "bias", False) else 0)


def with_biases(row: Row, _: Shape) -> int:
    """A bias for every filter and unit, wanted or not."""
    return row.parameters + (row.shape[0] if getattr(row.operation, "bias", True) is False else 0)


def as_deep_as_the_image(row: Row, input_shape: Shape) -> int:
    """Every filter as deep as the image."""
    taken = (input_shape[2], *row.taken[1:]) if isinstance(row.operation, Conv) else row.taken
    return parameters(row.operation, taken)[0]


summarize = Referee(
    name="summarize",
    points=3,
    reference=summary,
    groups=(
        Group(
            "networks of the lectures",
            weight=1,
            visible=True,
            cases=(case(*LENET, title="LeNet-5"), case(*MINIMAL, title="The smallest CNN of the lectures")),
        ),
        Group("convolutions on top of each other", weight=1, drawn=any_volumes(pooled=False), count=10),
        Group("convolutions and poolings", weight=1, drawn=any_volumes(pooled=True), count=10),
        Group(
            "down to the dense layers",
            weight=1,
            drawn=any_network(),
            count=8,
            cases=(
                case(*VGG),
                case([], SMALL),
                case([flatten(), dense(4)], SMALL),
                case([flatten(), dense(1)], (1, 1, 1)),
            ),
        ),
        Group("layers without biases", weight=1, drawn=any_network(bias=False), count=8),
        Group(
            "tables that cannot be",
            weight=1,
            cases=(
                case([conv(4, (3, 3)), {"kind": "attention", "heads": 2}], SMALL, raises=ValueError),
                case([{"kind": "norm"}, flatten(), dense(3)], SMALL, raises=ValueError),
                case([conv(4, (3, 3)), dense(5)], SMALL, raises=ValueError),
                case([conv(4, (2, 8))], SMALL, raises=ValueError),
                case([conv(4, (10, 2))], SMALL, raises=ValueError),
                case([conv(4, (3, 3), 2), pool((2, 4), 2)], SMALL, raises=ValueError),
                case([flatten(), conv(4, (1, 1))], SMALL, raises=ValueError),
                case([flatten(), dense(6), pool((1, 1), 1)], SMALL, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "maps first",
            changed(shape=lambda row: row.shape),
            hint="Shapes are written (height, width, maps) here: the maps come last.",
        ),
        Mistake(
            "exchanges height and width",
            changed(shape=lambda row: turned(channels_last(row.shape)) if len(row.shape) == 3 else row.shape),
            hint="Height and width of your shapes have changed places: the height comes first.",
        ),
        Mistake(
            "turns the kernel",
            edited(turned_kernels),
            hint="A kernel is written (height, width): its first number goes with the height of the map.",
        ),
        Mistake(
            "forgets the padding",
            edited(lambda layer: {**layer, "pad": 0} if "pad" in layer else layer),
            hint="A convolution pads its input first: use the row's pad.",
        ),
        Mistake("pads one side", half_padded, hint="The padding is added at both ends, so it counts twice."),
        Mistake(
            "forgets the stride of convolutions",
            edited(lambda layer: {**layer, "stride": 1} if layer["kind"] == "conv" else layer),
            hint="A convolution may move by more than one pixel: use the row's stride.",
        ),
        Mistake(
            "rounds a pooling up",
            rounded_up,
            hint="A pooling window that would reach over the edge is left out: round down.",
        ),
        Mistake(
            "a pooling steps by its window",
            edited(lambda layer: {**layer, "stride": layer["kernel"][0]} if layer["kind"] == "pool" else layer),
            hint="A pooling moves by its stride, which need not be the side of its window.",
        ),
        Mistake(
            "filters as deep as the image",
            changed(params=as_deep_as_the_image),
            hint="A filter is as deep as the volume right below it, not as the image.",
        ),
        Mistake(
            "no biases",
            changed(params=without_biases),
            hint="The biases are missing: one for each filter and each unit, unless bias is False.",
        ),
        Mistake("always biases", changed(params=with_biases), hint="A layer whose bias is False has weights only."),
        Mistake(
            "a vector of one map",
            flat_sides,
            hint="Flatten unrolls all maps, so the vector has height x width x maps values.",
        ),
        Mistake(
            "adds up as it goes",
            running,
            hint="Each row tells the parameters of its own layer, not of all layers so far.",
        ),
        Mistake(
            "leaves poolings out",
            lambda layers, input_shape: [told for told in summary(layers, input_shape) if told["kind"] != "pool"],
            hint="A pooling has no parameters, but it is a row of the table like any other.",
        ),
        Mistake(
            "lets the unknown pass",
            known_only,
            hint="A kind of layer that you do not know cannot be counted: raise a ValueError.",
        ),
        Mistake(
            "dense on a volume",
            dense_anywhere,
            hint="A dense layer takes a vector: raise a ValueError where it stands on a volume.",
        ),
    ),
)
