"""Neighbours and affinities in torch, in single precision: the same as in numpy, on whatever device there is."""

from typing import TYPE_CHECKING

import numpy as np

from core.features.tsne.affinities import Affinities, conditional, joint, neighbours_for
from core.learning.train import Progress
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

CELLS = 64_000_000  # distances held at once on a GPU; a processor's cache likes fewer
CACHED = 8_000_000


def affinities_on(
    points: Floats, perplexity: float, device: str, *, progress: Progress = lambda done, what: None
) -> Affinities:
    """How much every pair belongs together: (N, D) -> (N, N); the search for neighbours is done on the device."""
    import torch

    count = neighbours_for(perplexity, len(points))
    centred = torch.from_numpy((points - points.mean(axis=0)).astype(np.float32)).to(device)
    places, squares = nearest_others(centred, count, progress=progress)
    return joint(places.cpu().numpy(), conditional(squares.cpu().numpy().astype(np.float64), perplexity))


def nearest_others(
    points: "Tensor", k: int, *, progress: Progress = lambda done, what: None
) -> tuple["Tensor", "Tensor"]:
    """The k nearest other points of every point, and their squared distances: (N, D) -> (N, k), (N, k).

    >>> import torch
    >>> places, squares = nearest_others(torch.tensor([[0.0], [1.0], [5.0]]), 1)
    >>> places.flatten().tolist(), squares.flatten().tolist()
    ([1, 0, 1], [1.0, 1.0, 16.0])
    """
    import torch

    count = len(points)
    rows = max(1, (CACHED if points.device.type == "cpu" else CELLS) // count)
    norms = (points * points).sum(dim=1)
    places = torch.empty(count, k, dtype=torch.int64, device=points.device)
    kept = torch.empty(count, k, device=points.device)
    for start in range(0, count, rows):
        progress(start / count, f"neighbours of point {start:,} of {count:,}")
        block = torch.arange(start, min(start + rows, count), device=points.device)
        found = torch.addmm(norms, points[block], points.T, alpha=-2)  # squared distances, but for the row's own norm
        found[torch.arange(len(block)), block] = torch.inf
        near, best = found.topk(k, dim=1, largest=False)
        places[block], kept[block] = best, (near + norms[block, None]).clamp(min=0)
    return places, kept
