"""What the two stages are to learn: which anchors and regions count, and the mask and the joints of each region.

G is the number of things in a picture, R of regions, J of joints. Labels of regions are 0 for the ground and 1 more
than the place of the class. Imports torch, so it is itself imported inside functions only.
Sources: Ren et al., "Faster R-CNN", NIPS 2015, section 3.1.3; Girshick, "Fast R-CNN", ICCV 2015, section 2.3; He et
al., "Mask R-CNN", ICCV 2017, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor
from torchvision.ops import box_iou, roi_align

from core.data.scenes import JOINTS, MIRRORED, Target
from core.data.scenes import boxes as boxes_of
from core.data.scenes import labels as labels_of
from core.errors import ShapeError

ANCHORS, REGIONS = 64, 32  # that a picture is learned from
THINGS = 8  # regions of these, at most, that hold a thing
ENOUGH = 0.5  # IoU from which a region holds a thing


@dataclass(frozen=True, eq=False)
class Truth:
    """What is to be seen in one picture."""

    boxes: Tensor  # (G, 4)
    labels: Tensor  # (G,) places of classes
    masks: Tensor  # (G, H, W) of 0 and 1
    joints: Tensor  # (G, J, 3): x, y, seen; nothing is seen of what has no joints

    def mirrored(self) -> "Truth":
        """The truth of the picture in a mirror: boxes and masks turn around, left and right joints change names."""
        width = self.masks.shape[2]
        x1, y1, x2, y2 = self.boxes.unbind(1)
        x, y, seen = self.joints[:, list(MIRRORED)].unbind(2)
        return Truth(
            torch.stack([width - x2, y1, width - x1, y2], dim=1),
            self.labels,
            self.masks.flip(2),
            torch.stack([width - x, y, seen], dim=2),
        )


def truth_of(targets: Sequence[Target]) -> Truth:
    """The truth of a scene as tensors."""
    joints = np.zeros((len(targets), len(JOINTS), 3))
    for place, target in enumerate(targets):
        if target.joints is not None:
            joints[place] = target.joints
    return Truth(
        torch.tensor(boxes_of(targets), dtype=torch.float32),
        torch.from_numpy(labels_of(targets)),
        torch.from_numpy(np.stack([target.mask for target in targets])),
        torch.tensor(joints, dtype=torch.float32),
    )


def some(wanted: Tensor, count: int, most: int, dice: Generator) -> Tensor:
    """Places of `count` anchors or regions by lot, at most `most` of which hold a thing: (A,) -> (at most count,).

    `wanted` is 0 or more where there is a thing, -1 on the ground, less where nothing is to be learned. There is
    always far more ground; left alone it would be all that is learned.

    >>> some(torch.tensor([-1, 3, -1, 0, -2, -1]), 3, 1, torch.Generator().manual_seed(0)).sort().values.tolist()
    [0, 1, 5]
    """
    things, ground = (torch.nonzero(each).flatten() for each in (wanted >= 0, wanted == -1))
    things = things[torch.randperm(len(things), generator=dice)[:most]]
    ground = ground[torch.randperm(len(ground), generator=dice)[: count - len(things)]]
    return torch.cat([things, ground])


def objects_in(boxes: Tensor, true: Tensor, *, enough: float = ENOUGH) -> Tensor:
    """The thing that each region holds, or -1: (R, 4), (G, 4) -> (R,).

    >>> true = torch.tensor([[0.0, 0.0, 4.0, 4.0], [8.0, 8.0, 12.0, 12.0]])
    >>> objects_in(torch.tensor([[0.0, 0.0, 4.0, 3.0], [2.0, 2.0, 9.0, 9.0], [8.0, 8.0, 12.0, 12.0]]), true).tolist()
    [0, -1, 1]
    """
    if not len(true) or not len(boxes):
        return torch.full((len(boxes),), -1)
    overlap, nearest = box_iou(boxes, true).max(dim=1)
    return torch.where(overlap >= enough, nearest, -1)


def mask_targets(masks: Tensor, boxes: Tensor, side: int) -> Tensor:
    """The mask of each region's thing, cut out and made `side` cells wide: (R, H, W), (R, 4) -> (R, side, side).

    Every cell takes the mean of 2x2 points and counts as inside from one half.

    >>> mask = torch.zeros(1, 8, 8)
    >>> mask[0, :, :4] = 1
    >>> mask_targets(mask, torch.tensor([[0.0, 0.0, 8.0, 8.0]]), 4)[0, 0]
    tensor([1., 1., 0., 0.])
    """
    if masks.ndim != 3 or boxes.shape != (len(masks), 4):
        raise ShapeError(f"every region has one mask, (R, H, W) and (R, 4), got {masks.shape} and {boxes.shape}")
    own = torch.cat([torch.arange(len(boxes), dtype=boxes.dtype)[:, None], boxes], dim=1)
    cells: Tensor = roi_align(masks[:, None].float(), own, side, 1.0, 2, True)
    return (cells[:, 0] >= 0.5).float()


def joint_targets(joints: Tensor, boxes: Tensor, side: int) -> Tensor:
    """Joints in the cells of each region: (R, J, 3), (R, 4) -> (R, J, 3), the last 1 where a joint counts.

    A joint that nobody can see does not count, nor one that lies outside the region: no cell could be right.

    >>> joints = torch.tensor([[[5.0, 2.0, 1.0], [9.0, 2.0, 1.0], [5.0, 2.0, 0.0]]])
    >>> joint_targets(joints, torch.tensor([[4.0, 0.0, 8.0, 4.0]]), 8)[0].tolist()
    [[2.0, 4.0, 1.0], [10.0, 4.0, 0.0], [2.0, 4.0, 0.0]]
    """
    starts, sides = boxes[:, None, :2], (boxes[:, None, 2:] - boxes[:, None, :2]).clamp(min=1e-6)
    places = (joints[:, :, :2] - starts) / sides * side
    inside = ((places >= 0) & (places < side)).all(dim=2)
    return torch.cat([places, (inside & (joints[:, :, 2] > 0)).to(places.dtype)[:, :, None]], dim=2)
