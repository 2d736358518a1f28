"""Filtering as a matrix product (lectures A, D and E).

Write image and output as long vectors, row after row: filtering is then one sparse matrix with the kernel's values in
every row, vec(J) = F vec(I). A convolutional layer is a dense layer whose weights are tied and mostly zero.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.filters.arithmetic import output_shape
from core.filters.correlate import windows
from core.filters.padding import Filling, pad
from core.types import Floats, Pair, Shape, pair

MOST_ENTRIES = 4_000_000


def filter_matrix(
    shape: Shape,
    kernel: Floats,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    filling: Filling = "zeros",
) -> Floats:
    """The matrix of a correlation: image `shape` (H, W) or (N,), kernel as many axes -> (OH * OW, H * W).

        F[output, input] = sum of the weights with which that output reads that input

    Zeros beyond the border need no column; a mirrored border adds its weight to the column of the pixel it mirrors.

    >>> filter_matrix((6,), np.array([1.0, 2.0, 3.0]), stride=2)
    array([[1., 2., 3., 0., 0., 0.],
           [0., 0., 1., 2., 3., 0.]])
    """
    if len(shape) == 1 and kernel.ndim == 1 and isinstance(stride, int) and isinstance(padding, int):
        one_row, along = (1, shape[0]), pair(dilation)[1]
        return filter_matrix(
            one_row, kernel[None], stride=(1, stride), padding=(0, padding), dilation=(1, along), filling=filling
        )
    if len(shape) != 2 or kernel.ndim != 2:
        raise ShapeError(f"need a shape (H, W) with a kernel (kh, kw), or (N,) with (k,), got {shape}, {kernel.shape}")
    size = (kernel.shape[0], kernel.shape[1])
    rows, columns = output_shape((shape[0], shape[1]), size, stride=stride, padding=padding, dilation=dilation)
    outputs, inputs = rows * columns, shape[0] * shape[1]
    if outputs * inputs > MOST_ENTRIES:
        raise LimitError(
            f"the matrix would have {outputs:,} x {inputs:,} entries, more than {MOST_ENTRIES:,}: "
            f"an image of at most about {int(MOST_ENTRIES**0.25)} pixels each way would do"
        )
    numbers = np.arange(1.0, 1.0 + inputs).reshape(shape)  # from 1, so that 0 is left for "no pixel here"
    reads = windows(pad(numbers, padding, filling), size, stride=stride, dilation=dilation).astype(int) - 1
    matrix = np.zeros((outputs, inputs))
    for output, seen in enumerate(reads.reshape(outputs, -1)):
        for source, weight in zip(seen, kernel.ravel(), strict=True):
            if source >= 0:
                matrix[output, source] += weight
    return matrix


def which_weight(
    shape: Shape, kernel: Shape, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> NDArray[np.int64]:
    """Which of the kernel's weights stands where in the matrix of `filter_matrix`, -1 where none: (OH * OW, H * W).

    The weights are counted row after row, so a number that comes back is one weight that is used again.

    >>> which_weight((4,), (2,))
    array([[ 0,  1, -1, -1],
           [-1,  0,  1, -1],
           [-1, -1,  0,  1]])
    """
    numbers = np.arange(1.0, 1.0 + int(np.prod(kernel))).reshape(kernel)  # zeros beyond the border: nothing adds up
    return filter_matrix(shape, numbers, stride=stride, padding=padding, dilation=dilation).astype(np.int64) - 1


def matrix_of(function: Callable[[Floats], Floats], shape: Pair) -> Floats:
    """The matrix of any linear function of an image: (H, W) -> (outputs, H * W).

        column j = the function of an image that is 1 at its pixel j and 0 elsewhere

    >>> matrix_of(lambda image: image[:, ::-1], (1, 3))
    array([[0., 0., 1.],
           [0., 1., 0.],
           [1., 0., 0.]])
    """
    pixels = shape[0] * shape[1]
    if pixels * pixels > MOST_ENTRIES:
        raise LimitError(f"a matrix of {pixels:,} columns is too large: an image of fewer pixels would do")
    columns = [function(impulse.reshape(shape)).ravel() for impulse in np.eye(pixels)]
    return np.stack(columns, axis=1)


def contributions(matrix: Floats, image: Floats) -> Floats:
    """The other view of filtering: what each input adds to every output, (M, N), N values -> (N, M).

    Row j is column j of the matrix times input j: a copy of the kernel, weighted. The rows add up to the output.

    >>> contributions(np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]]), np.array([1.0, 0.0, 10.0]))
    array([[ 1.,  0.],
           [ 0.,  0.],
           [30., 20.]])
    """
    if matrix.ndim != 2 or matrix.shape[1] != image.size:
        raise ShapeError(f"a matrix {matrix.shape} takes {matrix.shape[-1]} values, got {image.size}")
    return (matrix * image.ravel()).T
