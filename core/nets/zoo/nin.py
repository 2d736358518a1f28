"""Network in Network: a small perceptron slides over the image, written as 1x1 convolutions (lecture A).

The version for CIFAR-10: three blocks, and in place of dense layers one map per class, averaged.
Source: Lin, Chen and Yan, "Network In Network", ICLR 2014.
"""

from core.nets.layers import Activation, Conv, Dropout, GlobalPool, Layer, Network, Pool
from core.types import pair

BLOCKS = ((5, 192, 160, 96), (5, 192, 192, 192), (3, 192, 192, 10))  # the window, and the maps of its three layers


def mlpconv(name: str, kernel: int, *widths: int) -> tuple[Layer, ...]:
    """A convolution and 1x1 convolutions on top: at every pixel the same perceptron.

    >>> [layer.name for layer in mlpconv("block1", 5, 192, 160)]
    ['block1_conv1', 'block1_relu1', 'block1_conv2', 'block1_relu2']
    """
    layers, side = list[Layer](), kernel
    for place, filters in enumerate(widths, 1):
        layers += [
            Layer(f"{name}_conv{place}", Conv(filters, pair(side), padding=pair(side // 2))),
            Layer(f"{name}_relu{place}", Activation("relu")),
        ]
        side = 1
    return tuple(layers)


def _shrink(name: str, how: str) -> tuple[Layer, ...]:
    pool = Pool("max" if how == "max" else "average", (3, 3), (2, 2), ceil=True)
    return Layer(f"{name}_pool", pool), Layer(f"{name}_dropout", Dropout(0.5))


NIN = Network(
    "Network in Network",
    (3, 32, 32),
    (
        *(*mlpconv("block1", *BLOCKS[0]), *_shrink("block1", "max")),
        *(*mlpconv("block2", *BLOCKS[1]), *_shrink("block2", "average")),
        *mlpconv("block3", *BLOCKS[2]),
        *(Layer("gap", GlobalPool("average")), Layer("softmax", Activation("softmax"))),
    ),
)
