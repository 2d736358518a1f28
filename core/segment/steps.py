"""How far the direction of a step varies: gradients of a pixel-wise loss, from patches and from masked pictures.

The net is the simplest one that labels pixels: scores are a 1x1 convolution of given features. Its gradient is a sum
over pixels, so every way of leaving pixels out can be looked at exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.segment.masks import Labels, balancing_weights, centres
from core.types import Floats, Mask


def pixel_gradients(features: Floats, labels: Labels, weights: Floats) -> Floats:
    """The gradient of every pixel's cross-entropy with respect to the 1x1 convolution.

    (C, H, W), (H, W), (K, C) -> (H * W, K * C):

        dl / dW[k, c] = (softmax(W f)_k - [k is the label]) * f_c

    >>> pixel_gradients(np.ones((1, 1, 1)), np.array([[1]]), np.zeros((2, 1)))
    array([[ 0.5, -0.5]])
    """
    if features.ndim != 3 or features.shape[1:] != labels.shape or weights.shape[1:] != features.shape[:1]:
        raise ShapeError(
            f"need features (C, H, W), labels (H, W), weights (K, C), got {features.shape}, {labels.shape}, "
            f"{weights.shape}"
        )
    inside = features.reshape(len(features), -1).T  # (P, C)
    scores = inside @ weights.T
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(shares)), labels.ravel()] -= 1
    found: Floats = (shares[:, :, None] * inside[:, None, :]).reshape(len(inside), -1)
    return found


def step_of(gradients: Floats, counts: Floats, mask: Mask | None = None, *, keep: float = 1.0) -> Floats:
    """The direction of one step: gradients (P, D) by the weights (P,) of their pixels -> (D,); masked as the loss is.

    >>> step_of(np.array([[1.0], [3.0]]), np.array([3.0, 1.0]))
    array([1.5])
    """
    chosen = counts if mask is None else np.where(mask, counts / keep, 0.0)
    step: Floats = chosen @ gradients / counts.sum()
    return step


def spread(steps: Floats, around: Floats) -> float:
    """How far steps stray from a direction, in its length: (N, D), (D,) -> a number.

        spread = sqrt(mean over n of |g_n - g|^2) / |g|

    >>> spread(np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([1.0, 0.0]))
    1.0
    """
    if steps.ndim != 2 or len(steps) < 1 or around.shape != steps.shape[1:]:
        raise ShapeError(f"need steps (N, D) and one direction (D,), got {steps.shape} and {around.shape}")
    return float(np.sqrt(((steps - around) ** 2).sum(axis=1).mean()) / max(float(np.linalg.norm(around)), 1e-12))


@dataclass(frozen=True, eq=False)
class Steps:
    """Many steps of three kinds, (R, D) each, and the step of all pixels of all pictures, (D,)."""

    patches: Floats
    masked: Floats
    whole: Floats
    full: Floats


def three_ways(
    gradients: Floats,
    labels: Labels,
    *,
    count: int,
    batch: int,
    balance: float,
    draws: int,
    random: np.random.Generator,
) -> Steps:
    """Steps from `count` pixels of all pictures, from as many of `batch` pictures, and from all pixels of those.

    Gradients (N, P, D) and labels (N, P) of N pictures. Each kind is the full step on average: balanced drawing and
    class weights favour the rare classes alike.
    """
    pictures, every, size = gradients.shape
    if labels.shape != (pictures, every) or not 1 <= batch <= pictures:
        raise ShapeError(f"need labels {(pictures, every)} and 1 to {pictures} pictures, got {labels.shape}, {batch}")
    weights = balancing_weights(labels, int(labels.max()) + 1, balance)
    shares = weights / (batch * every * weights.mean())  # of a pixel in a step of `batch` pictures
    sums = np.stack([share @ each for share, each in zip(shares, gradients, strict=True)])  # (N, D)
    keep = min(1.0, count / (batch * every))
    patches, masked, whole = [], [], []
    for _ in range(draws):
        places = centres(labels, count, balance=balance, random=random)
        patches.append(gradients[places[:, 0], places[:, 1]].mean(axis=0))
        chosen = random.choice(pictures, batch, replace=False)
        whole.append(sums[chosen].sum(axis=0))
        step = np.zeros(size)
        for number in chosen:
            kept = random.random(every) < keep
            step += shares[number, kept] / keep @ gradients[number, kept]
        masked.append(step)
    full = sums.mean(axis=0) * batch
    return Steps(np.stack(patches), np.stack(masked), np.stack(whole), full)


def masked_variance(gradients: Floats, counts: Floats, keep: float) -> float:
    """How far a masked step varies around the full one, over all masks: the mean of |g_M - g|^2, as a number.

        Var = (1 - keep) / keep * sum over x of |w(x) * g(x)|^2 / (sum over x of w(x))^2

    >>> masked_variance(np.array([[1.0], [3.0]]), np.ones(2), 0.5)
    2.5
    """
    if not 0 < keep <= 1:
        raise ShapeError(f"a pixel stays with a chance above 0 and up to 1, got {keep}")
    sizes: NDArray[np.float64] = (gradients**2).sum(axis=1) * counts**2
    return float((1 - keep) / keep * sizes.sum() / counts.sum() ** 2)
