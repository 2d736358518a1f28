"""DenseNet: inside a block each layer reads all earlier ones, and adds few maps of its own (lecture B).

Source: Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, table 1.
"""

from collections.abc import Sequence

from core.nets.layers import Activation, BatchNorm, Concat, Conv, Dense, GlobalPool, Layer, Network, Pool
from core.types import pair

RELU = Activation("relu")
BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}  # layers in each block
GROWTH = 32  # maps that every layer adds


def dense_block(name: str, source: str, layers: int, growth: int = GROWTH, *, narrow: int = 4) -> tuple[Layer, ...]:
    """So many layers, each on the pile of all before it: a 1x1 to narrow * growth maps, and a 3x3 to `growth` maps.

    >>> [layer.of for layer in dense_block("b", "stem", 2) if isinstance(layer.operation, Concat)]
    [('stem', 'b_layer1_conv2'), ('b_layer1_pile', 'b_layer2_conv2')]
    """
    rows, below = list[Layer](), source
    for place in range(1, layers + 1):
        each = f"{name}_layer{place}"
        rows += [
            *(Layer(f"{each}_bn1", BatchNorm(), of=(below,)), Layer(f"{each}_relu1", RELU)),
            Layer(f"{each}_conv1", Conv(narrow * growth, (1, 1), bias=False)),
            *(Layer(f"{each}_bn2", BatchNorm()), Layer(f"{each}_relu2", RELU)),
            Layer(f"{each}_conv2", Conv(growth, (3, 3), padding=(1, 1), bias=False)),
            Layer(f"{each}_pile", Concat(), of=(below, f"{each}_conv2")),
        ]
        below = f"{each}_pile"
    return tuple(rows)


def transition(name: str, filters: int) -> tuple[Layer, ...]:
    """Between two blocks: so many maps remain, at half the side.

    >>> [layer.name for layer in transition("transition1", 128)]
    ['transition1_bn', 'transition1_relu', 'transition1_conv', 'transition1_pool']
    """
    return (
        *(Layer(f"{name}_bn", BatchNorm()), Layer(f"{name}_relu", RELU)),
        Layer(f"{name}_conv", Conv(filters, (1, 1), bias=False)),
        Layer(f"{name}_pool", Pool("average", (2, 2), (2, 2))),
    )


def densenet(name: str, blocks: Sequence[int], growth: int = GROWTH) -> Network:
    """The network for ImageNet with so many layers in each block; between blocks half the maps remain.

    >>> densenet("small", (2, 2)).layers[-1].name
    'softmax'
    """
    maps = 2 * growth
    layers = [
        Layer("stem_conv", Conv(maps, (7, 7), (2, 2), (3, 3), bias=False)),
        *(Layer("stem_bn", BatchNorm()), Layer("stem_relu", RELU)),
        Layer("stem_pool", Pool("max", (3, 3), (2, 2), pair(1))),
    ]
    for place, count in enumerate(blocks, 1):
        layers += dense_block(f"dense{place}", layers[-1].name, count, growth)
        maps += count * growth
        if place < len(blocks):
            maps //= 2
            layers += transition(f"transition{place}", maps)
    head = (
        *(Layer("post_bn", BatchNorm()), Layer("post_relu", RELU), Layer("gap", GlobalPool("average"))),
        *(Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))),
    )
    return Network(name, (3, 224, 224), (*layers, *head))
