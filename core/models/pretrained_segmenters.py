"""Torchvision's segmentation nets, trained on photos: on request, with weights from the network (core/models/download).

They know the 20 classes of PASCAL VOC and the ground, and learned them from those photos of COCO that show them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.learning.train import Progress
from core.models.download import torchvision_model

if TYPE_CHECKING:
    from torch.nn import Module

SIDE = 320  # of the shorter side a photo is brought to: half of what they are judged at, and a third of the time
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Pretrained:
    """One net: its name in torchvision, what it is, what has to be fetched, and its mean IoU on COCO's photos."""

    name: str
    is_: str
    megabytes: float
    mean_iou: float


PRETRAINED = (
    Pretrained("lraspp_mobilenet_v3_large", "LR-ASPP on MobileNetV3", 12.5, 0.579),
    Pretrained("deeplabv3_mobilenet_v3_large", "DeepLabV3 on MobileNetV3", 42.3, 0.603),
    Pretrained("fcn_resnet50", "FCN on ResNet-50, dilated to stride 8", 135.0, 0.605),
)


def pretrained(name: str) -> Pretrained:
    """One of the three by name.

    >>> pretrained("fcn_resnet50").megabytes
    135.0
    """
    for each in PRETRAINED:
        if each.name == name:
            return each
    raise CoreError(f"the pretrained nets are {', '.join(each.name for each in PRETRAINED)}; got {name[:40]!r}")


def fetch(
    name: str, *, progress: Progress = lambda done, what: None, address: str | None = None, folder: Path | None = None
) -> "Module":
    """The net with its weights, downloaded once."""
    return torchvision_model(pretrained(name).name, progress=progress, address=address, folder=folder)


def classes() -> tuple[str, ...]:
    """What its labels 0 to 20 stand for.

    >>> len(classes()), classes()[8]
    (21, 'cat')
    """
    from torchvision.models._meta import _VOC_CATEGORIES

    return ("ground", *_VOC_CATEGORIES[1:])


def answers(module: "Module", image: NDArray[np.uint8], *, side: int = SIDE) -> Labels:
    """The label of every pixel: (H, W, 3) from 0 to 255 -> (H, W)."""
    import torch
    from torch.nn.functional import interpolate

    from core.learning.threads import one_thread

    if image.ndim != 3 or image.shape[2] != 3 or not 32 <= side <= 1024:
        raise ShapeError(f"need a photo (H, W, 3) and a side from 32 to 1024, got {image.shape} and {side}")
    high, wide = image.shape[:2]
    scale = side / min(high, wide)
    size = [max(32, round(scale * high)), max(32, round(scale * wide))]
    photo = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None].float() / 255
    with torch.no_grad(), one_thread():
        small = interpolate(photo, size, mode="bilinear", antialias=True)
        mean, deviation = (torch.tensor(each).reshape(1, 3, 1, 1) for each in (MEAN, DEVIATION))
        scores: Any = module((small - mean) / deviation)["out"]
        large = interpolate(scores, (high, wide), mode="bilinear")
        found: Labels = large[0].argmax(dim=0).numpy()
    return found
