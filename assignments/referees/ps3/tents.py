"""bilinear_kernel: the tent with which a transposed convolution interpolates."""

import numpy as np

from assignments.referees.ps3.common import FLOAT32
from core.filters import transposed
from core.types import Floats
from grading.referee import Drawn, Group, Mistake, Referee, case


def tent(factor: int) -> Floats:
    """The reference."""
    return transposed.bilinear_kernel(2 * factor - factor % 2)


def some(*factors: int) -> Drawn:
    """One of these factors."""
    return lambda random: case(int(random.choice(factors)))


def slope(side: int, middle: float, width: float) -> Floats:
    """From 1 in the middle evenly down to 0."""
    line: Floats = np.maximum(0.0, 1 - np.abs(np.arange(side) - middle) / width)
    return line


def always_odd(factor: int) -> Floats:
    """A side of 2f - 1, with a pixel in the middle."""
    return transposed.bilinear_kernel(2 * factor - 1)


def always_even(factor: int) -> Floats:
    """A side of 2f, with an edge in the middle."""
    line = slope(2 * factor, factor - 0.5, factor)
    return np.outer(line, line)


def off_the_middle(factor: int) -> Floats:
    """The highest point on a pixel, also where the middle lies between two."""
    side = 2 * factor - factor % 2
    line = slope(side, side // 2, factor)
    return np.outer(line, line)


def half_the_side(factor: int) -> Floats:
    """Distances divided by half of the side."""
    side = 2 * factor - factor % 2
    line = slope(side, (side - 1) / 2, side / 2)
    return np.outer(line, line)


def to_the_border(factor: int) -> Floats:
    """0 at the outermost weights."""
    side = 2 * factor - factor % 2
    line = slope(side, (side - 1) / 2, max((side - 1) / 2, 0.5))
    return np.outer(line, line)


def both_lines(factor: int) -> tuple[Floats, Floats]:
    """How far a weight is from the middle, down and across, in steps of the factor."""
    side = 2 * factor - factor % 2
    away = np.abs(np.arange(side) - (side - 1) / 2) / factor
    return away[:, None], away[None, :]


def pyramid(factor: int) -> Floats:
    """Both distances taken off the same 1."""
    down, across = both_lines(factor)
    return np.maximum(0.0, 1 - down - across)


def smaller(factor: int) -> Floats:
    """The smaller one of the two tents."""
    down, across = both_lines(factor)
    return 1 - np.maximum(down, across)


def cone(factor: int) -> Floats:
    """The straight distance from the middle."""
    down, across = both_lines(factor)
    answer: Floats = np.maximum(0.0, 1 - np.hypot(down, across))
    return answer


bilinear_kernel = Referee(
    name="bilinear_kernel",
    points=1,
    reference=tent,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(case(2, title="Twice as large"), case(3, title="Three times as large")),
        ),
        Group("even factors", weight=3, drawn=some(6, 8, 10, 12, 14), count=3, cases=(case(4),)),
        Group("odd factors", weight=3, drawn=some(7, 9, 11, 13, 15), count=3, cases=(case(5),)),
        Group("the factor 1", weight=1, cases=(case(1),)),
    ),
    mistakes=(
        Mistake(
            "always an odd side",
            always_odd,
            hint="For an even factor the side is twice the factor, and the middle lies between two weights.",
        ),
        Mistake(
            "always an even side",
            always_even,
            hint="For an odd factor the side is twice the factor less 1, and a weight lies in the middle.",
        ),
        Mistake(
            "takes the factor for the side",
            lambda factor: transposed.bilinear_kernel(factor),
            hint="Your kernel is as large as the factor. It has to reach the pixels on both sides: see the formula.",
        ),
        Mistake(
            "misses the middle",
            off_the_middle,
            hint="With an even side the middle lies between two weights: it is half of the side less 1.",
        ),
        Mistake(
            "divides by half the side",
            half_the_side,
            hint="The tent falls by 1 over as many pixels as the factor says, not over half of the side.",
        ),
        Mistake(
            "falls to 0 too early",
            to_the_border,
            hint="Your outermost weights are 0. The tent reaches 0 only outside of the kernel.",
        ),
        Mistake(
            "sums to 1",
            lambda factor: tent(factor) / tent(factor).sum(),
            hint="You divide by the sum. Here the weights that meet in an output pixel add up to 1, not the kernel.",
        ),
        Mistake(
            "is a single tent",
            lambda factor: slope(2 * factor - factor % 2, (2 * factor - factor % 2 - 1) / 2, factor),
            hint="That is the tent in one direction. The kernel has two axes: multiply a tent down by one across.",
        ),
        Mistake(
            "takes both distances off",
            pyramid,
            hint="Multiply the two tents with each other; do not take both distances off the same 1.",
        ),
        Mistake(
            "takes the smaller tent",
            smaller,
            hint="Multiply the two tents with each other; do not take the smaller of them.",
        ),
        Mistake(
            "is a cone",
            cone,
            hint="You use the straight distance from the middle. Multiply a tent down by a tent across.",
        ),
        Mistake(
            "is flat",
            lambda factor: np.ones_like(tent(factor)),
            hint="All your weights are 1. They fall evenly from the middle to the border.",
        ),
    ),
)
