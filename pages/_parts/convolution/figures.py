"""What the convolution lab says beside its stepper: findings, code, and a table to take away."""

import numpy as np

from core.filters.arithmetic import reach
from core.filters.correlate import flip
from core.filters.grids import Words, values, write_words
from core.filters.walk import Manner, Walk
from core.types import Floats
from pages._kit.stepper import TIMES, short


def findings(image: Words, kernel: Words, found: Walk, *, manner: Manner, stride: int, dilation: int) -> list[str]:
    """What to notice, in the numbers of this setting."""
    return [
        _size_line(values(image), values(kernel), found, manner=manner, stride=stride, dilation=dilation),
        _flip_line(values(kernel)),
        _matrix_line(values(image), found),
    ]


def answer(found: Walk) -> str:
    """Size and middle of the output, for the prediction."""
    rows, columns = found.output.shape
    size = f"the output is {rows} {TIMES} {columns}"
    middle = found.output[(rows - 1) // 2 : rows // 2 + 1, (columns - 1) // 2 : columns // 2 + 1]
    if middle.size == 1:
        return f"{size}, and {short(float(middle[0, 0]))} stands in its middle."
    return (
        f"{size}. It has no single middle: {', '.join(short(value) for value in middle.ravel().tolist())} stand there."
    )


def python_call(
    image: Words, kernel: Words, *, manner: Manner, padding: str, stride: int, dilation: int, output_padding: int
) -> str:
    """The call that gives the numbers on screen."""
    extra = f", output_padding={output_padding}" if output_padding else ""
    return (
        "from core.filters.grids import read_words, values\nfrom core.filters.walk import walk\n\n"
        f'image = values(read_words("{write_words(image)}"))\n'
        f'kernel = values(read_words("{write_words(kernel)}"))\n'
        f'found = walk(image, kernel, manner="{manner}", padding="{padding}", '
        f"stride={stride}, dilation={dilation}{extra})\n"
        "found.output"
    )


def table(grid: Floats) -> str:
    """The output as comma-separated values, unrounded."""
    return "\n".join(",".join(f"{value:.12g}" for value in row) for row in grid.tolist()) + "\n"


def _size_line(image: Floats, kernel: Floats, found: Walk, *, manner: Manner, stride: int, dilation: int) -> str:
    along = int(np.argmax(image.shape))  # a vector is drawn as one row: its story runs from left to right
    side, room, stops = image.shape[along], found.ground.shape[along], found.output.shape[along]
    span = reach(kernel.shape[along], dilation=dilation)
    way = ("From top to bottom", "From left to right")[along]
    if manner == "transposed":
        return (
            f"{way}: {side} pixels are spread out to {room}. The window spans {span} of them, so it stops "
            f"{room} - {span} + 1 = {stops} times."
        )
    padded = f" ({side} and {room - side} of padding)" if room != side else ""
    return (
        f"{way}: the window walks over {room} pixels{padded}, spans {span} of them, and moves by {stride}: "
        f"floor(({room} - {span}) / {stride}) + 1 = {stops} stops."
    )


def _flip_line(kernel: Floats) -> str:
    if np.array_equal(kernel, flip(kernel)):
        return "Turned by half a turn this kernel is the same, so correlation and convolution agree."
    return "Turned by half a turn this kernel is another one, so correlation and convolution differ."


def _matrix_line(image: Floats, found: Walk) -> str:
    rows, columns = found.matrix.shape
    filled = int(np.count_nonzero(found.matrix))
    apart = float(np.abs(found.matrix @ image.ravel() - found.output.ravel()).max())
    same = f"differs from the walk by rounding only ({apart:.0e})" if apart else "is the output exactly"
    return (
        f"As a matrix it has {rows} {TIMES} {columns} = {rows * columns:,} entries, {filled:,} of them not 0. "
        f"Its product with the image {same}."
    )
