"""Transposed filtering: every input pixel stamps a weighted kernel onto a larger output (lectures A, B, D and E).

It multiplies by the transpose of the filter's matrix, and is not its inverse. Two views, one result: stamps that add
up, or an ordinary convolution over the input with zeros inserted. With a tent for a kernel it interpolates.
"""

import numpy as np

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import reach, transposed_side
from core.filters.correlate import convolve
from core.filters.padding import MOST_PIXELS
from core.types import Floats, Pair, pair


def transposed(
    image: Floats,
    kernel: Floats,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Floats:
    """Stamps that add up: (H, W), (kh, kw) -> (OH, OW), sizes as in `transposed_side`.

        J[stride * r + dilation * u, stride * c + dilation * v] += w[u, v] * I[r, c]     for all r, c, u, v

    `padding` is cropped from every side, because the filter that this transposes had added it.

    >>> transposed(np.array([[1.0, 2.0]]), np.array([[1.0, 10.0, 100.0]]), stride=2)[0:1]
    array([[  1.,  10., 102.,  20., 200.]])
    """
    (sy, sx), (dy, dx), (py, px) = pair(stride), pair(dilation), pair(padding)
    rows, columns = transposed_shape(image, kernel, stride, padding, output_padding, dilation)
    tall, wide = reach(kernel.shape[0], dilation=dy), reach(kernel.shape[1], dilation=dx)
    sheet = np.zeros((rows + 2 * py, columns + 2 * px))
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            sheet[sy * r : sy * r + tall : dy, sx * c : sx * c + wide : dx] += image[r, c] * kernel
    return sheet[py : py + rows, px : px + columns]


def zero_insert(image: Floats, factor: int | Pair) -> Floats:
    """Zeros between the pixels: (H, W) -> (factor * (H - 1) + 1, factor * (W - 1) + 1).

    >>> zero_insert(np.array([[4.0, 2.0, 4.0]]), 2)
    array([[4., 0., 2., 0., 4.]])
    """
    tall, wide = pair(factor)
    if image.ndim != 2 or min(tall, wide) < 1:
        raise ShapeError(f"need an image (H, W) and a factor of 1 or more, got {image.shape} and {factor}")
    spread = np.zeros((tall * (image.shape[0] - 1) + 1, wide * (image.shape[1] - 1) + 1))
    spread[::tall, ::wide] = image
    return spread


def spread_out(
    image: Floats,
    kernel: Pair,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Floats:
    """The image over which a plain convolution gives the transposed filter: zeros between the pixels and around them.

    >>> spread_out(np.array([[4.0, 2.0]]), (1, 3), stride=(1, 2), padding=(0, 1))
    array([[0., 4., 0., 2., 0.]])
    """
    margins = []
    for k, p, extra, d in zip(kernel, pair(padding), pair(output_padding), pair(dilation), strict=True):
        most = reach(k, dilation=d) - 1
        if p > most:
            raise ShapeError(f"a padding of {p} crops more than a kernel that spans {most + 1} adds: at most {most}")
        margins.append((most - p, most - p + extra))
    return np.pad(zero_insert(image, stride), margins)


def transposed_by_insertion(
    image: Floats,
    kernel: Floats,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Floats:
    """The second view of `transposed`: insert zeros, then convolve at stride 1. (H, W), (kh, kw) -> (OH, OW).

    >>> transposed_by_insertion(np.array([[1.0, 2.0]]), np.array([[1.0, 10.0, 100.0]]), stride=(1, 2))
    array([[  1.,  10., 102.,  20., 200.]])
    """
    transposed_shape(image, kernel, stride, padding, output_padding, dilation)  # refuses what does not fit
    size = (kernel.shape[0], kernel.shape[1])
    spread = spread_out(image, size, stride=stride, padding=padding, output_padding=output_padding, dilation=dilation)
    return convolve(spread, kernel, dilation=dilation)


def bilinear_kernel(side: int) -> Floats:
    """The tent that interpolates between pixels: (side, side), for a stride of (side + 1) // 2.

        w[u, v] = (1 - |u - middle| / stride) * (1 - |v - middle| / stride)

    Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015.

    >>> bilinear_kernel(3)
    array([[0.25, 0.5 , 0.25],
           [0.5 , 1.  , 0.5 ],
           [0.25, 0.5 , 0.25]])
    """
    if not 1 <= side <= 1001:
        raise ShapeError(f"a kernel side from 1 to 1001 would do, got {side}")
    factor, middle = (side + 1) // 2, (side - 1) / 2
    tent = 1 - np.abs(np.arange(side) - middle) / factor
    return np.outer(tent, tent)


def bilinear(image: Floats, factor: int) -> Floats:
    """Interpolation by a whole factor as transposed filtering: (H, W) -> (factor * H, factor * W).

        kernel side = 2 * factor - factor % 2,   stride = factor,   padding = ceil((factor - 1) / 2)

    These are the settings with which a network's upsampling is initialised before it learns. Beyond the border there
    are zeros, so the outermost values fade. Source: Long, Shelhamer and Darrell, CVPR 2015.

    >>> bilinear(np.array([[4.0, 8.0], [4.0, 8.0]]), 2)[1]
    array([3., 5., 7., 6.])
    """
    if image.ndim != 2 or factor < 1:
        raise ShapeError(f"need an image (H, W) and a factor of 1 or more, got {image.shape} and {factor}")
    return transposed(image, bilinear_kernel(2 * factor - factor % 2), stride=factor, padding=factor // 2)


def coverage(shape: Pair, kernel: Pair, *, stride: int | Pair = 1, padding: int | Pair = 0) -> Floats:
    """How many stamps reach each output: (H, W), (kh, kw) -> (OH, OW).

    Where the stride does not divide the kernel's side, neighbours get different numbers of stamps: a checkerboard.
    Source: Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", Distill 2016.

    >>> coverage((1, 4), (1, 3), stride=(1, 2))
    array([[1., 1., 2., 1., 2., 1., 2., 1., 1.]])
    >>> coverage((1, 4), (1, 4), stride=(1, 2))
    array([[1., 1., 2., 2., 2., 2., 2., 2., 1., 1.]])
    """
    return transposed(np.ones(shape), np.ones(kernel), stride=stride, padding=padding)


def overlaps(kernel: int, *, stride: int) -> tuple[int, ...]:
    """How many stamps an output far from the border gets, along one direction, for each of `stride` neighbours.

    >>> overlaps(3, stride=2), overlaps(4, stride=2)
    ((2, 1), (2, 2))
    """
    if min(kernel, stride) < 1:
        raise ShapeError(f"kernel and stride must be 1 or more, got {kernel} and {stride}")
    return tuple(len(range(phase, kernel, stride)) for phase in range(stride))


def transposed_shape(
    image: Floats,
    kernel: Floats,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
) -> Pair:
    """The size of a transposed filter's output: (H, W), (kh, kw) -> OH, OW.

    >>> transposed_shape(np.ones((3, 3)), np.ones((3, 3)), stride=2, padding=1)
    (5, 5)
    """
    if image.ndim != 2 or kernel.ndim != 2:
        raise ShapeError(f"need an image (H, W) and a kernel (kh, kw), got {image.shape} and {kernel.shape}")
    settings = (pair(stride), pair(padding), pair(output_padding), pair(dilation))
    rows, columns = (
        transposed_side(n, k, stride=s, padding=p, output_padding=o, dilation=d)
        for n, k, s, p, o, d in zip(image.shape, kernel.shape, *settings, strict=True)
    )
    if rows * columns > MOST_PIXELS:
        raise LimitError(f"{rows:,} x {columns:,} outputs are more than {MOST_PIXELS:,}: a smaller stride would do")
    return rows, columns
