"""Evidence for the receptive field: ask automatic differentiation which pixels move a neuron (lectures A and C).

Counting windows and differentiating a network are two ways to the same mask. Weights are positive and pooling takes
the mean, so that no path cancels another and no pixel loses a maximum.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import LimitError, ShapeError
from core.nets.layers import Conv, Dense, GlobalPool, Layer, Operation, Pool
from core.nets.receptive import views
from core.types import Mask, Pair, pair

if TYPE_CHECKING:
    from torch import Tensor

MOST_VALUES = 20_000_000  # in all volumes of one forward pass


def autograd_mask(layers: Sequence[Layer], image: int | Pair, neuron: Pair) -> Mask:
    """The pixels with a gradient at a neuron of the last volume, by torch: (H, W) of booleans.

        mask[y, x] = d neuron / d image[y, x] != 0

    It must equal `core.nets.receptive.sampled`, which only counts.

    >>> from core.nets.stack import parse_stack
    >>> autograd_mask(parse_stack("conv 3 dilation 2"), (5, 6), (0, 0))[0].astype(int)
    array([1, 0, 1, 0, 1, 0])
    """
    import torch

    volumes = views(layers, image)
    volumes[-1].patch(neuron)  # refuses a neuron off the map
    refuse_large(sum(view.sides[0] * view.sides[1] for view in volumes))
    pixels = torch.ones(1, 1, *pair(image), dtype=torch.float64, requires_grad=True)
    volume = pixels  # (1, 1, H, W)
    for layer in layers:
        volume = _positive(layer.operation, volume)
    (gradient,) = torch.autograd.grad(volume[0, 0, neuron[0], neuron[1]], pixels)
    mask: Mask = (gradient[0, 0] != 0).numpy()
    return mask


def refuse_large(values: int) -> None:
    """Stop before allocating more than a visitor may ask for."""
    if values > MOST_VALUES:
        raise LimitError(f"this stack makes {values:,} values, at most {MOST_VALUES:,} go; take a smaller image")


def _positive(operation: Operation, volume: "Tensor") -> "Tensor":
    """A layer whose every weight is one over their number: (1, 1, H, W) -> (1, 1, H', W')."""
    import torch
    from torch.nn import functional

    match operation:
        case Conv(kernel=kernel, stride=stride, padding=padding, dilation=dilation):
            weight = torch.full((1, 1, *kernel), 1 / (kernel[0] * kernel[1]), dtype=volume.dtype)
            return functional.conv2d(volume, weight, stride=stride, padding=padding, dilation=dilation)
        case Pool(kernel=kernel, stride=stride, padding=padding):
            if padding[0] * 2 > kernel[0] or padding[1] * 2 > kernel[1]:
                raise ShapeError(f"torch pads a pooling by at most half its window {kernel}, got {padding}")
            return functional.avg_pool2d(volume, kernel, stride, padding)
        case Dense() | GlobalPool():
            return volume.mean(dim=(2, 3), keepdim=True)
    return volume
