"""Fully convolutional networks on VGG16: a label for every pixel (lecture D).

As the paper has them: 100 pixels of padding before the first convolution, so that small images survive; dense layers
as convolutions; scores of coarse and fine layers added; and what the padding brought is cropped off at the end.
Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015.
"""

from dataclasses import replace

from core.nets.layers import INPUT, Activation, Add, Conv, Crop, Dropout, Layer, Network, Pool, Transposed
from core.nets.zoo.vgg import VGG16, vgg
from core.types import pair

CROPS = {32: (19,), 16: (5, 27), 8: (5, 9, 31)}  # where the crops begin, from coarse to fine


def fcn(stride: int, *, classes: int = 21, padding: int = 100) -> Network:
    """The network whose last upsampling has that stride: 32, 16 or 8.

    >>> [layer.name for layer in fcn(16).layers[-6:]]
    ['upscore2', 'score_pool4', 'score_pool4_crop', 'fuse_pool4', 'upscore', 'upscore_crop']
    """
    layers, crops = [*_body(padding), Layer("score_fr", Conv(classes, (1, 1)))], CROPS[stride]
    finer = {32: (), 16: ("pool4",), 8: ("pool4", "pool3")}[stride]
    for place, pool in enumerate(finer):
        score, up = f"score_{pool}", "upscore2" if place == 0 else "upscore_pool4"
        layers += [
            Layer(up, _doubled(classes, 2)),
            Layer(score, Conv(classes, (1, 1)), of=(f"block{pool[-1]}_pool",)),
            Layer(f"{score}_crop", Crop(crops[place]), of=(score, up)),
            Layer(f"fuse_{pool}", Add(), of=(up, f"{score}_crop")),
        ]
    layers += [
        Layer("upscore", _doubled(classes, stride)),
        Layer("upscore_crop", Crop(crops[-1]), of=("upscore", INPUT)),
    ]
    return Network(f"FCN-{stride}s", (3, 500, 500), tuple(layers))


def _doubled(classes: int, stride: int) -> Transposed:
    """An upsampling by `stride` whose kernel is twice as wide, as bilinear interpolation has it."""
    return Transposed(classes, pair(2 * stride), pair(stride), bias=False)


def _body(padding: int) -> list[Layer]:
    """VGG16 up to its scores: poolings keep the last row and column, dense layers become convolutions."""
    body = list[Layer]()
    for layer in vgg("VGG16", VGG16).layers:
        match layer.operation:
            case Conv() as conv if layer.name == "block1_conv1":
                body.append(replace(layer, operation=replace(conv, padding=pair(padding))))
            case Pool() as pool:
                body.append(replace(layer, operation=replace(pool, ceil=True)))
            case Conv() | Activation() if layer.name.startswith("block"):
                body.append(layer)
    for name, kernel in (("fc6", 7), ("fc7", 1)):
        body += [
            Layer(name, Conv(4096, pair(kernel))),
            *(Layer(f"{name}_relu", Activation("relu")), Layer(f"{name}_dropout", Dropout(0.5))),
        ]
    return body


FCN32, FCN16, FCN8 = fcn(32), fcn(16), fcn(8)
