"""Shift and stitch: a coarse network asked f·f times gives an answer for every pixel (lecture A).

A network that looks f pixels further from one answer to the next answers at every f-th place. Move the image by one
pixel and it answers at the places between. All f·f shifts, interleaved, are the map at full resolution; the same comes
of one pass without strides and with dilated ("a trous") windows.
Source: Sermanet et al., "OverFeat", ICLR 2014; Long, Shelhamer and Darrell, CVPR 2015.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.types import Floats, Pair, pair

if TYPE_CHECKING:
    from torch.nn import Sequential

MOST_SHIFTS = 1024


def shifts(factor: int | Pair) -> Iterator[Pair]:
    """All shifts (down, across) that a factor asks for, f·f of them, row by row.

    >>> list(shifts(2))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    >>> [len(list(shifts(f))) for f in (2, 4, 8, 16, 32)]
    [4, 16, 64, 256, 1024]
    """
    down, across = pair(factor)
    if min(down, across) < 1 or down * across > MOST_SHIFTS:
        raise LimitError(f"a factor from 1 on with at most {MOST_SHIFTS} shifts, got {factor}")
    return ((row, column) for row in range(down) for column in range(across))


def shift_and_stitch(
    net: Callable[[Any], Floats],
    image: NDArray[Any],
    factor: int | Pair,
    *,
    window: int | Pair,
    first: int | None = None,
) -> Floats:
    """The answers of a network for every window of an image: (..., H, W) -> (..., H - window + 1, W - window + 1).

        full[f·i + r, f·j + c] = net(image without its first r rows and c columns)[i, j]

    `net` takes (..., H, W), pads nothing, sees `window` pixels and answers at every `factor`-th place. Only the `first`
    shifts are run if that is said; what they leave open is nan.

    >>> every_second = lambda image: image[..., ::2, ::2]
    >>> shift_and_stitch(every_second, np.arange(6.0).reshape(2, 3), 2, window=1).tolist()
    [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    >>> shift_and_stitch(every_second, np.arange(6.0).reshape(2, 3), 2, window=1, first=2).tolist()
    [[0.0, 1.0, 2.0], [nan, nan, nan]]
    """
    sides = image.shape[-2] - pair(window)[0] + 1, image.shape[-1] - pair(window)[1] + 1
    if min(sides) < 1:
        raise ShapeError(f"a window of {window} does not fit into an image of {image.shape[-2:]}")
    found = {
        (row, column): net(image[..., row:, column:])
        for place, (row, column) in enumerate(shifts(factor))
        if (first is None or place < first) and row < sides[0] and column < sides[1]
    }
    return stitched(found, sides, factor)


def stitched(maps: Mapping[Pair, Floats], sides: Pair, factor: int | Pair) -> Floats:
    """Interleave coarse maps (..., h, w) by their shifts into one of these sides; where one is missing there is nan.

    >>> stitched({(0, 0): np.array([[1.0, 3.0]]), (0, 1): np.array([[2.0]])}, (1, 3), (1, 2)).tolist()
    [[1.0, 2.0, 3.0]]
    """
    if not maps:
        raise ShapeError("there is nothing to interleave: one map or more would do")
    down, across = pair(factor)
    full = np.full((*next(iter(maps.values())).shape[:-2], *sides), np.nan)
    for (row, column), coarse in maps.items():
        room = full[..., row::down, column::across]
        if room.shape != coarse.shape:
            raise ShapeError(f"the map of shift {(row, column)} is {coarse.shape}, but has room for {room.shape}")
        room[...] = coarse
    return full


def dilated(module: "Sequential") -> "Sequential":
    """The same chain of layers without its strides: later windows reach over the places between, (C, H, W) as before.

        stride' = 1        dilation' = dilation * product of all strides before        padding' = padding * the same

    The weights are shared with the first one. Without padding it gives what shift and stitch gives, in one pass.

    >>> from torch import nn
    >>> dilated(nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(1, 1, 3)))[1].dilation
    (2, 2)
    """
    from torch import nn

    layers, rate = list[nn.Module](), (1, 1)
    for layer in module:
        if isinstance(layer, nn.Conv2d | nn.MaxPool2d):
            kernel, stride, dilation, padding = (
                _two(size) for size in (layer.kernel_size, layer.stride, layer.dilation, layer.padding)
            )
            opened = (dilation[0] * rate[0], dilation[1] * rate[1])
            edge = (padding[0] * rate[0], padding[1] * rate[1])
            rate = (rate[0] * stride[0], rate[1] * stride[1])
            if isinstance(layer, nn.MaxPool2d):
                layers.append(nn.MaxPool2d(kernel, 1, edge, opened))
                continue
            conv = nn.Conv2d(
                layer.in_channels,
                layer.out_channels,
                kernel,
                padding=edge,
                dilation=opened,
                groups=layer.groups,
                bias=layer.bias is not None,
            )
            conv.weight, conv.bias = layer.weight, layer.bias
            layers.append(conv)
        elif isinstance(layer, nn.ReLU | nn.Dropout | nn.BatchNorm2d | nn.Softmax | nn.Sigmoid | nn.Tanh):
            layers.append(layer)
        else:
            raise ShapeError(f"{type(layer).__name__} has no dilated form here: convolutions and max pooling have")
    return nn.Sequential(*layers).train(module.training)


def _two(size: Any) -> Pair:
    return pair(size) if isinstance(size, int) else (int(size[0]), int(size[1]))
