"""Mixing maps: what a 1x1 convolution does at every pixel, and what it saves to mix after filtering (lectures A, B, C).

Feature maps are (C, H, W). Sources: Lin et al., "Network in Network", ICLR 2014; Howard et al., "MobileNets", 2017.
"""

import numpy as np

from core.blocks.miniatures import same, separable
from core.errors import ShapeError
from core.nets.layers import Layer, Network
from core.types import FeatureMap, Floats


def mix(maps: FeatureMap, weights: Floats) -> FeatureMap:
    """Every output map is a weighted sum of all input maps, pixel by pixel: (C, H, W), (K, C) -> (K, H, W).

        out[k, y, x] = sum over c of weights[k, c] * maps[c, y, x]

    >>> two = np.array([[[1.0, 2.0]], [[10.0, 20.0]]])  # two maps of one row
    >>> mix(two, np.array([[0.5, 0.5]]))  # one output map: their mean
    array([[[ 5.5, 11. ]]])
    """
    if maps.ndim != 3 or weights.ndim != 2 or weights.shape[1] != maps.shape[0]:
        raise ShapeError(
            f"mixing needs one weight per input map in every row, got maps {maps.shape} and weights {weights.shape}: "
            f"rows of {maps.shape[0]} numbers would do"
        )
    made: FeatureMap = np.einsum("kc,chw->khw", weights, maps)
    return made


def merged(windows: Floats, weights: Floats) -> Floats:
    """The one convolution that equals windows on each map and then a mix: (C, kh, kw), (K, C) -> (K, C, kh, kw).

        kernel[k, c, y, x] = weights[k, c] * windows[c, y, x]

    So a separable layer is a convolution whose filters all use the same window on a map, only weighted differently.

    >>> merged(np.array([[[1.0, 2.0]]]), np.array([[3.0], [-1.0]]))[:, 0, 0]
    array([[ 3.,  6.],
           [-1., -2.]])
    """
    if windows.ndim != 3 or weights.ndim != 2 or weights.shape[1] != windows.shape[0]:
        raise ShapeError(f"need windows (C, kh, kw) and weights (K, C), got {windows.shape} and {weights.shape}")
    kernels: Floats = np.einsum("kc,cyx->kcyx", weights, windows)
    return kernels


def ratio(filters: int, kernel: int) -> float:
    """Multiplications of a separable convolution over those of a standard one, whatever the map and its depth.

        (H W C k^2 + H W C K) / (H W C K k^2) = 1/K + 1/k^2                     (Howard, section 3.1)

    >>> f"{ratio(128, 3):.4f}"
    '0.1189'
    """
    if filters < 1 or kernel < 1:
        raise ShapeError(f"need at least one filter and a kernel side from 1, got {filters} and {kernel}")
    return 1 / filters + 1 / kernel**2


def two_ways(maps: int, filters: int, kernel: int, side: int, *, bias: bool = False) -> tuple[Network, Network]:
    """The same change of depth by a standard convolution, and by a depthwise and a pointwise one.

    >>> [network.name for network in two_ways(64, 128, 3, 56)]
    ['standard', 'separable']
    """
    given = (maps, side, side)
    return (
        Network("standard", given, (Layer("standard", same(filters, kernel, bias=bias)),)),
        Network("separable", given, separable(maps, filters, kernel, bias=bias)),
    )
