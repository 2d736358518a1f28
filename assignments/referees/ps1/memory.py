"""activation_bytes: how much memory do the values of a network take?"""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from assignments.referees.ps1.tables import (
    LENET,
    SMALL,
    VGG,
    Layer,
    any_network,
    any_volumes,
    dense,
    flatten,
    followed,
)
from core.nets.layers import Conv, Dense, Flatten, Pool
from core.nets.trace import BYTES
from core.types import Shape
from grading.referee import Case, Group, Mistake, Referee, case


def taken(layers: Sequence[Layer], input_shape: Shape, dtype_bytes: int = BYTES) -> int:
    """The reference."""
    return followed(layers, input_shape).activations * dtype_bytes


def kept(*kinds: type) -> Callable[..., int]:
    """The input, and the values of the layers that do one of these things."""

    def answer(layers: Sequence[Layer], input_shape: Shape, dtype_bytes: int = BYTES) -> int:
        rows = followed(layers, input_shape).rows
        return dtype_bytes * (
            prod(input_shape) + sum(prod(row.shape) for row in rows if isinstance(row.operation, kinds))
        )

    return answer


def sized(draw: Callable[[np.random.Generator], Case]) -> Callable[[np.random.Generator], Case]:
    """The same table with numbers of another size than four bytes."""

    def sizes(random: np.random.Generator) -> Case:
        return case(*draw(random).arguments, int(random.choice([1, 2, 8, 16])))

    return sizes


def largest(layers: Sequence[Layer], input_shape: Shape, dtype_bytes: int = BYTES) -> int:
    """The largest volume alone."""
    return dtype_bytes * max(prod(input_shape), *(prod(row.shape) for row in followed(layers, input_shape).rows), 0)


activation_bytes = Referee(
    name="activation_bytes",
    points=1,
    reference=taken,
    groups=(
        Group(
            "networks of the lectures",
            weight=1,
            visible=True,
            cases=(case(*VGG, title="VGG16"), case(*LENET, title="LeNet-5")),
        ),
        Group("convolutions and poolings", weight=1, drawn=any_volumes(pooled=True), cases=(case([], SMALL),)),
        Group("down to the dense layers", weight=1, drawn=any_network(), cases=(case([flatten(), dense(1)], SMALL),)),
        Group("numbers of other sizes", weight=1, drawn=sized(any_volumes(pooled=True)), cases=(case([], SMALL, 2),)),
    ),
    mistakes=(
        Mistake(
            "forgets the image",
            lambda layers, input_shape, dtype_bytes=BYTES: (
                taken(layers, input_shape, dtype_bytes) - prod(input_shape) * dtype_bytes
            ),
            hint="The image is kept as well: count its values with the others.",
        ),
        Mistake(
            "counts the vector twice",
            kept(Conv, Pool, Flatten, Dense),
            hint="Flatten makes no new values: it only looks at the volume below it as a vector.",
        ),
        Mistake(
            "convolutions only",
            kept(Conv),
            hint="Poolings and dense layers make new values, too.",
        ),
        Mistake("forgets the poolings", kept(Conv, Dense), hint="What a pooling makes is kept as well."),
        Mistake("forgets the dense layers", kept(Conv, Pool), hint="What a dense layer makes is kept as well."),
        Mistake(
            "counts values",
            lambda layers, input_shape, dtype_bytes=BYTES: taken(layers, input_shape, 1),
            hint="That is the number of values; each of them takes dtype_bytes bytes.",
        ),
        Mistake(
            "always four bytes",
            lambda layers, input_shape, dtype_bytes=BYTES: taken(layers, input_shape),
            hint="A value takes dtype_bytes bytes, which need not be those of a float32.",
        ),
        Mistake(
            "counts bits",
            lambda layers, input_shape, dtype_bytes=BYTES: 8 * taken(layers, input_shape, dtype_bytes),
            hint="The answer is in bytes: dtype_bytes is the size of a value already.",
        ),
        Mistake(
            "counts the parameters, too",
            lambda layers, input_shape, dtype_bytes=BYTES: (
                taken(layers, input_shape, dtype_bytes) + dtype_bytes * followed(layers, input_shape).parameters
            ),
            hint="Weights and biases are no activations: count the values that layers make of an image.",
        ),
        Mistake(
            "the largest volume",
            largest,
            hint="All volumes are kept, for training needs them on the way back: add them up.",
        ),
    ),
)
