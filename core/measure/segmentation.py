"""How well every pixel was labelled, all of it from one table of counts (lecture E).

Truth and answer are label maps of equal shape, (H, W) or many at once (N, H, W), with classes 0 to K - 1; pixels whose
truth is `IGNORED` do not count. `counted` turns a batch into counts p (K, K), row the truth, column the answer. Counts
of batches add up, and every measure is read from their sum: measured in one go or in a stream, it is the same number.
A class found neither in the truth nor in the answer has no score (nan) and is left out of every mean.

The mean IoU is pooled: first all pixels of the data set, then one division per class. Averaged per picture instead, a
picture with three pixels of a class weighs as much as one full of it, and a class that most pictures lack is judged by
a few. Source: Everingham et al., "The PASCAL Visual Object Classes Challenge", 2010, and Long et al., "Fully
Convolutional Networks for Semantic Segmentation", CVPR 2015, section 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.measure.confusion import Counts, accuracy, confusion, recalls, shares
from core.types import Floats, Mask

LabelMap = NDArray[np.integer[Any]]

FEW_STEPS = 4  # pixels: up to here a band is found step by step
IGNORED = 255  # the truth of a pixel that nobody could label


def counted(truth: LabelMap, answer: LabelMap, classes: int, *, ignored: int = IGNORED) -> Counts:
    """How many pixels of class i were labelled j: (..., H, W), (..., H, W) -> (K, K).

    >>> counted(np.array([[0, 0, 1, 255]]), np.array([[0, 1, 1, 0]]), classes=2)
    array([[1, 1],
           [0, 1]])
    """
    _alike(truth, answer)
    known = truth != ignored
    return confusion(truth[known].astype(np.int64), answer[known].astype(np.int64), classes)


def counted_fast(truth: LabelMap, answer: LabelMap, classes: int, *, ignored: int = IGNORED) -> Counts:
    """The same counts with one pass and no look for ignored pixels: (..., H, W), (..., H, W) -> (K, K).

    Both labels of a pixel make one short number, 256 * answer + truth, and the numbers are counted. Ignored pixels
    fall into a row of their own, which is cut off.

    >>> counted_fast(np.array([[0, 0, 1, 255]]), np.array([[0, 1, 1, 0]]), classes=2)
    array([[1, 1],
           [0, 1]])
    """
    _alike(truth, answer)
    if not 0 < classes <= 255 or not 0 <= ignored <= 255:
        raise CoreError(f"need 1 to 255 classes and an ignored label up to 255, got {classes} and {ignored}")
    codes = 256 * _short(answer) + _short(truth)  # (N,), at most 65,535
    counts = np.bincount(codes, minlength=256 * 256).reshape(256, 256).T  # a row for every truth
    counts[ignored] = 0
    if counts[classes:].any() or counts[:, classes:].any():
        raise ShapeError(f"classes run from 0 to {classes - 1}, got up to {np.argwhere(counts).max()}")
    return counts[:classes, :classes].astype(np.int64)


def pixel_accuracy(counts: Counts) -> float:
    """Which share of all pixels is right: (K, K) -> a number.

        PA = sum over i of p_ii / sum over i, j of p_ij

    >>> pixel_accuracy(np.array([[80, 10], [5, 5]]))
    0.85
    """
    return accuracy(counts)


def mean_pixel_accuracy(counts: Counts) -> float:
    """Which share of a class is right, every class alike: (K, K) -> a number; classes that never occur are left out.

        MPA = mean over i of p_ii / sum over j of p_ij

    >>> round(mean_pixel_accuracy(np.array([[80, 10], [5, 5]])), 3)
    0.694
    """
    return mean(recalls(counts))


def ious(counts: Counts) -> Floats:
    """What truth and answer share of what either covers, for every class: (K, K) -> (K,).

        J_i = p_ii / (sum over j of p_ij + sum over j of p_ji - p_ii) = TP / (TP + FP + FN)

    >>> ious(np.array([[80, 10], [5, 5]])).round(3)
    array([0.842, 0.25 ])
    """
    right, covered = np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1)  # (K,), (K,)
    return shares(right, covered - right)


def mean_iou(counts: Counts) -> float:
    """The IoU of the classes, every class alike: (K, K) -> a number. Give it the sum over the data set.

    >>> round(mean_iou(np.array([[80, 10], [5, 5]])), 3)
    0.546
    """
    return mean(ious(counts))


def mean_iou_per_image(each: Iterable[Counts]) -> float:
    """The mean IoU of every picture, averaged: N tables (K, K) -> a number. Shown beside the pooled one, not instead.

    >>> one, other = np.array([[90, 0], [0, 10]]), np.array([[99, 0], [1, 0]])
    >>> round(mean_iou_per_image([one, other]), 3), round(mean_iou(one + other), 3)
    (0.748, 0.952)
    """
    return mean(np.array([mean_iou(counts) for counts in each]))


def dices(counts: Counts) -> Floats:
    """Twice what truth and answer share, of the sizes of both, for every class: (K, K) -> (K,).

        D_i = 2 |A ∩ B| / (|A| + |B|) = 2 TP / (2 TP + FP + FN), which is F1

    >>> dices(np.array([[80, 10], [5, 5]])).round(3)
    array([0.914, 0.4  ])
    """
    return shares(2 * np.diag(counts), counts.sum(axis=0) + counts.sum(axis=1))


def mean_dice(counts: Counts) -> float:
    """The Dice coefficient of the classes, every class alike: (K, K) -> a number.

    >>> round(mean_dice(np.array([[80, 10], [5, 5]])), 3)
    0.657
    """
    return mean(dices(counts))


def f1(precision: Floats | float, recall: Floats | float) -> Floats:
    """The harmonic mean of precision and recall, close to the smaller one: (...), (...) -> (...).

        F1 = 2 P R / (P + R), and 0 where both are 0

    >>> float(f1(1.0, 0.5).round(3)), float(f1(0.9, 0.1).round(3))
    (0.667, 0.18)
    """
    product, total = np.asarray(2.0 * precision * recall), np.asarray(precision + recall, dtype=np.float64)
    means: Floats = np.divide(product, total, out=np.zeros_like(total), where=(total > 0) | np.isnan(total))
    return means


def dice_of_iou(iou: Floats | float) -> Floats:
    """Dice from IoU: one grows with the other, so both rank answers alike: (...) -> (...).

        D = 2 J / (1 + J)

    >>> float(dice_of_iou(0.5).round(3))
    0.667
    """
    return np.asarray(2 * np.asarray(iou) / (1 + np.asarray(iou)), dtype=np.float64)


@dataclass(frozen=True)
class Binary:
    """One class against all others, in pixels."""

    tp: int
    fp: int
    fn: int
    tn: int


def one_class(counts: Counts, label: int) -> Binary:
    """The table of one class against all others: (K, K) -> four counts.

    >>> one_class(np.array([[80, 10], [5, 5]]), 1)
    Binary(tp=5, fp=10, fn=5, tn=80)
    """
    if not 0 <= label < len(counts):
        raise CoreError(f"classes run from 0 to {len(counts) - 1}, got {label}")
    tp = int(counts[label, label])
    fp, fn = int(counts[:, label].sum()) - tp, int(counts[label].sum()) - tp
    return Binary(tp, fp, fn, int(counts.sum()) - tp - fp - fn)


def band(truth: LabelMap, radius: float, *, ignored: int = IGNORED) -> Mask:
    """The pixels at most `radius` away from one of another class: (H, W) -> (H, W). Where labels are hard to get right.

    >>> band(np.array([[0, 0, 0, 1, 1, 1]]), 2)
    array([[False,  True,  True,  True,  True, False]])
    """
    if truth.ndim != 2 or radius < 1:
        raise ShapeError(f"need one label map (H, W) and a radius from 1, got {truth.shape} and {radius}")
    near = np.zeros(truth.shape, dtype=np.bool_)
    if radius <= FEW_STEPS:  # compare every pixel with those so far away: several times as fast as distances
        counts, reach = truth != ignored, int(radius)
        for down in range(reach + 1):
            for across in range(-reach if down else 1, reach + 1):
                if down**2 + across**2 > radius**2 or down >= len(truth) or abs(across) >= truth.shape[1]:
                    continue
                here, there = _apart(down, across)
                unlike = (truth[here] != truth[there]) & counts[here] & counts[there]
                near[here] |= unlike
                near[there] |= unlike
        return near
    from scipy.ndimage import distance_transform_edt

    for label in np.setdiff1d(np.unique(truth), [ignored]):
        other = (truth != label) & (truth != ignored)
        if other.any():
            near |= (truth == label) & (distance_transform_edt(~other) <= radius)
    return near


def _apart(down: int, across: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The two parts of a map whose pixels lie so many rows and columns apart."""
    right, left = slice(max(across, 0), min(across, 0) or None), slice(max(-across, 0), min(-across, 0) or None)
    return (slice(None, -down or None), left), (slice(down, None), right)


def counted_in_band(
    truth: LabelMap, answer: LabelMap, classes: int, *, radius: float = 3, ignored: int = IGNORED
) -> Counts:
    """The counts of one picture near true borders only, for a boundary score: (H, W), (H, W) -> (K, K).

    >>> truth, answer = np.array([[0, 0, 0, 1, 1, 1]]), np.array([[0, 0, 1, 1, 1, 1]])
    >>> mean_iou(counted_in_band(truth, answer, 2, radius=1)), round(mean_iou(counted(truth, answer, 2)), 3)
    (0.25, 0.708)
    """
    _alike(truth, answer)
    near = band(truth, radius, ignored=ignored)
    return counted(truth[near], answer[near], classes, ignored=ignored)


def mean(scores: Floats) -> float:
    """The mean of the scores there are: (K,) -> a number, nan if there are none.

    >>> mean(np.array([0.5, np.nan, 1.0]))
    0.75
    """
    there = scores[~np.isnan(scores)]
    return float(there.mean()) if there.size else float("nan")


def _alike(truth: LabelMap, answer: LabelMap) -> None:
    if truth.shape != answer.shape:
        raise ShapeError(f"need an answer for every pixel of the truth {truth.shape}, got {answer.shape}")


def _short(labels: LabelMap) -> NDArray[np.uint16]:
    if labels.size and labels.view(f"u{labels.itemsize}").max() > 255:  # below 0 is far above 255 there
        raise ShapeError(f"labels fit into a byte, 0 to 255, got {labels.min()} to {labels.max()}")
    return labels.ravel().astype(np.uint16)
