"""Receptive field: which inputs an output depends on (lectures A, C and D).

One direction at a time. Walking from the input to the output, three numbers follow every volume:
how many inputs one of its values sees, how far apart neighbours look, and where the first one looks.
Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from core.errors import ShapeError
from core.nets.layers import Layer
from core.nets.stack import steps
from core.types import Mask, Pair, pair

Positions: TypeAlias = tuple[int, ...]  # of one direction, in order


@dataclass(frozen=True)
class Field:
    """What one value of a volume sees of the input, in input pixels.

    `start` is the first pixel the first value sees: negative once padding lets it look over the edge.
    """

    size: int = 1
    jump: int = 1
    start: int = 0

    def through(self, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> "Field":
        """The field after one more window.

            size'  = size + dilation * (kernel - 1) * jump
            jump'  = jump * stride
            start' = start - padding * jump

        >>> Field().through(3).through(2, stride=2)
        Field(size=4, jump=2, start=0)
        """
        return Field(
            size=self.size + dilation * (kernel - 1) * self.jump,
            jump=self.jump * stride,
            start=self.start - padding * self.jump,
        )

    def back(self, kernel: int, *, stride: int = 1, padding: int = 0) -> "Field | None":
        """The field after a transposed window, whose outputs look `stride` times as dense as its inputs.

            size'  = size + (ceil(kernel / stride) - 1) * jump      as many inputs reach one output, or one fewer
            jump'  = jump / stride                                  None where neighbours would look between pixels

        >>> Field(size=4, jump=2).back(2, stride=2), Field().back(4, stride=2)
        (Field(size=4, jump=1, start=0), None)
        """
        if self.jump % stride:
            return None
        first = -((kernel - 1 - padding) // stride)
        return Field(
            size=self.size + (-(-kernel // stride) - 1) * self.jump,
            jump=self.jump // stride,
            start=self.start + first * self.jump,
        )

    def joined(self, other: "Field") -> "Field | None":
        """What a value sees that is made of two at the same place; None where their neighbours are unlike apart.

        >>> Field(size=3, start=-1).joined(Field(size=7, start=-3))
        Field(size=7, jump=1, start=-3)
        """
        if self.jump != other.jump:
            return None
        start = min(self.start, other.start)
        return Field(max(self.start + self.size, other.start + other.size) - start, self.jump, start)

    def patch(self, position: int) -> tuple[int, int]:
        """First and last input pixel that the value at `position` sees; either may lie off the image.

        >>> Field(size=4, jump=2).patch(3)
        (6, 9)
        """
        first = self.start + position * self.jump
        return first, first + self.size - 1


@dataclass(frozen=True)
class Patch:
    """A rectangle of pixels: first and last row, first and last column, both counted."""

    rows: Pair
    columns: Pair

    @property
    def sides(self) -> Pair:
        """Its height and width; zero where nothing is left.

        >>> Patch((2, 4), (0, 9)).sides
        (3, 10)
        """
        return max(0, self.rows[1] - self.rows[0] + 1), max(0, self.columns[1] - self.columns[0] + 1)

    @property
    def pixels(self) -> int:
        """How many pixels it holds."""
        return self.sides[0] * self.sides[1]

    def within(self, image: int | Pair) -> "Patch":
        """What is left of it on an image of that side; the rest is padding.

        >>> Patch((-2, 4), (30, 36)).within(32)
        Patch(rows=(0, 4), columns=(30, 31))
        """
        height, width = pair(image)
        return Patch(
            (max(self.rows[0], 0), min(self.rows[1], height - 1)),
            (max(self.columns[0], 0), min(self.columns[1], width - 1)),
        )


@dataclass(frozen=True)
class View:
    """How a volume of a stack looks at the image: the side of its maps and its field in both directions."""

    name: str
    sides: Pair
    rows: Field
    columns: Field

    def patch(self, neuron: Pair) -> Patch:
        """The pixels between the first and the last one that the neuron (row, column) sees, off the image included.

        >>> from core.nets.stack import parse_stack
        >>> views(parse_stack("conv 3, conv 3 dilation 2"), 12)[-1].patch((0, 5))
        Patch(rows=(0, 6), columns=(5, 11))
        """
        for what, position, side in zip(("row", "column"), neuron, self.sides, strict=True):
            if not 0 <= position < side:
                raise ShapeError(f"{self.name} has {what}s 0 to {side - 1}, got {what} {position}")
        return Patch(self.rows.patch(neuron[0]), self.columns.patch(neuron[1]))


def views(layers: Sequence[Layer], image: int | Pair) -> tuple[View, ...]:
    """The image and every volume a stack makes of it, each with its receptive field.

    >>> from core.nets.stack import parse_stack
    >>> [view.rows.size for view in views(parse_stack("conv 3, pool 2, conv 3, pool 2, conv 3, pool 2"), 32)]
    [1, 3, 4, 8, 10, 18, 22]
    """
    found = [View("input", pair(image), Field(), Field())]
    for step in steps(layers, image):
        fields = [
            field.through(window.kernel, stride=window.stride, padding=window.padding, dilation=window.dilation)
            for field, window in ((found[-1].rows, step.rows), (found[-1].columns, step.columns))
        ]
        found.append(View(step.name, step.sides, *fields))
    return tuple(found)


def chain(layers: Sequence[Layer], image: int | Pair, neuron: Pair) -> tuple[tuple[Positions, Positions], ...]:
    """The rows and columns a neuron of the last volume depends on, in every volume from the image up to its own.

    Counted, not computed: walk down from the neuron and collect what every window reads. Padding is nobody's pixel.
    The positions of a volume form a grid, so its rows and its columns say it all.

    >>> from core.nets.stack import parse_stack
    >>> [columns for rows, columns in chain(parse_stack("conv 3 dilation 2, pool 2"), 8, (0, 1))]
    [(2, 3, 4, 5, 6, 7), (2, 3), (1,)]
    """
    views(layers, image)[-1].patch(neuron)  # refuses a neuron off the map
    taken = steps(layers, image)
    below = [pair(image), *(step.sides for step in taken)]
    found: list[tuple[Positions, Positions]] = [((neuron[0],), (neuron[1],))]
    for step, (height, width) in zip(reversed(taken), reversed(below[:-1]), strict=True):
        rows, columns = found[-1]
        found.append(
            (
                tuple(sorted({r for row in rows for r in step.rows.reads(row) if 0 <= r < height})),
                tuple(sorted({c for column in columns for c in step.columns.reads(column) if 0 <= c < width})),
            )
        )
    return tuple(reversed(found))


def sampled(layers: Sequence[Layer], image: int | Pair, neuron: Pair) -> Mask:
    """The pixels that a neuron of the last volume really depends on: (H, W) of booleans.

    Its receptive field spans them, but need not use every pixel inside: dilation can leave a grid of gaps.

    >>> from core.nets.stack import parse_stack
    >>> sampled(parse_stack("conv 3 dilation 2"), (5, 6), (0, 0))[0].astype(int)
    array([1, 0, 1, 0, 1, 0])
    """
    rows, columns = chain(layers, image, neuron)[0]
    mask = np.zeros(pair(image), dtype=bool)
    mask[np.ix_(rows, columns)] = True  # (H, W)
    return mask
