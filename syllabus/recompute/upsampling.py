"""Figures about growing a map: transposed filtering and unpooling."""

import numpy as np

from core.filters.arithmetic import transposed_side
from core.filters.correlate import convolve
from core.filters.examples import TENT
from core.filters.matrix import filter_matrix
from core.filters.pooling import max_positions
from core.filters.transposed import transposed, transposed_by_insertion, zero_insert
from core.filters.unpooling import bed_of_nails, max_unpool, nearest
from syllabus.recompute.filters import POOLED, XYZ, grid, spelled, whole
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

SMALL = "4 2 4; 6 4 6; 2 12 2"  # lecture D's image for upsampling


@ours("N44")
def interpolation_example() -> Value:
    """The tent on a 3x3 image at stride 2, cropped by 1."""
    return whole(transposed(grid(SMALL), grid(TENT), stride=2, padding=1))


@ours("N45")
def zeros_between() -> Value:
    """The same image on its larger grid."""
    return whole(zero_insert(grid(SMALL), 2))


@ours("N47")
def unpooling_example() -> Value:
    """The values 1 to 4 at the places where the maxima of the pooling example were."""
    return whole(max_unpool(grid("1 2; 3 4"), max_positions(grid(POOLED), 2), (4, 4)))


@ours("N48")
def two_ways_to_unpool() -> Value:
    """Repeated, and among zeros."""
    small = grid("1 2; 3 4")
    return whole(nearest(small, 2)), whole(bed_of_nails(small, 2))


@ours("N49")
def transposed_stride_1() -> Value:
    """Two values, a kernel of three."""
    return transposed_side(2, 3, stride=1)


@ours("N50")
def transposed_stride_2() -> Value:
    """Its length, and what is left without one pixel at the end."""
    full = transposed(np.array([[1.0, 2.0]]), np.array([[1.0, 1.0, 1.0]]), stride=(1, 2))
    return full.shape[1], full[:, :-1].shape[1]


@ours("N51")
def transposed_with_padding() -> Value:
    """A 2x2 map, kernel 3, stride 2, padding 1."""
    return transposed_side(2, 3, stride=2, padding=1)


@claim("N51")
def transposed_with_output_padding() -> Value:
    """The size that the lecture shows needs an output padding."""
    return transposed_side(2, 3, stride=2, padding=1, output_padding=1)


@ours("N53")
def transposed_two_ways() -> Value:
    """Adding up copies of the kernel against filtering a zero-filled image."""
    image, kernel = np.arange(12.0).reshape(3, 4), np.arange(1.0, 10.0).reshape(3, 3)
    twin = transposed_by_insertion(image, kernel, stride=2)
    return float(abs(transposed(image, kernel, stride=2) - twin).max())


@ours("N55")
def transposed_matrix_stride_1() -> Value:
    """How many values it takes, and what it makes of them."""
    matrix = filter_matrix((6,), XYZ).T
    return matrix.shape[1], spelled(matrix, "abcd")


@ours("N57")
def transposed_matrix_stride_2() -> Value:
    """The same at stride 2."""
    matrix = filter_matrix((6,), XYZ, stride=2).T
    return matrix.shape[1], spelled(matrix, "ab")


@ours("N58")
def transposed_matrix_against_convolution() -> Value:
    """The transposed matrix against a convolution with two zeros on each side."""
    signal = np.array([4.0, 1.0, 3.0, 2.0])
    full = convolve(signal[None], XYZ[None], padding=(0, 2))[0]
    return float(abs(filter_matrix((6,), XYZ).T @ signal - full).max())
