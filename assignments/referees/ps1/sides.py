"""conv_out: how large is the output of a window that may be dilated?"""

import numpy as np

from core.filters.arithmetic import output_side, reach
from grading.referee import Case, Group, Mistake, Referee, case


def side(n: int, k: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """The reference."""
    return output_side(n, k, stride=stride, padding=pad, dilation=dilation)


def steps(n: int, k: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """The room for the window's steps, negative where it does not fit at all."""
    return n + 2 * pad - reach(k, dilation=dilation)


def plain(random: np.random.Generator) -> Case:
    """One pixel at a time, nothing added."""
    k = int(random.integers(2, 12))
    return case(k + int(random.integers(0, 80)), k)


def stepping(random: np.random.Generator) -> Case:
    """A stride of 2 or more and some padding; the last step often falls short of the border."""
    return case(*(int(random.integers(*span)) for span in ((12, 60), (2, 8), (2, 6), (1, 5))))


def dilated(random: np.random.Generator) -> Case:
    """Gaps in the window, whatever its stride and padding."""
    return case(*(int(random.integers(*span)) for span in ((40, 90), (2, 7), (1, 5), (0, 4), (2, 6))))


def undilated_check(n: int, k: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """Refuses by the size of the kernel alone."""
    if k > n + 2 * pad:
        raise ValueError
    return steps(n, k, stride, pad, dilation) // stride + 1


def unpadded_check(n: int, k: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """Refuses a window that would fit thanks to the padding."""
    if reach(k, dilation=dilation) > n:
        raise ValueError
    return side(n, k, stride, pad, dilation)


REFUSE = "A window that is longer than the padded image fits nowhere: raise a ValueError"

conv_out = Referee(
    name="conv_out",
    points=1,
    reference=side,
    groups=(
        Group(
            "layers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(32, 5, title="LeNet-5's first layer"),
                case(227, 11, 4, title="AlexNet's first layer"),
                case(224, 11, 4, 2, title="AlexNet's first layer on a padded image of 224 pixels"),
                case(4, 3, 2, 1, title="Stride 2 halves"),
                case(9, 3, 2, 1, 2, title="The drawing"),
            ),
        ),
        Group("one pixel at a time", weight=1, drawn=plain, count=10, cases=(case(6, 6), case(5, 1), case(1, 1))),
        Group(
            "any stride and padding",
            weight=1,
            drawn=stepping,
            count=14,
            cases=(case(8, 3, 2, 0), case(3, 9, 4, 3), case(2, 5, 3, 2)),
        ),
        Group(
            "dilated windows",
            weight=1,
            drawn=dilated,
            count=14,
            cases=(case(7, 3, 2, 0, 3), case(5, 4, 1, 4, 4), case(6, 1, 1, 0, 9), case(10, 2, 3, 1, 4)),
        ),
        Group(
            "windows that do not fit",
            weight=1,
            cases=(
                case(4, 5, raises=ValueError),
                case(2, 7, 2, 2, raises=ValueError),
                case(3, 18, 2, 3, raises=ValueError),
                case(6, 3, 1, 0, 3, raises=ValueError),
                case(5, 4, 4, 2, 3, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "rounds up",
            lambda *given: side(*given) + (steps(*given) % (*given, 1)[2] > 0),
            hint="A last step that does not fit completely is not taken: round down, not up.",
        ),
        Mistake(
            "keeps the fraction",
            lambda *given: side(*given) + steps(*given) % (*given, 1)[2] / (*given, 1)[2],
            hint="There is no half pixel: round the number of steps down before you add 1.",
        ),
        Mistake(
            "forgets the first window",
            lambda *given: side(*given) - 1,
            hint="That is the number of steps. The window also stands somewhere before its first step: add 1.",
        ),
        Mistake(
            "pads one side",
            lambda n, k, stride=1, pad=0, dilation=1: side(n + pad, k, stride, 0, dilation),
            hint="The padding is added at both ends of the image, so it counts twice.",
        ),
        Mistake(
            "forgets the padding",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, k, stride, 0, dilation),
            hint="The padding makes the image longer before the window slides over it.",
        ),
        Mistake(
            "forgets the stride",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, k, 1, pad, dilation),
            hint="Your window moves by one pixel; it should move by `stride`.",
        ),
        Mistake(
            "forgets the dilation",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, k, stride, pad),
            hint="A dilated window spans more pixels than it reads: use its reach in place of k.",
        ),
        Mistake(
            "a gap after the last pixel",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, k * dilation, stride, pad),
            hint="k pixels have k - 1 distances between them, so the reach is d * (k - 1) + 1, not d * k.",
        ),
        Mistake(
            "counts distances for pixels",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, dilation * (k - 1), stride, pad),
            hint="The distances between the pixels of a window are d * (k - 1) long: add 1 for the pixel at the end.",
        ),
        Mistake(
            "dilation as pixels left out",
            lambda n, k, stride=1, pad=0, dilation=1: side(n, k, stride, pad, dilation + 1),
            hint="A dilation of d reads every d-th pixel, so d = 1 is the ordinary window.",
        ),
        Mistake("answers the impossible", lambda *given: steps(*given) // (*given, 1)[2] + 1, hint=f"{REFUSE}."),
        Mistake(
            "answers the impossible with nothing",
            lambda *given: max(0, steps(*given) // (*given, 1)[2] + 1),
            hint=f"{REFUSE} instead of returning 0.",
        ),
        Mistake(
            "compares the kernel with the image",
            undilated_check,
            hint=f"{REFUSE}. How long a dilated window is depends on its gaps as well.",
        ),
        Mistake(
            "refuses what the padding makes room for",
            unpadded_check,
            hint="A window larger than the image can still fit: compare it with the padded image.",
        ),
    ),
)
