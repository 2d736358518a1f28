"""t-SNE as it is written in the paper: every pair of points, every iteration."""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.types import Floats

if TYPE_CHECKING:
    from core.features.tsne.affinities import Affinities

Reals: TypeAlias = NDArray[np.floating[Any]]  # of single or double precision


def gradient(layout: Reals, affinities: Reals, *, exaggeration: float = 1.0) -> tuple[Reals, float]:
    """Where every point is pulled and pushed: layout (N, 2), affinities (N, N) -> gradient (N, 2), normaliser.

        closeness[i, j] = 1 / (1 + |y[i] - y[j]|^2),  0 for i = j         (Student's t, eq. 4)
        Q = closeness / normaliser,                   normaliser = sum of closeness
        gradient[i] = 4 * sum over j of (exaggeration * P[i, j] - Q[i, j]) * closeness[i, j] * (y[i] - y[j])    (eq. 5)

    >>> pair = np.array([[0.0, 0.0], [1.0, 0.0]])
    >>> gradient(pair, np.array([[0.0, 0.5], [0.5, 0.0]]))[0].round(3) + 0.0  # two points are always right
    array([[0., 0.],
           [0., 0.]])
    """
    lengths = (layout**2).sum(axis=1)
    closeness = layout @ layout.T
    closeness *= -2
    closeness += lengths
    closeness += 1 + lengths[:, None]  # 1 + squared distance
    np.reciprocal(closeness, out=closeness)
    np.fill_diagonal(closeness, 0)
    normaliser = float(closeness.sum(dtype=np.float64))
    pull = affinities * exaggeration - closeness * (1 / normaliser)
    pull *= closeness
    return 4 * (pull.sum(axis=1)[:, None] * layout - pull @ layout), normaliser


class Exact:
    """The forces between all pairs, in single precision: readable, and the fastest way up to some 1,000 points."""

    def __init__(self, affinities: "Affinities") -> None:
        self._whole = affinities.toarray().astype(np.float32)
        self._sparse = affinities.tocoo()

    def __call__(self, layout: Floats, exaggeration: float, *, judge: bool) -> tuple[Floats, float]:
        """Gradient and, if asked for, the divergence."""
        single = layout.astype(np.float32)
        found, normaliser = gradient(single, self._whole, exaggeration=exaggeration)
        return found.astype(np.float64), self._divergence(layout, normaliser) if judge else np.nan

    def _divergence(self, layout: Floats, normaliser: float) -> float:
        rows, columns, values = self._sparse.row, self._sparse.col, self._sparse.data
        squares = ((layout[rows] - layout[columns]) ** 2).sum(axis=1)
        return float((values * np.log(values * normaliser * (1 + squares))).sum())
