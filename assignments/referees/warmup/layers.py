"""conv_parameters: how many parameters has a convolution?"""

from math import prod

import numpy as np

from core.nets.costs import parameters
from core.nets.layers import Conv
from core.types import Pair
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def conv(filters: int, kernel: Pair, maps: int, bias: bool) -> int:
    """The reference."""
    return parameters(Conv(filters, kernel, bias=bias), (maps, *kernel))[0]


def any_conv(*, square: bool, bias: bool) -> Drawn:
    """A layer with a kernel that is square, or certainly not."""

    def draw(random: np.random.Generator) -> Case:
        high = int(random.integers(1, 8))
        wide = high if square else high + int(random.integers(1, 5))
        tall = bool(random.integers(2))
        kernel = (wide, high) if tall else (high, wide)
        return case(int(random.integers(2, 129)), kernel, int(random.integers(2, 65)), bias)

    return draw


conv_parameters = Referee(
    name="conv_parameters",
    points=2,
    reference=conv,
    groups=(
        Group(
            "layers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(2, (3, 3), 3, True, title="Two filters of 3 x 3 on three maps"),
                case(6, (5, 5), 1, True, title="LeNet-5's first convolution"),
                case(16, (5, 5), 6, True, title="LeNet-5's second convolution"),
            ),
        ),
        Group("square kernels", weight=1, drawn=any_conv(square=True, bias=True)),
        Group("kernels that are not square", weight=1, drawn=any_conv(square=False, bias=True)),
        Group("layers without biases", weight=1, drawn=any_conv(square=False, bias=False)),
    ),
    mistakes=(
        Mistake(
            "flat filters",
            lambda filters, kernel, maps, bias: filters * prod(kernel) + filters * bias,
            hint="A filter is as deep as its input: it has kernel height x width weights for every input map.",
        ),
        Mistake(
            "no biases",
            lambda filters, kernel, maps, bias: filters * prod(kernel) * maps,
            hint="The biases are missing: each filter has one, unless bias is False.",
        ),
        Mistake(
            "always biases",
            lambda filters, kernel, maps, bias: filters * prod(kernel) * maps + filters,
            hint="With bias=False the layer has weights only.",
        ),
        Mistake(
            "one bias for all",
            lambda filters, kernel, maps, bias: filters * prod(kernel) * maps + bias,
            hint="Every filter has a bias of its own, not the layer one for all.",
        ),
        Mistake(
            "a bias for every map",
            lambda filters, kernel, maps, bias: filters * (prod(kernel) + bias) * maps,
            hint="A filter adds up all its input maps first and has a single bias, not one for every map.",
        ),
        Mistake(
            "a bias for every input map",
            lambda filters, kernel, maps, bias: filters * prod(kernel) * maps + maps * bias,
            hint="Biases belong to the filters, not to the input maps.",
        ),
        Mistake(
            "square of the height",
            lambda filters, kernel, maps, bias: filters * kernel[0] ** 2 * maps + filters * bias,
            hint="The kernel need not be square: multiply its height by its width.",
        ),
        Mistake(
            "square of the width",
            lambda filters, kernel, maps, bias: filters * kernel[1] ** 2 * maps + filters * bias,
            hint="The kernel need not be square: multiply its height by its width.",
        ),
    ),
)
