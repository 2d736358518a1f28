"""Anchors: boxes of some sizes and shapes at every place of a map, from which a detector guesses (lectures A, B, E).

A map of H rows and W columns lies over the picture, one cell every `stride` pixels. A is the number of anchors,
H W k of them; G is the number of objects.
Source: Ren et al., "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks", NIPS 2015.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import CoreError, LimitError, ShapeError

if TYPE_CHECKING:
    from torch import Tensor

GROUND, NEITHER = -1, -2  # labels of anchors that belong to no object: to be learned as background, or not at all
MOST = 1_000_000  # anchors at once


@dataclass(frozen=True)
class Outputs:
    """How many numbers a proposal network answers with."""

    kinds: int  # k, anchors at each place
    anchors: int  # H W k
    scores: int  # 2k at each place: object or background
    offsets: int  # 4k at each place


def outputs(rows: int, columns: int, kinds: int) -> Outputs:
    """What k anchors at each of H W places cost: H W k anchors, with 2 scores and 4 offsets each (lecture A).

    >>> outputs(38, 63, 9)
    Outputs(kinds=9, anchors=21546, scores=43092, offsets=86184)
    """
    if rows < 1 or columns < 1 or kinds < 1:
        raise CoreError(f"need at least one row, one column and one anchor, got {rows}, {columns} and {kinds}")
    count = rows * columns * kinds
    return Outputs(kinds, count, 2 * count, 4 * count)


def shapes(sizes: Sequence[float], ratios: Sequence[float]) -> list[tuple[float, float]]:
    """Width and height of the k anchors of one place, size by size and within each size ratio by ratio.

        w = size / sqrt(ratio), h = size * sqrt(ratio)          ratio = height / width, and the area stays size^2

    >>> shapes([16, 32], [1, 4])
    [(16.0, 16.0), (8.0, 32.0), (32.0, 32.0), (16.0, 64.0)]
    """
    if not sizes or not ratios or min(sizes) <= 0 or min(ratios) <= 0:
        raise CoreError(f"need sizes and ratios above 0, at least one of each, got {list(sizes)} and {list(ratios)}")
    return [(size / ratio**0.5, size * ratio**0.5) for size in sizes for ratio in ratios]


def anchors(rows: int, columns: int, *, stride: float, sizes: Sequence[float], ratios: Sequence[float]) -> "Tensor":
    """All anchors of a map, place by place in rows, and the k of each place together: (H W k, 4), corners.

    The cell in row i and column j has its middle at x = (j + 0.5) stride, y = (i + 0.5) stride. Anchors may hang over
    the rim of the picture.

    >>> anchors(1, 2, stride=8, sizes=[8], ratios=[1]).tolist()
    [[0.0, 0.0, 8.0, 8.0], [8.0, 0.0, 16.0, 8.0]]
    """
    import torch

    kinds = torch.tensor(shapes(sizes, ratios)) / 2  # (k, 2), half of width and height
    if rows < 1 or columns < 1 or stride <= 0:
        raise CoreError(f"need at least one row and one column and a stride above 0, got {rows}, {columns}, {stride}")
    if rows * columns * len(kinds) > MOST:
        raise LimitError(f"at most {MOST:,} anchors at once, got {rows} * {columns} * {len(kinds)}")
    down, over = torch.meshgrid(torch.arange(rows) + 0.5, torch.arange(columns) + 0.5, indexing="ij")
    middles = stride * torch.stack([over, down], dim=-1).reshape(-1, 1, 2)  # (H W, 1, 2)
    return torch.cat([middles - kinds, middles + kinds], dim=-1).reshape(-1, 4)


def labelled(anchors: "Tensor", boxes: "Tensor", *, above: float, below: float) -> "Tensor":
    """Which object each anchor is to find: (A, 4), (G, 4) -> (A,), its place; -1 is background, -2 is left out.

    1. An anchor whose IoU with its nearest object is at least `above` belongs to that object.
    2. Below `below` it is background; what lies between is left out of the loss.
    3. The best anchors of every object belong to it however low their IoU is. An anchor that is the best of two
       objects goes to the one it overlaps more: only so an object can be left without any.

    >>> import torch
    >>> row = anchors(1, 3, stride=8, sizes=[8], ratios=[1])
    >>> labelled(row, torch.tensor([[1.0, 0.0, 9.0, 8.0]]), above=0.7, below=0.05).tolist()
    [0, -2, -1]
    """
    import torch
    from torchvision.ops import box_iou

    if anchors.ndim != 2 or boxes.ndim != 2 or anchors.shape[1] != 4 or boxes.shape[1] != 4:
        raise ShapeError(f"need anchors (A, 4) and boxes (G, 4), got {tuple(anchors.shape)} and {tuple(boxes.shape)}")
    if not 0 <= below <= above <= 1:
        raise CoreError(f"need 0 <= below <= above <= 1, got below {below:g} and above {above:g}")
    if not len(boxes) or not len(anchors):
        return torch.full((len(anchors),), GROUND)
    overlaps = box_iou(anchors, boxes)  # (A, G)
    nearest, labels = overlaps.max(dim=1)
    labels[nearest < above] = NEITHER
    labels[nearest < below] = GROUND
    best = overlaps.amax(dim=0)  # (G,)
    owed = torch.where((overlaps == best) & (best > 0), overlaps, -1.0)  # (A, G)
    how_much, owner = owed.max(dim=1)
    return torch.where(how_much > 0, owner, labels)


def best_overlaps(anchors: "Tensor", boxes: "Tensor") -> "Tensor":
    """The IoU of every object with the anchor that fits it best: (A, 4), (G, 4) -> (G,).

    >>> import torch
    >>> row = anchors(1, 2, stride=8, sizes=[8], ratios=[1])
    >>> best_overlaps(row, torch.tensor([[8.0, 0.0, 16.0, 4.0]])).tolist()
    [0.5]
    """
    from torchvision.ops import box_iou

    if not len(anchors):
        raise CoreError("no anchor, so none fits best")
    overlaps: Tensor = box_iou(anchors, boxes).amax(dim=0)
    return overlaps
