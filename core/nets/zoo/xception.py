"""Xception: Inception taken to its end, every map with a window of its own (lecture C's table of models).

Where a residual halves, its pooling is padded as Keras does: evenly where it can, else below and right.
Source: Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", CVPR 2017, figure 5.
"""

from core.nets.layers import Activation, Add, BatchNorm, Conv, Dense, GlobalPool, Layer, Network, Pool

RELU, BN = Activation("relu"), BatchNorm(0.001)
EVEN, UNEVEN = Pool("max", (3, 3), (2, 2), (1, 1)), Pool("max", (3, 3), (2, 2), ceil=True)
MIDDLE = 8  # blocks of three in the middle


def separable(name: str, maps: int, filters: int, *, relu: bool = True) -> tuple[Layer, ...]:
    """A relu first, then a 3x3 window for every map alone and 1x1 across them, normalised once.

    >>> [layer.name for layer in separable("block2_conv1", 64, 128, relu=False)]
    ['block2_conv1_depthwise', 'block2_conv1_pointwise', 'block2_conv1_bn']
    """
    return (
        *((Layer(f"{name}_relu", RELU),) if relu else ()),
        Layer(f"{name}_depthwise", Conv(maps, (3, 3), padding=(1, 1), groups=maps, bias=False)),
        Layer(f"{name}_pointwise", Conv(filters, (1, 1), bias=False)),
        Layer(f"{name}_bn", BN),
    )


def _halved(
    name: str, source: str, widths: tuple[int, int, int], pool: Pool, *, relu: bool = True
) -> tuple[Layer, ...]:
    """Two separable convolutions and a pooling; the input comes along through a 1x1 convolution."""
    maps, inside, filters = widths
    return (
        Layer(f"{name}_shortcut", Conv(filters, (1, 1), (2, 2), bias=False), of=(source,)),
        Layer(f"{name}_shortcut_bn", BN),
        *_on(source, separable(f"{name}_conv1", maps, inside, relu=relu)),
        *separable(f"{name}_conv2", inside, filters),
        Layer(f"{name}_pool", pool),
        Layer(f"{name}_add", Add(), of=(f"{name}_pool", f"{name}_shortcut_bn")),
    )


def _on(source: str, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    first, *rest = layers
    return Layer(first.name, first.operation, of=(source,)), *rest


def _xception() -> Network:
    layers = [
        *(
            Layer("block1_conv1", Conv(32, (3, 3), (2, 2), bias=False)),
            Layer("block1_bn1", BN),
            Layer("block1_relu1", RELU),
        ),
        *(Layer("block1_conv2", Conv(64, (3, 3), bias=False)), Layer("block1_bn2", BN), Layer("block1_relu2", RELU)),
        *_halved("block2", "block1_relu2", (64, 128, 128), EVEN, relu=False),
        *_halved("block3", "block2_add", (128, 256, 256), UNEVEN),
        *_halved("block4", "block3_add", (256, 728, 728), EVEN),
    ]
    for place in range(5, 5 + MIDDLE):
        name, below = f"block{place}", layers[-1].name
        for part in (1, 2, 3):
            layers += separable(f"{name}_conv{part}", 728, 728)
        layers.append(Layer(f"{name}_add", Add(), of=(layers[-1].name, below)))
    end = f"block{5 + MIDDLE}", f"block{6 + MIDDLE}"
    layers += [
        *_halved(end[0], layers[-1].name, (728, 728, 1024), EVEN),
        *(*separable(f"{end[1]}_conv1", 1024, 1536, relu=False), Layer(f"{end[1]}_relu1", RELU)),
        *(*separable(f"{end[1]}_conv2", 1536, 2048, relu=False), Layer(f"{end[1]}_relu2", RELU)),
        *(
            Layer("gap", GlobalPool("average")),
            Layer("predictions", Dense(1000)),
            Layer("softmax", Activation("softmax")),
        ),
    ]
    return Network("Xception", (3, 299, 299), tuple(layers))


XCEPTION = _xception()
