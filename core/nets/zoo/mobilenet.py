"""MobileNet: a window for every map on its own, and a 1x1 convolution to mix them, for small devices (lecture C).

Both pad by one pixel all around, as torchvision does; Keras pads only below and right where it halves.
Sources: Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017,
table 1; Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018, table 2.
"""

from core.errors import ShapeError
from core.nets.layers import Activation, Add, BatchNorm, Conv, Dense, Dropout, GlobalPool, Layer, Network
from core.types import Floats, pair

RELU6 = Activation("relu6")
V1 = (  # filters and stride of each separable convolution
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *((512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)),
)
V2 = (  # how much wider inside, filters, how many in a row, stride of the first
    *((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2)),
    *((6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)),
)


def separable(name: str, maps: int, filters: int, stride: int = 1) -> tuple[Layer, ...]:
    """A 3x3 window for each of the `maps` input maps alone, then 1x1 across them.

    >>> [layer.name for layer in separable("block1", 32, 64)][:3]
    ['block1_depthwise', 'block1_depthwise_bn', 'block1_depthwise_relu']
    """
    return (
        *_conv(f"{name}_depthwise", Conv(maps, (3, 3), pair(stride), (1, 1), groups=maps, bias=False)),
        *_conv(f"{name}_pointwise", Conv(filters, (1, 1), bias=False)),
    )


def inverted(name: str, source: str, maps: int, filters: int, *, stride: int, wider: int) -> tuple[Layer, ...]:
    """Widen, look at every map alone, narrow; where the shape stays, the input is added.

    >>> [layer.name for layer in inverted("block2", "block1_add", 24, 24, stride=1, wider=6)][-3:]
    ['block2_project', 'block2_project_bn', 'block2_add']
    """
    inside = maps * wider
    window = Conv(inside, (3, 3), pair(stride), (1, 1), groups=inside, bias=False)
    layers = (
        *(_conv(f"{name}_expand", Conv(inside, (1, 1), bias=False), source) if wider > 1 else ()),
        *_conv(f"{name}_depthwise", window, *(() if wider > 1 else (source,))),
        *_conv(f"{name}_project", Conv(filters, (1, 1), bias=False))[:2],  # no relu: the narrow end stays linear
    )
    if stride > 1 or maps != filters:
        return layers
    return *layers, Layer(f"{name}_add", Add(), of=(layers[-1].name, source))


def scaled(pixels: Floats) -> Floats:
    """Pixels from 0 to 255 as the trained MobileNetV2 of Keras expects them, any shape: x / 127.5 - 1.

    >>> import numpy as np
    >>> scaled(np.array([0.0, 255.0])).tolist()
    [-1.0, 1.0]
    """
    if pixels.size and (pixels.min() < 0 or pixels.max() > 255):
        raise ShapeError(f"pixels go from 0 to 255, got {pixels.min():g} to {pixels.max():g}; do not scale them twice")
    return pixels / 127.5 - 1


def _conv(name: str, operation: Conv, *of: str) -> tuple[Layer, ...]:
    return Layer(name, operation, of), Layer(f"{name}_bn", BatchNorm()), Layer(f"{name}_relu", RELU6)


def _v1() -> Network:
    maps, layers = 32, list(_conv("stem_conv", Conv(32, (3, 3), (2, 2), (1, 1), bias=False)))
    for place, (filters, stride) in enumerate(V1, 1):
        layers += separable(f"block{place}", maps, filters, stride)
        maps = filters
    return Network("MobileNet", (3, 224, 224), (*layers, *_head(0.001)))


def _v2() -> Network:
    maps, place = 32, 0
    layers = list(_conv("stem_conv", Conv(32, (3, 3), (2, 2), (1, 1), bias=False)))
    for wider, filters, count, first in V2:
        for stride in (first, *[1] * (count - 1)):
            place += 1
            layers += inverted(f"block{place}", layers[-1].name, maps, filters, stride=stride, wider=wider)
            maps = filters
    layers += _conv("top_conv", Conv(1280, (1, 1), bias=False))
    return Network("MobileNetV2", (3, 224, 224), (*layers, *_head(0.2)))


def _head(rate: float) -> tuple[Layer, ...]:
    return (
        *(Layer("gap", GlobalPool("average")), Layer("dropout", Dropout(rate))),
        *(Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))),
    )


MOBILENET, MOBILENET_V2 = _v1(), _v2()
