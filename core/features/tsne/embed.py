"""One way in to every version of t-SNE: points in, layouts out, one after the other, while they are computed."""

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.errors import CoreError, ShapeError
from core.features.tsne.affinities import Affinities, affinities, neighbours_for
from core.features.tsne.descent import PHASES, Forces, Frame, Phase, descend
from core.learning.train import Progress
from core.types import Floats

Method: TypeAlias = Literal["auto", "exact", "opentsne", "fft"]
METHODS: tuple[Method, ...] = get_args(Method)
Start: TypeAlias = Literal["pca", "random"]
FEW = 1_000  # points up to which all pairs are the quickest way
SPREAD = 1e-4  # of the start: so small that only the directions matter


def embed(
    points: Floats,
    *,
    perplexity: float = 30.0,
    seed: int = 0,
    method: Method = "auto",
    start: Start = "pca",
    frames_every: int = 10,
    phases: tuple[Phase, ...] = PHASES,
    threads: int = 1,
    progress: Progress = lambda done, what: None,
) -> Iterator[Frame]:
    """Points (N, D) as layouts (N, 2), from the start over every few iterations to the last.

    exact      every pair in numpy, as in the paper
    opentsne   the compiled gradient of openTSNE, on so many threads of the processor
    fft        our version in torch, on a GPU if there is one
    auto       exact for few points, then fft on a GPU, opentsne without one

    The first frame is the start, before anything is known of neighbours. `progress` may raise to stop.

    >>> corners = np.repeat(np.eye(3) * 9, 20, axis=0) + np.random.default_rng(0).normal(size=(60, 3))
    >>> *_, last = embed(corners, perplexity=5, frames_every=700)
    >>> last.iteration, last.coordinates.shape, last.kl < 0.5
    (700, (60, 2), True)
    """
    if method not in METHODS:
        raise CoreError(f"a method is one of {', '.join(METHODS)}, got {method!r}")
    _refuse(points)
    neighbours_for(perplexity, len(points))  # refuses at once what would fail after the first frame
    wanted, device = chosen(method, len(points))
    placed = starting(points, seed=seed, start=start)
    yield Frame(0, np.nan, placed.astype(np.float32))
    found = _affinities(points, perplexity, device, progress)
    forces = _forces(found, wanted, device, threads)
    yield from descend(placed, forces, phases=phases, frames_every=frames_every, progress=progress)


def chosen(method: Method, count: int) -> tuple[Method, str]:
    """The method and the device that "auto" means for so many points.

    >>> chosen("auto", 500), chosen("opentsne", 500)
    (('exact', 'cpu'), ('opentsne', 'cpu'))
    """
    if method == "exact" or (method == "auto" and count <= FEW):
        return "exact", "cpu"
    if method == "opentsne":
        return "opentsne", "cpu"
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    return ("fft" if method == "fft" or device == "cuda" else "opentsne"), device


def starting(points: Floats, *, seed: int, start: Start = "pca") -> Floats:
    """Where the layout begins: along the two longest directions of the points, or anywhere: (N, D) -> (N, 2).

    Both are made tiny, so that pulls decide. The seed also adds a little to the first, which keeps equal points apart.

    >>> line = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])
    >>> bool((np.diff(starting(line, seed=0)[:, 0]) > 0).all() or (np.diff(starting(line, seed=0)[:, 0]) < 0).all())
    True
    """
    noise = np.random.default_rng(seed).normal(size=(len(points), 2))
    if start == "random":
        return noise * SPREAD
    centred = points - points.mean(axis=0)
    if points.shape[1] <= len(points):
        axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :2]
        along = centred @ axes
    else:
        values, sides = np.linalg.eigh(centred @ centred.T)
        along = (sides * np.sqrt(np.maximum(values, 0)))[:, ::-1][:, :2]
    if along.shape[1] < 2:
        along = np.hstack([along, np.zeros_like(along)])
    spread = float(along[:, 0].std()) or 1.0
    return np.asarray((along / spread + 0.01 * noise) * SPREAD)


def _refuse(points: Floats) -> None:
    if points.ndim != 2 or len(points) < 4 or not points.shape[1]:
        raise ShapeError(f"need points (N, D), four or more, got {points.shape}")
    if not np.isfinite(points).all():
        raise CoreError("every coordinate must be a finite number; some of these are not")


def _affinities(points: Floats, perplexity: float, device: str, progress: Progress) -> Affinities:
    if len(points) <= FEW:
        return affinities(points, perplexity, progress=progress)
    from core.features.tsne.ondevice import affinities_on

    return affinities_on(points, perplexity, device, progress=progress)


def _forces(found: Affinities, method: Method, device: str, threads: int) -> Forces:
    if method == "exact":
        from core.features.tsne.exact import Exact

        return Exact(found)
    if method == "opentsne":
        from core.features.tsne.library import Library

        return Library(found, threads=threads)
    from core.features.tsne.grid import Grid

    return Grid(found, device=device)
