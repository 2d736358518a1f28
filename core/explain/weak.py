"""Boxes from image labels alone: what stands out of an activation map, its largest piece, and the box around it.

Nobody drew a box for the training; the map of a classifier has to do. The lecture keeps what is above 20 % of the
maximum. Source: Zhou et al., 2016, section 3.2 (lecture A).
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.data.scenes.drawing import box_of
from core.detect.boxes import intersection_over_union
from core.errors import CoreError, ShapeError
from core.types import Floats, Heatmap, Mask

LECTURE_SHARE = 0.2
Neighbours = Literal[4, 8]


def above(heat: Heatmap, share: float = LECTURE_SHARE) -> Mask:
    """The places above a share of the map's maximum: (H, W). A map without a positive value has none.

    >>> above(np.array([[0.0, 1.0, 2.0, 10.0]]))
    array([[False, False, False,  True]])
    """
    if heat.ndim != 2 or not 0 <= share < 1:
        raise CoreError(f"need a map (H, W) and a share from 0 to below 1, got {heat.shape} and {share}")
    most = heat.max(initial=0.0)
    return np.asarray(heat > share * most) if most > 0 else np.zeros(heat.shape, dtype=np.bool_)


def pieces(mask: Mask, *, neighbours: Neighbours = 4) -> NDArray[np.int64]:
    """The connected pieces of a mask, numbered from 1 from the largest on, 0 elsewhere: (H, W).

    With 4 neighbours pixels connect along rows and columns, with 8 across corners as well.

    >>> pieces(np.array([[True, False, True], [False, False, True]]))
    array([[2, 0, 1],
           [0, 0, 1]])
    """
    from scipy.ndimage import label

    if mask.ndim != 2 or neighbours not in (4, 8):
        raise CoreError(f"need a mask (H, W) and 4 or 8 neighbours, got {mask.shape} and {neighbours}")
    found, count = label(mask, np.ones((3, 3)) if neighbours == 8 else None)
    sizes = np.bincount(found.ravel(), minlength=count + 1)[1:]
    names = np.zeros(count + 1, dtype=np.int64)
    names[1 + np.argsort(-sizes, kind="stable")] = np.arange(1, count + 1)
    numbered: NDArray[np.int64] = names[found]
    return numbered


def weak_box(heat: Heatmap, share: float = LECTURE_SHARE, *, neighbours: Neighbours = 4) -> Floats | None:
    """The box (4,) around the largest piece above a share of the maximum; None if the map is empty.

    >>> weak_box(np.array([[9.0, 0.0, 9.0], [0.0, 0.0, 9.0]])).tolist()
    [2.0, 0.0, 3.0, 2.0]
    """
    largest = pieces(above(heat, share), neighbours=neighbours) == 1
    return np.array(box_of(largest)) if largest.any() else None


def box_overlap(heat: Heatmap, truth: Floats, share: float = LECTURE_SHARE) -> float:
    """The IoU of the weak box with the true one, (H, W), (4,); 0 if there is no box.

    >>> box_overlap(np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([1.0, 0.0, 4.0, 1.0])).__round__(3)
    0.667
    """
    found = weak_box(heat, share)
    return 0.0 if found is None else float(intersection_over_union(found[None], truth[None])[0, 0])


def overlaps_by_share(heats: Floats, truths: Floats, shares: Sequence[float]) -> Floats:
    """The IoU of every map's box at every threshold: (N, H, W), (N, 4), T shares -> (N, T).

    >>> overlaps_by_share(np.array([[[0.2, 1.0]]]), np.array([[1.0, 0.0, 2.0, 1.0]]), [0.1, 0.5])
    array([[0.5, 1. ]])
    """
    if heats.ndim != 3 or truths.shape != (len(heats), 4):
        raise ShapeError(f"need maps (N, H, W) and a box (N, 4) for each, got {heats.shape} and {truths.shape}")
    found = [[box_overlap(heat, truth, share) for share in shares] for heat, truth in zip(heats, truths, strict=True)]
    return np.array(found, dtype=np.float64).reshape(len(heats), len(shares))
