"""Torchvision's detectors, trained on photos: on request, with weights from the network (core/models/download).

They learned from COCO's photos, all but one the 80 classes that COCO marks; the last finds people and their joints.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.detect.found import Found
from core.errors import CoreError, ShapeError
from core.learning.train import Progress
from core.models.download import torchvision_model
from core.types import Floats, Mask

if TYPE_CHECKING:
    from torch.nn import Module

SIDE = 320  # of the shorter side a photo is brought to: the largest nets were trained at 800, and take seconds for it
LIMBS = (
    *((15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (7, 9), (6, 8), (8, 10)),
    *((1, 2), (0, 1), (0, 2), (1, 3), (2, 4)),
)  # which of COCO's 17 joints hang together


@dataclass(frozen=True)
class Pretrained:
    """One detector: its name in torchvision, what it is, what has to be fetched, and its AP on COCO's photos."""

    name: str
    is_: str
    megabytes: float
    ap: float


PRETRAINED = (
    Pretrained("ssdlite320_mobilenet_v3_large", "SSDLite on MobileNetV3", 13.4, 0.213),
    Pretrained("fasterrcnn_mobilenet_v3_large_320_fpn", "Faster R-CNN on MobileNetV3", 74.2, 0.228),
    Pretrained("retinanet_resnet50_fpn", "RetinaNet on ResNet-50", 130.3, 0.364),
    Pretrained("maskrcnn_resnet50_fpn", "Mask R-CNN on ResNet-50", 169.8, 0.379),
    Pretrained("keypointrcnn_resnet50_fpn", "Keypoint R-CNN on ResNet-50", 226.1, 0.546),
)


def pretrained(name: str) -> Pretrained:
    """One of the five by name.

    >>> pretrained("retinanet_resnet50_fpn").ap
    0.364
    """
    for each in PRETRAINED:
        if each.name == name:
            return each
    raise CoreError(f"the pretrained detectors are {', '.join(each.name for each in PRETRAINED)}; got {name[:40]!r}")


def fetch(
    name: str, *, progress: Progress = lambda done, what: None, address: str | None = None, folder: Path | None = None
) -> "Module":
    """The detector with its weights, downloaded once."""
    return torchvision_model(pretrained(name).name, progress=progress, address=address, folder=folder)


def classes(name: str) -> tuple[str, ...]:
    """What the labels of a detector stand for; 0 is the ground.

    >>> len(classes("ssdlite320_mobilenet_v3_large")), classes("keypointrcnn_resnet50_fpn")[1]
    (91, 'person')
    """
    from torchvision.models import get_model_weights

    weights: Any = get_model_weights(pretrained(name).name)
    return ("ground", *weights.DEFAULT.meta["categories"][1:])


def found(module: "Module", image: NDArray[np.uint8], *, side: int = SIDE, least: float = 0.05) -> Found:
    """What a detector finds in a photo: (H, W, 3) from 0 to 255; masks and 17 joints where it knows them.

    The third number of a joint is the height of its map, not a probability: above 0 it is rather there than not.
    """
    import torch

    from core.learning.threads import one_thread

    if image.ndim != 3 or image.shape[2] != 3 or not 32 <= side <= 1024:
        raise ShapeError(f"need a photo (H, W, 3) and a side from 32 to 1024, got {image.shape} and {side}")
    net: Any = module
    if net.transform.fixed_size is None:
        net.transform.min_size, net.transform.max_size = (side,), 2 * side
    photo = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1).float() / 255
    with torch.no_grad(), one_thread():
        (told,) = net([photo])
    answer = {name: values.double().numpy() for name, values in told.items()}
    masks: Floats = answer["masks"][:, 0] if "masks" in answer else np.zeros((0, 0, 0))
    joints: Floats = np.zeros((0, 0, 0))
    if "keypoints" in answer:
        joints = np.concatenate([answer["keypoints"][:, :, :2], answer["keypoints_scores"][:, :, None]], axis=2)
    whole = Found(answer["boxes"], answer["labels"].astype(np.int64), answer["scores"], masks, joints)
    order: NDArray[np.int64] = np.argsort(-whole.scores, kind="stable")
    return whole.taken(order).above(least)


def bones(joints: Floats) -> list[Floats]:
    """The lines between joints that are seen, one person's after the other's: (P, 17, 3) -> each (2, 2)."""
    seen: Mask = joints[:, :, 2] > 0 if joints.size else np.zeros((0, 17), dtype=np.bool_)
    return [
        joints[person, [here, there], :2]
        for person in range(len(seen))
        for here, there in LIMBS
        if seen[person, here] and seen[person, there]
    ]
