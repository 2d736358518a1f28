"""EfficientNetB0: the blocks of MobileNetV2, and in each a small network that weighs its maps (lecture C's table).

Source: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019, table 1.
"""

from core.nets.layers import (
    Activation,
    Add,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    Layer,
    Network,
    Scale,
)
from core.types import pair

SILU = Activation("silu")
STAGES = (  # how much wider inside, window, stride of the first, filters, how many in a row
    *((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3)),
    *((6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)),
)


def excitation(name: str, source: str, maps: int, squeezed: int) -> tuple[Layer, ...]:
    """Squeeze and excitation: the mean of every map, two small layers, and a weight from 0 to 1 for every map.

    >>> [layer.name for layer in excitation("b", "b_window_silu", 96, 4)][-2:]
    ['b_sigmoid', 'b_scale']
    """
    return (
        Layer(f"{name}_squeeze", GlobalPool("average"), of=(source,)),
        *(Layer(f"{name}_dense1", Dense(squeezed)), Layer(f"{name}_silu", SILU)),
        *(Layer(f"{name}_dense2", Dense(maps)), Layer(f"{name}_sigmoid", Activation("sigmoid"))),
        Layer(f"{name}_scale", Scale(), of=(source, f"{name}_sigmoid")),
    )


def block(
    name: str, source: str, maps: int, filters: int, *, kernel: int, stride: int, wider: int
) -> tuple[Layer, ...]:
    """Widen, look at every map alone, weigh the maps, narrow; where the shape stays, the input is added.

    >>> [layer.name for layer in block("b", "stem", 16, 16, kernel=3, stride=1, wider=1)][-3:]
    ['b_project', 'b_project_bn', 'b_add']
    """
    inside = maps * wider
    window = Conv(inside, pair(kernel), pair(stride), pair(kernel // 2), groups=inside, bias=False)
    layers = (
        *(_conv(f"{name}_expand", Conv(inside, (1, 1), bias=False), source) if wider > 1 else ()),
        *_conv(f"{name}_window", window, *(() if wider > 1 else (source,))),
        *excitation(name, f"{name}_window_silu", inside, maps // 4),
        *_conv(f"{name}_project", Conv(filters, (1, 1), bias=False))[:2],
    )
    if stride > 1 or maps != filters:
        return layers
    return *layers, Layer(f"{name}_add", Add(), of=(layers[-1].name, source))


def _conv(name: str, operation: Conv, *of: str) -> tuple[Layer, ...]:
    return Layer(name, operation, of), Layer(f"{name}_bn", BatchNorm()), Layer(f"{name}_silu", SILU)


def _network() -> Network:
    maps, place = 32, 0
    layers = list(_conv("stem_conv", Conv(32, (3, 3), (2, 2), (1, 1), bias=False)))
    for wider, kernel, first, filters, count in STAGES:
        for stride in (first, *[1] * (count - 1)):
            place += 1
            name, below = f"block{place}", layers[-1].name
            layers += block(name, below, maps, filters, kernel=kernel, stride=stride, wider=wider)
            maps = filters
    head = (
        *_conv("top_conv", Conv(1280, (1, 1), bias=False)),
        *(Layer("gap", GlobalPool("average")), Layer("dropout", Dropout(0.2))),
        *(Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))),
    )
    return Network("EfficientNetB0", (3, 224, 224), (*layers, *head))


EFFICIENTNET_B0 = _network()
