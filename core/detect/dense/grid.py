"""The grid of YOLO: every cell answers for the things whose middle lies in it, all cells at once (lectures A, B and E).

The grid has S cells a side, each cell B base boxes around its middle, and there are C classes. A box answers with
(dx, dy, dh, dw, confidence). The lectures print two layouts: class scores once for a cell, S x S x (5B + C), or once
for each box, S x S x B x (5 + C). Both are here.
Source: Redmon et al., "You Only Look Once: Unified, Real-Time Object Detection", CVPR 2016, section 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.detect.boxes import areas
from core.errors import CoreError, ShapeError
from core.types import Floats

Layout: TypeAlias = Literal["classes per cell", "classes per box"]
SQUARE, WIDE, TALL = (0.3, 0.3), (0.45, 0.22), (0.22, 0.45)  # base boxes, in shares of the picture's side
BASES = (SQUARE, WIDE, TALL)  # width and height


def shape_of(cells: int, boxes: int, classes: int, layout: Layout) -> tuple[int, ...]:
    """The shape of the answer, S cells a side, B boxes each, C classes.

    >>> shape_of(7, 3, 20, "classes per cell"), shape_of(7, 3, 20, "classes per box")
    ((7, 7, 35), (7, 7, 3, 25))
    """
    if cells < 1 or boxes < 1 or classes < 1:
        raise CoreError(f"need at least one cell, one box and one class, got {cells}, {boxes} and {classes}")
    if layout == "classes per cell":
        return (cells, cells, 5 * boxes + classes)
    return (cells, cells, boxes, 5 + classes)


@dataclass(frozen=True, eq=False)
class Decoded:
    """All boxes of the grid, B of each cell: what a tensor says, in one form for both layouts."""

    boxes: Floats  # (S, S, B, 4), corners in shares of the side
    confidences: Floats  # (S, S, B)
    classes: Floats  # (S, S, B, C); the same for all boxes of a cell where a cell has its classes once

    @property
    def scores(self) -> Floats:
        """How sure each box is of each class, confidence times class score: (S, S, B, C)."""
        product: Floats = self.confidences[..., None] * self.classes
        return product


def decode(answer: Floats, layout: Layout, *, classes: int, bases: Sequence[tuple[float, float]] = BASES) -> Decoded:
    """Boxes from numbers: (S, S, 5B + C) or (S, S, B, 5 + C) -> S S B boxes.

        cx = (column + 0.5) / S + dx w_base        w = w_base exp(dw)
        cy = (row + 0.5) / S + dy h_base           h = h_base exp(dh)

    >>> still = decode(np.zeros((1, 1, 6)), "classes per cell", classes=1, bases=[(0.5, 0.5)])
    >>> still.boxes.tolist()
    [[[[0.25, 0.25, 0.75, 0.75]]]]
    """
    numbers, scores = parts(answer, layout, boxes=len(bases), classes=classes)
    cells = len(answer)
    sides = np.array(bases, dtype=np.float64)  # (B, 2), width and height
    middles = _middles(cells) + numbers[..., :2] * sides
    halves = sides * np.exp(numbers[..., 3:1:-1]) / 2  # dw, dh: the lectures print dh first
    boxes = np.concatenate([middles - halves, middles + halves], axis=-1)
    return Decoded(boxes, numbers[..., 4], scores)


def parts(answer: Floats, layout: Layout, *, boxes: int, classes: int) -> tuple[Floats, Floats]:
    """Which number is what: (S, S, 5B + C) or (S, S, B, 5 + C) -> (S, S, B, 5) and class scores (S, S, B, C).

    >>> numbers, scores = parts(np.arange(12.0).reshape(1, 1, 12), "classes per cell", boxes=2, classes=2)
    >>> numbers[0, 0, 1].tolist(), scores[0, 0].tolist()
    ([5.0, 6.0, 7.0, 8.0, 9.0], [[10.0, 11.0], [10.0, 11.0]])
    """
    cells = len(answer)
    if answer.shape != shape_of(cells, boxes, classes, layout):
        wanted = " x ".join(map(str, shape_of(cells, boxes, classes, layout)))
        raise ShapeError(
            f"{boxes} boxes and {classes} classes, {layout}, need an answer of {wanted}, got {answer.shape}"
        )
    if layout == "classes per box":
        return answer[..., :5], answer[..., 5:]
    numbers = answer[..., : 5 * boxes].reshape(cells, cells, boxes, 5)
    shared = np.broadcast_to(answer[..., None, 5 * boxes :], (cells, cells, boxes, classes))
    return numbers, shared


def encode(
    boxes: Floats,
    labels: NDArray[np.int64],
    layout: Layout,
    *,
    cells: int,
    classes: int,
    bases: Sequence[tuple[float, float]] = BASES,
) -> tuple[Floats, NDArray[np.int64]]:
    """What a perfect network answers: boxes (T, 4) in shares of the side, classes (T,) -> the tensor, and (T, 3).

    Each thing belongs to the cell of its middle, and there to the free base box whose shape is nearest to its own; the
    second answer says which, row, column and box, and is -1 for a thing that finds no free box. Where a cell has its
    classes once, the last thing in it names them all.

    >>> answer, owner = encode(np.array([[0.4, 0.4, 0.6, 0.6]]), np.array([1]), "classes per box", cells=7, classes=2)
    >>> owner.tolist(), answer[3, 3, 0].round(2).tolist()
    ([[3, 3, 0]], [0.0, 0.0, -0.41, -0.41, 1.0, 0.0, 1.0])
    """
    if not (areas(boxes) > 0).all() or labels.shape != (len(boxes),):
        raise ShapeError(f"need boxes (T, 4) with an area and as many classes, got {boxes.shape} and {labels.shape}")
    answer = np.zeros(shape_of(cells, len(bases), classes, layout))
    numbers = np.zeros((cells, cells, len(bases), 5))
    owners = np.full((len(boxes), 3), -1, dtype=np.int64)
    sides = np.array(bases, dtype=np.float64)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    for place, (middle, size) in enumerate(zip(middles, boxes[:, 2:] - boxes[:, :2], strict=True)):
        column, row = np.clip((middle * cells).astype(int), 0, cells - 1)
        far = np.abs(np.log(size / sides)).sum(axis=1)  # (B,)
        far[numbers[row, column, :, 4] > 0] = np.inf  # taken
        if np.isinf(far).all():
            continue
        kind = int(far.argmin())
        moved = (middle - (np.array([column, row]) + 0.5) / cells) / sides[kind]
        numbers[row, column, kind] = (*moved, *np.log(size / sides[kind])[::-1], 1.0)
        owners[place] = (row, column, kind)
        slot = answer[row, column, 5 * len(bases) :] if layout == "classes per cell" else answer[row, column, kind, 5:]
        slot[:] = np.arange(classes) == labels[place]
    if layout == "classes per cell":
        answer[..., : 5 * len(bases)] = numbers.reshape(cells, cells, -1)
    else:
        answer[..., :5] = numbers
    return answer, owners


def _middles(cells: int) -> Floats:
    """The middle of every cell as x and y: (S, S, 1, 2)."""
    down, over = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    middles: Floats = (np.stack([over, down], axis=-1)[:, :, None] + 0.5) / cells
    return middles
