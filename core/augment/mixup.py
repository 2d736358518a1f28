"""Mixup: two examples blended, and their labels by the same share (lecture C).

N is the number of examples, K the number of classes; labels are one-hot, or mixed already.
Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018.
"""

from math import exp, lgamma

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats


def mixup(inputs: Floats, labels: Floats, share: float, partners: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Every example with its partner: (N, ...), (N, K), (N,) -> (N, ...), (N, K).

        input' = share · input_i + (1 - share) · input_j,   label' = share · label_i + (1 - share) · label_j

    >>> inputs, labels = np.array([[0.0], [1.0]]), np.eye(2)
    >>> mixup(inputs, labels, 0.75, np.array([1, 0]))[1]
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    if not 0 <= share <= 1:
        raise CoreError(f"a share lies between 0 and 1, got {share}")
    if labels.ndim != 2 or not len(inputs) == len(labels) == len(partners):
        raise ShapeError(
            f"need inputs (N, ...), one-hot labels (N, K) and a partner for each, "
            f"got {inputs.shape}, {labels.shape} and {partners.shape}"
        )
    return (
        share * inputs + (1 - share) * inputs[partners],
        share * labels + (1 - share) * labels[partners],
    )


def one_hot(labels: NDArray[np.int64], classes: int) -> Floats:
    """A row for each label, 1 at its place: (N,) -> (N, K).

    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise CoreError(f"labels go from 0 to {classes - 1}, got {labels.min()} to {labels.max()}")
    rows: Floats = np.eye(classes)[labels]
    return rows


def share_density(shares: Floats, alpha: float) -> Floats:
    """How probable each share is when it is drawn from Beta(alpha, alpha): (M,) -> (M,).

        p(share) = share^(alpha - 1) · (1 - share)^(alpha - 1) · Gamma(2 alpha) / Gamma(alpha)^2

    Small alphas leave most pairs nearly as they are, 1 takes all shares alike, large ones mix by halves.

    >>> share_density(np.array([0.2, 0.5]), 1.0)
    array([1., 1.])
    """
    if alpha <= 0 or not ((shares > 0) & (shares < 1)).all():
        raise CoreError(f"need shares between 0 and 1 and an alpha above 0, got alpha {alpha}")
    height = exp(lgamma(2 * alpha) - 2 * lgamma(alpha))
    density: Floats = height * (shares * (1 - shares)) ** (alpha - 1)
    return density


def nearly_single(alpha: float, *, edge: float = 0.1) -> float:
    """The share of pairs in which one image keeps more than 1 - edge, when shares are drawn from Beta(alpha, alpha).

        2 I_edge(alpha, alpha)        I: the regularised incomplete beta function

    >>> round(nearly_single(1.0), 3)
    0.2
    """
    from scipy.special import betainc

    if alpha <= 0 or not 0 < edge < 0.5:
        raise CoreError(f"need an alpha above 0 and an edge between 0 and one half, got {alpha} and {edge}")
    return float(2 * betainc(alpha, alpha, edge))


def drawn_share(alpha: float, random: np.random.Generator) -> float:
    """One share from Beta(alpha, alpha)."""
    if alpha <= 0:
        raise CoreError(f"need an alpha above 0, got {alpha}")
    return float(random.beta(alpha, alpha))


def mixed_loss(probabilities: Floats, labels: Floats) -> float:
    """The cross-entropy with a mixed label, (K,), (K,): both classes are asked for, each by its share.

        loss = -sum over k of label_k · log p_k

    It is smallest, and not 0, where the probabilities are the shares.

    >>> round(mixed_loss(np.array([0.75, 0.25]), np.array([0.75, 0.25])), 3)
    0.562
    """
    if probabilities.shape != labels.shape:
        raise ShapeError(f"need a probability for each class, got {probabilities.shape} for {labels.shape}")
    asked = labels > 0
    return -float((labels[asked] * np.log(np.maximum(probabilities[asked], 1e-300))).sum())
