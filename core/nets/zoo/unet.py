"""U-Net: down to see far, up again to see sharp, and across with what was seen on the way down (lecture D).

As the paper draws it: no padding, so that every layer shrinks, 572 pixels become 388, and what goes across is cropped.
Source: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015.
"""

from collections.abc import Sequence

from core.nets.layers import Activation, Concat, Conv, Crop, Layer, Network, Pool, Transposed

WIDTHS = (64, 128, 256, 512, 1024)


def unet(widths: Sequence[int] = WIDTHS, *, classes: int = 2, side: int = 572) -> Network:
    """The network of those widths on a grey image: two 3x3 convolutions at every depth, down and up again.

    >>> [layer.name for layer in unet((8, 16)).layers if "relu" not in layer.name][3:8]
    ['bottom_conv1', 'bottom_conv2', 'up1', 'up1_crop', 'up1_pile']
    """
    *steps, bottom = widths
    layers = list[Layer]()
    for depth, filters in enumerate(steps, 1):
        layers += [*_twice(f"down{depth}", filters), Layer(f"down{depth}_pool", Pool("max", (2, 2), (2, 2)))]
    layers += _twice("bottom", bottom)
    for depth, filters in reversed(list(enumerate(steps, 1))):
        up = f"up{depth}"
        layers += [
            Layer(up, Transposed(filters, (2, 2), (2, 2))),
            Layer(f"{up}_crop", Crop(), of=(f"down{depth}_relu2", up)),
            Layer(f"{up}_pile", Concat(), of=(f"{up}_crop", up)),
            *_twice(up, filters),
        ]
    layers += [Layer("scores", Conv(classes, (1, 1))), Layer("softmax", Activation("softmax"))]
    return Network("U-Net", (1, side, side), tuple(layers))


def _twice(name: str, filters: int) -> tuple[Layer, ...]:
    return tuple(
        layer
        for place in (1, 2)
        for layer in (
            Layer(f"{name}_conv{place}", Conv(filters, (3, 3))),
            Layer(f"{name}_relu{place}", Activation("relu")),
        )
    )


UNET = unet()
