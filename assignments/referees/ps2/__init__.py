"""The referees of PS2: correlation, convolution, one layer, the matrix of a filter, activations, pooling."""

from assignments.referees.ps2.activations import activation
from assignments.referees.ps2.convolution import convolve2d
from assignments.referees.ps2.correlation import correlate2d
from assignments.referees.ps2.layers import conv_layer
from assignments.referees.ps2.matrices import filter_matrix
from assignments.referees.ps2.pooling import pool2d
from assignments.referees.ps2.surfaces import filter_matrix_2d

__all__ = ["activation", "conv_layer", "convolve2d", "correlate2d", "filter_matrix", "filter_matrix_2d", "pool2d"]
