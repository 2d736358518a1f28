"""Figures about the shapes of volumes, and what they cost in memory."""

from math import prod

from core.filters.arithmetic import output_side, transposed_side
from core.nets.layers import Conv, Dense, Flatten, Pool
from core.types import Pair
from syllabus.recompute.nets import conv, drawn, halving, parameters, rows, stack, zoo
from syllabus.recompute.registry import ours
from syllabus.tables import Value

MIB = 2**20


@ours("N08")
def lenet_convolution_1() -> Value:
    """Volume and parameters."""
    row = rows(zoo("lenet5"), Conv)[0]
    return drawn(row.shape), row.parameters


@ours("N09")
def lenet_pooling_1() -> Value:
    """Volume and parameters."""
    row = rows(zoo("lenet5"), Pool)[0]
    return drawn(row.shape), row.parameters


@ours("N10")
def lenet_convolution_2() -> Value:
    """Volume and parameters."""
    row = rows(zoo("lenet5"), Conv)[1]
    return drawn(row.shape), row.parameters


@ours("N13")
def lenet_pooling_2() -> Value:
    """Volume, and its values in a row."""
    traced = zoo("lenet5")
    return drawn(rows(traced, Pool)[1].shape), rows(traced, Flatten)[0].shape[0]


@ours("N26")
def padded_digit() -> Value:
    """A digit of 28 pixels with two more on each side."""
    return output_side(28, 5, padding=2)


@ours("N27")
def cifar_vector() -> Value:
    """A colour image of 32x32 unrolled."""
    return stack(Flatten(), input=(3, 32, 32)).rows[-1].shape[0]


@ours("N28")
def alexnet_vector() -> Value:
    """What the output layer of AlexNet reads."""
    return rows(zoo("alexnet"), Dense)[-2].shape[0]


@ours("N31")
def drawn_chain() -> Value:
    """Pooling of 128; the kernel from 64 to 48; the pooling from 48 to 16; values after it."""
    kernel = next(side for side in range(1, 65) if output_side(64, side) == 48)
    window = next(side for side in range(2, 49) if output_side(48, side, stride=side) == 16)
    flat = stack(Flatten(), input=(24, 16, 16)).rows[-1].shape[0]
    return output_side(128, 2, stride=2), kernel, window, flat


@ours("N36")
def pooled_volume() -> Value:
    """64 maps of 224 pixels."""
    return drawn(stack(halving(), input=(64, 224, 224)).rows[-1].shape)


@ours("N52")
def padded_convolution() -> Value:
    """Four pixels, kernel 3, padding 1, at stride 1 and 2."""
    return tuple(output_side(4, 3, stride=stride, padding=1) for stride in (1, 2))


@ours("N70")
def alexnet_first_side() -> Value:
    """Kernel 11 and stride 4 on 227, on 224, and on 224 with padding 2."""
    return tuple(output_side(side, 11, stride=4, padding=padding) for side, padding in ((227, 0), (224, 0), (224, 2)))


@ours("N71")
def alexnet_volumes() -> Value:
    """Every volume that a convolution, a pooling or a dense layer of AlexNet makes."""
    return tuple(drawn(row.shape) for row in rows(zoo("alexnet"), Conv, Pool, Dense))


@ours("N75")
def alexnet_first_half() -> Value:
    """Half of the first filters."""
    first = rows(zoo("alexnet"), Conv)[0].operation
    filters = first.filters // 2 if isinstance(first, Conv) else 0
    return drawn(stack(Conv(filters, (11, 11), stride=(4, 4)), input=(3, 227, 227)).rows[-1].shape)


@ours("N84")
def vgg_sides() -> Value:
    """The image, after each pooling, and the values in the end."""
    traced = zoo("vgg16")
    return (224, *(row.shape[1] for row in rows(traced, Pool)), rows(traced, Flatten)[0].shape[0])


@ours("N90")
def vgg_bytes() -> Value:
    """The image and what every convolution, pooling and dense layer makes, as 4-byte numbers; flatten moves nothing."""
    traced = zoo("vgg16")
    return 4 * (prod(traced.input) + sum(prod(row.shape) for row in rows(traced, Conv, Pool, Dense)))


@ours("N113")
def dense_as_convolution() -> Value:
    """Inputs and weights of a dense layer on 20x20x10 to 256, and the volume it makes of 24x25x10 as a convolution."""
    flat, top = stack(Flatten(), Dense(256, bias=False), input=(10, 20, 20)).rows
    wide = stack(conv(256, 20), input=(10, 24, 25))
    return flat.shape[0], top.parameters, drawn(wide.rows[-1].shape)


@ours("N114")
def kernel_of_a_dense_layer() -> Value:
    """The kernel that leaves one pixel of the volume, and has the weights of the dense layer."""
    maps, side = 10, 20
    wanted = stack(Flatten(), Dense(256), input=(maps, side, side)).parameters
    kernel = next(k for k in range(1, side + 1) if stack(conv(256, k), input=(maps, side, side)).parameters == wanted)
    return kernel, kernel, maps


@ours("N115")
def coarse_grids() -> Value:
    """VGG16's maps behind its last three poolings, coarsest first."""
    return tuple(row.shape[1] for row in reversed(rows(zoo("vgg16"), Pool)[-3:]))


@ours("N119")
def unet() -> Value:
    """Output side of U-Net from 572, and the border that is lost on each side."""
    side = 572
    for _level in range(4):
        side = output_side(_two_convolutions(side), 2, stride=2)
    side = _two_convolutions(side)
    for _level in range(4):
        side = _two_convolutions(transposed_side(side, 2, stride=2))
    return side, (572 - side) // 2


def _two_convolutions(side: int) -> int:
    return output_side(output_side(side, 3), 3)


@ours("N129")
def windows() -> Value:
    """Places for a window of 224 in an image of 1000x2000, pixel by pixel and every 32."""
    image: Pair = (1000, 2000)
    at = {stride: [output_side(side, 224, stride=stride) for side in image] for stride in (1, 32)}
    return tuple(rows * columns for rows, columns in at.values())


@ours("N171")
def vgg_files() -> Value:
    """Size in MiB with and without dense layers, four bytes each."""
    traced = zoo("vgg16")
    return tuple(4 * count / MIB for count in (traced.parameters, parameters(rows(traced, Conv))))


@ours("N188")
def lenet_windows() -> Value:
    """Filters and kernel of each convolution, window and stride of the poolings."""
    operations = [row.operation for row in zoo("lenet5").rows]
    convolutions = [(op.filters, op.kernel[0]) for op in operations if isinstance(op, Conv)]
    poolings = {(op.kernel[0], op.stride[0]) for op in operations if isinstance(op, Pool)}
    return (*convolutions, *poolings)


@ours("N189")
def vgg_input() -> Value:
    """The volume VGG16 was drawn for."""
    return drawn(zoo("vgg16").input)
