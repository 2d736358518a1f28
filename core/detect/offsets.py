"""Boxes as offsets from base boxes: what a detector learns to answer (lectures A, B and E).

A box is (x1, y1, x2, y2) or, centred, (cx, cy, w, h): its middle, its width, its height. Offsets are (dx, dy, dw, dh).
The middle moves in units of the base box's sides and the sides change by a factor, so the same four numbers mean the
same correction for a small thing and for a large one. N may be several dimensions.
Source: Girshick et al., "Rich feature hierarchies for accurate object detection", CVPR 2014, appendix C.
"""

from math import log
from typing import TYPE_CHECKING

from core.errors import CoreError, ShapeError

if TYPE_CHECKING:
    from torch import Tensor

LARGEST = log(
    1000 / 16
)  # a side grows at most 62.5 times: e to the power of an untrained answer would leave all bounds


def centred(boxes: "Tensor") -> "Tensor":
    """Corners to middle, width and height: (N, 4) -> (N, 4).

    >>> import torch
    >>> centred(torch.tensor([[2.0, 2.0, 6.0, 10.0]])).tolist()
    [[4.0, 6.0, 4.0, 8.0]]
    """
    import torch

    _must_be_boxes(boxes, "boxes")
    starts, ends = boxes[..., :2], boxes[..., 2:]
    return torch.cat([(starts + ends) / 2, ends - starts], dim=-1)


def cornered(boxes: "Tensor") -> "Tensor":
    """Middle, width and height to corners: (N, 4) -> (N, 4).

    >>> import torch
    >>> cornered(torch.tensor([[4.0, 6.0, 4.0, 8.0]])).tolist()
    [[2.0, 2.0, 6.0, 10.0]]
    """
    import torch

    _must_be_boxes(boxes, "boxes")
    middles, halves = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat([middles - halves, middles + halves], dim=-1)


def encode(boxes: "Tensor", bases: "Tensor") -> "Tensor":
    """How each box differs from its base box: (N, 4), (N, 4) -> (N, 4).

        dx = (cx - cx_base) / w_base    dw = log(w / w_base)
        dy = (cy - cy_base) / h_base    dh = log(h / h_base)                              (Girshick, eq. 6 to 9)

    >>> import torch
    >>> bases = torch.tensor([[0.0, 0.0, 10.0, 20.0]])
    >>> encode(torch.tensor([[5.0, 0.0, 15.0, 40.0]]), bases).numpy().round(3).tolist()
    [[0.5, 0.5, 0.0, 0.6930000185966492]]
    """
    import torch

    _must_pair(boxes, bases)
    box, base = centred(boxes), centred(bases)
    _must_have_area(box, "box")
    _must_have_area(base, "base box")
    moved = (box[..., :2] - base[..., :2]) / base[..., 2:]
    grown = torch.log(box[..., 2:] / base[..., 2:])
    return torch.cat([moved, grown], dim=-1)


def decode(offsets: "Tensor", bases: "Tensor") -> "Tensor":
    """The boxes that offsets mean: (N, 4), (N, 4) -> (N, 4).

        cx = cx_base + dx w_base    w = w_base exp(dw)
        cy = cy_base + dy h_base    h = h_base exp(dh)

    It undoes `encode`, as long as no side is more than 62.5 times that of its base box: larger answers are cut there.

    >>> import torch
    >>> bases = torch.tensor([[0.0, 0.0, 10.0, 20.0]])
    >>> decode(torch.tensor([[0.5, 0.5, 0.0, 0.0]]), bases).tolist()
    [[5.0, 10.0, 15.0, 30.0]]
    """
    import torch

    _must_pair(offsets, bases)
    base = centred(bases)
    middles = base[..., :2] + offsets[..., :2] * base[..., 2:]
    sides = base[..., 2:] * torch.exp(offsets[..., 2:].clamp(max=LARGEST))
    return cornered(torch.cat([middles, sides], dim=-1))


def _must_pair(boxes: "Tensor", bases: "Tensor") -> None:
    if boxes.shape != bases.shape:
        raise ShapeError(f"need a base box for each, got {tuple(boxes.shape)} and {tuple(bases.shape)}")
    _must_be_boxes(boxes, "boxes")


def _must_be_boxes(boxes: "Tensor", what: str) -> None:
    if boxes.ndim < 1 or boxes.shape[-1] != 4:
        raise ShapeError(f"need {what} (N, 4), four numbers per row, got {tuple(boxes.shape)}")


def _must_have_area(centred_boxes: "Tensor", what: str) -> None:
    if bool((centred_boxes[..., 2:] <= 0).any()):
        raise CoreError(f"a {what} needs a width and a height above 0: an offset divides by sides and takes logarithms")
