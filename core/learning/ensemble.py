"""Several networks asked together: average their probabilities, or let them vote (lectures B and C).

M networks, N images, K classes: probabilities are (M, N, K).
Source: Hansen and Salamon, "Neural Network Ensembles", PAMI 1990; Krizhevsky et al., NIPS 2012, table 2.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats

Labels = NDArray[np.int64]


def average(probabilities: Floats) -> Floats:
    """What the networks say together: (M, N, K) -> (N, K).

        p[n, k] = mean over m of p[m, n, k]

    >>> average(np.array([[[0.75, 0.25]], [[0.25, 0.75]], [[0.75, 0.25]]])).round(3)
    array([[0.583, 0.417]])
    """
    mean: Floats = _whole(probabilities).mean(axis=0)
    return mean


def majority(probabilities: Floats) -> Labels:
    """The class most networks choose: (M, N, K) -> (N,). Of classes with equal votes the more probable one wins.

    Two networks lean a little to class 0, one is sure of class 1: a vote hears how many, an average how sure.

    >>> three = np.array([[[0.6, 0.4]], [[0.6, 0.4]], [[0.0, 1.0]]])
    >>> majority(three), average(three).argmax(axis=1)
    (array([0]), array([1]))
    """
    together = average(probabilities)
    chosen = probabilities.argmax(axis=2)  # (M, N)
    votes = (chosen[:, :, None] == np.arange(probabilities.shape[2])).sum(axis=0)  # (N, K)
    leading = votes == votes.max(axis=1, keepdims=True)
    winners: Labels = np.where(leading, together, -1.0).argmax(axis=1)
    return winners


def wrong(answers: Labels, labels: Labels) -> float:
    """Share of wrong answers: (N,), (N,) -> a number from 0 to 1.

    >>> wrong(np.array([1, 2, 3, 4]), np.array([1, 2, 3, 0]))
    0.25
    """
    if answers.shape != labels.shape or labels.ndim != 1 or not labels.size:
        raise ShapeError(f"need one answer for each label, got {answers.shape} and {labels.shape}")
    return float((answers != labels).mean())


def cross_entropy(probabilities: Floats, labels: Labels) -> Floats:
    """How surprised each image's true class leaves a network: (..., N, K), (N,) -> (..., N).

        - log p[n, label of n]

    By Jensen's inequality -log of a mean is at most the mean of the -logs: on no image is the average more surprised
    than its members are in the mean, whatever they say.

    >>> two = np.array([[[0.9, 0.1]], [[0.1, 0.9]]])
    >>> cross_entropy(two, np.array([0])).mean().round(2), cross_entropy(average(two), np.array([0])).mean().round(2)
    (np.float64(1.2), np.float64(0.69))
    """
    if probabilities.ndim < 2 or probabilities.shape[-2] != len(labels):
        raise ShapeError(f"need probabilities (..., N, K) and N labels, got {probabilities.shape} and {len(labels)}")
    with np.errstate(divide="ignore"):
        surprise: Floats = -np.log(probabilities[..., np.arange(len(labels)), labels])
    return surprise


def errors_by_size(probabilities: Floats, labels: Labels, *, vote: bool = False) -> list[Floats]:
    """Share of wrong answers of every choice of 1, 2, ... M networks: (M, N, K), (N,) -> M lists.

    Which networks one happened to train is luck; all choices of the same size show how much.

    >>> three = np.array([[[0.9, 0.1]], [[0.9, 0.1]], [[0.4, 0.6]]])
    >>> [found.tolist() for found in errors_by_size(three, np.array([0]))]
    [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0]]
    """
    members = len(_whole(probabilities))
    found = list[Floats]()
    for size in range(1, members + 1):
        chosen = (probabilities[list(some)] for some in combinations(range(members), size))
        answers = (majority(each) if vote else average(each).argmax(axis=1) for each in chosen)
        found.append(np.array([wrong(each, labels) for each in answers]))
    return found


def rescued(probabilities: Floats, labels: Labels, network: int) -> Labels:
    """Images that one network gets wrong and the average right, the surest rescue first: (M, N, K), (N,) -> places.

    >>> two = np.array([[[0.4, 0.6], [0.9, 0.1]], [[0.9, 0.1], [0.9, 0.1]]])
    >>> rescued(two, np.array([0, 0]), network=0)
    array([0])
    """
    together = average(probabilities)
    if not 0 <= network < len(probabilities):
        raise CoreError(f"there are networks 0 to {len(probabilities) - 1}, got {network}")
    saved = (probabilities[network].argmax(axis=1) != labels) & (together.argmax(axis=1) == labels)
    places = np.flatnonzero(saved)
    sure = together[places, labels[places]] - probabilities[network, places, labels[places]]
    return places[np.argsort(-sure, kind="stable")]


def relative_reduction(before: float, after: float) -> float:
    """Which share of the errors is gone: 1 - after / before.

    >>> f"{relative_reduction(18.2, 15.4):.1%}"
    '15.4%'
    """
    if before <= 0:
        raise CoreError(f"where {before} errors were made, none can go")
    return 1 - after / before


def _whole(probabilities: Floats) -> Floats:
    if probabilities.ndim != 3 or not probabilities.size:
        raise ShapeError(f"need probabilities (M, N, K) of one network or more, got {probabilities.shape}")
    return probabilities
