"""VGG: only 3x3 convolutions, halved five times, and three dense layers that hold nine tenths of the parameters.

Source: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015.
"""

from typing import Literal, TypeAlias

from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, Layer, Network, Pool

Table: TypeAlias = tuple[int | Literal["pool"], ...]

VGG13: Table = (64, 64, "pool", 128, 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool")
VGG16: Table = (
    *(64, 64, "pool"),
    *(128, 128, "pool"),
    *(256, 256, 256, "pool"),
    *(512, 512, 512, "pool"),
    *(512, 512, 512, "pool"),
)
VGG19: Table = (
    *(64, 64, "pool"),
    *(128, 128, "pool"),
    *(256, 256, 256, 256, "pool"),
    *(512, 512, 512, 512, "pool"),
    *(512, 512, 512, 512, "pool"),
)


def vgg(name: str, table: Table) -> Network:
    """The network of a table: a number is a convolution with so many filters, "pool" ends a block.

    >>> [layer.name for layer in vgg("short", (64, "pool")).layers][:4]
    ['block1_conv1', 'block1_relu1', 'block1_pool', 'flatten']
    """
    layers, block, place = list[Layer](), 1, 1
    for entry in table:
        if entry == "pool":
            layers.append(Layer(f"block{block}_pool", Pool("max", (2, 2), (2, 2))))
            block, place = block + 1, 1
        else:
            layers.append(Layer(f"block{block}_conv{place}", Conv(entry, (3, 3), padding=(1, 1))))
            layers.append(Layer(f"block{block}_relu{place}", Activation("relu")))
            place += 1
    layers.append(Layer("flatten", Flatten()))
    for number in (1, 2):
        layers += [
            Layer(f"fc{number}", Dense(4096)),
            Layer(f"fc{number}_relu", Activation("relu")),
            Layer(f"fc{number}_dropout", Dropout(0.5)),
        ]
    layers += [Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))]
    return Network(name, (3, 224, 224), tuple(layers))
