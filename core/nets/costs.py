"""What a layer costs: the numbers it learns and the products it forms (lectures A, B and C)."""

from math import prod

from core.filters.arithmetic import output_shape
from core.nets.layers import BatchNorm, Conv, Dense, Local, Operation, Transposed
from core.types import Shape


def parameters(operation: Operation, taken: Shape) -> tuple[int, str]:
    """Weights and biases of a layer on an input of that shape, and the sum as a person writes it.

    A filter is as high and wide as its kernel and as deep as its input; a dense unit has one weight per input value.
    Without sharing, every place of the map has filters of its own.

        convolution:   filters * (height * width * depth) + filters
        local:         the same for every place
        dense:         units * inputs + units
        normalisation: a scale and a shift for every map

    >>> parameters(Conv(2, (3, 3)), (3, 32, 32)), parameters(Dense(120), (400,))
    ((56, '2·(3·3·3) + 2 = 56'), (48120, '120·400 + 120 = 48,120'))
    >>> parameters(Local(6, (5, 5)), (1, 32, 32))
    (122304, '(28·28·6)·(5·5·1) + 28·28·6 = 122,304')
    """
    bias, added = True, ""
    match operation:
        case Conv(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            depth = taken[0] // groups
            weights, biases, product = filters * high * wide * depth, filters, f"{filters:,}·({high}·{wide}·{depth:,})"
        case Transposed(filters=filters, kernel=(high, wide), groups=groups, bias=bias):
            each = filters // groups
            weights, biases, product = taken[0] * high * wide * each, filters, f"{taken[0]:,}·({high}·{wide}·{each:,})"
        case Local(filters=filters, kernel=(high, wide), stride=stride, bias=bias):
            rows, columns = output_shape((taken[1], taken[2]), (high, wide), stride=stride)
            biases, added = rows * columns * filters, f"{rows}·{columns}·{filters:,}"
            weights, product = biases * high * wide * taken[0], f"({added})·({high}·{wide}·{taken[0]:,})"
        case Dense(units=units, bias=bias):
            weights, biases, product = units * taken[0], units, f"{units:,}·{taken[0]:,}"
        case BatchNorm(scale=False):
            return taken[0], f"{taken[0]:,}·1 = {taken[0]:,}"
        case BatchNorm():
            weights, biases, product = taken[0], taken[0], f"{taken[0]:,}"
        case _:
            return 0, ""
    total = weights + (biases if bias else 0)
    return total, f"{product} + {added or f'{biases:,}'} = {total:,}" if bias else f"{product} = {total:,}"


def multiplications(operation: Operation, taken: Shape, shape: Shape) -> int:
    """Multiply-accumulates of a layer that makes `shape` of `taken`.

    Every value of a convolution is a sum over its window. Biases, poolings and activations multiply nothing, and a
    normalisation can be folded into the convolution before it.

        convolution: values * (height * width * depth)
        transposed:  values of the input * (height * width * filters)
        dense:       units * inputs

    >>> multiplications(Conv(6, (5, 5)), (1, 32, 32), (6, 28, 28))
    117600
    """
    match operation:
        case Conv(kernel=(high, wide), groups=groups):
            return prod(shape) * high * wide * (taken[0] // groups)
        case Local(kernel=(high, wide)):
            return prod(shape) * high * wide * taken[0]
        case Transposed(filters=filters, kernel=(high, wide), groups=groups):
            return prod(taken) * high * wide * (filters // groups)
        case Dense(units=units):
            return units * taken[0]
    return 0
