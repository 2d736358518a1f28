"""The forces as openTSNE computes them, compiled: a tree of cells for few points, a grid of charges for many.

The descent around them stays ours, so that a layout can be shown and stopped at any iteration.
Source: Policar, Strazar and Zupan, "openTSNE", Journal of Statistical Software 109, 2024.
"""

from typing import TYPE_CHECKING

import numpy as np

from core.types import Floats

if TYPE_CHECKING:
    from core.features.tsne.affinities import Affinities

MANY = 10_000  # points from which on the grid beats the tree
SETTING = {
    "bh_params": {"theta": 0.5},
    "fft_params": {"n_interpolation_points": 3, "min_num_intervals": 50, "ints_in_interval": 1},
}


class Library:
    """openTSNE's gradient behind our descent, on so many threads."""

    def __init__(self, affinities: "Affinities", *, threads: int = 1) -> None:
        from openTSNE.tsne import kl_divergence_bh, kl_divergence_fft  # type: ignore[import-untyped]

        self._compute = kl_divergence_fft if affinities.shape[0] >= MANY else kl_divergence_bh
        self._threads = threads
        self._plain = affinities.astype(np.float64)
        self._scaled, self._exaggeration = self._plain.copy(), 1.0

    def __call__(self, layout: Floats, exaggeration: float, *, judge: bool) -> tuple[Floats, float]:
        """Gradient and, if asked for, the divergence."""
        if exaggeration != self._exaggeration:
            self._scaled.data = self._plain.data * exaggeration
            self._exaggeration = exaggeration
        kl, gradient = self._compute(
            layout, self._scaled, dof=1, should_eval_error=judge, n_jobs=self._threads, **SETTING
        )
        kl = kl / exaggeration - np.log(exaggeration) if judge else np.nan  # as if nothing were exaggerated
        return 4 * gradient, float(kl)
