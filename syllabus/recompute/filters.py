"""Figures about filtering, pooling and filters written as matrices."""

import numpy as np

from core.filters.arithmetic import output_side, same_padding
from core.filters.correlate import correlate, flip
from core.filters.examples import BLOCK, LAPLACIAN, PLUS
from core.filters.grids import read_words, values
from core.filters.matrix import filter_matrix
from core.filters.pooling import average_pool, max_pool
from core.filters.transposed import transposed
from core.types import Floats
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

POOLED = "1 2 6 3; 3 5 2 1; 1 2 2 1; 7 3 4 8"  # lecture A's image for pooling


def whole(grid: Floats) -> Value:
    """A grid of whole numbers as data; anything else is an error, not rounded away."""
    rounded = np.rint(grid)
    if not np.allclose(grid, rounded, rtol=0, atol=1e-9):
        raise ValueError(f"these values are not whole: {grid}")
    return tuple(tuple(int(value) for value in line) for line in rounded)


def grid(text: str) -> Floats:
    """The numbers of a written grid: (H, W)."""
    return values(read_words(text))


def spelled(matrix: Floats, inputs: str) -> tuple[str, ...]:
    """What each row of a matrix with the entries 1, 2, 3 makes of named inputs, with x, y, z for the entries.

    >>> spelled(np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]), "0ab")
    ('ay+bz', '0')
    """
    rows = []
    for line in matrix:
        terms = [name + " xyz"[int(entry)] for name, entry in zip(inputs, line, strict=True) if entry and name != "0"]
        rows.append("+".join(terms) or "0")
    return tuple(rows)


XYZ = np.array([1.0, 2.0, 3.0])  # stands for the letters x, y, z
PADDED = "0abcd0"


@ours("N35")
def dropped_by_pooling() -> Value:
    """The share of values that 2x2 windows side by side do not keep."""
    image = np.arange(64.0).reshape(8, 8)
    return 1 - max_pool(image, 2).size / image.size


@ours("N37")
def pooled_with_stride_1() -> Value:
    """Two pixels wide, one step at a time, no padding."""
    return output_side(224, 2, stride=1)


@claim("N37")
def pooled_with_stride_1_and_padding() -> Value:
    """A pixel of padding on one side would keep the size."""
    return output_side(224 + 1, 2, stride=1)


@ours("N38")
def kept_by_half_padding() -> Value:
    """Three kernels, each with the padding that suits it."""
    return tuple(output_side(28, kernel, padding=same_padding(kernel)) for kernel in (3, 5, 7))


@ours("N40")
def convolution_against_flipped_correlation() -> Value:
    """Convolution as the sum of weighted kernels, cut to where the kernel fits, against correlation."""
    image = np.arange(36.0).reshape(6, 6) ** 2 % 11
    kernel = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 4.0], [5.0, 0.0, 2.0]])
    return float(abs(transposed(image, kernel, padding=2) - correlate(image, flip(kernel))).max())


@ours("N41")
def strided_example() -> Value:
    """The plus filter at every second position."""
    return whole(correlate(grid(BLOCK), grid(PLUS), stride=2))


@ours("N42")
def strided_example_without_stride() -> Value:
    """The plus filter at every position."""
    return whole(correlate(grid(BLOCK), grid(PLUS)))


@ours("N43")
def strided_example_as_matrix() -> Value:
    """Rows, columns and entries that are not zero."""
    matrix = filter_matrix(grid(BLOCK).shape, grid(PLUS), stride=2)
    return (*matrix.shape, int(np.count_nonzero(matrix)))


@ours("N46")
def pooling_example() -> Value:
    """The largest of each 2x2 window."""
    return whole(max_pool(grid(POOLED), 2))


@ours("N54")
def matrix_stride_1() -> Value:
    """Four rows on six padded inputs."""
    return spelled(filter_matrix((6,), XYZ), PADDED)


@ours("N56")
def matrix_stride_2() -> Value:
    """Two rows on six padded inputs."""
    return spelled(filter_matrix((6,), XYZ, stride=2), PADDED)


@ours("N125")
def global_average_as_matrix() -> Value:
    """One 7x7 map: the matrix has a single row, and gives what pooling gives."""
    image = np.arange(49.0).reshape(7, 7)
    matrix = filter_matrix((7, 7), np.full((7, 7), 1 / 49))
    (entry,) = np.unique(matrix)
    if not np.allclose(matrix @ image.ravel(), average_pool(image, 7).ravel()):
        raise ValueError("the matrix does not average")
    return (*matrix.shape, float(entry))


@ours("N194")
def laplacian_sum() -> Value:
    """The nine weights together."""
    return int(grid(LAPLACIAN).sum())
