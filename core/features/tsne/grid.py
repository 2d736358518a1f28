"""t-SNE with a grid of charges: pushes between all pairs by a Fourier transform, on any device torch knows.

Each point's charge is spread over 3x3 nodes of its cell; the nodes act on each other through one kernel, which a
Fourier transform applies at once; the result is read back at the points. The cost grows with the number of points,
not with that of the pairs. Source: Linderman et al., "Fast interpolation-based t-SNE", Nature Methods 16, 2019.
"""

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

    from core.features.tsne.affinities import Affinities

NODES = (1 / 6, 3 / 6, 5 / 6)  # of a cell, in each direction
LEAST_CELLS = 50  # in each direction; a cell is never wider than 1


class Grid:
    """The forces by interpolation, in single precision on the given device."""

    def __init__(self, affinities: "Affinities", *, device: str = "cpu") -> None:
        import torch

        self._device = torch.device(device)
        starts = torch.from_numpy(affinities.indptr.astype(np.int64)).to(self._device)
        self._starts = starts
        self._columns = torch.from_numpy(affinities.indices.astype(np.int64)).to(self._device)
        self._rows = torch.repeat_interleave(torch.arange(len(starts) - 1, device=self._device), starts.diff())
        self._values = torch.from_numpy(affinities.data.astype(np.float32)).to(self._device)

    def __call__(self, layout: Floats, exaggeration: float, *, judge: bool) -> tuple[Floats, float]:
        """Gradient and, if asked for, the divergence."""
        import torch

        points = torch.from_numpy(layout.astype(np.float32)).to(self._device)
        push, normaliser = repulsion(points)
        steps = points[self._rows] - points[self._columns]  # (edges, 2)
        closeness = 1 / (1 + (steps * steps).sum(dim=1))
        pull = torch.segment_reduce(
            (self._values * closeness)[:, None] * steps, "sum", offsets=self._starts, axis=0
        )  # (N, 2)
        found = 4 * (exaggeration * pull - push)
        kl = float((self._values * (self._values * normaliser / closeness).log()).sum()) if judge else np.nan
        return found.cpu().numpy().astype(np.float64), kl


def repulsion(points: "Tensor") -> tuple["Tensor", "Tensor"]:
    """What every point is pushed by all others, and the normaliser of Q: (N, 2) -> (N, 2), ().

        closeness[i, j] = 1 / (1 + |y[i] - y[j]|^2),    normaliser = sum over i != j of closeness
        push[i] = sum over j of closeness[i, j]^2 * (y[i] - y[j]) / normaliser

    Four charges are enough: 1, both coordinates and their squared length.

    >>> import torch
    >>> push, normaliser = repulsion(torch.tensor([[0.0, 0.0], [1.0, 0.0]]))
    >>> push.round(decimals=2), round(float(normaliser), 2)
    (tensor([[-0.2500,  0.0000],
            [ 0.2500,  0.0000]]), 1.0)
    """
    import torch

    low = points.min()
    span = max(float(points.max() - low), 1e-6) * 1.0001
    cells = max(LEAST_CELLS, ceil(span))
    nodes = 3 * cells  # in each direction
    places, weights = _shares((points - low) * (cells / span), cells, nodes)  # (N, 9), (N, 9)
    charges = torch.cat([torch.ones_like(points[:, :1]), points, (points**2).sum(dim=1, keepdim=True)], dim=1)
    spread = torch.zeros(nodes * nodes, 4, device=points.device)
    spread.index_add_(0, places.flatten(), (weights[:, :, None] * charges[:, None]).reshape(-1, 4))
    field = _convolved(spread.T.reshape(4, nodes, nodes), span / nodes).reshape(4, -1).T  # (nodes², 4)
    felt = (field.contiguous()[places.flatten()].reshape(*places.shape, 4) * weights[:, :, None]).sum(dim=1)  # (N, 4)
    along = (points * felt[:, 1:3]).sum(dim=1)
    felt_at_all = ((1 + charges[:, 3]) * felt[:, 0] - 2 * along + felt[:, 3]).sum(dtype=torch.float64)
    normaliser = felt_at_all - _own(weights, span / nodes)
    return (felt[:, :1] * points - felt[:, 1:3]) / normaliser.float(), normaliser


def _shares(scaled: "Tensor", cells: int, nodes: int) -> tuple["Tensor", "Tensor"]:
    """The nine nodes of each point's cell and what each of them gets, by Lagrange's polynomials."""
    import torch

    first, second, third = NODES
    corner = scaled.floor().clamp(0, cells - 1)
    inside = scaled - corner  # (N, 2)
    weights = torch.stack(
        [
            (inside - second) * (inside - third) / ((first - second) * (first - third)),
            (inside - first) * (inside - third) / ((second - first) * (second - third)),
            (inside - first) * (inside - second) / ((third - first) * (third - second)),
        ],
        dim=-1,
    )  # (N, 2, 3)
    both = (weights[:, 0, :, None] * weights[:, 1, None, :]).flatten(1)
    three = torch.arange(3, device=scaled.device)
    start = corner.long() * 3
    places = (start[:, 0, None, None] + three[:, None]) * nodes + start[:, 1, None, None] + three
    return places.flatten(1), both


def _own(weights: "Tensor", spacing: float) -> "Tensor":
    """What all points feel of themselves on the grid, nearly 1 each: (N, 9) -> (). That is no pair's, so it is cut."""
    import torch

    three = torch.arange(3, device=weights.device)
    steps = torch.stack(torch.meshgrid(three, three, indexing="ij"), dim=-1).reshape(9, 1, 2)
    squares = ((steps - steps.transpose(0, 1)) ** 2).sum(dim=-1) * spacing**2  # (9, 9)
    kernel = (1 + squares) ** -2
    total: Tensor = ((weights @ kernel) * weights).sum(dtype=torch.float64)
    return total


def _convolved(charges: "Tensor", spacing: float) -> "Tensor":
    """The field of charges on a grid under the kernel 1 / (1 + d²)²: (4, n, n) -> (4, n, n)."""
    import torch

    nodes = charges.shape[-1]
    size = _smooth(2 * nodes)
    steps = torch.arange(size, device=charges.device)
    squares = (torch.minimum(steps, size - steps) * spacing) ** 2
    kernel = (1 + squares[:, None] + squares) ** -2
    turned = torch.fft.rfft2(charges, s=(size, size)) * torch.fft.rfft2(kernel)
    field: Tensor = torch.fft.irfft2(turned, s=(size, size))[:, :nodes, :nodes]
    return field


def _smooth(least: int) -> int:
    """The next size a Fourier transform likes: a product of 2, 3 and 5."""
    size = least
    while True:
        rest = size
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 1
