"""A two-stage detector in use: proposals first, then class, box, mask and joints of each (lectures A, B and E).

`looked` keeps what every stage said, for a lab to show; `found` answers as every detector of the house does. P is the
number of proposals, N of things found, K of classes, J of joints.
Sources: Ren et al., "Faster R-CNN", NIPS 2015; He et al., "Mask R-CNN", ICCV 2017.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.data.scenes import CLASSES, JOINTS
from core.data.scenes.truth import Labels
from core.detect.found import Found
from core.detect.regions.pasting import pasted
from core.errors import ShapeError
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

    from core.detect.regions.two_stage_net import TwoStage

LEAST = 0.05  # a score below this is no detection
ALIKE = 0.5  # IoU above which two boxes of one class are the same thing
MOST = 30  # detections of a picture
SMALLEST, LARGEST = 32, 640  # pixels of a side
PERSON = CLASSES.index("person")


@dataclass(frozen=True, eq=False)
class Looked:
    """What both stages said of one picture."""

    found: Found
    proposals: Floats  # (P, 4), best first
    objectness: Floats  # (P,) from 0 to 1
    shares: Floats  # (P, 1 + K) of the ground and every class
    moved: Floats  # (P, K, 4): each proposal as every class would move it
    source: Labels  # (N,) the proposal that each thing came from
    cells: Floats  # (N, K, 14, 14): masks of all classes, from 0 to 1
    maps: Floats  # (N, J, 28, 28): for each joint the shares of its cells


def input_of(image: NDArray[np.floating[Any]]) -> "Tensor":
    """A picture as the net takes it: (H, W, 3) from 0 to 1 -> (1, 3, H, W) from -1 to 1."""
    import torch

    if (
        image.ndim != 3
        or image.shape[2] != 3
        or not SMALLEST <= min(image.shape[:2]) <= max(image.shape[:2]) <= LARGEST
    ):
        raise ShapeError(f"need a picture (H, W, 3) with sides of {SMALLEST} to {LARGEST} pixels, got {image.shape}")
    return torch.tensor(image, dtype=torch.float32).permute(2, 0, 1)[None] * 2 - 1


def looked(module: "TwoStage", image: NDArray[np.floating[Any]], *, least: float = LEAST) -> Looked:
    """Both stages on one picture: (H, W, 3) from 0 to 1.

    propose    scores and offsets of all anchors -> the 100 best boxes
    decide     class and offsets of each         -> boxes, of which suppression keeps one for each thing
    detail     mask and joints of those          -> pasted into the picture
    """
    import torch

    from core.learning.threads import one_thread

    size = (image.shape[0], image.shape[1])
    with torch.no_grad(), one_thread():
        volume, proposals, objectness, shares, moved = _decided(module, image)
        boxes, labels, sure, source = kept(shares, moved, least=least)
        masks, maps = module.details(volume, [boxes])
        masks, maps = masks.sigmoid(), maps.flatten(2).softmax(dim=2).reshape(maps.shape)
        corners, heights, cells, heat = (each.double().numpy() for each in (boxes, sure, masks, maps))
    return Looked(
        answer(corners, heights, labels.numpy(), cells, heat, size),
        proposals.double().numpy(),
        objectness.sigmoid().double().numpy(),
        shares.double().numpy(),
        moved.double().numpy(),
        source.numpy(),
        cells,
        heat,
    )


def found(module: "TwoStage", image: NDArray[np.floating[Any]], *, least: float = LEAST, details: bool = True) -> Found:
    """What there is in one picture: boxes, classes, scores, masks (N, H, W) and joints (N, J, 3).

    Without `details` there are neither masks nor joints, in half the time.
    """
    if details:
        return looked(module, image, least=least).found
    import torch

    from core.learning.threads import one_thread

    with torch.no_grad(), one_thread():
        *_, shares, moved = _decided(module, image)
        boxes, labels, sure, _ = kept(shares, moved, least=least)
    return Found(boxes.double().numpy(), labels.numpy(), sure.double().numpy())


def _decided(module: "TwoStage", image: NDArray[np.floating[Any]]) -> "tuple[Tensor, Tensor, Tensor, Tensor, Tensor]":
    """The features, the proposals with their objectness, and what the box head makes of each: shares and boxes."""
    from core.detect.regions.region_proposals import anchors_of, proposed

    size = (image.shape[0], image.shape[1])
    volume, scores, offsets = module.first(input_of(image))
    bases = anchors_of(*(-(-side // 8) for side in size))
    proposals, objectness = proposed(scores[0], offsets[0], bases, size)
    shares, moved = second(*module.boxes(volume, [proposals]), proposals, size)
    return volume, proposals, objectness, shares, moved


def second(scores: "Tensor", offsets: "Tensor", proposals: "Tensor", size: tuple[int, int]) -> "tuple[Tensor, Tensor]":
    """What the box head's answers mean: (P, 1 + K), (P, K, 4), (P, 4) -> (P, 1 + K) shares, (P, K, 4) boxes."""
    from torchvision.ops import clip_boxes_to_image

    from core.detect.offsets import decode

    moved = decode(offsets, proposals[:, None].expand_as(offsets))
    return scores.softmax(dim=1), clip_boxes_to_image(moved, size)


def kept(
    shares: "Tensor", moved: "Tensor", *, least: float = LEAST, alike: float = ALIKE, most: int = MOST
) -> "tuple[Tensor, Tensor, Tensor, Tensor]":
    """Detections of all proposals, the same thing once: (P, 1 + K), (P, K, 4) -> boxes, labels, scores, proposals.

    Every class of every proposal is a candidate if its share is at least `least`. Suppression looks at each class
    alone.

    >>> import torch
    >>> shares = torch.tensor([[0.1, 0.9, 0.0], [0.2, 0.8, 0.0]])
    >>> boxes = torch.tensor([[0.0, 0.0, 8.0, 8.0], [0.0, 0.0, 8.0, 7.0]])[:, None].expand(2, 2, 4)
    >>> [each.tolist() for each in kept(shares, boxes)[1:]]
    [[0], [0.8999999761581421], [0]]
    """
    from torchvision.ops import batched_nms

    source, labels = (shares[:, 1:] >= least).nonzero(as_tuple=True)
    boxes, scores = moved[source, labels], shares[source, 1 + labels]
    sides = boxes[:, 2:] - boxes[:, :2]
    wide = (sides >= 1).all(dim=1)
    source, labels, boxes, scores = source[wide], labels[wide], boxes[wide], scores[wide]
    chosen = batched_nms(boxes, scores, labels, alike)[:most]
    return boxes[chosen], labels[chosen], scores[chosen], source[chosen]


def answer(boxes: Floats, scores: Floats, labels: Labels, cells: Floats, maps: Floats, size: tuple[int, int]) -> Found:
    """Detections with the mask of their class pasted into the picture, and joints for people."""
    if not len(boxes):
        return Found(boxes, labels, scores)
    masks = np.stack([pasted(cells[place, label], boxes[place], size) for place, label in enumerate(labels)])
    joints = np.zeros((len(boxes), len(JOINTS), 3))
    for place in np.flatnonzero(labels == PERSON):
        joints[place] = joints_of(maps[place], boxes[place])
    return Found(boxes, labels, scores, masks, joints)


def joints_of(maps: Floats, box: Floats) -> Floats:
    """Where each joint's map is highest, as a place in the picture: (J, M, M), (4,) -> (J, 3), the last how sure.

    A map is sure of its joint if it is as high as the bump it learned to draw.

    >>> from core.detect.single.pose import heat_maps
    >>> bump = heat_maps(np.array([[7.0, 14.0, 1.0]]), 28, spread=1.0)
    >>> joints_of(bump / bump.sum(), np.array([10.0, 20.0, 38.0, 76.0])).round(2)
    array([[17.  , 48.  ,  0.78]])
    """
    from core.detect.regions.region_losses import SPREAD
    from core.detect.single.pose import peaks

    places, heights = peaks(maps)
    found = np.empty((len(maps), 3))
    found[:, :2] = box[:2] + places / maps.shape[1] * (box[2:] - box[:2])
    found[:, 2] = np.minimum(1.0, heights * (2 * np.pi * SPREAD**2))
    return found
