"""CornerNet in numbers: what its maps are to show, what an error costs, and how corners become boxes (lecture E).

An object is a pair of points. Two stacks of maps, one for top-left and one for bottom-right corners, have a map for
every class (C, H, W); a cell is `stride` pixels wide. Each corner has a tag, and an offset that says where in its cell
it lies. No anchors, and nothing to choose their sizes for.
Source: Law and Deng, "CornerNet: Detecting Objects as Paired Keypoints", ECCV 2018.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from core.data.scenes.truth import Labels
from core.detect.corner.embedding import WITHIN, alike
from core.detect.found import Found
from core.errors import CoreError, ShapeError
from core.types import Floats, Heatmap

STRIDE = 4
OVERLAP = 0.3  # the least IoU of a box whose corners lie within the radius
MOST = 30  # corners of each kind that are looked at in a picture
SUREST = 0.1  # score of a corner below which it is none


@dataclass(frozen=True, eq=False)
class Corners:
    """N corners of one kind, the surest first: (x, y) in pixels, classes, scores from 0 to 1, and tags."""

    places: Floats  # (N, 2)
    labels: Labels  # (N,)
    scores: Floats  # (N,)
    tags: Floats  # (N,)

    def __len__(self) -> int:
        return len(self.scores)


@dataclass(frozen=True, eq=False)
class Goal:
    """What the maps of one picture are to show: heat (2, C, H, W); cells (N, 2, 2), their row and column by corner."""

    heat: Floats
    cells: Labels
    offsets: Floats  # (N, 2, 2): x and y within the cell, from 0 to 1

    def __len__(self) -> int:
        return len(self.cells)


def radius(height: float, width: float, *, overlap: float = OVERLAP) -> float:
    """How far both corners of a box may be off along either axis, so that it still overlaps the truth enough.

    The worst of three cases: both corners move outwards, both inwards, or both the same way. Each is a quadratic
    equation; `overlap` is an IoU.

    >>> round(radius(10, 10, overlap=0.5), 3)
    1.464
    """
    if height <= 0 or width <= 0 or not 0 < overlap < 1:
        raise CoreError(
            f"need a box with sides above 0 and an overlap between 0 and 1, got {height}, {width}, {overlap}"
        )
    sides, area = height + width, height * width
    moved = (sides - sqrt(sides**2 - 4 * area * (1 - overlap) / (1 + overlap))) / 2
    inwards = (sides - sqrt(sides**2 - 4 * area * (1 - overlap))) / 4
    outwards = (sqrt(sides**2 + 4 * area * (1 / overlap - 1)) - sides) / 4
    return min(moved, inwards, outwards)


def bump(rows: int, columns: int, cell: tuple[int, int], reach: float) -> Heatmap:
    """A hill around one cell, 1 at its top: (H, W).

        y = exp(-(distance in cells)^2 / (2 sigma^2)), sigma = radius / 3, and 0 beyond the radius

    Near misses cost less: a box of corners within the radius would still be a good one.

    >>> bump(1, 4, (0, 1), 3.0).round(2)
    array([[0.61, 1.  , 0.61, 0.14]])
    """
    across, down = np.arange(columns) - cell[1], np.arange(rows) - cell[0]
    away = across[None, :] ** 2 + down[:, None] ** 2
    hill: Heatmap = np.where(away <= max(reach, 0) ** 2, np.exp(-away / (2 * max(reach / 3, 1e-6) ** 2)), 0.0)
    return hill


def goal(boxes: Floats, labels: Labels, *, rows: int, columns: int, classes: int, stride: int = STRIDE) -> Goal:
    """The maps that a picture with these boxes (N, 4) and classes (N,) is to give: rows x columns cells.

    >>> wanted = goal(np.array([[4.0, 8.0, 30.0, 40.0]]), np.array([1]), rows=12, columns=12, classes=2)
    >>> wanted.cells.tolist(), wanted.offsets.tolist()
    ([[[2, 1], [10, 7]]], [[[0.0, 0.0], [0.5, 0.0]]])
    >>> wanted.heat[0, 1, 2, 1], wanted.heat[1, 1, 10, 7], wanted.heat[:, 0].max()
    (np.float64(1.0), np.float64(1.0), np.float64(0.0))
    """
    if boxes.shape != (len(labels), 4):
        raise ShapeError(f"need boxes (N, 4) and their classes (N,), got {boxes.shape} and {labels.shape}")
    heat = np.zeros((2, classes, rows, columns))
    places = boxes.reshape(-1, 2, 2) / stride  # (N, corner, x and y)
    cells = np.floor(places).astype(np.int64).clip(0, (columns - 1, rows - 1))
    for number, (x1, y1, x2, y2) in enumerate(boxes / stride):
        reach = radius(max(y2 - y1, 0.25), max(x2 - x1, 0.25))
        for corner, (column, row) in enumerate(cells[number]):
            hill = bump(rows, columns, (int(row), int(column)), reach)
            here = heat[corner, labels[number]]
            np.maximum(here, hill, out=here)
    return Goal(heat, cells[:, :, ::-1].copy(), places - cells)


def focal_loss(guess: Floats, truth: Floats, *, alpha: float = 2.0, beta: float = 4.0) -> float:
    """What wrong heat costs, for every corner that is there: (...), (...) -> one number.

        L = -1/N sum of (1 - p)^alpha log(p)                       where y = 1          (Law and Deng, eq. 1)
                        (1 - y)^beta p^alpha log(1 - p)            elsewhere

    Of the thousands of cells almost none is a corner. What is easy counts little, by alpha; heat beside a corner is
    nearly right and costs little, by beta.

    >>> round(focal_loss(np.array([0.5, 0.5, 0.5]), np.array([1.0, 0.8, 0.0])), 4)
    0.3469
    """
    if guess.shape != truth.shape:
        raise ShapeError(f"need two stacks of maps of one shape, got {guess.shape} and {truth.shape}")
    sure = guess.clip(1e-6, 1 - 1e-6)
    there = truth == 1
    found = np.where(there, (1 - sure) ** alpha * np.log(sure), 0.0).sum()
    false = np.where(there, 0.0, (1 - truth) ** beta * sure**alpha * np.log(1 - sure)).sum()
    return float(-(found + false) / max(int(there.sum()), 1))


def peaks(
    heat: Floats, tags: Heatmap, offsets: Floats, *, stride: int = STRIDE, threshold: float = SUREST, most: int = MOST
) -> Corners:
    """The cells that no neighbour surpasses: heat (C, H, W), tags (H, W), offsets (2, H, W) -> corners.

    >>> heat = np.zeros((1, 3, 3)); heat[0, 1] = [0.2, 0.9, 0.3]
    >>> found = peaks(heat, np.full((3, 3), 7.0), np.full((2, 3, 3), 0.5))
    >>> found.places.tolist(), found.scores.tolist(), found.tags.tolist()
    ([[6.0, 6.0]], [0.9], [7.0])
    """
    if heat.ndim != 3 or tags.shape != heat.shape[1:] or offsets.shape != (2, *tags.shape):
        raise ShapeError(
            f"need heat (C, H, W), tags (H, W), offsets (2, H, W), got {heat.shape}, {tags.shape}, {offsets.shape}"
        )
    high, wide = tags.shape
    around = np.pad(heat, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    highest = np.max([around[:, i : i + high, j : j + wide] for i in range(3) for j in range(3)], axis=0)
    labels, rows, columns = np.nonzero((heat == highest) & (heat >= threshold))
    scores = heat[labels, rows, columns]
    first = np.argsort(-scores, kind="stable")[:most]
    labels, rows, columns = labels[first], rows[first], columns[first]
    inside = offsets[:, rows, columns].T  # (N, 2)
    places: Floats = stride * (np.stack([columns, rows], axis=1) + inside)
    return Corners(places, labels.astype(np.int64), scores[first], tags[rows, columns])


def pairs(first: Corners, second: Corners, *, within: float | None = WITHIN) -> NDArray[np.int64]:
    """Which top-left corner may go with which bottom-right one: P and Q corners -> (M, 2) places in both lists.

    They must be of one class, and the second must lie to the right and below. With `within` their tags must agree, too;
    None leaves the tags out.

    >>> one, zero = np.ones(1), np.zeros(1, dtype=np.int64)
    >>> here = Corners(np.array([[4.0, 4.0]]), zero, one, zero * 1.0)
    >>> there = Corners(np.array([[20.0, 30.0]]), zero, one, zero + 3.0)
    >>> pairs(here, there).tolist(), pairs(here, there, within=None).tolist()
    ([], [[0, 0]])
    """
    ahead = (second.places[None] > first.places[:, None]).all(axis=2)  # (P, Q)
    fits = ahead & (first.labels[:, None] == second.labels[None])
    if within is not None:
        fits &= alike(first.tags, second.tags, within=within)
    return np.argwhere(fits)


def boxes_of(first: Corners, second: Corners, chosen: NDArray[np.int64], *, tagged: bool = True) -> Found:
    """Boxes of pairs (M, 2), the surest first.

        score = mean of both corners' scores * exp(-(difference of their tags)^2)

    The paper has the mean alone. That two tags nearly agree also says how sure a pair is; without `tagged` it counts
    for nothing.

    >>> corner = Corners(np.array([[4.0, 4.0]]), np.zeros(1, dtype=np.int64), np.array([0.9]), np.zeros(1))
    >>> found = boxes_of(corner, Corners(np.array([[20.0, 30.0]]), *(corner.labels, np.array([0.7]), corner.tags)),
    ...                  np.array([[0, 0]]))
    >>> found.boxes.tolist(), found.scores.round(2).tolist()
    ([[4.0, 4.0, 20.0, 30.0]], [0.8])
    """
    here, there = chosen[:, 0], chosen[:, 1]
    scores = (first.scores[here] + second.scores[there]) / 2
    if tagged:
        scores = scores * np.exp(-np.square(first.tags[here] - second.tags[there]))
    order = np.argsort(-scores, kind="stable")
    boxes = np.hstack([first.places[here], second.places[there]])
    return Found(boxes[order].reshape(-1, 4), first.labels[here][order], scores[order])
