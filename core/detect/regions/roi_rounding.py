"""What rounding costs a region: how far RoI pooling reads from what it was asked for (lectures A and E).

All numbers are pixels of the picture; a map behind it has a value every `stride` pixels. RoI Align rounds nothing, so
all of this is 0 for it, and its overlap is 1. N is the number of regions.
Source: He et al., "Mask R-CNN", ICCV 2017, section 3, which names the two roundings.
"""

from dataclasses import dataclass

import numpy as np

from core.detect.regions.roi import pooled_spans
from core.errors import CoreError, ShapeError
from core.types import Floats

WIDE = 1 << 20  # cells of a map so large that nothing is cut off


@dataclass(frozen=True)
class Rounding:
    """Means over many regions of one size."""

    side: float  # of the regions
    start: float  # how far the first edge is off, either way
    end: float  # the last edge, either way
    wider: float  # how much wider the region is that was read
    middle: float  # how far the middle of a cell of the grid is off, either way
    overlap: float  # IoU of the region that was asked for and the one that was read


def region_read(regions: Floats, *, stride: float) -> Floats:
    """The regions that RoI pooling reads in place of those it was asked for: (N, 4) -> (N, 4).

        from stride · round(x1 / stride)  up to  stride · (round(x2 / stride) + 1)

    >>> region_read(np.array([[20.0, 30.0, 60.0, 90.0]]), stride=16).tolist()
    [[16.0, 32.0, 80.0, 112.0]]
    """
    if regions.ndim != 2 or regions.shape[1] != 4:
        raise ShapeError(f"need regions (N, 4), one (x1, y1, x2, y2) per row, got {regions.shape}")
    if not stride > 0:
        raise CoreError(f"need a stride above 0, got {stride}")
    cells = np.sign(regions) * np.floor(np.abs(regions) / stride + 0.5)  # (N, 4), halves away from 0
    read: Floats = stride * np.concatenate([cells[:, :2], np.maximum(cells[:, 2:], cells[:, :2]) + 1], axis=1)
    return read


def rounding(side: float, *, stride: float, cells: int, draws: int, random: np.random.Generator) -> Rounding:
    """What happens to square regions of one side that lie anywhere, under a grid of cells x cells.

    >>> found = rounding(64, stride=16, cells=7, draws=4000, random=np.random.default_rng(0))
    >>> round(found.start), round(found.wider), found.overlap < 0.7
    (4, 16, True)
    """
    if not side > 0 or draws < 1 or cells < 1:
        raise CoreError(f"need a side above 0, a draw and a cell at least, got {side}, {draws} and {cells}")
    corners = random.uniform(0, 64 * stride, size=(draws, 2))
    asked = np.concatenate([corners, corners + side], axis=1)  # (N, 4)
    read = region_read(asked, stride=stride)
    shared = (np.minimum(asked[:, 2:], read[:, 2:]) - np.maximum(asked[:, :2], read[:, :2])).clip(0).prod(axis=1)
    joint = side**2 + (read[:, 2:] - read[:, :2]).prod(axis=1) - shared
    wanted = corners[:, :1] + (np.arange(cells) + 0.5) * side / cells  # (N, cells)
    spans = [pooled_spans(x / stride, (x + side) / stride, cells, WIDE) for x in corners[:, 0]]
    middles = stride * np.array(spans).mean(axis=2)  # (N, cells)
    return Rounding(
        side=side,
        start=float(np.abs(read[:, :2] - asked[:, :2]).mean()),
        end=float(np.abs(read[:, 2:] - asked[:, 2:]).mean()),
        wider=float((read[:, 2:] - read[:, :2]).mean() - side),
        middle=float(np.abs(middles - wanted).mean()),
        overlap=float((shared / joint).mean()),
    )
