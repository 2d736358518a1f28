"""Figures about the parameters of LeNet-5, AlexNet and VGG."""

from core.nets.layers import Conv, Dense, Pool
from syllabus.recompute.nets import parameters, rows, stack, weighted, zoo
from syllabus.recompute.parameters import layer
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value


@ours("N14")
def first_dense() -> Value:
    """LeNet-5, 400 to 120."""
    return rows(zoo("lenet5"), Dense)[0].parameters


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


@ours("N22")
def first_layer_and_rest() -> Value:
    """LeNet-5 split behind its first layer."""
    first, *rest = weighted(zoo("lenet5"))
    return first.parameters, parameters(rest)


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
        elif isinstance(row.operation, Pool):
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
    maps, height, width = rows(zoo("vgg16"), Pool)[-1].shape
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
