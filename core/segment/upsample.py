"""Down and straight up again: what a coarse label map has lost, and what three ways of growing it bring back (A, D).

Label maps are (H, W) with classes 0 to K - 1, coarse ones (h, w) with h = ceil(H / f); shares are (K, h, w): which part
of every block each class covers, as a network's probabilities would say it. Whatever the way up, it adds no knowledge:
a thing thinner than a block can be gone for good.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.filters.unpooling import nearest
from core.measure.confusion import Counts
from core.measure.segmentation import counted
from core.types import Floats, Mask, Pair

Labels: TypeAlias = NDArray[np.int64]
Kept: TypeAlias = Literal["labels", "shares"]
Way: TypeAlias = Literal["nearest", "bilinear", "transposed"]
KEPT: tuple[Kept, ...] = get_args(Kept)
WAYS: tuple[Way, ...] = get_args(Way)
FACTORS = (2, 4, 8, 16, 32)
MOST_CLASSES = 64


def one_hot(labels: Labels, classes: int) -> Floats:
    """One map for each class, 1 where it is: (H, W) -> (K, H, W).

    >>> one_hot(np.array([[0, 1]]), 2).tolist()
    [[[1.0, 0.0]], [[0.0, 1.0]]]
    """
    if (
        labels.ndim != 2
        or not 1 <= classes <= MOST_CLASSES
        or (labels.size and not 0 <= labels.min() <= labels.max() < classes)
    ):
        raise ShapeError(f"need a label map (H, W) of classes 0 to {classes - 1}, got {labels.shape}")
    return np.equal(labels[None], np.arange(classes)[:, None, None]).astype(np.float64)


def shares(labels: Labels, factor: int, classes: int) -> Floats:
    """What every block of factor x factor pixels holds: (H, W) -> (K, ceil(H / f), ceil(W / f)), sums to 1.

    A block that hangs over the border counts its own pixels only.

    >>> shares(np.array([[0, 0, 0, 1], [0, 1, 1, 1]]), 2, 2)[1]
    array([[0.25, 0.75]])
    """
    if factor < 1:
        raise CoreError(f"a factor of 1 or more, got {factor}")
    maps, room = one_hot(labels, classes), [-side % factor for side in labels.shape]
    spread = np.pad(maps, ((0, 0), (0, room[0]), (0, room[1])))
    tall, wide = spread.shape[1] // factor, spread.shape[2] // factor
    total = spread.reshape(classes, tall, factor, wide, factor).sum(axis=(2, 4))  # (K, h, w)
    found: Floats = total / total.sum(axis=0)
    return found


def grown(maps: Floats, factor: int, way: Way) -> Floats:
    """Coarse maps made `factor` times as large: (K, h, w) -> (K, f · h, f · w).

        nearest:     every value fills its block
        bilinear:    a value is the mean of the four nearest middles, by distance; at the border the last one goes on
        transposed:  a transposed convolution with stride f and a tent for a kernel; beyond the border there are zeros

    Away from the border the last two are equal: that is why a network's upsampling is initialised with the tent.

    >>> grown(np.array([[[0.0, 4.0]]]), 2, "bilinear")[0, 0].tolist()
    [0.0, 1.0, 3.0, 4.0]
    >>> grown(np.array([[[0.0, 4.0]]]), 2, "transposed")[0].max()
    np.float64(2.25)
    """
    if maps.ndim != 3 or way not in WAYS:
        raise ShapeError(f"need maps (K, h, w) and one of {', '.join(WAYS)}, got {maps.shape} and {way!r}")
    if way == "nearest":
        return np.stack([nearest(each, factor) for each in maps])
    down, across = (_between(side, factor, fade=way == "transposed") for side in maps.shape[1:])
    fine: Floats = np.einsum("yh,khw,xw->kyx", down, maps, across, optimize=True)
    return fine


def restored(coarse: Floats, factor: int, way: Way, sides: Pair) -> Labels:
    """The label map that grown shares vote for: (K, h, w) -> (H, W), cropped to these sides.

    >>> restored(np.array([[[0.9, 0.2]], [[0.1, 0.8]]]), 2, "nearest", (1, 4)).tolist()
    [[0, 0, 1, 1]]
    """
    fine = grown(coarse, factor, way)
    if fine.shape[1] < sides[0] or fine.shape[2] < sides[1]:
        raise ShapeError(f"maps of {coarse.shape[1:]} grow to {fine.shape[1:]}, not to {sides}")
    found: Labels = fine[:, : sides[0], : sides[1]].argmax(axis=0)
    return found


def down_and_up(labels: Labels, factor: int, classes: int, *, kept: Kept, way: Way) -> Labels:
    """A label map through a coarse one and back: (H, W) -> (H, W).

    Of every block either its most frequent label is kept, or the shares of all classes.

    >>> down_and_up(np.array([[0, 0, 0, 1], [0, 1, 1, 1]]), 2, 2, kept="labels", way="nearest").tolist()
    [[0, 0, 1, 1], [0, 0, 1, 1]]
    """
    if kept not in KEPT:
        raise CoreError(f"kept are {' or '.join(KEPT)}, got {kept!r}")
    coarse = shares(labels, factor, classes)
    if kept == "labels":
        coarse = one_hot(coarse.argmax(axis=0), classes)
    return restored(coarse, factor, way, (labels.shape[0], labels.shape[1]))


def lost(
    truths: Sequence[Labels], borders: Sequence[Mask], factor: int, classes: int, *, kept: Kept, way: Way
) -> tuple[Counts, Counts]:
    """What N label maps (H, W) lose: counts over all pixels, and over those near true borders (H, W), (K, K) each.

    >>> truth = np.array([[0, 0, 0, 1], [0, 1, 1, 1]])
    >>> every, near = lost([truth], [truth == 0], 2, 2, kept="labels", way="nearest")
    >>> every.tolist(), near.tolist()
    ([[3, 1], [1, 3]], [[3, 1], [0, 0]])
    """
    every, near = np.zeros((2, classes, classes), dtype=np.int64)
    for truth, border in zip(truths, borders, strict=True):
        answer = down_and_up(truth, factor, classes, kept=kept, way=way)
        every += counted(truth, answer, classes)
        near += counted(truth[border], answer[border], classes)
    return every, near


def _between(side: int, factor: int, *, fade: bool) -> Floats:
    """What every coarse value gives to every fine one in one direction: (f · side, side).

    With `fade` there are zeros beyond the border, and the matrix is that of `core.filters.transposed.bilinear`.
    """
    place = (np.arange(side * factor) + 0.5) / factor - 0.5
    place = place if fade else place.clip(0, side - 1)
    tent: Floats = np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(side)[None, :]))
    return tent
