"""Classes that are not equally frequent, and what can be done about it (lectures A, C and E).

N examples, K classes. Source of the focal loss: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

Labels = NDArray[np.int64]


def class_weights(labels: Labels, classes: int) -> Floats:
    """How much an example of each class must count so that all classes count the same: (N,) -> (K,).

        w_k = N / (K * n_k)        with n_k examples of class k; the mean over all examples is 1

    >>> class_weights(np.array([0, 0, 0, 1]), 2).round(3)
    array([0.667, 2.   ])
    """
    weights: Floats = len(labels) / (classes * _counts(labels, classes))
    return weights


def equally_often(labels: Labels, classes: int, random: np.random.Generator) -> Labels:
    """Which examples to learn from when each class is to be seen equally often: (N,) -> N places, rare ones many times.

    Every class fills its share with whole rounds through all its examples, and with some of them once more.

    >>> labels = np.array([0, 0, 0, 0, 0, 1])
    >>> np.bincount(labels[equally_often(labels, 2, np.random.default_rng(0))])
    array([3, 3])
    """
    counts = _counts(labels, classes)
    shares = np.full(classes, len(labels) // classes)
    shares[: len(labels) % classes] += 1
    found = []
    for kind, (count, share) in enumerate(zip(counts, shares, strict=True)):
        places = np.flatnonzero(labels == kind)
        rounds = [np.tile(places, share // count), random.permutation(places)[: share % count]]
        found.append(np.concatenate(rounds))
    return random.permutation(np.concatenate(found))


def focal_loss(logits: "Tensor", labels: "Tensor", *, gamma: float = 2.0, weights: "Tensor | None" = None) -> "Tensor":
    """Cross-entropy that cares little for what is right already: (N, K), (N,) -> the mean over the examples.

        L = -(1 - p)^gamma * log p        with p the probability of the right class; gamma 0 is cross-entropy

    >>> import torch
    >>> sure = torch.tensor([[0.9, 0.1]]).log()
    >>> round(float(focal_loss(sure, torch.tensor([0]), gamma=0) / focal_loss(sure, torch.tensor([0]), gamma=2)))
    100
    """
    from torch.nn.functional import log_softmax

    if gamma < 0:
        raise CoreError(f"gamma is 0 or more, got {gamma}")
    logs = log_softmax(logits, dim=1).gather(1, labels[:, None])[:, 0]
    each = -((1 - logs.exp()) ** gamma) * logs
    if weights is not None:
        each = each * weights[labels]
    return each.mean()


def _counts(labels: Labels, classes: int) -> Labels:
    if classes < 1 or len(labels) == 0 or labels.min() < 0 or labels.max() >= classes:
        raise CoreError(f"need labels from 0 to {classes - 1}, at least one")
    counts = np.bincount(labels, minlength=classes)
    if not counts.all():
        raise CoreError(f"class {int(np.argmin(counts))} has no example: nothing can make up for that")
    return counts
