"""How wrong an answer is, and which way to move it: losses with their derivatives (lectures A, C, D and E).

Scores are (..., K) for K classes, before softmax; a label is the place of the right class. Numbers are (...).
Source: Goodfellow, Bengio and Courville, "Deep Learning", sections 5.5 and 6.2.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats
from core.units.activations import sigmoid, softmax

Labels: TypeAlias = NDArray[np.int64]
Distance: TypeAlias = Literal["quadratic", "absolute"]


def cross_entropy(scores: Floats, labels: Labels) -> Floats:
    """Surprise at the right class: (..., K), (...) -> (...).

        L = -log p_label,    p = softmax(scores)

    Worked out as log sum over k of exp(z_k) - z_label, so that it stays finite where p rounds to 0.

    >>> cross_entropy(np.array([0.0, 0.0]), np.array(0)).round(4)
    np.float64(0.6931)
    """
    wanted = one_hot(labels, scores.shape)
    largest = scores.max(axis=-1)
    loss: Floats = largest + np.log(np.exp(scores - largest[..., None]).sum(axis=-1)) - (wanted * scores).sum(axis=-1)
    return loss


def cross_entropy_by_scores(scores: Floats, labels: Labels) -> Floats:
    """Its derivative by every score: (..., K), (...) -> (..., K).

        dL/dz_k = p_k - y_k        y_k = 1 for the right class, else 0

    >>> cross_entropy_by_scores(np.array([0.0, 0.0]), np.array(0))
    array([-0.5,  0.5])
    """
    by_scores: Floats = softmax(scores) - one_hot(labels, scores.shape)
    return by_scores


def cross_entropy_by_probabilities(probabilities: Floats, labels: Labels) -> Floats:
    """Its derivative by every probability: (..., K), (...) -> (..., K).

        dL/dp_k = -y_k / p_k

    Lecture E prints p_k - y_k here, which is the derivative by the scores: `cross_entropy_by_scores`.

    >>> cross_entropy_by_probabilities(np.array([0.5, 0.5]), np.array(0))
    array([-2., -0.])
    """
    wanted = one_hot(labels, probabilities.shape)
    if (probabilities[wanted > 0] <= 0).any():
        raise CoreError("at a probability of 0 for the right class the loss is infinite and has no derivative")
    by_probabilities: Floats = -wanted / np.where(wanted > 0, probabilities, 1.0)
    return by_probabilities


def binary_cross_entropy(scores: Floats, wanted: Floats) -> Floats:
    """The same for one yes or no: scores (...), wanted 0 or 1 (...) -> (...).

        L = -y log p - (1 - y) log(1 - p),    p = 1 / (1 + exp(-z))

    >>> binary_cross_entropy(np.array([0.0, -1000.0]), np.array([1.0, 1.0])).round(4)
    array([6.931e-01, 1.000e+03])
    """
    _same(scores, wanted)
    loss: Floats = np.maximum(scores, 0) - scores * wanted + np.log1p(np.exp(-np.abs(scores)))
    return loss


def binary_cross_entropy_by_score(scores: Floats, wanted: Floats) -> Floats:
    """Its derivative by the score: (...), (...) -> (...), p - y: never larger than 1, however wrong the answer.

    >>> binary_cross_entropy_by_score(np.array([0.0]), np.array([1.0]))
    array([-0.5])
    """
    _same(scores, wanted)
    by_score: Floats = sigmoid(scores) - wanted
    return by_score


def binary_cross_entropy_by_probability(probabilities: Floats, wanted: Floats) -> Floats:
    """Its derivative by the probability: (...), (...) -> (...), without bound where a sure answer is wrong.

        dL/dp = (p - y) / (p (1 - p)),    that is -1/p for y = 1 and 1/(1 - p) for y = 0

    >>> binary_cross_entropy_by_probability(np.array([0.25]), np.array([1.0]))
    array([-4.])
    """
    _same(probabilities, wanted)
    if ((probabilities <= 0) | (probabilities >= 1)).any():
        raise CoreError("this derivative needs probabilities above 0 and below 1")
    by_probability: Floats = (probabilities - wanted) / (probabilities * (1 - probabilities))
    return by_probability


def quadratic(values: Floats, wanted: Floats) -> Floats:
    """The squared distance, for targets that are numbers: (...), (...) -> (...).

    >>> quadratic(np.array([3.0]), np.array([1.0]))
    array([4.])
    """
    _same(values, wanted)
    return np.square(values - wanted)


def quadratic_by_value(values: Floats, wanted: Floats) -> Floats:
    """Its derivative, 2 (value - wanted): twice as far off pulls twice as hard.

    >>> quadratic_by_value(np.array([3.0]), np.array([1.0]))
    array([4.])
    """
    _same(values, wanted)
    return 2 * (values - wanted)


def absolute(values: Floats, wanted: Floats) -> Floats:
    """The distance itself, called l1: (...), (...) -> (...).

    >>> absolute(np.array([3.0]), np.array([1.0]))
    array([2.])
    """
    _same(values, wanted)
    return np.abs(values - wanted)


def absolute_by_value(values: Floats, wanted: Floats) -> Floats:
    """Its derivative, the sign of value - wanted: everything pulls equally hard, and nothing where they meet.

    >>> absolute_by_value(np.array([3.0, 1.0, -9.0]), np.array([1.0, 1.0, 1.0]))
    array([ 1.,  0., -1.])
    """
    _same(values, wanted)
    return np.sign(values - wanted)


def best_value(measured: Floats, distance: Distance) -> float:
    """The one number with the least mean loss to all that was measured: (N,) -> a number.

    The squares are least at the mean, the distances at the median: one wild value moves the mean as far as it likes.

    >>> far_off = np.array([1.0, 1.0, 2.0, 96.0])
    >>> best_value(far_off, "quadratic"), best_value(far_off, "absolute")
    (25.0, 1.5)
    """
    if measured.ndim != 1 or not measured.size:
        raise ShapeError(f"need measured values (N,), got {measured.shape}")
    return float(np.mean(measured) if distance == "quadratic" else np.median(measured))


def mean_loss(value: Floats, measured: Floats, distance: Distance) -> Floats:
    """Mean loss of every guess against all that was measured: (G,), (N,) -> (G,).

    >>> mean_loss(np.array([0.0, 1.0]), np.array([1.0, 3.0]), "quadratic")
    array([5., 2.])
    """
    guesses, truth = np.broadcast_arrays(value[:, None], measured)  # (G, N)
    losses: Floats = (quadratic if distance == "quadratic" else absolute)(guesses, truth).mean(axis=1)
    return losses


def one_hot(labels: Labels, shape: tuple[int, ...]) -> Floats:
    """Labels as rows of zeros with a single 1: (...) -> (..., K).

    >>> one_hot(np.array([2]), (1, 3))
    array([[0., 0., 1.]])
    """
    labels = np.asarray(labels)
    if len(shape) != labels.ndim + 1 or shape[:-1] != labels.shape:
        raise ShapeError(f"need scores (..., K) and a label for each row, got {shape} and {labels.shape}")
    if labels.size and not 0 <= labels.min() <= labels.max() < shape[-1]:
        raise CoreError(f"labels of {shape[-1]} classes go from 0 to {shape[-1] - 1}")
    return np.asarray(labels[..., None] == np.arange(shape[-1]), dtype=np.float64)


def _same(values: Floats, wanted: Floats) -> None:
    if values.shape != wanted.shape:
        raise ShapeError(f"every value needs one target, got {values.shape} and {wanted.shape}")


def measured_radii(radius: float, outliers: Floats, *, spread: float = 0.3, seed: int = 0, count: int = 12) -> Floats:
    """Distances of points on the edge of a disc from its middle: -> (count,), the first ones off by `outliers`.

    >>> measured_radii(5.0, np.array([4.0]), spread=0.0, count=3)
    array([9., 5., 5.])
    """
    if radius <= 0 or spread < 0 or not len(outliers) <= count:
        raise CoreError(f"need a radius above 0, a spread from 0 and at most {count} outliers, got {len(outliers)}")
    found: Floats = radius + spread * np.random.default_rng(seed).normal(size=count)
    found[: len(outliers)] += outliers
    return found
