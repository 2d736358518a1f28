"""Detection by a score for every cell: islands of high scores are what was found, one peak each (lecture D).

A net without dense layers answers for every cell of a grid over the picture: K scores, of which 0 is the ground. K is
the number of classes and the ground, `step` the side of a cell in pixels. Places are (x, y) in pixels of the picture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detect.single.counting import Labels, Peaks, matched
from core.errors import CoreError, ShapeError
from core.types import Floats


@dataclass(frozen=True, eq=False)
class Judged:
    """Which peak is which thing, pairs (M, 2) of places in both lists; peaks that are false and things missed."""

    pairs: Labels
    false: Labels
    missed: Labels


@dataclass(frozen=True)
class Tally:
    """How many things were found, how many peaks were false, and how many things were missed."""

    found: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.found + other.found, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The share of the peaks that are right; 1 if there are none, as nothing was said that is wrong."""
        said = self.found + self.false
        return self.found / said if said else 1.0

    @property
    def recall(self) -> float:
        """The share of the things that were found; 1 if there are none."""
        there = self.found + self.missed
        return self.found / there if there else 1.0

    @property
    def f1(self) -> float:
        """Both in one number, twice the found over all peaks and all things; 1 if there are none of either."""
        both = 2 * self.found + self.false + self.missed
        return 2 * self.found / both if both else 1.0


def cells(labels: Labels, *, step: int) -> Labels:
    """The class of every cell, that of most of its pixels: (H, W) -> (H // step, W // step).

    Of two classes with as many pixels the lower number counts, so the ground wins. What is left over at the right and
    below is no cell.

    >>> cells(np.array([[0, 0, 3, 3, 1], [0, 3, 0, 3, 1]]), step=2).tolist()
    [[0, 3]]
    """
    if labels.ndim != 2 or step < 1 or min(labels.shape) < step or labels.min() < 0:
        raise ShapeError(f"need classes from 0 of at least {step}x{step} pixels (H, W), got {labels.shape}")
    high, wide = labels.shape[0] // step, labels.shape[1] // step
    tiles = labels[: high * step, : wide * step].reshape(high, step, wide, step)
    counts = np.stack([(tiles == each).sum(axis=(1, 3)) for each in range(int(labels.max()) + 1)])  # (K, h, w)
    most: NDArray[np.int64] = counts.argmax(axis=0)
    return most


def peaks(scores: Floats, *, threshold: float, step: int) -> Peaks:
    """One peak for each island of cells whose score reaches the threshold: (K, h, w) -> P peaks, the surest first.

    An island is what hangs together by sides or corners, within one class. Its place is the mean of its cells' middles,
    weighted by their scores; how sure it is, the highest of them. Class 0 is the ground and has no peaks.

    >>> scores = np.zeros((2, 3, 6)); scores[1, 1] = [0.8, 0.8, 0.1, 0, 0, 0.9]; scores[0] = 1 - scores[1]
    >>> found = peaks(scores, threshold=0.5, step=8)
    >>> found.places.tolist(), found.labels.tolist(), found.confidences.tolist()
    ([[44.0, 12.0], [8.0, 12.0]], [1, 1], [0.9, 0.8])
    """
    from scipy.ndimage import label

    if scores.ndim != 3 or len(scores) < 2:
        raise ShapeError(f"need scores (K, h, w) of the ground and at least one class, got {scores.shape}")
    if not 0 < threshold <= 1 or step < 1:
        raise CoreError(f"need a threshold above 0 and up to 1, and a step from 1, got {threshold} and {step}")
    found = list[tuple[float, int, float, float]]()
    for number, heat in enumerate(scores[1:], start=1):
        islands, count = label(heat >= threshold, structure=np.ones((3, 3)))
        for island in range(1, count + 1):
            rows, columns = np.nonzero(islands == island)
            weights = heat[rows, columns]
            x, y = (step * (float(np.average(each, weights=weights)) + 0.5) for each in (columns, rows))
            found.append((float(weights.max()), number, x, y))
    found.sort(key=lambda each: -each[0])
    return Peaks(
        np.array([each[2:] for each in found], dtype=np.float64).reshape(-1, 2),
        np.array([each[1] for each in found], dtype=np.int64),
        np.array([each[0] for each in found], dtype=np.float64),
    )


def judged(found: Peaks, places: Floats, labels: Labels, *, within: float) -> Judged:
    """Which peaks stand for which things: P peaks, things (T, 2) and their classes (T,).

    A peak is right if a thing of its own class lies within so many pixels and no nearer peak stands for it. So a thing
    that two peaks name is found once, and one of the two is false.

    >>> said = Peaks(np.array([[10.0, 10.0], [12.0, 10.0], [50.0, 50.0]]), np.array([1, 1, 2]), np.ones(3))
    >>> result = judged(said, np.array([[10.0, 11.0], [50.0, 52.0]]), np.array([1, 1]), within=8)
    >>> result.pairs.tolist(), result.false.tolist(), result.missed.tolist()
    ([[0, 0]], [1, 2], [1])
    """
    if places.shape != (len(labels), 2):
        raise ShapeError(f"need places (T, 2) and as many classes (T,), got {places.shape} and {labels.shape}")
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for each in np.union1d(found.labels, labels):
        ours, theirs = np.flatnonzero(found.labels == each), np.flatnonzero(labels == each)
        who = matched(found.places[ours], places[theirs], within=within).pairs
        pairs.append(np.stack([ours[who[:, 0]], theirs[who[:, 1]]], axis=1))
    both = np.concatenate(pairs)
    return Judged(
        both,
        np.setdiff1d(np.arange(len(found.places)), both[:, 0]),
        np.setdiff1d(np.arange(len(places)), both[:, 1]),
    )


def tally(result: Judged) -> Tally:
    """One picture's counts; add those of many, and ask for precision and recall of all.

    >>> both = Tally(found=3, false=1, missed=0) + Tally(found=1, false=0, missed=3)
    >>> both.precision, round(both.recall, 2), round(both.f1, 2)
    (0.8, 0.57, 0.67)
    """
    return Tally(len(result.pairs), len(result.false), len(result.missed))
