"""FCN-32s, FCN-16s and FCN-8s: a classifier's maps, scored at three strides and added up (lecture A).

A backbone of stride 32 knows well what there is and badly where; its earlier maps know the reverse. The scores of the
coarse maps are made twice as large and added to those of finer ones, once for FCN-16s and twice for FCN-8s.
Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.errors import ShapeError
from core.filters.transposed import bilinear
from core.types import Floats

Finest: TypeAlias = Literal[32, 16, 8]
FINEST: tuple[Finest, ...] = get_args(Finest)
LEVELS = (32, 16, 8)  # strides of the maps that may be scored, coarse to fine
LARGEST = 8192


@dataclass(frozen=True)
class Layer:
    """One convolution of the backbone, with batch normalisation and ReLU behind it."""

    name: str
    maps: int
    side: int = 3
    stride: int = 1


# A stride of 2 in place of a pooling; what was dense in the classifier is a 1x1 convolution.
BACKBONE = (
    Layer("conv1", 16, stride=2),
    Layer("conv2a", 32, stride=2),
    Layer("conv2b", 32),
    Layer("conv3a", 64, stride=2),
    Layer("conv3b", 64),
    Layer("conv4a", 96, stride=2),
    Layer("conv4b", 96),
    Layer("conv5a", 128, stride=2),
    Layer("conv5b", 128),
    Layer("dense", 128, side=1),
)


def steps_of(finest: Finest) -> tuple[int, ...]:
    """The strides that are scored, coarse to fine.

    >>> steps_of(8)
    (32, 16, 8)
    """
    if finest not in FINEST:
        raise ShapeError(f"there are FCN-32s, FCN-16s and FCN-8s, got {finest}")
    return tuple(stride for stride in LEVELS if stride >= finest)


def grid(side: int, stride: int) -> int:
    """How many scores lie along a side, one for every `stride` pixels.

    >>> [grid(224, stride) for stride in LEVELS]
    [7, 14, 28]
    """
    if not 1 <= side <= LARGEST or stride < 1 or side % LEVELS[0]:
        raise ShapeError(
            f"the stride-32 maps fit a side that 32 divides, from 32 to {LARGEST}: 192, 224 and 256 do; got {side}"
        )
    return side // stride


def field(stride: int) -> int:
    """How many pixels of a side one score of a stride sees: the receptive field of the backbone up to there.

        field grows by (side - 1) * stride so far, at every convolution

    >>> [field(stride) for stride in LEVELS]
    [183, 87, 39]
    """
    if stride not in LEVELS:
        raise ShapeError(f"scores are read at strides {LEVELS}, got {stride}")
    seen, so_far = 1, 1
    for layer in BACKBONE:
        if so_far * layer.stride > stride:
            break
        seen += (layer.side - 1) * so_far
        so_far *= layer.stride
    return seen


def skip_sum(scores: dict[int, Floats], finest: Finest) -> Floats:
    """Scores by stride, {32: (K, h, w), 16: (K, 2h, 2w), ...} -> (K, H, W) on the grid of the finest.

        s_16 = twice(s_32) + score_16,   s_8 = twice(s_16) + score_8          (Long et al., figure 3)

    `twice` interpolates, with zeros beyond the border; a net starts there, and may learn another kernel.

    >>> coarse, fine = np.array([[[8.0]]]), np.array([[[0.0, 1.0], [2.0, 3.0]]])
    >>> skip_sum({32: coarse, 16: fine}, 16)
    array([[[4.5, 5.5],
            [6.5, 7.5]]])
    """
    missing = [stride for stride in steps_of(finest) if stride not in scores]
    if missing:
        raise ShapeError(f"FCN-{finest}s adds scores of strides {steps_of(finest)}, and {missing[0]} is missing")
    sums = scores[LEVELS[0]]
    for stride in steps_of(finest)[1:]:
        larger = np.stack([_twice(plane) for plane in sums])
        if larger.shape != scores[stride].shape:
            raise ShapeError(
                f"twice the coarse scores are {larger.shape}, those of stride {stride} are"
                f" {scores[stride].shape}: only equal grids can be added"
            )
        sums = larger + scores[stride]
    return sums


def _twice(plane: Floats) -> Floats:
    return bilinear(plane, 2)
