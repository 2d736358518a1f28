"""A small Mask R-CNN with joints: a trunk, a network that proposes regions, three heads for each (lectures A, B, E).

Stage one looks at the picture once and proposes regions; stage two looks at each of them. B pictures, R regions, K
classes, J joints. Imports torch, so it is itself imported inside functions only; `two_stage.py` uses it.
Sources: Ren et al., "Faster R-CNN", NIPS 2015; He et al., "Mask R-CNN", ICCV 2017.
"""

from collections.abc import Sequence

import torch
from torch import Generator, Tensor, nn

from core.data.scenes import CLASSES, JOINTS
from core.detect.anchors import labelled
from core.detect.dense.pyramid import Pyramid
from core.detect.offsets import encode
from core.detect.regions.region_heads import FINE, MAP, MASK, POOLED, BoxHead, JointHead, MaskHead, cut
from core.detect.regions.region_losses import (
    NAMES,
    joints_loss,
    label_loss,
    mask_loss,
    objectness_loss,
    offsets_loss,
)
from core.detect.regions.region_proposals import Proposer, anchors_of, proposed
from core.detect.regions.region_targets import (
    ANCHORS,
    REGIONS,
    THINGS,
    Truth,
    joint_targets,
    mask_targets,
    objects_in,
    some,
)

CHANNELS = 64
FINEST = 4  # pixels between two neighbours of the map that regions are cut from
ABOVE, BELOW = 0.6, 0.3  # IoU from which an anchor holds a thing, and below which it is ground
JOINTS_COUNT = 0.3  # of the joints' loss: it is a logarithm of 784 cells, and would rule the sum


class TwoStage(nn.Module):
    """Trunk, proposals and heads; called, it answers with the proposals' scores and offsets: (B, 3, H, W) -> two."""

    def __init__(self, channels: int = CHANNELS, classes: int = len(CLASSES), joints: int = len(JOINTS)) -> None:
        super().__init__()
        self.trunk = Pyramid(channels)
        self.proposer = Proposer(channels)
        self.box_head = BoxHead(channels, classes)
        self.mask_head = MaskHead(channels, classes)
        self.joint_head = JointHead(channels, joints)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Stage one: (B, A) scores and (B, A, 4) offsets of all anchors."""
        _, scores, offsets = self.first(images)
        return scores, offsets

    def first(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Stage one: the map that regions are cut from (B, C, H/4, W/4), and the proposals' scores and offsets."""
        finest, middle, _ = self.trunk(images)
        return finest, *self.proposer(middle)

    def boxes(self, volume: Tensor, boxes: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Stage two, class and box: the map and each picture's regions -> (R, 1 + K) scores, (R, K, 4) offsets."""
        found: tuple[Tensor, Tensor] = self.box_head(cut(volume, boxes, POOLED, stride=FINEST))
        return found

    def details(self, volume: Tensor, boxes: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Stage two, masks and joints: -> (R, K, 14, 14), (R, J, 28, 28), both before sigmoid and softmax."""
        features = cut(volume, boxes, FINE, stride=FINEST)
        return self.mask_head(features), self.joint_head(features)


def losses(net: TwoStage, images: Tensor, truths: Sequence[Truth], dice: Generator) -> dict[str, Tensor]:
    """The six losses of a batch, by name: (B, 3, H, W) and B truths -> six numbers, to be added.

    Proposals are taken as given: no gradient runs through where they lie. The true boxes are among them, so that there
    is something to learn from while the proposals are still bad.
    """
    volume, scores, offsets = net.first(images)
    size = (images.shape[2], images.shape[3])
    rows, columns = (-(-side // 8) for side in size)
    bases = anchors_of(rows, columns)
    anchored = list[tuple[Tensor, ...]]()
    regions, labels, objects = list[Tensor](), list[Tensor](), list[Tensor]()
    for place, truth in enumerate(truths):
        wanted = labelled(bases, truth.boxes, above=ABOVE, below=BELOW)
        chosen = some(wanted, ANCHORS, ANCHORS // 2, dice)
        things = chosen[wanted[chosen] >= 0]
        aims = encode(truth.boxes[wanted[things]], bases[things])
        anchored.append((scores[place, chosen], (wanted[chosen] >= 0).float(), offsets[place, things], aims))
        with torch.no_grad():
            boxes, _ = proposed(scores[place].detach(), offsets[place].detach(), bases, size)
            boxes = torch.cat([truth.boxes, boxes])
            held = objects_in(boxes, truth.boxes)
            chosen = some(held, REGIONS, THINGS, dice)
        regions.append(boxes[chosen])
        objects.append(held[chosen])
        labels.append(torch.where(held[chosen] >= 0, 1 + truth.labels[held[chosen]], 0))
    first_scores, first_things, first_offsets, first_aims = (torch.cat(each) for each in zip(*anchored, strict=True))
    second_scores, second_offsets = net.boxes(volume, regions)
    label, held = torch.cat(labels), torch.cat(objects)
    things = torch.nonzero(held >= 0).flatten()
    inside = [each[held >= 0] for each, held in zip(regions, objects, strict=True)]
    own = [held[held >= 0] for held in objects]
    aims = encode(torch.cat([truth.boxes[o] for truth, o in zip(truths, own, strict=True)]), torch.cat(inside))
    masks = torch.cat([truth.masks[o] for truth, o in zip(truths, own, strict=True)])
    joints = joint_targets(
        torch.cat([truth.joints[o] for truth, o in zip(truths, own, strict=True)]), torch.cat(inside), MAP
    )
    features = cut(volume, inside, FINE, stride=FINEST)
    posed = joints[:, :, 2].any(dim=1)
    said = (
        objectness_loss(first_scores, first_things),
        offsets_loss(first_offsets, first_aims, len(first_scores)),
        label_loss(second_scores, label),
        offsets_loss(second_offsets[things, label[things] - 1], aims, len(label)),
        mask_loss(net.mask_head(features), mask_targets(masks, torch.cat(inside), MASK), label[things] - 1),
        JOINTS_COUNT * joints_loss(net.joint_head(features[posed]), joints[posed]),
    )
    return dict(zip(NAMES, said, strict=True))
