"""Two heads on the same maps: one learned on their means, one on their largest values; what each one marks (lecture A).

A mean grows with every place that agrees, so a head on means is rewarded for all of a thing. A maximum hears one place
of each map, so a head on maxima is rewarded for the most telling detail.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.types import FeatureMap, Floats

Pooling: TypeAlias = Literal["average", "maximum"]


@dataclass(frozen=True, eq=False)
class Head:
    """One dense layer behind a pooling: weights (K, C) and bias (K,)."""

    pooling: Pooling
    weights: Floats
    bias: Floats


def pooled(features: Floats, pooling: Pooling) -> Floats:
    """One number of every map: (N, C, H, W) -> (N, C).

    >>> pooled(np.array([[[[1.0, 5.0]]]]), "average"), pooled(np.array([[[[1.0, 5.0]]]]), "maximum")
    (array([[3.]]), array([[5.]]))
    """
    if features.ndim != 4:
        raise ShapeError(f"need maps (N, C, H, W), got {features.shape}")
    found: Floats = features.mean(axis=(2, 3)) if pooling == "average" else features.max(axis=(2, 3))
    return found


def learned_head(
    features: Floats, labels: NDArray[np.int64], pooling: Pooling, *, classes: int, price: float = 0.001
) -> Head:
    """A head for fixed maps (N, C, H, W) and their classes (N,): softmax regression, learned to the end.

    The least of: mean cross-entropy + price / 2 * (sum of squared weights, on features of variance 1).
    """
    from scipy.optimize import minimize

    taken = pooled(features, pooling)
    if labels.shape != (len(taken),) or not len(labels) or labels.min() < 0 or labels.max() >= classes:
        raise ShapeError(f"need a class from 0 to {classes - 1} for each of {len(taken)} pictures")
    middle, spread = taken.mean(axis=0), taken.std(axis=0) + 1e-9
    known = np.concatenate([(taken - middle) / spread, np.ones((len(taken), 1))], axis=1)  # (N, C + 1)
    right = np.eye(classes)[labels]  # (N, K)
    costs = np.r_[np.full(known.shape[1] - 1, price), 0.0]  # the bias is free

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(classes, -1)
        said = known @ weights.T  # (N, K)
        said -= said.max(axis=1, keepdims=True)
        logs = said - np.log(np.exp(said).sum(axis=1, keepdims=True))
        slope = (np.exp(logs) - right).T @ known / len(known) + costs * weights
        return float(-(right * logs).sum() / len(known) + (costs * weights**2).sum() / 2), slope.ravel()

    found = minimize(loss, np.zeros(classes * known.shape[1]), jac=True, method="L-BFGS-B").x.reshape(classes, -1)
    weights = found[:, :-1] / spread
    return Head(pooling, weights, found[:, -1] - weights @ middle)


def scores(head: Head, features: FeatureMap) -> Floats:
    """What a head says of one picture's maps: (C, H, W) -> (K,).

    >>> scores(Head("maximum", np.array([[2.0]]), np.array([1.0])), np.array([[[0.0, 3.0]]]))
    array([7.])
    """
    given: Floats = head.weights @ pooled(features[None], head.pooling)[0] + head.bias
    return given


def heard(head: Head, features: FeatureMap, of: int) -> Floats:
    """What of its maps the score of class `of` was made from: (C, H, W) -> (H, W), and its mean is the score.

    Average: every place. Maximum: the winner of each map alone, so most places are 0. (The bias is apart.)

    >>> heard(Head("maximum", np.array([[2.0]]), np.zeros(1)), np.array([[[0.0, 3.0]]]), 0)
    array([[ 0., 12.]])
    """
    if features.ndim != 3 or len(features) != head.weights.shape[1]:
        raise ShapeError(f"need maps (C, H, W) with C = {head.weights.shape[1]}, got {features.shape}")
    kept = features
    if head.pooling == "maximum":
        flat = features.reshape(len(features), -1)
        winners = flat.argmax(axis=1)
        kept = np.zeros_like(flat)
        kept[np.arange(len(flat)), winners] = flat.max(axis=1) * flat.shape[1]
        kept = kept.reshape(features.shape)
    found: Floats = np.tensordot(head.weights[of], kept, axes=1)
    return found
