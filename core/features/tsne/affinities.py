"""How near each point has its neighbours, as probabilities: what t-SNE tries to keep.

Points are (N, D), k is how many neighbours each one has, and a perplexity is how many of them count, so to speak.
"""

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.features.neighbours import nearest_others
from core.learning.train import Progress
from core.types import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Affinities: TypeAlias = "csr_matrix"  # (N, N), symmetric, adds up to 1
REACH = 3  # neighbours looked at for each unit of perplexity; those beyond weigh nearly nothing
HALVINGS = 60


def conditional(squares: Floats, perplexity: float) -> Floats:
    """Share of each neighbour in a point's attention: squared distances (N, k) -> (N, k), rows that add up to 1.

        p[j | i] = exp(-beta[i] * squares[i, j]) / sum over the neighbours,    beta[i] such that
        2 ** (entropy of row i in bits) = perplexity                            (eq. 1; found by halving an interval)

    >>> shares = conditional(np.array([[1.0, 1.0, 9.0, 9.0]]), perplexity=2)
    >>> shares.round(2)
    array([[0.5, 0.5, 0. , 0. ]])
    """
    if squares.ndim != 2 or not 1 <= perplexity <= squares.shape[1]:
        raise CoreError(f"a perplexity lies between 1 and the number of neighbours, got {perplexity}, {squares.shape}")
    offsets = squares - squares.min(axis=1, keepdims=True)  # the same shares, and no exp of large numbers
    scale = np.maximum(offsets.mean(axis=1, keepdims=True), 1e-300)  # so that beta is searched near 1
    offsets = offsets / scale
    low, high = np.full((len(squares), 1), -12.0), np.full((len(squares), 1), 12.0)  # of log10(beta)
    wanted = np.log(perplexity)
    for _ in range(HALVINGS):
        beta = 10 ** ((low + high) / 2)
        shares = np.exp(-beta * offsets)
        total = shares.sum(axis=1, keepdims=True)
        entropy = np.log(total) + beta * (offsets * shares).sum(axis=1, keepdims=True) / total
        wide = entropy > wanted
        low, high = np.where(wide, (low + high) / 2, low), np.where(wide, high, (low + high) / 2)
    found: Floats = shares / total
    return found


def affinities(points: Floats, perplexity: float, *, progress: Progress = lambda done, what: None) -> Affinities:
    """How much every pair belongs together: (N, D) -> (N, N), symmetric, sum 1, zero where neither is a neighbour.

        P[i, j] = (p[j | i] + p[i | j]) / (2 N)

    >>> found = affinities(np.array([[0.0], [1.0], [5.0], [6.0]]), perplexity=1)
    >>> found.toarray().round(2)[0]
    array([0.  , 0.25, 0.  , 0.  ])
    """
    if points.ndim != 2 or len(points) < 4:
        raise ShapeError(f"need points (N, D), four or more, got {points.shape}")
    count = neighbours_for(perplexity, len(points))
    places, squares = nearest_others(points, count, progress=progress)
    return joint(places, conditional(squares, perplexity))


def neighbours_for(perplexity: float, points: int) -> int:
    """How many neighbours of each point are looked at.

    >>> neighbours_for(30, 1797)
    90
    """
    if not 1 <= perplexity <= (points - 1) / REACH:
        raise CoreError(
            f"a perplexity of {perplexity:g} asks for {REACH * perplexity:.0f} neighbours of each point, and there are "
            f"{points - 1} others: from 1 to {(points - 1) // REACH} would do"
        )
    return int(REACH * perplexity)


def joint(places: NDArray[np.int64], shares: Floats) -> Affinities:
    """Made the same in both directions: neighbours (N, k) and shares (N, k) -> (N, N)."""
    from scipy.sparse import csr_matrix

    count, each = places.shape
    one_way = csr_matrix((shares.ravel(), places.ravel(), np.arange(0, count * each + 1, each)), (count, count))
    both = csr_matrix((one_way + one_way.T) / (2 * count))
    both.sort_indices()
    return both
