"""conv_params: how many parameters has a convolution, in one stream or in several?"""

from collections.abc import Callable

import numpy as np

from core.nets.layers import Conv, Network, numbered
from core.nets.trace import trace
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def counted(k_h: int, k_w: int, c_in: int, n: int, bias: bool = True, groups: int = 1) -> int:
    """The reference."""
    layers = numbered(Conv(n, (k_h, k_w), bias=bias, groups=groups))
    return trace(Network("one layer", (c_in, k_h, k_w), layers)).parameters


def any_conv(*, bias: bool = True, grouped: bool = False) -> Drawn:
    """A kernel that is not square, and filters that are not as many as the maps below."""

    def draw(random: np.random.Generator) -> Case:
        k_h, n = int(random.integers(1, 8)), int(random.integers(2, 40))
        k_w, c_in = k_h + int(random.integers(1, 5)), n + int(random.integers(1, 40))
        if random.integers(2):
            k_h, k_w = k_w, k_h
        if random.integers(2):
            n, c_in = c_in, n
        if grouped:
            groups = int(random.integers(2, 9))
            return case(k_h, k_w, c_in * groups, n * groups, bool(random.integers(2)), groups)
        return case(k_h, k_w, c_in, n) if bias else case(k_h, k_w, c_in, n, False)

    return draw


def written(
    weights: Callable[..., int], biases: Callable[..., int] = lambda k_h, k_w, c_in, n, groups: n
) -> Callable[..., int]:
    """A wrong sum that still refuses what cannot be."""

    def answer(k_h: int, k_w: int, c_in: int, n: int, bias: bool = True, groups: int = 1) -> int:
        counted(k_h, k_w, c_in, n, bias, groups)
        given = (k_h, k_w, c_in, n, groups)
        return weights(*given) + (biases(*given) if bias else 0)

    return answer


def right_weights(k_h: int, k_w: int, c_in: int, n: int, groups: int) -> int:
    """The weights alone."""
    return counted(k_h, k_w, c_in, n, False, groups)


def rounding(k_h: int, k_w: int, c_in: int, n: int, bias: bool = True, groups: int = 1) -> int:
    """Groups that do not divide the maps get what is left after rounding down."""
    return counted(k_h, k_w, c_in // groups, n, bias)


def looks_below_only(k_h: int, k_w: int, c_in: int, n: int, bias: bool = True, groups: int = 1) -> int:
    """Only the maps of the input are asked whether they can be shared out."""
    if c_in % groups:
        raise ValueError
    return rounding(k_h, k_w, c_in, n, bias, groups)


NOT_SQUARE = "The kernel need not be square: multiply its height by its width."
REFUSE = "Filters and input maps are both shared out among the groups: raise a ValueError unless both can be."

conv_params = Referee(
    name="conv_params",
    points=1,
    reference=counted,
    groups=(
        Group(
            "layers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(3, 3, 3, 2, title="Two filters of 3 x 3 on three maps"),
                case(5, 5, 6, 16, title="LeNet-5's second convolution"),
                case(5, 5, 3, 6, title="LeNet-5's first convolution on a colour image"),
                case(5, 5, 96, 256, True, 2, title="AlexNet's second convolution, on two GPUs"),
            ),
        ),
        Group("kernels of any size", weight=1, drawn=any_conv(), cases=(case(1, 1, 256, 64), case(1, 1, 1, 1))),
        Group("layers without biases", weight=1, drawn=any_conv(bias=False), cases=(case(1, 1, 8, 5, False),)),
        Group(
            "layers in groups",
            weight=1,
            drawn=any_conv(grouped=True),
            cases=(case(3, 5, 12, 12, True, 12), case(3, 2, 4, 6, True, 1)),
        ),
        Group(
            "groups that do not come out even",
            weight=1,
            cases=(
                case(3, 3, 5, 6, True, 2, raises=ValueError),
                case(3, 3, 6, 5, True, 2, raises=ValueError),
                case(1, 2, 8, 12, False, 3, raises=ValueError),
                case(2, 1, 12, 8, True, 3, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "flat filters",
            written(lambda k_h, k_w, c_in, n, groups: n * k_h * k_w),
            hint="A filter is as deep as what it sees: it has height x width weights for every map.",
        ),
        Mistake(
            "no biases",
            written(right_weights, lambda k_h, k_w, c_in, n, groups: 0),
            hint="The biases are missing: each filter has one, unless bias is False.",
        ),
        Mistake(
            "always biases",
            lambda k_h, k_w, c_in, n, bias=True, groups=1: counted(k_h, k_w, c_in, n, True, groups),
            hint="With bias=False the layer has weights only.",
        ),
        Mistake(
            "one bias for all",
            written(right_weights, lambda k_h, k_w, c_in, n, groups: 1),
            hint="Every filter has a bias of its own, not the layer one for all.",
        ),
        Mistake(
            "a bias for every input map",
            written(right_weights, lambda k_h, k_w, c_in, n, groups: c_in),
            hint="Biases belong to the filters, not to the input maps.",
        ),
        Mistake(
            "square of the height",
            lambda k_h, k_w, c_in, n, bias=True, groups=1: counted(k_h, k_h, c_in, n, bias, groups),
            hint=NOT_SQUARE,
        ),
        Mistake(
            "square of the width",
            lambda k_h, k_w, c_in, n, bias=True, groups=1: counted(k_w, k_w, c_in, n, bias, groups),
            hint=NOT_SQUARE,
        ),
        Mistake(
            "ignores the groups",
            written(lambda k_h, k_w, c_in, n, groups: n * k_h * k_w * c_in),
            hint="In groups, a filter sees only its share of the input maps, so it is less deep.",
        ),
        Mistake(
            "counts one group",
            written(lambda k_h, k_w, c_in, n, groups: right_weights(k_h, k_w, c_in, n, groups) // groups),
            hint="You count the weights of a single group: all n filters exist, only their depth is shared out.",
        ),
        Mistake("answers what cannot be", rounding, hint=REFUSE),
        Mistake("looks at the input maps only", looks_below_only, hint=REFUSE),
    ),
)
