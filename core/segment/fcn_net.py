"""FCN-32s, 16s and 8s as PyTorch modules: one backbone, scores by 1x1 convolutions, skips that are sums (lecture A).

Imports torch, so it is itself imported inside functions only; the table and its arithmetic are in core/segment/fcn.py.
Source: Long, Shelhamer and Darrell, "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from core.errors import ShapeError
from core.filters.transposed import bilinear_kernel
from core.segment.fcn import BACKBONE, FINEST, LEVELS, Finest, steps_of


class Fcn(nn.Module):
    """Scores for every pixel: (N, 3, H, W) -> (N, K, H, W); the finest maps that take part have the stride `finest`."""

    def __init__(self, finest: Finest, classes: int) -> None:
        super().__init__()
        self.finest, self.strides = finest, steps_of(finest)
        self.stages = nn.ModuleDict()
        channels, stride = 3, 1
        widths: dict[int, int] = {}
        for layer in BACKBONE:
            stride *= layer.stride
            found = self.stages[str(stride)] if str(stride) in self.stages else nn.Sequential()
            cast(nn.Sequential, found).append(_convolution(channels, layer.maps, layer.side, layer.stride))
            self.stages[str(stride)] = found
            channels = widths[stride] = layer.maps
        self.scores = nn.ModuleDict({str(s): nn.Conv2d(widths[s], classes, 1) for s in self.strides})
        self.twice = nn.ModuleDict(
            {str(s): nn.ConvTranspose2d(classes, classes, 4, 2, 1, bias=False) for s in self.strides[:-1]}
        )
        tent = torch.tensor(bilinear_kernel(4), dtype=torch.float32)
        with torch.no_grad():
            for doubling in self.twice.values():
                cast(nn.ConvTranspose2d, doubling).weight.copy_(torch.eye(classes)[:, :, None, None] * tent)
            for place in self.strides[1:]:  # a new skip starts silent, so that nothing learned is lost
                skip = cast(nn.Conv2d, self.scores[str(place)])
                skip.weight.zero_()
                cast(Tensor, skip.bias).zero_()

    def maps(self, images: Tensor) -> Mapping[int, Tensor]:
        """The backbone's last maps of each stride: (N, 3, H, W) -> {32: (N, C, H / 32, W / 32), ...}."""
        if images.ndim != 4 or images.shape[1] != 3 or any(side % LEVELS[0] or not side for side in images.shape[2:]):
            raise ShapeError(f"need pictures (N, 3, H, W) whose sides {LEVELS[0]} divides, got {tuple(images.shape)}")
        found, volume = {}, images
        for stride, stage in self.stages.items():
            volume = stage(volume)
            found[int(stride)] = volume
        return found

    def coarse(self, maps: Mapping[int, Tensor], skips: tuple[int, ...] | None = None) -> Tensor:
        """The scores before the last upsampling: coarse ones, made twice as large and added to finer ones.

        `skips` are the strides whose scores are added; all of this net's, if it is None.
        """
        wanted = self.strides[1:] if skips is None else skips
        sums: Tensor = self.scores[str(self.strides[0])](maps[self.strides[0]])
        for coarse, fine in pairwise(self.strides):
            sums = self.twice[str(coarse)](sums)
            if fine in wanted:
                sums = sums + self.scores[str(fine)](maps[fine])
        return sums

    def forward(self, images: Tensor) -> Tensor:
        """Scores of all pixels, the last step bilinear."""
        return enlarged(self.coarse(self.maps(images)), self.finest)


class Family(nn.Module):
    """The three nets together, each as its own training left it; called, it is the finest."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.nets = nn.ModuleDict({str(finest): Fcn(finest, classes) for finest in FINEST})

    def net(self, finest: Finest) -> Fcn:
        """One of the three."""
        return cast(Fcn, self.nets[str(finest)])

    def forward(self, images: Tensor) -> Tensor:
        """Scores of all pixels by FCN-8s: (N, 3, H, W) -> (N, K, H, W)."""
        scores: Tensor = self.net(FINEST[-1])(images)
        return scores


def inherit(finer: Fcn, coarser: Fcn) -> None:
    """Give a net everything that the coarser one learned; its new skip stays silent."""
    known = coarser.state_dict()
    missing = set(known) - set(finer.state_dict())
    if missing:
        raise ShapeError(f"FCN-{coarser.finest}s has {sorted(missing)[0]}, and FCN-{finer.finest}s has not")
    finer.load_state_dict(known, strict=False)


def enlarged(scores: Tensor, factor: int) -> Tensor:
    """Bilinear upsampling: (N, K, H, W) -> (N, K, factor * H, factor * W).

    Away from the border it is the transposed convolution with a tent, and much cheaper.
    """
    return interpolate(scores, scale_factor=factor, mode="bilinear", align_corners=False)


def _convolution(channels: int, maps: int, side: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, maps, side, stride, side // 2, bias=False), nn.BatchNorm2d(maps), nn.ReLU()
    )
