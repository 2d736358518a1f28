"""The second stage of a two-stage detector: what is in a region, where exactly, in which outline, with which joints?

Each head gets the features of R regions, cut from the map by RoI Align and all of one size, whatever size a region has.
C is the number of channels, K the number of classes; class 0 of the box head is the ground. Imports torch, so it is
itself imported inside functions only.
Sources: Girshick, "Fast R-CNN", ICCV 2015 (class and box); He et al., "Mask R-CNN", ICCV 2017 (masks and joints).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torchvision.ops import roi_align

from core.detect.regions.region_losses import UNITS

POOLED, FINE = 7, 14  # cells of a region's side, for class and box, and for masks and joints
MASK, MAP = 14, 28  # sides of a mask and of a joint's heat map
SAMPLES = 2  # points of a cell in each direction


def cut(volume: Tensor, boxes: Sequence[Tensor], side: int, *, stride: float) -> Tensor:
    """The features of regions: (B, C, H, W) and for each picture its boxes (R_b, 4) in pixels -> (R, C, side, side).

    >>> ramp = torch.arange(6.0).expand(1, 1, 6, 6)
    >>> cut(ramp, [torch.tensor([[8.0, 8.0, 16.0, 16.0]])], 2, stride=4)[0, 0]
    tensor([[2., 3.],
            [2., 3.]])
    """
    found: Tensor = roi_align(volume, list(boxes), side, 1 / stride, SAMPLES, True)
    return found


class BoxHead(nn.Module):
    """Scores of the ground and K classes, and offsets for each class: (R, C, 7, 7) -> (R, 1 + K), (R, K, 4)."""

    def __init__(self, channels: int, classes: int, hidden: int = 128) -> None:
        super().__init__()
        self.classes = classes
        self.shared = nn.Sequential(
            nn.Flatten(),
            *(nn.Linear(channels * POOLED**2, hidden), nn.ReLU()),
            *(nn.Linear(hidden, hidden), nn.ReLU()),
        )
        self.scores = nn.Linear(hidden, 1 + classes)
        self.offsets = nn.Linear(hidden, 4 * classes)
        for values in self.offsets.parameters():
            nn.init.zeros_(values)
        nn.init.normal_(self.offsets.weight, std=0.001)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Two dense layers for both answers, one more for each."""
        shared = self.shared(features)
        return self.scores(shared), self.offsets(shared).reshape(-1, self.classes, 4) * torch.tensor(UNITS)


class MaskHead(nn.Module):
    """One mask for each class, as scores before the sigmoid: (R, C, 14, 14) -> (R, K, 14, 14)."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_two(channels), nn.Conv2d(channels, classes, 1))

    def forward(self, features: Tensor) -> Tensor:
        """Convolutions only: a mask keeps the places that dense layers would mix up."""
        masks: Tensor = self.layers(features)
        return masks


class JointHead(nn.Module):
    """One map for each joint, as scores before a softmax over its cells: (R, C, 14, 14) -> (R, J, 28, 28)."""

    def __init__(self, channels: int, joints: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_two(channels), nn.ConvTranspose2d(channels, joints, 4, stride=2, padding=1))

    def forward(self, features: Tensor) -> Tensor:
        """Convolutions, the last one transposed: joints want finer cells than masks."""
        maps: Tensor = self.layers(features)
        return maps


def _two(channels: int) -> list[nn.Module]:
    return [
        *(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()),
    ]
