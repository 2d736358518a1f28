"""One object, its class and its box, from one network with one loss (lectures A and E).

A network answers with K scores and four numbers: the middle of the box, its width and its height (x, y, w, h), as
shares of the picture's side. N is the number of pictures.
Sources: Sermanet et al., "OverFeat", ICLR 2014; the measure of a localization is that of Russakovsky et al.,
"ImageNet Large Scale Visual Recognition Challenge", IJCV 2015, section 4.2.
"""

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.detect.boxes import areas
from core.errors import CoreError, ShapeError
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch import Tensor

Labels = NDArray[np.int64]
Amount = TypeVar("Amount", float, Floats)
ENOUGH = 0.5  # IoU from which on a box counts as found


def joint_loss(classification: Amount, regression: Amount, alpha: float) -> Amount:
    """One loss of two: (...), (...) -> (...).

        L = alpha S + (1 - alpha) R,    0 <= alpha <= 1                                     (lectures A and E)

    >>> joint_loss(2.0, 0.5, 0.25)
    0.875
    """
    _must_mix(alpha)
    return alpha * classification + (1 - alpha) * regression


def learned_loss(outputs: "Tensor", labels: "Tensor", places: "Tensor", alpha: float) -> "tuple[Tensor, ...]":
    """L, S and R of a batch, to be learned from: (N, K + 4), (N,), (N, 4) -> three numbers.

        S = mean of -log p_label        R = mean squared error of x, y, w, h, in tenths of the side

    R is measured in tenths of the side, so that both parts are near 1 when a training starts: in other units the
    right alpha is another.

    >>> import torch
    >>> answers = torch.tensor([[0.0, 0.0, 0.5, 0.5, 0.3, 0.2]])
    >>> [round(float(part), 3) for part in learned_loss(answers, torch.tensor([1]), answers[:, 2:] + 0.1, 0.5)]
    [0.847, 0.693, 1.0]
    """
    from torch.nn.functional import cross_entropy, mse_loss

    _must_mix(alpha)
    classes = outputs.shape[1] - 4
    if classes < 1 or places.shape != (len(outputs), 4):
        raise ShapeError(f"need outputs (N, K + 4) and places (N, 4), got {outputs.shape} and {places.shape}")
    classification = cross_entropy(outputs[:, :classes], labels)
    regression = mse_loss(10 * outputs[:, classes:], 10 * places)
    return alpha * classification + (1 - alpha) * regression, classification, regression


def places_of(boxes: Floats, side: float) -> Floats:
    """Boxes as what a network learns, the middle, the width and the height in shares of the side: (N, 4) -> (N, 4).

    >>> places_of(np.array([[16.0, 0.0, 48.0, 16.0]]), 64)
    array([[0.5  , 0.125, 0.5  , 0.25 ]])
    """
    areas(boxes)  # which says what is wrong with them
    starts, ends = boxes[:, :2], boxes[:, 2:]
    places: Floats = np.concatenate([(starts + ends) / 2, ends - starts], axis=1) / side
    return places


def boxes_at(places: Floats, side: float) -> Floats:
    """The way back; a network may answer with a width below 0, which counts as 0: (N, 4) -> (N, 4).

    >>> boxes_at(np.array([[0.5, 0.125, 0.5, 0.25]]), 64)
    array([[16.,  0., 48., 16.]])
    """
    if places.ndim != 2 or places.shape[1] != 4:
        raise ShapeError(f"need places (N, 4), one (x, y, w, h) per row, got an array of shape {places.shape}")
    middles, halves = places[:, :2], np.maximum(places[:, 2:], 0) / 2
    boxes: Floats = np.concatenate([middles - halves, middles + halves], axis=1) * side
    return boxes


def five_numbers(box: Floats, label: int, side: float) -> Floats:
    """All that is to be said of the one object in a picture, x, y, h, w and its label: (4,) -> (5,).

    >>> five_numbers(np.array([16.0, 0.0, 48.0, 16.0]), 3, 64)
    array([0.5  , 0.125, 0.25 , 0.5  , 3.   ])
    """
    x, y, w, h = places_of(box[None], side)[0]
    return np.array([x, y, h, w, label])


def overlaps(boxes: Floats, truths: Floats) -> Floats:
    """How much every box shares with its own truth: (N, 4), (N, 4) -> (N,)."""
    if boxes.shape != truths.shape:
        raise ShapeError(f"every box needs one truth, got {boxes.shape} and {truths.shape}")
    joint = areas(boxes) + areas(truths)
    start, end = np.maximum(boxes[:, :2], truths[:, :2]), np.minimum(boxes[:, 2:], truths[:, 2:])  # (N, 2)
    shared: Floats = np.maximum(0.0, end - start).prod(axis=1)
    joint -= shared
    return np.divide(shared, joint, out=np.zeros_like(shared), where=joint > 0)


def found(labels: Labels, wanted: Labels, boxes: Floats, truths: Floats, *, enough: float = ENOUGH) -> Mask:
    """Where the one object is found: the class is right and the boxes share enough: -> (N,).

    >>> box = np.array([[0.0, 0.0, 4.0, 4.0]])
    >>> found(np.array([2]), np.array([2]), box, box + 1), found(np.array([2]), np.array([2]), box, box + 0.5)
    (array([False]), array([ True]))
    """
    right: Mask = (labels == wanted) & (overlaps(boxes, truths) >= enough)
    return right


def best_alpha(alphas: Floats, measured: Floats) -> float:
    """The alpha whose measure, the larger the better, is largest; the middle one of several: (A,), (A,) -> one.

    The measure must be the same whatever alpha is. The loss is not: see `least_loss`.

    >>> best_alpha(np.array([0.1, 0.5, 0.9]), np.array([0.7, 0.8, 0.6]))
    0.5
    """
    if alphas.shape != measured.shape or alphas.ndim != 1 or not len(alphas):
        raise ShapeError(f"need as many alphas as measures, got {alphas.shape} and {measured.shape}")
    best = np.sort(alphas[measured == measured.max()])
    return float(best[len(best) // 2])


def least_loss(classification: Floats, regression: Floats, alphas: Floats) -> Floats:
    """The least loss that any of some trainings reaches, were it judged at each alpha: (T,), (T,), (A,) -> (A,).

        L(alpha) = min over trainings of alpha S + (1 - alpha) R

    It is the least of straight lines, so it bends downwards only (it is concave), and its least value between 0 and 1
    lies at an end. Choosing alpha by the loss itself always ends with one of the two parts left out.

    >>> least_loss(np.array([0.2, 0.6]), np.array([0.8, 0.5]), np.array([0.0, 0.5, 1.0]))
    array([0.5, 0.5, 0.2])
    """
    if classification.shape != regression.shape or classification.ndim != 1 or not len(classification):
        raise ShapeError(f"every training has an S and an R, got {classification.shape} and {regression.shape}")
    lines = alphas[:, None] * classification + (1 - alphas[:, None]) * regression  # (A, T)
    least: Floats = lines.min(axis=1)
    return least


def one_weight(alphas: Floats, units: float = 1.0) -> Floats:
    """One weight that two losses want in different places, and where their mix leaves it: (A,) -> theta, S, R, (A, 3).

        S = (theta - 1)^2,  R = units^2 (theta + 1)^2;  alpha S + (1 - alpha) R is least at

        theta = (alpha - (1 - alpha) units^2) / (alpha + (1 - alpha) units^2)

    In other units of the box R is larger, and the same alpha means another mix.

    >>> one_weight(np.array([0.0, 0.5, 1.0]))
    array([[-1.,  4.,  0.],
           [ 0.,  1.,  1.],
           [ 1.,  0.,  4.]])
    """
    if units <= 0 or not np.logical_and(alphas >= 0, alphas <= 1).all():
        raise CoreError(f"need alphas from 0 to 1 and units above 0, got {np.asarray(alphas).tolist()} and {units:g}")
    pull, push = alphas, (1 - alphas) * units**2
    theta = (pull - push) / (pull + push)
    return np.stack([theta, np.square(theta - 1), units**2 * np.square(theta + 1)], axis=1)


def _must_mix(alpha: float) -> None:
    if not 0 <= alpha <= 1:
        raise CoreError(f"alpha is a share: from 0 (the box alone) to 1 (the class alone), got {alpha:g}")
