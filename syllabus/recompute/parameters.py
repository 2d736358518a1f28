"""Figures about parameters: single layers, LeNet-5, AlexNet, VGG."""

from core.nets.layers import Conv, Dense, Flatten
from syllabus.recompute.nets import conv, halving, parameters, perceptron, rows, stack, weighted, zoo
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


@ours("N14")
def first_dense() -> Value:
    """LeNet-5, 400 to 120."""
    return rows(zoo("lenet5"), Dense)[0].parameters


@ours("N15")
def first_dense_again() -> Value:
    """Weights and 120 biases."""
    return dense(400, 120)


@claim("N15")
def weights_counted_twice() -> Value:
    """The note adds the weights a second time in place of the biases."""
    return 2 * dense(400, 120, bias=False)


@ours("N16")
def second_dense() -> Value:
    """LeNet-5, 120 to 84."""
    return rows(zoo("lenet5"), Dense)[1].parameters


@ours("N17")
def third_dense() -> Value:
    """LeNet-5, 84 to 10."""
    return rows(zoo("lenet5"), Dense)[2].parameters


@ours("N18")
def lenet() -> Value:
    """All of LeNet-5."""
    return zoo("lenet5").parameters


@ours("N19")
def dense_share_of_lenet() -> Value:
    """Dense parameters over all."""
    traced = zoo("lenet5")
    return parameters(rows(traced, Dense)) / traced.parameters


@ours("N20")
def lenet_in_colour() -> Value:
    """Its first layer and its total on three maps."""
    traced = zoo("lenet5", (3, 32, 32))
    return rows(traced, Conv)[0].parameters, traced.parameters


@ours("N21")
def first_weights_in_colour() -> Value:
    """Six filters of 5x5 on one map and on three, no biases."""
    return layer(6, 5, 1, bias=False), layer(6, 5, 3, bias=False)


@ours("N22")
def first_layer_and_rest() -> Value:
    """LeNet-5 split behind its first layer."""
    first, *rest = weighted(zoo("lenet5"))
    return first.parameters, parameters(rest)


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


@ours("N72")
def alexnet_convolutions() -> Value:
    """AlexNet in one stream: convolutions, and their share."""
    traced = zoo("alexnet")
    found = parameters(rows(traced, Conv))
    return found, found / traced.parameters


@ours("N73")
def alexnet_dense() -> Value:
    """AlexNet in one stream: dense layers, and their share."""
    traced = zoo("alexnet")
    found = parameters(rows(traced, Dense))
    return found, found / traced.parameters


@ours("N74")
def alexnet() -> Value:
    """In one stream, and in two."""
    return zoo("alexnet").parameters, zoo("alexnet-two-streams").parameters


def vgg_block(number: int) -> Value:
    """Parameters of the convolutions in one block of VGG16; a block ends at a pooling, blocks count from 1."""
    blocks: list[list[int]] = [[]]
    for row in zoo("vgg16").rows:
        if isinstance(row.operation, Conv):
            blocks[-1].append(row.parameters)
        elif isinstance(row.operation, type(halving())):
            blocks.append([])
    return tuple(blocks[number - 1])


@ours("N79")
def vgg_block_1() -> Value:
    """64 maps."""
    return vgg_block(1)


@ours("N80")
def vgg_block_2() -> Value:
    """128 maps."""
    return vgg_block(2)


@ours("N81")
def vgg_block_3() -> Value:
    """256 maps."""
    return vgg_block(3)


@ours("N82")
def vgg_block_4() -> Value:
    """512 maps."""
    return vgg_block(4)


@ours("N83")
def vgg_block_5() -> Value:
    """512 maps again."""
    return vgg_block(5)


@ours("N85")
def vgg_dense() -> Value:
    """The three dense layers."""
    return tuple(row.parameters for row in rows(zoo("vgg16"), Dense))


@ours("N86")
def vgg_dense_sum() -> Value:
    """Their sum."""
    return parameters(rows(zoo("vgg16"), Dense))


@ours("N87")
def vgg() -> Value:
    """All of VGG16."""
    return zoo("vgg16").parameters


@ours("N88")
def vgg_shares() -> Value:
    """Convolutions and dense layers over all."""
    traced = zoo("vgg16")
    return tuple(parameters(rows(traced, kind)) / traced.parameters for kind in (Conv, Dense))


@ours("N89")
def vgg_share_of_its_head() -> Value:
    """What is gone without dense layers."""
    traced = zoo("vgg16")
    return parameters(rows(traced, Dense)) / traced.parameters


@ours("N91")
def vgg19() -> Value:
    """Parameters and layers with weights."""
    return zoo("vgg19").parameters, len(weighted(zoo("vgg19")))


@ours("N93")
def vgg13() -> Value:
    """Layers with weights and parameters of the drawn list."""
    return len(weighted(zoo("vgg13"))), zoo("vgg13").parameters


@ours("N116")
def first_dense_of_vgg_as_convolution() -> Value:
    """A kernel that covers the whole volume below."""
    maps, height, width = rows(zoo("vgg16"), type(halving()))[-1].shape
    return stack(Conv(4096, (height, width)), input=(maps, height, width)).parameters


@claim("N116")
def first_dense_of_vgg_as_1x1() -> Value:
    """A kernel that covers one pixel."""
    return layer(4096, 1, 512)


@ours("N165")
def vgg_again() -> Value:
    """The number in lecture D."""
    return zoo("vgg16").parameters


@ours("N185")
def vgg_depths() -> Value:
    """Layers with weights."""
    return len(weighted(zoo("vgg16"))), len(weighted(zoo("vgg19")))


@ours("N186")
def alexnet_layers() -> Value:
    """Convolutions and dense layers."""
    traced = zoo("alexnet")
    return len(rows(traced, Conv)), len(rows(traced, Dense))


@ours("N187")
def lenet_dense_layers() -> Value:
    """The output layer is one of them."""
    return len(rows(zoo("lenet5"), Dense))


@claim("N187")
def lenet_dense_layers_without_output() -> Value:
    """The string of lecture B leaves the output out."""
    return len(rows(zoo("lenet5"), Dense)[:-1])


@ours("N197")
def zoo_vgg16() -> Value:
    """Parameters and layers with weights."""
    return zoo("vgg16").parameters, len(weighted(zoo("vgg16")))


@ours("N198")
def zoo_vgg19() -> Value:
    """Parameters and layers with weights."""
    return zoo("vgg19").parameters, len(weighted(zoo("vgg19")))
