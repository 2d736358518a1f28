"""Local linear filters: correlation, and convolution with its flip (lectures C and D).

An image is (H, W), a kernel (kh, kw); the output (OH, OW) has the sizes of `core.filters.arithmetic`.
Networks call "convolution" what is correlation here: they learn the kernel, so its orientation does not matter.
"""

import numpy as np

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import output_shape, reach
from core.filters.padding import pad
from core.types import Floats, Pair, pair

MOST_PRODUCTS = 20_000_000


def correlate(
    image: Floats, kernel: Floats, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Floats:
    """Every output is a weighted sum of a window: (H, W), (kh, kw) -> (OH, OW).

        T[r, c] = sum over u, v of w[u, v] * I[stride * r + dilation * u, stride * c + dilation * v]

    with I padded by zeros; `windows` of an image padded otherwise gives the other borders.

    >>> correlate(np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[1.0, 10.0]]))
    array([[21., 42., 84.]])
    """
    (dy, dx), (sy, sx) = pair(dilation), pair(stride)
    rows, columns = _checked(image, kernel, stride, padding, dilation)
    tall, wide = reach(kernel.shape[0], dilation=dy), reach(kernel.shape[1], dilation=dx)
    padded = pad(image, padding)
    output = np.empty((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = padded[sy * r : sy * r + tall : dy, sx * c : sx * c + wide : dx]  # (kh, kw)
            output[r, c] = (kernel * window).sum()
    return output


def flip(kernel: Floats) -> Floats:
    """The kernel turned by half a turn: w[u, v] becomes w[-u, -v].

    >>> flip(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[4., 3.],
           [2., 1.]])
    """
    return kernel[::-1, ::-1]


def convolve(
    image: Floats, kernel: Floats, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Floats:
    """Correlation with the flipped kernel: (H, W), (kh, kw) -> (OH, OW).

        (I * w)[r, c] = sum over u, v of w[u, v] * I[r - u, c - v]

    The flip makes it commute, and makes it a product of spectra (Fourier).

    >>> convolve(np.array([[0.0, 0.0, 1.0, 0.0, 0.0]]), np.array([[1.0, 2.0, 3.0]]))  # an impulse returns the kernel
    array([[1., 2., 3.]])
    """
    return correlate(image, flip(kernel), stride=stride, padding=padding, dilation=dilation)


def windows(
    image: Floats, kernel: Pair, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Floats:
    """What the window reads at every stop: (H, W) -> (OH, OW, kh, kw), a view that copies nothing but the padding.

    >>> windows(np.array([[1.0, 2.0, 3.0, 4.0]]), (1, 2), stride=2)[0]
    array([[[1., 2.]],
    <BLANKLINE>
           [[3., 4.]]])
    """
    (dy, dx), (sy, sx) = pair(dilation), pair(stride)
    output_shape(_size(image), kernel, stride=stride, padding=padding, dilation=dilation)  # raises where none fits
    span = (reach(kernel[0], dilation=dy), reach(kernel[1], dilation=dx))
    every = np.lib.stride_tricks.sliding_window_view(pad(image, padding), span)
    return every[::sy, ::sx, ::dy, ::dx]


def products(
    image: Floats, kernel: Floats, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Floats:
    """Every product of correlation before it is summed: (H, W), (kh, kw) -> (OH, OW, kh, kw).

    The sum over the last two axes is `correlate`.

    >>> products(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 10.0]]))[0, :, 0]
    array([[ 1., 20.],
           [ 2., 40.]])
    """
    rows, columns = _checked(image, kernel, stride, padding, dilation)
    if rows * columns * kernel.size > MOST_PRODUCTS:
        raise LimitError(
            f"{rows} x {columns} outputs of {kernel.size} products each are more than {MOST_PRODUCTS:,}: "
            "a smaller image or a larger stride would do"
        )
    return kernel * windows(image, _size(kernel), stride=stride, padding=padding, dilation=dilation)


def correlate_fast(
    image: Floats, kernel: Floats, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Floats:
    """The fast twin of `correlate`: all windows at once, (H, W), (kh, kw) -> (OH, OW).

    >>> correlate_fast(np.array([[1.0, 2.0, 4.0, 8.0]]), np.array([[1.0, 10.0]]))
    array([[21., 42., 84.]])
    """
    _checked(image, kernel, stride, padding, dilation)
    seen = windows(image, _size(kernel), stride=stride, padding=padding, dilation=dilation)
    output: Floats = np.einsum("uv,rcuv->rc", kernel, seen)
    return output


def _checked(
    image: Floats, kernel: Floats, stride: int | Pair, padding: int | Pair, dilation: int | Pair
) -> tuple[int, int]:
    return output_shape(_size(image), _size(kernel), stride=stride, padding=padding, dilation=dilation)


def _size(grid: Floats) -> Pair:
    if grid.ndim != 2:
        raise ShapeError(f"need an image (H, W) and a kernel (kh, kw), got an array of shape {grid.shape}")
    return grid.shape[0], grid.shape[1]
