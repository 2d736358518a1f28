"""How much of the truth a layout tells: its divergence, the neighbours it keeps, those it tears apart.

Points are (N, D), a layout of them is (N, 2). Sources: Venna and Kaski, "Neighborhood preservation in nonlinear
projection methods", ICANN 2001 (trustworthiness, continuity).
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.features.neighbours import Places, nearest_others, squared
from core.types import Floats

if TYPE_CHECKING:
    from core.features.tsne.affinities import Affinities

ROWS = 500  # of the layout at a time


def kl_divergence(affinities: "Affinities", layout: Floats) -> float:
    """How far what a layout shows, Q, is from the affinities P of the points: (N, N), (N, 2) -> a number from 0.

        sum over i != j of P[i, j] * log(P[i, j] / Q[i, j])
        Q[i, j] = closeness[i, j] / sum over all pairs of closeness,    closeness = 1 / (1 + squared distance)

    All pairs, in double precision, whoever made the layout: the numbers of two programs can be compared.

    >>> from scipy.sparse import csr_matrix
    >>> pairs = csr_matrix([[0.0, 0.25, 0.25], [0.25, 0.0, 0.0], [0.25, 0.0, 0.0]])
    >>> round(kl_divergence(pairs, np.array([[0.0, 0.0], [9.0, 0.0], [-9.0, 0.0]])), 3)
    0.119
    """
    if layout.ndim != 2 or affinities.shape != (len(layout), len(layout)):
        raise ShapeError(f"need affinities (N, N) and a layout (N, 2), got {affinities.shape} and {layout.shape}")
    layout = layout.astype(np.float64)
    normaliser = -float(len(layout))  # a point is no neighbour of itself
    for start in range(0, len(layout), ROWS):
        normaliser += float((1 / (1 + squared(layout, layout[start : start + ROWS]))).sum())
    pairs = affinities.tocoo()
    closeness = 1 / (1 + ((layout[pairs.row] - layout[pairs.col]) ** 2).sum(axis=1))
    return float((pairs.data * np.log(pairs.data * normaliser / closeness)).sum())


def neighbours_kept(points: Floats, layout: Floats, *, k: int = 15) -> float:
    """Share of the k nearest points that are still among the k nearest in the layout: (N, D), (N, 2) -> 0 to 1.

    >>> line = np.arange(5.0)[:, None]
    >>> neighbours_kept(line, line * [[2.0, 0.0]], k=1)
    1.0
    """
    _matching(points, layout)
    before, after = nearest_others(points, k)[0], nearest_others(layout.astype(np.float64), k)[0]
    return kept(before, after)


def kept(before: Places, after: Places) -> float:
    """Share of the first neighbours that are among the second ones: (N, k), (N, k) -> 0 to 1.

    >>> kept(np.array([[1, 2]]), np.array([[2, 3]]))
    0.5
    """
    both = [len(np.intersect1d(one, other, assume_unique=True)) for one, other in zip(before, after, strict=True)]
    return float(np.sum(both) / before.size)


def trustworthiness(points: Floats, layout: Floats, *, k: int = 15) -> float:
    """Are those who are neighbours in the layout neighbours in truth? 1 if all are, near 0.5 in a random layout.

        1 - 2 / (N k (2 N - 3 k - 1)) * sum over i, over j near i in the layout only, of (rank of j in truth - k)

    >>> line = np.arange(6.0)[:, None]
    >>> trustworthiness(line, line, k=1), trustworthiness(line, line[[0, 3, 1, 4, 2, 5]], k=1) < 1
    (1.0, True)
    """
    _matching(points, layout)
    count = len(points)
    if not 1 <= k < count / 2:
        raise CoreError(f"of {count} points, from 1 to {(count - 1) // 2} neighbours can be judged, got {k}")
    truth = squared(points, points)
    np.fill_diagonal(truth, -1.0)  # oneself comes first and has rank 0
    order = np.argsort(truth, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(count)[None], axis=1)
    shown = nearest_others(layout.astype(np.float64), k)[0]
    excess = np.maximum(np.take_along_axis(ranks, shown, axis=1) - k, 0).sum()
    return float(1 - excess * 2 / (count * k * (2 * count - 3 * k - 1)))


def continuity(points: Floats, layout: Floats, *, k: int = 15) -> float:
    """Are those who are neighbours in truth still near in the layout? Trustworthiness, the other way round.

    >>> line = np.arange(6.0)[:, None]
    >>> continuity(line, line * 3, k=2)
    1.0
    """
    return trustworthiness(layout, points, k=k)


def purity(vectors: Floats, labels: NDArray[np.int64], k: int) -> float:
    """Mean share of a point's k nearest other points that have its label: (N, D), (N,) -> 0 to 1.

    As many points in each of C classes and nothing but chance give 1/C.

    >>> purity(np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([0, 0, 1, 1]), 1)
    1.0
    """
    if len(vectors) != len(labels):
        raise ShapeError(f"every vector needs a label, got {len(vectors)} and {len(labels)}")
    return purity_of(nearest_others(vectors, k)[0], labels)


def purity_of(places: Places, labels: NDArray[np.int64]) -> float:
    """The same for neighbours that are known already: (N, k), (N,) -> 0 to 1.

    >>> purity_of(np.array([[1], [0], [0]]), np.array([3, 3, 4]))
    0.6666666666666666
    """
    return float((labels[places] == labels[:, None]).mean())


def _matching(points: Floats, layout: Floats) -> None:
    if points.ndim != 2 or layout.ndim != 2 or len(points) != len(layout):
        raise ShapeError(f"need points (N, D) and a layout (N, 2) of them, got {points.shape} and {layout.shape}")
