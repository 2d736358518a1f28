"""Two ways to train a net that labels pixels: patch by patch, or on whole pictures with a random mask (lecture A).

Patch-wise: cut patches anywhere, each labelled by the pixel in its middle; classes can be balanced, and overlapping
patches pay for the same convolutions again. Whole pictures: one pass gives the losses of all pixels; a random mask
leaves some out, which brings back the chance that patches had, and class weights do what balancing did.

    theta^ = argmin over theta of sum over x of l(x, theta)

is the best setting of the parameters; the lecture writes min, which is the loss there.
Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015, section 3.4.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats, Mask

Labels = NDArray[np.int64]
Places = NDArray[np.int64]
MOST = 20_000  # patches at once


def class_shares(labels: Labels, classes: int) -> Floats:
    """Which share of the pixels every class has: any shape -> (K,).

    >>> class_shares(np.array([[0, 0], [0, 2]]), 3)
    array([0.75, 0.  , 0.25])
    """
    if labels.size == 0 or labels.min() < 0 or labels.max() >= classes:
        raise ShapeError(f"need at least one pixel, with a class from 0 to {classes - 1}")
    found: Floats = np.bincount(labels.ravel(), minlength=classes) / labels.size
    return found


def wanted_shares(shares: Floats, balance: float) -> Floats:
    """Which share of the patches every class shall get: (K,) -> (K,). 0 leaves them, 1 makes them equal.

        q_k = (1 - balance) * share_k + balance / K,   over the K classes that occur

    >>> wanted_shares(np.array([0.8, 0.2, 0.0]), 1.0)
    array([0.5, 0.5, 0. ])
    """
    if not 0 <= balance <= 1:
        raise CoreError(f"the balance goes from 0, as it is, to 1, every class alike; got {balance}")
    there = shares > 0
    wanted: Floats = (1 - balance) * shares + balance * there / there.sum()
    return wanted


def centres(labels: Labels, count: int, *, balance: float, random: np.random.Generator) -> Places:
    """Draw the middles of patches: class first, then one of its pixels; (H, W) -> rows and columns (N, 2).

    >>> labels = np.array([[0, 0, 0, 1]])
    >>> drawn = centres(labels, 1000, balance=1.0, random=np.random.default_rng(0))
    >>> bool(450 < (drawn[:, 1] == 3).sum() < 550)
    True
    """
    if labels.ndim != 2 or not 1 <= count <= MOST:
        raise ShapeError(f"need labels (H, W) and 1 to {MOST} patches, got {labels.shape} and {count}")
    wanted = wanted_shares(class_shares(labels, int(labels.max()) + 1), balance)
    how_many = random.multinomial(count, wanted / wanted.sum())
    drawn = [
        np.argwhere(labels == label)[random.integers(0, np.count_nonzero(labels == label), number)]
        for label, number in enumerate(how_many)
        if number
    ]
    found: Places = random.permutation(np.concatenate(drawn))
    return found


def patches(image: Floats, places: Places, *, side: int) -> Floats:
    """Cut the patches, what lies outside mirrored: (H, W, C), (N, 2) -> (N, side, side, C); the middle is at side // 2.

    >>> patches(np.arange(5.0).reshape(1, 5, 1).repeat(3, axis=0), np.array([[1, 0]]), side=3)[0, 1, :, 0]
    array([1., 0., 1.])
    """
    if image.ndim != 3 or not 1 <= side <= 2 * min(image.shape[:2]) - 1:
        raise ShapeError(f"patches of {side}x{side} cannot be cut from a picture {image.shape}")
    before = side // 2
    padded = np.pad(image, ((before, before), (before, before), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(0, 1))  # (H', W', C, side, side)
    return windows[places[:, 0], places[:, 1]].transpose(0, 2, 3, 1)


def times_read(shape: tuple[int, int], places: Places, *, side: int) -> Labels:
    """In how many patches every pixel lies: (N, 2) -> (H, W). A net convolves it as often.

    >>> times_read((1, 5), np.array([[0, 1], [0, 2]]), side=3)
    array([[1, 2, 2, 1, 0]])
    """
    steps = np.zeros((shape[0] + 1, shape[1] + 1), dtype=np.int64)
    first = np.maximum(places - side // 2, 0)
    after = np.minimum(places - side // 2 + side, shape)
    for sign, rows, columns in (
        (1, first[:, 0], first[:, 1]),
        (-1, after[:, 0], first[:, 1]),
        (-1, first[:, 0], after[:, 1]),
        (1, after[:, 0], after[:, 1]),
    ):
        np.add.at(steps, (rows, columns), sign)
    return steps.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]


def passes(count: int, side: int, picture: int) -> float:
    """What patches cost, in passes over a whole picture: a convolution costs the same at every pixel.

        count * side^2 / picture^2

    >>> round(passes(33, 39, 224), 2), round(passes(224 * 224, 39, 224))
    (1.0, 1521)
    """
    if count < 0 or side < 1 or picture < 1:
        raise ShapeError(f"a number of patches and sides from 1, got {count}, {side} and {picture}")
    return count * side**2 / picture**2


def random_mask(shape: tuple[int, int], keep: float, *, random: np.random.Generator) -> Mask:
    """M(x): every pixel stays with a chance of `keep`: -> (H, W).

    >>> float(random_mask((100, 100), 0.25, random=np.random.default_rng(0)).mean().round(2))
    0.25
    """
    if not 0 < keep <= 1:
        raise CoreError(f"a pixel stays with a chance above 0 and up to 1, got {keep}")
    kept: Mask = random.random(shape) < keep
    return kept


def full_loss(losses: Floats, weights: Floats) -> float:
    """The loss of a whole picture: losses and weights of its pixels, (H, W), (H, W) -> a number.

        L = sum over x of w(x) * l(x) / sum over x of w(x)

    >>> full_loss(np.array([[1.0, 3.0]]), np.array([[3.0, 1.0]]))
    1.5
    """
    if losses.shape != weights.shape or not weights.sum() > 0:
        raise ShapeError(f"need a weight for every pixel, not all 0, got {losses.shape} and {weights.shape}")
    return float((weights * losses).sum() / weights.sum())


def masked_loss(losses: Floats, weights: Floats, mask: Mask, *, keep: float) -> float:
    """The same from the pixels of a random mask: on average over all masks it is the full loss.

        L_M = sum over x of M(x) * w(x) * l(x) / (keep * sum over x of w(x))

    >>> losses, ones = np.array([[1.0, 3.0]]), np.ones((1, 2))
    >>> masks = [np.array([[a, b]]) for a in (False, True) for b in (False, True)]  # all alike likely at keep = 1/2
    >>> [masked_loss(losses, ones, mask, keep=0.5) for mask in masks], full_loss(losses, ones)
    ([0.0, 3.0, 1.0, 4.0], 2.0)
    """
    if mask.shape != losses.shape or not 0 < keep <= 1:
        raise ShapeError(f"need a mask for {losses.shape} and a chance in (0, 1], got {mask.shape} and {keep}")
    return full_loss(np.where(mask, losses / keep, 0.0), weights)


def losses_of_masks(losses: Floats, weights: Floats, *, keep: float, count: int, random: np.random.Generator) -> Floats:
    """The masked loss of `count` masks, one after the other: (H, W), (H, W) -> (count,).

    >>> losses_of_masks(np.array([[1.0, 3.0]]), np.ones((1, 2)), keep=1.0, count=3, random=np.random.default_rng(0))
    array([2., 2., 2.])
    """
    if losses.shape != weights.shape or not 0 < keep <= 1 or not 1 <= count <= MOST:
        raise ShapeError(f"need a weight for each loss and a chance in (0, 1], got {weights.shape} and {keep}")
    parts = (weights * losses / (keep * weights.sum())).ravel()
    return np.array([parts[random.random(parts.size, dtype=np.float32) < keep].sum() for _ in range(count)])


def balancing_weights(labels: Labels, classes: int, balance: float) -> Floats:
    """w(x): what a pixel of its class must weigh so that classes count as balanced patches would: (H, W) -> (H, W).

        w(x) = q_k / share_k,   k the class of x

    >>> balancing_weights(np.array([[0, 0, 0, 1]]), 2, 1.0).round(3)
    array([[0.667, 0.667, 0.667, 2.   ]])
    """
    shares = class_shares(labels, classes)
    ratio = np.divide(wanted_shares(shares, balance), shares, out=np.zeros(classes), where=shares > 0)
    weights: Floats = ratio[labels]
    return weights
