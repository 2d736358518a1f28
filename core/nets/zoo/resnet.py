"""ResNet: layers that learn what to add to their input (lecture B).

Rows are named by stage and block: block4-17_conv2 is in block 17 of stage 4, which the paper calls conv4_x.
Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, table 1 and section 4.2.
"""

from core.nets.layers import Activation, Add, BatchNorm, Conv, Dense, GlobalPool, Layer, Network, Pad, Pool
from core.types import pair

RELU = Activation("relu")
BASIC = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}  # two 3x3 convolutions in a block
BOTTLENECK = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}  # 1x1, 3x3, 1x1 with four times the maps
KERAS_EPS = 1.001e-5


def resnet(depth: int, *, residual: bool = True, keras: bool = False) -> Network:
    """The network of that depth for ImageNet; without `residual` its plain twin, which adds nothing.

    torchvision's version halves in the 3x3 convolution of a bottleneck. Keras' version halves in the first 1x1, as the
    paper does, and gives every convolution a bias that the normalisation after it takes away again.

    >>> [sum(isinstance(layer.operation, Add) for layer in resnet(depth).layers) for depth in (18, 34, 50, 101, 152)]
    [8, 16, 16, 33, 50]
    """
    counts = (BASIC | BOTTLENECK)[depth]
    layers = [
        *_conv("stem_conv", Conv(64, (7, 7), (2, 2), (3, 3), bias=keras), keras),
        Layer("stem_relu", RELU),
        Layer("stem_pool", Pool("max", (3, 3), (2, 2), (1, 1))),
    ]
    block = bottleneck if depth in BOTTLENECK else basic
    for stage, (filters, count) in enumerate(zip((64, 128, 256, 512), counts, strict=True), 2):
        for place in range(1, count + 1):
            below, stride = layers[-1].name, 2 if place == 1 and stage > 2 else 1
            widened = place == 1 and (stage > 2 or depth in BOTTLENECK)
            name = f"block{stage}-{place}"
            layers += block(name, below, filters, stride=stride, widened=widened, residual=residual, keras=keras)
    kind = "ResNet" if residual else "Plain network "
    return Network(f"{kind}{depth}{' (Keras)' if keras else ''}", (3, 224, 224), (*layers, *_head(1000)))


def basic(
    name: str, source: str, filters: int, *, stride: int, widened: bool, residual: bool = True, keras: bool = False
) -> tuple[Layer, ...]:
    """Two 3x3 convolutions, and their input added; where the shape changes, a 1x1 convolution brings it along.

    >>> [layer.name for layer in basic("b", "stem", 64, stride=1, widened=False)]
    ['b_conv1', 'b_bn1', 'b_relu1', 'b_conv2', 'b_bn2', 'b_add', 'b_relu2']
    """
    layers = (
        *_conv(f"{name}_conv1", Conv(filters, (3, 3), pair(stride), (1, 1), bias=keras), keras, source),
        Layer(f"{name}_relu1", RELU),
        *_conv(f"{name}_conv2", Conv(filters, (3, 3), padding=(1, 1), bias=keras), keras),
    )
    shortcut = Conv(filters, (1, 1), pair(stride), bias=keras) if widened else None
    return (
        *layers,
        *(_join(name, source, layers[-1].name, shortcut, keras) if residual else ()),
        Layer(f"{name}_relu2", RELU),
    )


def bottleneck(
    name: str, source: str, filters: int, *, stride: int, widened: bool, residual: bool = True, keras: bool = False
) -> tuple[Layer, ...]:
    """Narrow, look, widen: 1x1, 3x3, and 1x1 with four times the maps.

    >>> rows = bottleneck("b", "stem", 64, stride=1, widened=True)
    >>> [row.operation.filters for row in rows if isinstance(row.operation, Conv)]
    [64, 64, 256, 256]
    """
    first, second = (stride, 1) if keras else (1, stride)
    layers = (
        *_conv(f"{name}_conv1", Conv(filters, (1, 1), pair(first), bias=keras), keras, source),
        Layer(f"{name}_relu1", RELU),
        *_conv(f"{name}_conv2", Conv(filters, (3, 3), pair(second), (1, 1), bias=keras), keras),
        Layer(f"{name}_relu2", RELU),
        *_conv(f"{name}_conv3", Conv(4 * filters, (1, 1), bias=keras), keras),
    )
    shortcut = Conv(4 * filters, (1, 1), pair(stride), bias=keras) if widened else None
    return (
        *layers,
        *(_join(name, source, layers[-1].name, shortcut, keras) if residual else ()),
        Layer(f"{name}_relu3", RELU),
    )


def cifar(n: int, *, residual: bool = True) -> Network:
    """The network of 6n + 2 layers for CIFAR-10: three stages of n blocks with 16, 32 and 64 maps.

    Where the maps double, the shortcut keeps every second pixel and adds empty maps: it learns nothing.

    >>> [sum(isinstance(layer.operation, Conv | Dense) for layer in cifar(n).layers) for n in (3, 9, 200)]
    [20, 56, 1202]
    """
    layers = [*_conv("stem_conv", Conv(16, (3, 3), padding=(1, 1), bias=False), False), Layer("stem_relu", RELU)]
    for stage, filters in enumerate((16, 32, 64), 1):
        for place in range(1, n + 1):
            name, below, stride = f"block{stage}-{place}", layers[-1].name, 2 if place == 1 and stage > 1 else 1
            *body, relu = basic(name, below, filters, stride=stride, widened=False, residual=False)
            layers += body
            if residual:
                if stride == 2:
                    layers += [
                        Layer(f"{name}_skip", Pool("max", (1, 1), (2, 2)), of=(below,)),
                        Layer(f"{name}_pad", Pad(maps=pair(filters // 4))),
                    ]
                    below = f"{name}_pad"
                layers.append(Layer(f"{name}_add", Add(), of=(body[-1].name, below)))
            layers.append(relu)
    return Network(
        f"{'ResNet' if residual else 'Plain network '}{6 * n + 2} for CIFAR-10", (3, 32, 32), (*layers, *_head(10))
    )


def _conv(name: str, operation: Conv, keras: bool, *of: str) -> tuple[Layer, Layer]:
    bn = BatchNorm(KERAS_EPS) if keras else BatchNorm()
    return Layer(name, operation, of), Layer(name.replace("conv", "bn") if "conv" in name else f"{name}_bn", bn)


def _join(name: str, source: str, end: str, shortcut: Conv | None, keras: bool) -> tuple[Layer, ...]:
    """The input again, through a convolution where its shape does not fit, and the sum."""
    if shortcut is None:
        return (Layer(f"{name}_add", Add(), of=(end, source)),)
    brought = _conv(f"{name}_shortcut", shortcut, keras, source)
    return *brought, Layer(f"{name}_add", Add(), of=(end, brought[-1].name))


def _head(classes: int) -> tuple[Layer, ...]:
    pooled = Layer("gap", GlobalPool("average"))
    return pooled, Layer("predictions", Dense(classes)), Layer("softmax", Activation("softmax"))
