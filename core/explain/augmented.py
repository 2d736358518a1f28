"""Augmented Grad-CAM: many coarse maps of turned and shifted views, combined into one sharp map (lecture A).

h is the sharp map wanted, a column of S·S numbers; g_l is the coarse Grad-CAM map of view l, A_l what makes the view,
D what makes it coarse. Each view puts the cells elsewhere, so together they say more than any one of them.
Source: Morbidelli et al., "Augmented Grad-CAM: Heat-Maps Super Resolution Through Augmentation", ICASSP 2020.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from core.errors import CoreError, ShapeError
from core.explain.cam import enlarged
from core.explain.views import View, shrinking_matrix, view_matrix, viewed
from core.learning.train import Progress
from core.types import Floats, Heatmap

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LAMBDA, MU, STEPS = 0.1, 1.0, 150  # chosen on validation scenes: see core/explain/closeness.py
FIRST = 0.08  # length of the first step, as a share of the starting map's
GROUP = 8  # pictures that are asked about at once
Ask: TypeAlias = Callable[[Floats], Floats]  # pictures (N, S, S, 3) from 0 to 1 -> coarse maps (N, n, n)


@dataclass(frozen=True, eq=False)
class Problem:
    """The inverse problem: which sharp map, seen through every view and made coarse, gives these coarse maps?"""

    through: "csr_array"  # (L·n·n, S·S): D A_l for every l, below each other
    coarse: Floats  # (L·n·n,): g_l for every l, the largest value 1
    side: int  # S
    cells: int  # n
    smooth: float = LAMBDA  # the lecture's lambda: the price of every change between neighbours
    small: float = MU  # the lecture's mu: the price of large values


@dataclass(frozen=True, eq=False)
class Found:
    """Where the descent came to: the best map (S, S), the objective after every step, and the least until then."""

    heat: Heatmap
    objective: tuple[float, ...]
    best: tuple[float, ...]


def problem(coarse: Floats, views: Sequence[View], *, side: int, smooth: float = LAMBDA, small: float = MU) -> Problem:
    """The problem of some coarse maps, one per view: (L, n, n) -> for a sharp map of S x S, S a multiple of n."""
    if coarse.ndim != 3 or coarse.shape[1] != coarse.shape[2] or len(coarse) != len(views):
        raise ShapeError(f"need one square map (n, n) for each of {len(views)} views, got {coarse.shape}")
    if smooth < 0 or small < 0:
        raise CoreError(f"lambda and mu are prices of 0 or more, got {smooth} and {small}")
    return Problem(
        views_made_coarse(tuple(views), side, coarse.shape[1]),
        coarse.ravel() / (coarse.max() or 1.0),
        side,
        coarse.shape[1],
        smooth,
        small,
    )


@lru_cache(maxsize=4)
def views_made_coarse(views: tuple[View, ...], side: int, cells: int) -> "csr_array":
    """D A_l for every view l, below each other: (L·n·n, S·S); kept, as the views of many pictures are the same."""
    from scipy.sparse import csr_array, vstack

    shrink = shrinking_matrix(side, cells)
    return csr_array(vstack([shrink @ view_matrix(view, side) for view in views]))


def coarse_maps(ask: Ask, image: Floats, views: Sequence[View], *, progress: Progress | None = None) -> Floats:
    """The coarse map of every view of a picture (S, S, 3), asked for in small groups: (L, n, n)."""
    found = list[Floats]()
    for start in range(0, len(views), GROUP):
        if progress:
            progress(start / len(views), f"view {start + 1} of {len(views)}")
        found.append(ask(np.stack([viewed(image, view) for view in views[start : start + GROUP]])))
    return np.concatenate(found)


def total_variation(heat: Heatmap) -> float:
    """Every step between neighbours, along rows and along columns: (H, W). Anisotropic: no root of squares.

    >>> total_variation(np.array([[0.0, 1.0], [0.0, 3.0]]))
    6.0
    """
    return float(np.abs(np.diff(heat, axis=0)).sum() + np.abs(np.diff(heat, axis=1)).sum())


def total_variation_slope(heat: Heatmap) -> Heatmap:
    """A subgradient of it: how many neighbours lie below a pixel, less those above it, (H, W) -> (H, W).

    >>> total_variation_slope(np.array([[0.0, 1.0], [0.0, 3.0]]))
    array([[-1.,  0.],
           [-1.,  2.]])
    """
    slope = np.zeros_like(heat)
    for axis in (0, 1):
        sign = np.sign(np.diff(heat, axis=axis))
        before, after = ((slice(None),) * axis + (part,) for part in (slice(None, -1), slice(1, None)))
        slope[before] -= sign
        slope[after] += sign
    return slope


def objective(h: Floats, wanted: Problem) -> float:
    """What a map costs: (S·S,) -> a number.

    1/2 sum over l of ||D A_l h - g_l||² + lambda TV(h) + mu/2 ||h||²        (lecture A)
    """
    missing = wanted.through @ h - wanted.coarse
    variation = total_variation(h.reshape(wanted.side, wanted.side))
    return float(missing @ missing / 2 + wanted.smooth * variation + wanted.small * (h @ h) / 2)


def subgradient(h: Floats, wanted: Problem) -> Floats:
    """A direction in which the cost rises: (S·S,) -> (S·S,). The transpose sends what is missing back to the pixels.

    sum over l of A_l' D' (D A_l h - g_l) + lambda * (subgradient of TV) + mu h
    """
    missing = wanted.through @ h - wanted.coarse
    variation = total_variation_slope(h.reshape(wanted.side, wanted.side)).ravel()
    slope: Floats = wanted.through.T @ missing + wanted.smooth * variation + wanted.small * h
    return slope


def descend(wanted: Problem, start: Heatmap, *, steps: int = STEPS, progress: Progress | None = None) -> Found:
    """Subgradient descent from a starting map (S, S): steps of a length that shrinks as 1 / sqrt(step).

    At a corner of the cost a step may lead up, so the best map on the way is kept.
    """
    h, first = start.ravel(), FIRST * (float(np.linalg.norm(start)) or 1.0)
    costs, best, kept = list[float](), list[float](), h
    for step in range(1, steps + 1):
        costs.append(objective(h, wanted))
        if not best or costs[-1] < best[-1]:
            kept = h
        best.append(min([costs[-1], *best[-1:]]))
        slope = subgradient(h, wanted)
        steep = float(np.linalg.norm(slope))
        if steep == 0:
            break
        h = h - first / np.sqrt(step) * slope / steep
        if progress and step % 10 == 0:
            progress(step / steps, f"step {step} of {steps}")
    return Found(kept.reshape(wanted.side, wanted.side), tuple(costs), tuple(best))


def plain(wanted: Problem) -> Heatmap:
    """Where the descent begins, and what it is compared with: the first view's own map, enlarged, (S, S)."""
    first = wanted.coarse[: wanted.cells**2].reshape(wanted.cells, wanted.cells)
    return enlarged(first, wanted.side)
