"""A feature pyramid: maps of three sizes that all know what is in the picture (lecture E).

Going up, a network gives up places for meaning: its finest maps know edges, its coarsest know things. The pyramid goes
back down and adds the coarse meaning to the fine places. B is the number of pictures, C the channels of every level.
Imports torch, so it is itself imported inside functions only.
Source: Lin et al., "Feature Pyramid Networks for Object Detection", CVPR 2017, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn.functional import interpolate, relu

from core.errors import ShapeError

STRIDES = (4, 8, 16)  # of the three levels: how many pixels lie between two neighbours of a map
WIDTHS = (32, 64, 80)  # channels of the way up


@dataclass(frozen=True, eq=False)
class Descent:
    """Every step of the way down, the finest level first."""

    laterals: list[Tensor]  # what came up, in C channels
    doubled: list[Tensor | None]  # the sum of the level above, twice as large; the coarsest level has nothing above it
    sums: list[Tensor]  # both together
    maps: list[Tensor]  # smoothed: what the pyramid answers with


class Pyramid(nn.Module):
    """Three maps of one picture: (B, 3, H, W) -> [(B, C, H/4, W/4), (B, C, H/8, W/8), (B, C, H/16, W/16)]."""

    def __init__(self, channels: int = 64) -> None:
        super().__init__()
        self.channels = channels
        self.bottom_up = BottomUp()
        self.top_down = TopDown(WIDTHS, channels)

    def forward(self, images: Tensor) -> list[Tensor]:
        """Up and down again."""
        maps: list[Tensor] = self.top_down(self.bottom_up(images))
        return maps


class BottomUp(nn.Module):
    """The way up, which keeps the map of every size: (B, 3, H, W) -> 32, 64 and 80 maps at H/4, H/8 and H/16."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = normed(nn.Conv2d(3, 24, 3, stride=2, padding=1, bias=False))
        befores = (24, *WIDTHS[:-1])
        self.stages = nn.ModuleList(
            nn.Sequential(normed(nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False)), Residual(width))
            for before, width in zip(befores, WIDTHS, strict=True)
        )

    def forward(self, images: Tensor) -> list[Tensor]:
        """The way up."""
        if images.ndim != 4 or images.shape[1] != 3 or min(images.shape[2:]) < 16:
            raise ShapeError(f"need pictures (B, 3, H, W) of at least 16 pixels a side, got {tuple(images.shape)}")
        volume, maps = self.stem(images), list[Tensor]()
        for stage in self.stages:
            volume = stage(volume)
            maps.append(volume)
        return maps


class Residual(nn.Module):
    """Two 3x3 convolutions beside a way straight through: (B, C, H, W) -> the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = normed(nn.Conv2d(width, width, 3, padding=1, bias=False))
        self.second = normed(nn.Conv2d(width, width, 3, padding=1, bias=False), bent=False)

    def forward(self, volume: Tensor) -> Tensor:
        """What came in, and what two convolutions have to add."""
        return relu(volume + self.second(self.first(volume)))


class TopDown(nn.Module):
    """The way down: maps (B, width, H, W) from fine to coarse -> as many maps (B, C, H, W)."""

    def __init__(self, widths: Sequence[int], channels: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(width, channels, 1) for width in widths)
        self.smooth = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in widths)

    def forward(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """What every level answers with."""
        return self.steps(maps).maps

    def steps(self, maps: Sequence[Tensor]) -> Descent:
        """All steps: (B, width, H, W) from fine to coarse -> laterals, doubled, sums and maps, each (B, C, H, W).

            lateral_l = 1x1 convolution of what came up
            sum_l     = lateral_l + sum_(l+1), twice as large                       (Lin et al., figure 3)
            map_l     = 3x3 convolution of sum_l

        >>> import torch
        >>> down = TopDown((1, 1), channels=1)
        >>> for layer in down.lateral: _ = layer.weight.data.fill_(1.0), layer.bias.data.zero_()
        >>> down.steps([torch.ones(1, 1, 2, 4), torch.tensor([[[[10.0, 20.0]]]])]).sums[0]
        tensor([[[[11., 11., 21., 21.],
                  [11., 11., 21., 21.]]]], grad_fn=<AddBackward0>)
        """
        if len(maps) != len(self.lateral):
            raise ShapeError(f"this pyramid has {len(self.lateral)} levels, got {len(maps)} maps")
        laterals = [lateral(volume) for lateral, volume in zip(self.lateral, maps, strict=True)]
        doubled: list[Tensor | None] = [None] * len(maps)
        sums = list(laterals)
        for level in reversed(range(len(maps) - 1)):
            larger = interpolate(sums[level + 1], size=laterals[level].shape[2:], mode="nearest")
            doubled[level], sums[level] = larger, laterals[level] + larger
        return Descent(laterals, doubled, sums, [smooth(each) for smooth, each in zip(self.smooth, sums, strict=True)])


def normed(convolution: nn.Conv2d, *, bent: bool = True) -> nn.Sequential:
    """A convolution, batch normalisation, and ReLU unless something is still to be added."""
    layers: list[nn.Module] = [convolution, nn.BatchNorm2d(convolution.out_channels)]
    return nn.Sequential(*layers, *[nn.ReLU()] * bent)
