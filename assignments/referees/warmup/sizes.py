"""output_side: how large is the output of a sliding window?"""

import numpy as np

from core.filters import arithmetic
from grading.referee import Case, Group, Mistake, Referee, case


def side(n: int, k: int, stride: int, pad: int) -> int:
    """The reference."""
    return arithmetic.output_side(n, k, stride=stride, padding=pad)


def any_window(random: np.random.Generator) -> Case:
    """A stride of 2 or more and some padding; the last step often falls short of the border."""
    n, k = int(random.integers(6, 60)), int(random.integers(2, 7))
    return case(n, k, int(random.integers(2, 6)), int(random.integers(1, 4)))


def window_without_padding(random: np.random.Generator) -> Case:
    """Stride 1 and no padding."""
    k = int(random.integers(1, 12))
    return case(k + int(random.integers(0, 80)), k, 1, 0)


output_side = Referee(
    name="output_side",
    points=2,
    reference=side,
    groups=(
        Group(
            "layers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(227, 11, 4, 0, title="AlexNet's first layer"),
                case(32, 5, 1, 0, title="LeNet-5's first layer"),
                case(28, 2, 2, 0, title="LeNet-5's first pooling"),
                case(4, 3, 2, 1, title="Stride 2 halves"),
            ),
        ),
        Group("stride 1 without padding", weight=1, drawn=window_without_padding),
        Group("any stride and padding", weight=1, drawn=any_window, cases=(case(8, 3, 2, 0), case(5, 9, 3, 2))),
        Group(
            "windows that do not fit",
            weight=1,
            cases=(
                case(4, 5, 1, 0, raises=ValueError),
                case(2, 7, 2, 2, raises=ValueError),
                case(3, 18, 2, 3, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "rounds up",
            lambda n, k, stride, pad: -(-(n + 2 * pad - k) // stride) + 1,
            hint="A last step that does not fit completely is not taken: round down, not up.",
        ),
        Mistake(
            "keeps the fraction",
            lambda n, k, stride, pad: (n + 2 * pad - k) / stride + 1,
            hint="There is no half pixel: round the number of steps down before you add 1.",
        ),
        Mistake(
            "forgets the first window",
            lambda n, k, stride, pad: (n + 2 * pad - k) // stride,
            hint="That is the number of steps. The window also stands somewhere before its first step: add 1.",
        ),
        Mistake(
            "pads one side",
            lambda n, k, stride, pad: (n + pad - k) // stride + 1,
            hint="The padding is added at both ends of the image, so it counts twice.",
        ),
        Mistake(
            "forgets the padding",
            lambda n, k, stride, pad: (n - k) // stride + 1,
            hint="The padding makes the image longer before the window slides over it.",
        ),
        Mistake(
            "forgets the stride",
            lambda n, k, stride, pad: n + 2 * pad - k + 1,
            hint="Your window moves by one pixel; it should move by `stride`.",
        ),
        Mistake(
            "divides too little",
            lambda n, k, stride, pad: n - k + 2 * pad // stride + 1,
            hint="Mind the brackets: all of (n + 2 * pad - k) is divided by the stride, not its last term alone.",
        ),
        Mistake(
            "answers the impossible",
            lambda n, k, stride, pad: (n + 2 * pad - k) // stride + 1,
            hint="A window larger than the padded image fits nowhere: raise a ValueError.",
        ),
        Mistake(
            "answers the impossible with nothing",
            lambda n, k, stride, pad: max(0, (n + 2 * pad - k) // stride + 1),
            hint="A window larger than the padded image fits nowhere: raise a ValueError instead of returning 0.",
        ),
    ),
)
