"""U-Net as a PyTorch module: no convolution is padded, and what is copied across is cropped (lecture A).

Imports torch, so it is itself imported inside functions only; its sizes are those of core/segment/unet.py.
Source: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import max_pool2d

from core.errors import ShapeError
from core.segment.unet import u_net


class UNet(nn.Module):
    """Scores for the middle of the picture: (N, C, S, S) -> (N, K, S - 2b, S - 2b), b the border of this depth."""

    def __init__(self, channels: int, classes: int, *, depth: int = 4, first: int = 64) -> None:
        super().__init__()
        self.depth = depth
        widths = [first << level for level in range(depth + 1)]
        self.down = nn.ModuleList(
            two(before, after) for before, after in zip([channels, *widths], widths, strict=False)
        )
        self.twice = nn.ModuleList(nn.ConvTranspose2d(2 * width, width, 2, 2) for width in widths[:-1])
        self.up = nn.ModuleList(two(2 * width, width) for width in widths[:-1])
        self.score = nn.Conv2d(first, classes, 1)

    def forward(self, images: Tensor) -> Tensor:
        """Down, across and up again."""
        if images.ndim != 4 or images.shape[2] != images.shape[3]:
            raise ShapeError(f"need square pictures (N, C, S, S), got {tuple(images.shape)}")
        u_net(images.shape[2], depth=self.depth)  # refuses what does not fit, with a sentence
        copies, volume = [], images
        for level, block in enumerate(self.down):
            volume = block(volume if level == 0 else max_pool2d(volume, 2))
            copies.append(volume)
        for level in reversed(range(self.depth)):
            below = self.twice[level](volume)
            volume = self.up[level](torch.cat([cropped(copies[level], below.shape[2]), below], dim=1))
        scores: Tensor = self.score(volume)
        return scores


def two(before: int, after: int) -> nn.Sequential:
    """Two 3x3 convolutions without padding, each with ReLU."""
    return nn.Sequential(nn.Conv2d(before, after, 3), nn.ReLU(), nn.Conv2d(after, after, 3), nn.ReLU())


def cropped(volume: Tensor, side: int) -> Tensor:
    """The middle of the maps: (N, C, S, S) -> (N, C, side, side)."""
    cut = (volume.shape[2] - side) // 2
    return volume[:, :, cut : cut + side, cut : cut + side]
