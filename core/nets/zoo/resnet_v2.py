"""ResNetV2: normalise and cut off first, then convolve; the path of the sums stays free (lecture C's table).

As Keras ships it: each of the first three stages halves in its last block.
Source: He, Zhang, Ren and Sun, "Identity Mappings in Deep Residual Networks", ECCV 2016.
"""

from core.nets.layers import Activation, Add, BatchNorm, Conv, Dense, GlobalPool, Layer, Network, Pool
from core.nets.zoo.resnet import BOTTLENECK, KERAS_EPS
from core.types import pair

RELU, BN = Activation("relu"), BatchNorm(KERAS_EPS)


def block(name: str, source: str, filters: int, *, stride: int, widened: bool) -> tuple[Layer, ...]:
    """A bottleneck whose normalisations come first; its input is added as it is, wherever the shape allows.

    >>> [layer.name for layer in block("b", "stem", 64, stride=1, widened=True)][:4]
    ['b_bn0', 'b_relu0', 'b_shortcut', 'b_conv1']
    """
    layers, below = [Layer(f"{name}_bn0", BN, of=(source,)), Layer(f"{name}_relu0", RELU)], source
    if widened:
        below = f"{name}_shortcut"
        layers.append(Layer(below, Conv(4 * filters, (1, 1), pair(stride)), of=(f"{name}_relu0",)))
    elif stride > 1:
        below = f"{name}_skip"
        layers.append(Layer(below, Pool("max", (1, 1), pair(stride)), of=(source,)))
    layers += [
        Layer(f"{name}_conv1", Conv(filters, (1, 1), bias=False), of=(f"{name}_relu0",)),
        *(Layer(f"{name}_bn1", BN), Layer(f"{name}_relu1", RELU)),
        Layer(f"{name}_conv2", Conv(filters, (3, 3), pair(stride), (1, 1), bias=False)),
        *(Layer(f"{name}_bn2", BN), Layer(f"{name}_relu2", RELU)),
        Layer(f"{name}_conv3", Conv(4 * filters, (1, 1))),
        Layer(f"{name}_add", Add(), of=(f"{name}_conv3", below)),
    ]
    return tuple(layers)


def resnet_v2(depth: int) -> Network:
    """The network of that depth for ImageNet.

    >>> resnet_v2(50).layers[-4].name
    'post_relu'
    """
    layers = [
        Layer("stem_conv", Conv(64, (7, 7), (2, 2), (3, 3))),
        Layer("stem_pool", Pool("max", (3, 3), (2, 2), (1, 1))),
    ]
    for stage, (filters, count) in enumerate(zip((64, 128, 256, 512), BOTTLENECK[depth], strict=True), 2):
        for place in range(1, count + 1):
            stride = 2 if place == count and stage < 5 else 1
            layers += block(f"block{stage}-{place}", layers[-1].name, filters, stride=stride, widened=place == 1)
    head = (
        *(Layer("post_bn", BN), Layer("post_relu", RELU), Layer("gap", GlobalPool("average"))),
        *(Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))),
    )
    return Network(f"ResNet{depth}V2 (Keras)", (3, 224, 224), (*layers, *head))
