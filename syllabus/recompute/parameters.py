"""Figures about the parameters of single layers and small stacks."""

from core.nets.layers import Conv, Dense, Flatten
from syllabus.recompute.nets import conv, halving, perceptron, stack
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value


def layer(filters: int, kernel: int, maps: int, *, bias: bool = True) -> int:
    """Parameters of one square convolution on some maps.

    >>> layer(2, 3, 3)
    56
    """
    return stack(Conv(filters, (kernel, kernel), bias=bias), input=(maps, kernel, kernel)).parameters


def dense(inputs: int, units: int, *, bias: bool = True) -> int:
    """Parameters of one dense layer.

    >>> dense(400, 120)
    48120
    """
    return stack(Flatten(), Dense(units, bias=bias), input=(inputs, 1, 1)).parameters


@ours("N01")
def two_filters_of_3() -> Value:
    """Three maps, two filters of 3x3."""
    return layer(2, 3, 3)


@ours("N02")
def two_filters_of_5() -> Value:
    """Three maps, two filters of 5x5."""
    return layer(2, 5, 3)


@ours("N03")
def two_filters_on_one_map() -> Value:
    """One map, two filters of 5x5."""
    return layer(2, 5, 1)


@ours("N04")
def four_layers() -> Value:
    """The layers of lectures A and C for which the formula is shown."""
    return layer(2, 3, 3), layer(2, 5, 3), layer(6, 5, 1), layer(16, 5, 6)


@ours("N05")
def dense_between_maps() -> Value:
    """Every pixel of one map to every pixel of another, no biases."""
    return dense(16 * 16, 16 * 16, bias=False)


@ours("N06")
def five_to_five() -> Value:
    """Dense, and one filter that moves down a column of five."""
    return dense(5, 5), stack(Conv(1, (3, 1), padding=(1, 0)), input=(1, 5, 1)).parameters


@ours("N07")
def without_sharing() -> Value:
    """A filter bank for each position; all pixels to all neurons; one filter bank for all positions."""
    shared = stack(conv(6, 5), input=(1, 32, 32))
    maps, height, width = shared.rows[-1].shape
    return shared.parameters * height * width, dense(32 * 32, maps * height * width), shared.parameters


@ours("N11")
def second_convolution() -> Value:
    """Sixteen filters as deep as the six maps below."""
    return layer(16, 5, 6)


@claim("N11")
def second_convolution_on_one_map() -> Value:
    """The note counts filters that see a single map."""
    return layer(16, 5, 1)


@ours("N12")
def second_convolution_again() -> Value:
    """The window is 5x5."""
    return layer(16, 5, 6)


@claim("N12")
def second_convolution_of_3x5() -> Value:
    """The note counts a window of 3x5."""
    return stack(Conv(16, (3, 5)), input=(6, 14, 14)).parameters


@ours("N15")
def first_dense_again() -> Value:
    """Weights and 120 biases."""
    return dense(400, 120)


@claim("N15")
def weights_counted_twice() -> Value:
    """The note adds the weights a second time in place of the biases."""
    return 2 * dense(400, 120, bias=False)


@ours("N21")
def first_weights_in_colour() -> Value:
    """Six filters of 5x5 on one map and on three, no biases."""
    return layer(6, 5, 1, bias=False), layer(6, 5, 3, bias=False)


@ours("N23")
def perceptron_in_grey() -> Value:
    """All its parameters."""
    return perceptron(1).parameters


@ours("N24")
def perceptron_in_colour() -> Value:
    """All its parameters, and how many times more they are."""
    return perceptron(3).parameters, perceptron(3).parameters / perceptron(1).parameters


@claim("N24")
def perceptron_times_three() -> Value:
    """Everything tripled."""
    return 3 * perceptron(1).parameters, 3.0


@ours("N25")
def first_matrix() -> Value:
    """The weights between pixels and hidden units, in grey and in colour."""
    return dense(1024, 84, bias=False), dense(3 * 1024, 84, bias=False)


@ours("N29")
def first_keras_network() -> Value:
    """Values after flatten, the two layers, and their sum, without pooling."""
    traced = stack(conv(64, 3), Flatten(), Dense(10), input=(1, 28, 28))
    convolution, flat, top = traced.rows
    return flat.shape[0], convolution.parameters, top.parameters, traced.parameters


@ours("N30")
def first_keras_network_as_coded() -> Value:
    """The same with the pooling of the code: values after flatten, dense layer, sum."""
    traced = stack(conv(64, 3), halving(), Flatten(), Dense(10), input=(1, 28, 28))
    return traced.rows[2].shape[0], traced.rows[3].parameters, traced.parameters


@claim("N30")
def first_keras_network_as_printed() -> Value:
    """The summary: no pooling."""
    traced = stack(conv(64, 3), Flatten(), Dense(10), input=(1, 28, 28))
    return traced.rows[1].shape[0], traced.rows[2].parameters, traced.parameters


@ours("N65")
def three_small_against_one_large() -> Value:
    """Weights on one map without biases, then all parameters on 64 maps."""
    return (
        3 * layer(1, 3, 1, bias=False),
        layer(1, 7, 1, bias=False),
        3 * layer(64, 3, 64),
        layer(64, 7, 64),
    )
