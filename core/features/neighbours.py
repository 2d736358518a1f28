"""Nearest neighbours by brute force: which examples lie closest to a query, and by which distance (lectures A and C).

Vectors are (N, D); what is longer than a vector is flattened by whoever asks. Nothing is approximated.
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.learning.train import Progress
from core.types import Floats

Metric: TypeAlias = Literal["l1", "l2", "cosine"]
METRICS: tuple[Metric, ...] = get_args(Metric)
Places: TypeAlias = NDArray[np.int64]
ROWS = 1000  # queries at a time
CELLS = 8_000_000  # distances held at once: what fits into a few tens of megabytes


def distances(train: Floats, query: Floats, metric: Metric = "l1") -> Floats:
    """Every query from every example: (N, D), (M, D) -> (M, N).

        l1      mean over d of |query - train|          as the lecture writes it: np.mean(np.abs(...), axis=-1)
        l2      sqrt(sum over d of (query - train)^2)
        cosine  1 - query · train / (|query| |train|)   the angle alone; a vector of zeros is at distance 1 from all

    >>> distances(np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[0.0, 1.0]]), "l1")
    array([[0.5, 3. ]])
    >>> distances(np.array([[0.0, 2.0], [3.0, 0.0]]), np.array([[0.0, 1.0]]), "cosine")
    array([[0., 1.]])
    """
    if train.ndim != 2 or query.ndim != 2 or train.shape[1] != query.shape[1]:
        raise ShapeError(f"need vectors (N, D) and queries (M, D) of one length, got {train.shape} and {query.shape}")
    if metric == "l1":
        return _mean_differences(train, query)
    if metric == "l2":
        return np.sqrt(squared(train, query))
    if metric == "cosine":
        return np.asarray(np.clip(1 - _directions(query) @ _directions(train).T, 0, 2))
    raise CoreError(f"a distance is one of {', '.join(METRICS)}, got {metric!r}")


def nearest(train: Floats, query: Floats, k: int, metric: Metric = "l1") -> Places:
    """The places of the k nearest examples of every query, nearest first: (N, D), (M, D) -> (M, k).

    Of examples equally near, the earlier comes first.

    >>> nearest(np.array([[0.0], [1.0], [5.0]]), np.array([[4.0]]), 2)
    array([[2, 1]])
    """
    if not 1 <= k <= len(train):
        raise CoreError(f"there are {len(train)} examples, so 1 to {len(train)} neighbours can be asked for, got {k}")
    found = [
        np.argsort(distances(train, query[start : start + ROWS], metric), axis=1, kind="stable")[:, :k]
        for start in range(0, len(query), ROWS)
    ]
    return np.concatenate(found) if found else np.empty((0, k), dtype=np.int64)


def voted(labels: NDArray[np.int64], places: Places) -> NDArray[np.int64]:
    """The label most of the k neighbours have: (N,), (M, k) -> (M,). Where several do, that of the nearest among them.

    >>> voted(np.array([7, 8, 8, 9]), np.array([[0, 1, 2], [3, 0, 1]]))
    array([8, 9])
    """
    seen = labels[places]  # (M, k)
    votes = (seen[:, :, None] == seen[:, None, :]).sum(axis=2)  # for the label of each neighbour, (M, k)
    winner = votes.argmax(axis=1)  # argmax takes the first, which is the nearest
    return np.asarray(seen[np.arange(len(seen)), winner])


def nearest_others(points: Floats, k: int, *, progress: Progress = lambda done, what: None) -> tuple[Places, Floats]:
    """The k nearest other points of every point and their squared distances, nearest first: (N, D) -> (N, k), (N, k).

    >>> places, squares = nearest_others(np.array([[0.0], [1.0], [5.0]]), 1)
    >>> places.ravel(), squares.ravel()
    (array([1, 0, 1]), array([ 1.,  1., 16.]))
    """
    if points.ndim != 2 or not 1 <= k < len(points):
        raise CoreError(f"each of {len(points)} points has {max(0, len(points) - 1)} others, got k = {k}")
    count, rows = len(points), max(1, min(ROWS, CELLS // len(points)))
    places, kept = np.empty((count, k), dtype=np.int64), np.empty((count, k))
    norms = (points**2).sum(axis=1)
    for start in range(0, count, rows):
        progress(start / count, f"neighbours of point {start:,} of {count:,}")
        block = np.arange(start, min(start + rows, count))
        found = norms[block, None] + norms - 2 * points[block] @ points.T  # (rows, N)
        found[np.arange(len(block)), block] = np.inf
        best = np.argpartition(found, k - 1, axis=1)[:, :k] if k < count - 1 else _all_but(block, count)
        near = np.take_along_axis(found, best, axis=1)
        order = np.argsort(near, axis=1, kind="stable")
        places[block], kept[block] = np.take_along_axis(best, order, axis=1), np.take_along_axis(near, order, axis=1)
    return places, np.maximum(kept, 0.0)


def squared(train: Floats, query: Floats) -> Floats:
    """Squared distances: (N, D), (M, D) -> (M, N).

    >>> squared(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]))
    array([[25.]])
    """
    lengths = (query**2).sum(axis=1)[:, None] + (train**2).sum(axis=1)
    return np.asarray(np.maximum(lengths - 2 * query @ train.T, 0.0))


def _mean_differences(train: Floats, query: Floats) -> Floats:
    from scipy.spatial.distance import cdist

    found: Floats = cdist(query, train, "cityblock") / train.shape[1]  # without ever holding all differences
    return found


def _directions(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _all_but(block: Places, count: int) -> Places:
    """Every point but oneself, for each of some points: (rows,) -> (rows, N - 1)."""
    others = np.arange(count - 1)
    return np.asarray(others + (others >= block[:, None]))


def accuracy_by_size(
    order: Places, train: NDArray[np.int64], query: NDArray[np.int64], k: int, sizes: Sequence[int]
) -> list[float]:
    """Share of queries whose k nearest vote for the right label, if only the first so many examples were there.

    `order` is every example in order of distance, (M, N); `train` (N,) and `query` (M,) are labels. Each size keeps
    the examples with a place below it, so that no distance is computed twice.

    >>> order = np.array([[2, 0, 1]])
    >>> accuracy_by_size(order, np.array([5, 6, 7]), np.array([7]), 1, [1, 2, 3])
    [0.0, 0.0, 1.0]
    """
    found = list[float]()
    for size in sizes:
        if not 1 <= k <= size <= order.shape[1]:
            raise CoreError(f"{k} neighbours among the first {size} of {order.shape[1]} examples cannot be asked")
        there = order < size
        first = np.argsort(~there, axis=1, kind="stable")[:, :k]  # the places in the order of those that are there
        found.append(float((voted(train, np.take_along_axis(order, first, axis=1)) == query).mean()))
    return found


def right_by_rank(places: Places, train: NDArray[np.int64], query: NDArray[np.int64]) -> Floats:
    """How many of what is found first, second, ... have the query's label: (M, k), (N,), (M,) -> k shares.

    >>> right_by_rank(np.array([[0, 1], [1, 0]]), np.array([5, 6]), np.array([5, 5]))
    array([0.5, 0.5])
    """
    return np.asarray((train[places] == query[:, None]).mean(axis=0))
