"""Box regression: a proposal is moved onto its thing by four offsets (lectures A, B and E).

Source: Girshick et al., "Rich feature hierarchies for accurate object detection", CVPR 2014, appendix C.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.data.scenes.truth import Labels
from core.detect.boxes import intersection_over_union
from core.errors import ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from core.detect.regions.two_stage_net import TwoStage


@dataclass(frozen=True, eq=False)
class Moved:
    """Some proposals and where a trained detector moves each: by the offsets of its likeliest class."""

    boxes: Floats  # (P, 4)
    offsets: Floats  # (P, 4)
    labels: Labels  # (P,) the likeliest class, the ground left out
    shares: Floats  # (P, 1 + K) of the ground and every class


def beside(box: Floats, *, right: float, down: float, wider: float, taller: float) -> Floats:
    """A proposal beside a box, moved and grown by shares of its sides: (4,) -> (4,).

    >>> beside(np.array([10.0, 10.0, 20.0, 30.0]), right=0.5, down=0.0, wider=0.0, taller=1.0)
    array([15.,  0., 25., 40.])
    """
    sides = box[2:] - box[:2]
    middle = (box[:2] + box[2:]) / 2 + sides * (right, down)
    halves = sides * (1 + wider, 1 + taller) / 2
    if (halves <= 0).any():
        raise ShapeError(f"a proposal needs a width and a height, got {2 * halves[0]:g} and {2 * halves[1]:g}")
    found: Floats = np.concatenate([middle - halves, middle + halves])
    return found


def wanted(box: Floats, proposal: Floats) -> Floats:
    """The four offsets that lead from a proposal to a box: (4,), (4,) -> (4,), dx, dy, dw, dh.

    >>> wanted(np.array([0.0, 0.0, 10.0, 20.0]), np.array([5.0, 0.0, 15.0, 20.0])).round(2)
    array([-0.5,  0. ,  0. ,  0. ])
    """
    import torch

    from core.detect.offsets import encode

    found: Floats = encode(torch.tensor(box[None]), torch.tensor(proposal[None]))[0].numpy()
    return found


def moved(module: "TwoStage", image: NDArray[np.floating[Any]], proposals: Floats) -> Moved:
    """What a trained detector makes of some proposals: (H, W, 3), (P, 4)."""
    import torch

    from core.detect.regions.two_stage import input_of, second
    from core.learning.threads import one_thread

    boxes = torch.tensor(proposals, dtype=torch.float32)
    size = (image.shape[0], image.shape[1])
    with torch.no_grad(), one_thread():
        volume = module.trunk(input_of(image))[0]
        scores, offsets = module.boxes(volume, [boxes])
        shares, places = second(scores, offsets, boxes, size)
        labels = shares[:, 1:].argmax(dim=1)
        each = torch.arange(len(boxes))
    return Moved(
        places[each, labels].double().numpy(),
        offsets[each, labels].double().numpy(),
        labels.numpy(),
        shares.double().numpy(),
    )


def overlaps_with(boxes: Floats, true: Floats) -> Floats:
    """The IoU of every box with one: (P, 4), (4,) -> (P,)."""
    shares: Floats = intersection_over_union(boxes, true[None])[:, 0]
    return shares
