"""Counting by heat map: where an animal is most probable there is one, unless a stronger answer lies close by.

P is the number of peaks, C the number of classes, class 0 is background. Places are (x, y) in pixels of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Peaks:
    """What was counted: places (P, 2), classes from 1 (P,), and how sure it is that there is anything (P,)."""

    places: Floats
    labels: Labels
    confidences: Floats


@dataclass(frozen=True, eq=False)
class Matched:
    """Which peak is which thing: pairs (M, 2) of places in both lists; peaks and things that found no partner."""

    pairs: Labels
    invented: Labels
    missed: Labels


def peaks(heat: Floats, *, threshold: float = 0.5, apart: float = 4.0, step: float = 2.0) -> Peaks:
    """The places where something is most probable: (C, H, W) -> P peaks, the surest first.

    The maps' places are `step` pixels from each other. Two peaks lie at least `apart` pixels from each other: the
    surest one is kept, everything closer to it is taken away, and so on.

    >>> heat = np.zeros((2, 3, 5)); heat[1, 1] = [0.1, 0.9, 0.2, 0.6, 0.8]; heat[0] = 1 - heat[1]
    >>> found = peaks(heat, apart=3.0)
    >>> found.places.tolist(), found.confidences.round(1).tolist()
    ([[2.0, 2.0], [8.0, 2.0]], [0.9, 0.8])
    """
    if heat.ndim != 3 or len(heat) < 2:
        raise ShapeError(f"need heat maps (C, H, W) of at least background and one class, got {heat.shape}")
    if not 0 < threshold <= 1 or apart < 0 or step <= 0:
        raise CoreError(
            f"need a threshold above 0 and up to 1, a distance from 0, a step above 0, got {threshold}, {apart}, {step}"
        )
    anything = 1 - heat[0]  # (H, W)
    rows, columns = np.nonzero(anything >= threshold)
    order = np.argsort(-anything[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    reach = int(apart / step)
    around = np.arange(-reach, reach + 1) * step
    close = np.hypot(around[:, None], around[None, :]) < apart  # what a peak takes away
    taken = np.zeros((heat.shape[1] + 2 * reach, heat.shape[2] + 2 * reach), dtype=np.bool_)
    kept = list[int]()
    for place, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        if not taken[row + reach, column + reach]:
            kept.append(place)
            taken[row : row + 2 * reach + 1, column : column + 2 * reach + 1] |= close
    rows, columns = rows[kept], columns[kept]
    labels = 1 + heat[1:, rows, columns].argmax(axis=0)
    places = step * np.stack([columns, rows], axis=1).astype(np.float64)
    return Peaks(places, labels.astype(np.int64), anything[rows, columns])


def matched(found: Floats, true: Floats, *, within: float) -> Matched:
    """Which found places stand for which true ones, the nearest pairs first: (P, 2), (T, 2).

    Nobody gets two partners: a thing found twice was invented once.

    >>> matched(np.array([[0.0, 0], [1, 0], [9, 9]]), np.array([[0.2, 0], [5, 5]]), within=3).pairs.tolist()
    [[0, 0]]
    """
    if found.ndim != 2 or true.ndim != 2 or found.shape[1] != 2 or true.shape[1] != 2:
        raise ShapeError(f"need places (P, 2) and (T, 2), got {found.shape} and {true.shape}")
    far = np.hypot(*(found[:, None] - true[None]).transpose(2, 0, 1))  # (P, T)
    taken, given, pairs = set[int](), set[int](), list[tuple[int, int]]()
    for flat in np.argsort(far, axis=None, kind="stable"):
        first, second = divmod(int(flat), far.shape[1])
        if far[first, second] > within:
            break
        if first not in taken and second not in given:
            pairs.append((first, second))
            taken.add(first)
            given.add(second)
    return Matched(np.array(pairs, dtype=np.int64).reshape(-1, 2), _left(len(found), taken), _left(far.shape[1], given))


def confusion(found: Peaks, true: Floats, labels: Sequence[int] | Labels, classes: int, *, within: float) -> Labels:
    """Of each true class (row), how many were found as which (column); row and column 0 are background: (C, C).

    A thing nobody found stands in column 0 of its row, and a peak without a thing in row 0 of its column.

    >>> seen = Peaks(np.array([[0.0, 0.0], [50.0, 0.0]]), np.array([2, 1]), np.array([0.9, 0.8]))
    >>> confusion(seen, np.array([[1.0, 0.0], [20.0, 0.0]]), [1, 1], 3, within=5).tolist()
    [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    """
    who, table = matched(found.places, true, within=within), np.zeros((classes, classes), dtype=np.int64)
    known = np.asarray(labels, dtype=np.int64)
    np.add.at(table, (known[who.pairs[:, 1]], found.labels[who.pairs[:, 0]]), 1)
    np.add.at(table, (known[who.missed], np.zeros(len(who.missed), dtype=np.int64)), 1)
    np.add.at(table, (np.zeros(len(who.invented), dtype=np.int64), found.labels[who.invented]), 1)
    return table


def _left(count: int, taken: set[int]) -> Labels:
    return np.array([place for place in range(count) if place not in taken], dtype=np.int64)
