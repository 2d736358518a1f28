"""A network with one hidden layer, learned by plain descent, every line written out (lectures A, C and D).

N examples of F numbers go through H hidden units to K scores. The weights are four arrays: into the hidden layer
(F, H) and (H,), out of it (H, K) and (K,). Source: Goodfellow, Bengio and Courville, "Deep Learning", section 6.5.
"""

from typing import TypeAlias

from core.errors import CoreError, ShapeError
from core.learning.losses import Labels, cross_entropy_by_scores
from core.types import Floats
from core.units.activations import relu, relu_slope

Weights: TypeAlias = tuple[Floats, Floats, Floats, Floats]


def scores_of(features: Floats, weights: Weights) -> tuple[Floats, Floats, Floats]:
    """Forward: (N, F) -> the hidden sums (N, H), what the units give (N, H), and the scores (N, K).

        a = X W1 + b1,    h = max(0, a),    z = h W2 + b2

    >>> import numpy as np
    >>> weights = (np.array([[2.0, -1.0]]), np.zeros(2), np.array([[1.0], [5.0]]), np.array([0.5]))
    >>> scores_of(np.array([[3.0], [-1.0]]), weights)[2].tolist()
    [[6.5], [5.5]]
    """
    into, shift, out, last = weights
    if features.ndim != 2 or into.shape != (features.shape[1], *shift.shape) or out.shape != shift.shape + last.shape:
        raise ShapeError(
            f"need features (N, F) and weights (F, H), (H,), (H, K), (K,), got {features.shape} and "
            f"{[each.shape for each in weights]}"
        )
    sums = features @ into + shift
    hidden = relu(sums)
    return sums, hidden, hidden @ out + last


def slopes_of(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Slopes of the mean cross-entropy by every weight: (N, F), (N,) -> four arrays, shaped like the weights.

        D = (softmax(z) - Y) / N                dW2 = h' D,    db2 = sum over the examples of D
        G = D W2'  where a > 0, 0 elsewhere     dW1 = X' G,    db1 = sum over the examples of G

    A ' stands for transposed; Y has a 1 at the label of each example.

    >>> import numpy as np
    >>> weights = (np.zeros((1, 1)), np.ones(1), np.zeros((1, 2)), np.zeros(2))
    >>> slopes_of(np.array([[3.0]]), np.array([1]), weights)[2]
    array([[ 0.5, -0.5]])
    """
    if not len(features):
        raise ShapeError("the mean loss of no examples has no slopes")
    sums, hidden, scores = scores_of(features, weights)
    by_scores = cross_entropy_by_scores(scores, labels) / len(features)
    by_sums = relu_slope(sums) * (by_scores @ weights[2].T)
    return features.T @ by_sums, by_sums.sum(axis=0), hidden.T @ by_scores, by_scores.sum(axis=0)


def descended(features: Floats, labels: Labels, weights: Weights, *, steps: int, rate: float) -> Weights:
    """The weights after so many steps down, each with all examples: (N, F), (N,) -> four arrays like the weights.

        w <- w - rate * dL/dw        for all four at once, by slopes at the same point

    >>> import numpy as np
    >>> start = (np.zeros((1, 1)), np.ones(1), np.zeros((1, 2)), np.zeros(2))
    >>> descended(np.array([[3.0]]), np.array([1]), start, steps=1, rate=0.1)[3]
    array([-0.05,  0.05])
    """
    if steps < 0:
        raise CoreError(f"a number of steps is 0 or more, got {steps}")
    for _ in range(steps):
        slopes = slopes_of(features, labels, weights)
        one, two, three, four = (weight - rate * slope for weight, slope in zip(weights, slopes, strict=True))
        weights = one, two, three, four
    return weights
