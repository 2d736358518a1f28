"""One convolutional layer, value by value (lectures A, B, C, D and E).

A volume is (C, H, W). Every filter is as deep as the maps it reads, so its depth is never chosen; with groups it reads
only its share of them, and with as many groups as maps (depthwise) a single one.
"""

from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import numpy as np

from core.errors import ShapeError
from core.filters.arithmetic import output_shape
from core.filters.correlate import correlate_fast
from core.filters.transposed import transposed, transposed_shape
from core.types import FeatureMap, Floats, Pair, pair

Place: TypeAlias = tuple[int, int, int]  # map, row, column


@dataclass(frozen=True)
class Product:
    """One of the products of which a value of the output is the sum."""

    pixel: Place  # of the input
    weight: tuple[int, int, int, int]  # of the filters, in the order of their axes
    value: float  # of that pixel
    factor: float  # that weight


def conv_layer(
    volume: FeatureMap,
    filters: Floats,
    biases: Floats | None = None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> FeatureMap:
    """One output map per filter: (C, H, W), (N, C / groups, kh, kw), (N,) -> (N, OH, OW).

        a[n, r, c] = b[n] + sum over k, u, v of w[n, k, u, v] * x[k, stride * r + u, stride * c + v]

    Filter n reads the maps of its own group. Source: lecture C; Krizhevsky et al. 2012 for groups.

    >>> two_maps = np.array([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]])
    >>> conv_layer(two_maps, np.array([[[[1.0, 1.0]], [[0.0, 1.0]]]]), np.array([100.0]))
    array([[[123., 135.]]])
    """
    depth, offset = _shared_out(volume, filters.shape[0], filters, groups), _biases(biases, filters.shape[0])
    if filters.shape[1] != depth:
        raise ShapeError(
            f"each filter must be {depth} deep, because it reads {depth} of the {volume.shape[0]} maps "
            f"({groups} group{'s' if groups > 1 else ''}); got {filters.shape[1]}"
        )
    maps = []
    for n, (each, bias) in enumerate(zip(filters, offset, strict=True)):
        first = n // (len(filters) // groups) * depth
        parts = [
            correlate_fast(taken, part, stride=stride, padding=padding, dilation=dilation)
            for taken, part in zip(volume[first : first + depth], each, strict=True)
        ]
        maps.append(np.sum(parts, axis=0) + bias)
    return np.stack(maps)


def transposed_layer(
    volume: FeatureMap,
    filters: Floats,
    biases: Floats | None = None,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> FeatureMap:
    """Every input map stamps its own filters: (C, H, W), (C, N / groups, kh, kw), (N,) -> (N, OH, OW).

    The filters' first two axes are swapped, as in PyTorch: the same array turns `conv_layer` back to front.

    >>> transposed_layer(np.array([[[1.0, 2.0]]]), np.array([[[[1.0, 10.0]], [[3.0, 3.0]]]]), stride=2)
    array([[[ 1., 10.,  2., 20.]],
    <BLANKLINE>
           [[ 3.,  3.,  6.,  6.]]])
    """
    each = filters.shape[1] if filters.ndim == 4 else 0
    depth, offset = _shared_out(volume, each * groups, filters, groups), _biases(biases, each * groups)
    if len(filters) != len(volume):
        raise ShapeError(f"need the filters of each of the {len(volume)} maps, got those of {len(filters)}")
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "dilation": dilation}
    maps = []
    for n in range(each * groups):
        group, own = divmod(n, each)
        parts = [transposed(volume[k], filters[k, own], **options) for k in range(group * depth, (group + 1) * depth)]
        maps.append(np.sum(parts, axis=0) + offset[n])
    return np.stack(maps)


def made_of(
    place: Place,
    volume: FeatureMap,
    filters: Floats,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Product, ...]:
    """The products of one value of `conv_layer`; those with padding, which are 0, are left out.

    >>> two_maps = np.array([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]])
    >>> found = made_of((0, 0, 1), two_maps, np.array([[[[1.0, 1.0]], [[0.0, 1.0]]]]))
    >>> [(product.pixel, product.value, product.factor) for product in found]
    [((0, 0, 1), 2.0, 1.0), ((0, 0, 2), 3.0, 1.0), ((1, 0, 1), 20.0, 0.0), ((1, 0, 2), 30.0, 1.0)]
    """
    n, r, c = place
    depth = _shared_out(volume, len(filters), filters, groups)
    (sy, sx), (py, px), (dy, dx) = pair(stride), pair(padding), pair(dilation)
    size = (filters.shape[2], filters.shape[3])
    rows, columns = output_shape(volume.shape[1:], size, stride=stride, padding=padding, dilation=dilation)
    _inside(place, (len(filters), rows, columns))
    first = n // (len(filters) // groups) * depth
    found = []
    for k, u, v in np.ndindex(*filters.shape[1:]):
        y, x = sy * r + dy * u - py, sx * c + dx * v - px
        if 0 <= y < volume.shape[1] and 0 <= x < volume.shape[2]:
            pixel = (first + k, y, x)
            found.append(Product(pixel, (n, k, u, v), float(volume[pixel]), float(filters[n, k, u, v])))
    return tuple(found)


def stamped_by(
    place: Place,
    volume: FeatureMap,
    filters: Floats,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    output_padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> tuple[Product, ...]:
    """The products of one value of `transposed_layer`: which input stamped it, with which weight.

    >>> found = stamped_by((0, 0, 2), np.array([[[1.0, 2.0]]]), np.array([[[[1.0, 10.0, 100.0]]]]), stride=(1, 2))
    >>> [(product.value, product.factor) for product in found]
    [(1.0, 100.0), (2.0, 1.0)]
    """
    n, r, c = place
    each = filters.shape[1] if filters.ndim == 4 else 0
    depth = _shared_out(volume, each * groups, filters, groups)
    (sy, sx), (py, px), (dy, dx) = pair(stride), pair(padding), pair(dilation)
    shape = transposed_shape(volume[0], filters[0, 0], stride, padding, output_padding, dilation)
    _inside(place, (each * groups, *shape))
    group, own = divmod(n, each)
    found = []
    for k in range(group * depth, (group + 1) * depth):
        for y, x in np.ndindex(*volume.shape[1:]):
            (u, down), (v, across) = divmod(r + py - sy * y, dy), divmod(c + px - sx * x, dx)
            if down == across == 0 and 0 <= u < filters.shape[2] and 0 <= v < filters.shape[3]:
                found.append(Product((k, y, x), (k, own, u, v), float(volume[k, y, x]), float(filters[k, own, u, v])))
    return tuple(found)


def _shared_out(volume: FeatureMap, made: int, filters: Floats, groups: int) -> int:
    """How many input maps one group reads."""
    if volume.ndim != 3 or filters.ndim != 4 or made < 1:
        raise ShapeError(f"need a volume (C, H, W) and filters with four axes, got {volume.shape} and {filters.shape}")
    if groups < 1 or volume.shape[0] % groups or made % groups:
        _refuse(groups, volume.shape[0], made)
    return int(volume.shape[0] // groups)


def grouped(dense: Floats, groups: int) -> Floats:
    """What is left of filters on all maps if each reads its own group: (N, C, kh, kw) -> (N, C / groups, kh, kw).

    >>> grouped(np.array([1.0, 2.0, 3.0, 4.0]).reshape(2, 2, 1, 1), 2).ravel()
    array([1., 4.])
    """
    filters, maps = dense.shape[:2]
    if groups < 1 or filters % groups or maps % groups:
        _refuse(groups, maps, filters)
    each, depth = filters // groups, maps // groups
    parts = [dense[n, n // each * depth : (n // each + 1) * depth] for n in range(filters)]
    return np.stack(parts)


def turned(filters: Floats, groups: int) -> Floats:
    """The same filters in the order of `transposed_layer`: (N, C / groups, kh, kw) -> (C, N / groups, kh, kw).

    >>> turned(np.array([1.0, 2.0]).reshape(1, 2, 1, 1), 1).shape
    (2, 1, 1, 1)
    """
    count, depth, *size = filters.shape
    parts = filters.reshape(groups, count // groups, depth, *size).swapaxes(1, 2)
    return parts.reshape(groups * depth, count // groups, *size)


def common_divisors(one: int, other: int) -> tuple[int, ...]:
    """The numbers of groups that fit.

    >>> common_divisors(4, 6)
    (1, 2)
    """
    return tuple(number for number in range(1, min(one, other) + 1) if one % number == other % number == 0)


def _refuse(groups: int, maps: int, made: int) -> NoReturn:
    raise ShapeError(
        f"{groups} groups must divide both the {maps} input maps and the {made} output maps: "
        f"{', '.join(map(str, common_divisors(maps, made)))} would do"
    )


def _biases(biases: Floats | None, maps: int) -> Floats:
    if biases is not None and biases.shape != (maps,):
        raise ShapeError(f"need one bias for each of the {maps} output maps, got an array of shape {biases.shape}")
    return np.zeros(maps) if biases is None else biases


def _inside(place: Place, shape: tuple[int, ...]) -> None:
    if any(not 0 <= at < side for at, side in zip(place, shape, strict=True)):
        raise ShapeError(f"there is no value at {place} in an output of shape {shape}")
