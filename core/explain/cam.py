"""Class activation maps: how much every place argued for a class (lecture A).

Maps are (C, H, W), one image at a time; K is the number of classes. The network ends in global average pooling and one
dense layer, so a score is a weighted sum of means, and the mean of weighted sums is the same number.
Source: Zhou et al., "Learning Deep Features for Discriminative Localization", CVPR 2016.
"""

import numpy as np

from core.errors import ShapeError
from core.types import FeatureMap, Floats, Heatmap


def class_activation_map(features: FeatureMap, weights: Floats) -> Floats:
    """The vote for every class at every place: (C, H, W), (K, C) -> (K, H, W).

        M[k, y, x] = sum over c of weights[k, c] * features[c, y, x]        (Zhou, eq. 2)

    >>> one_row = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])  # channel 0 fires left, channel 1 right
    >>> class_activation_map(one_row, weights=np.array([[2.0, 0.0]]))
    array([[[2., 0.]]])
    """
    if features.ndim != 3 or weights.ndim != 2 or weights.shape[1] != features.shape[0]:
        raise ShapeError(f"need features (C, H, W) and weights (K, C), got {features.shape} and {weights.shape}")
    votes: Floats = np.einsum("kc,chw->khw", weights, features)
    return votes


def scores_of(maps: Floats, bias: Floats) -> Floats:
    """The scores that the network gives, read off its activation maps: (K, H, W), (K,) -> (K,).

        S[k] = mean over y and x of M[k, y, x] + bias[k]

    The mean, because the pooling took the mean: a sum would be H·W times larger.

    >>> scores_of(np.ones((1, 7, 7)), bias=np.array([0.5]))
    array([1.5])
    """
    if maps.ndim != 3 or bias.shape != maps.shape[:1]:
        raise ShapeError(f"need maps (K, H, W) and a bias (K,), got {maps.shape} and {bias.shape}")
    found: Floats = maps.mean(axis=(1, 2)) + bias
    return found


def enlarged(map_: Heatmap, side: int) -> Heatmap:
    """A small map at the picture's size, straight lines between its values: (h, w) -> (side, side).

    A value stands in the middle of its cell; beyond the outer middles the map is constant.

    >>> enlarged(np.array([[0.0, 1.0]]), 4)[0]
    array([0.  , 0.25, 0.75, 1.  ])
    """
    if map_.ndim != 2 or 0 in map_.shape or side < 1:
        raise ShapeError(f"need a map (h, w) and a side of a pixel or more, got {map_.shape} and {side}")
    height, width = map_.shape
    grown: Heatmap = _between(height, side) @ map_ @ _between(width, side).T
    return grown


def _between(cells: int, side: int) -> Floats:
    """The share of every cell in every pixel of a line: (side, cells)."""
    places = np.clip((np.arange(side) + 0.5) * cells / side - 0.5, 0, cells - 1)
    shares: Floats = np.maximum(0.0, 1 - np.abs(places[:, None] - np.arange(cells)[None, :]))
    return shares
