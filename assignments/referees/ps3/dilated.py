"""dilated_correlate: a filter whose weights stand apart."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps3.common import FILTERING, FLOAT32, grid
from core.filters.correlate import convolve, correlate, correlate_fast
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, case


def spread(image: Floats, kernel: Floats, dilation: int) -> Floats:
    """The reference."""
    return correlate(image, kernel, dilation=dilation)


def drawn(random: np.random.Generator) -> Case:
    """Images and kernels that are not square, the weights 2 to 4 pixels apart."""
    dilation = int(random.integers(2, 5))
    kernel = unlike(random, (2, 3, 4))
    rows, columns = (
        dilation * (k - 1) + 1 + int(more) for k, more in zip(kernel, random.integers(1, 6, size=2), strict=True)
    )
    return case(grid(random, (rows, columns + (rows == columns))), grid(random, kernel), dilation)


def undilated(random: np.random.Generator) -> Case:
    """Weights side by side."""
    kernel = unlike(random, (1, 2, 3, 4))
    rows, columns = (k + int(more) for k, more in zip(kernel, random.integers(1, 6, size=2), strict=True))
    return case(grid(random, (rows, columns + (rows == columns))), grid(random, kernel), 1)


def kept(image: Floats, kernel: Floats, dilation: int) -> Floats:
    """Zeros around the image, as many as keep its size."""
    spread(image, kernel, dilation)  # refuses
    sides = [dilation * (k - 1) for k in kernel.shape]
    around = np.pad(image, [(side // 2, side - side // 2) for side in sides])
    return correlate_fast(around, kernel, dilation=dilation)


def squeezed(image: Floats, kernel: Floats, dilation: int) -> Floats:
    """Every d-th pixel of the image, then an ordinary filter."""
    spread(image, kernel, dilation)  # refuses
    return correlate_fast(image[::dilation, ::dilation], kernel)


def unrefused(image: Floats, kernel: Floats, dilation: int) -> Floats:
    """No value where no window fits."""
    sides = [max(0, side - dilation * (k - 1)) for side, k in zip(image.shape, kernel.shape, strict=True)]
    return spread(image, kernel, dilation) if min(sides) else np.zeros(sides)


RAMP = np.add.outer(7.0 * np.arange(5), np.arange(6.0) ** 2)
ROW = np.array([[1.0, 2, 4, 8, 16]])

dilated_correlate = Referee(
    name="dilated_correlate",
    points=1,
    reference=spread,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                case(ROW, np.array([[1.0, 10.0]]), 2, title="One pixel between two weights"),
                case(ROW, np.array([[1.0, 10.0]]), 1, title="An ordinary filter"),
            ),
        ),
        Group("weights that stand apart", weight=4, drawn=drawn, count=12),
        Group("an ordinary filter", weight=1, drawn=undilated, count=6),
        Group(
            "kernels of one row, one column, one weight, and as large as the image",
            weight=1,
            cases=(
                case(RAMP, np.array([[2.0]]), 3),
                case(RAMP, np.array([[1.0], [-2.0]]), 4),
                case(RAMP, np.array([[1.0, -2.0]]), 5),
                case(RAMP, np.array([[1.0, -2.0, 0.5], [3.0, 1.0, -1.0], [0.0, 2.0, 4.0]]), 2),
            ),
        ),
        Group(
            "windows that do not fit",
            weight=1,
            cases=(
                case(RAMP, np.array([[1.0], [-2.0]]), 5, raises=ValueError),
                case(RAMP, np.array([[1.0, -2.0, 3.0]]), 3, raises=ValueError),
                case(RAMP, np.ones((6, 2)), 1, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "does not spread the weights",
            lambda image, kernel, dilation: spread(image, kernel, 1),
            hint="Your weights lie side by side. They read pixels that are `dilation` apart.",
        ),
        Mistake(
            "takes it for a stride",
            lambda image, kernel, dilation: correlate(image, kernel, stride=dilation),
            hint="That is a stride: the window moves further. With dilation it moves by one pixel and is spread.",
        ),
        Mistake(
            "leaves one pixel too many",
            lambda image, kernel, dilation: spread(image, kernel, dilation + 1),
            hint="From one weight to the next it is `dilation` pixels, so one less lies between them.",
        ),
        Mistake(
            "flips the kernel",
            lambda image, kernel, dilation: convolve(image, kernel, dilation=dilation),
            hint="You turn the kernel by half a turn: that is convolution. Correlation lays it on the image as it is.",
        ),
        Mistake(
            "transposes the kernel",
            lambda image, kernel, dilation: spread(image, kernel.T, dilation),
            hint="Rows and columns of the kernel have changed places: its first axis runs down the image.",
        ),
        Mistake(
            "spreads downwards only",
            lambda image, kernel, dilation: correlate(image, kernel, dilation=(dilation, 1)),
            hint="The weights stand apart in both directions: down and across.",
        ),
        Mistake(
            "keeps the size",
            kept,
            hint="Your output is as large as the image. Nothing is padded: the spread window stays inside.",
        ),
        Mistake(
            "squeezes the image",
            squeezed,
            hint="You leave out pixels of the image first. The window still begins at every pixel at which it fits.",
        ),
        Mistake(
            "answers the impossible",
            unrefused,
            hint="A spread window that is larger than the image fits nowhere: raise a ValueError.",
        ),
    ),
    forbidden=FILTERING,
)
