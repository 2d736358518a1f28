"""EfficientNet-Lite0 as a module of plain PyTorch: what `core/models/cuts.py` lists, made to run (lectures A, B, C, D).

The names of its parts are timm's, so either's weights fit the other; timm itself takes seconds to import.
Source: Tan and Le, "EfficientNet", ICML 2019; its Lite variant has no squeeze and excitation, and ReLU6.
"""

from copy import deepcopy
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from core.nets.zoo.efficientnet import STAGES

FEATURES, CLASSES = 1280, 1000
EPSILON, MOMENTUM = 1e-3, 0.01  # of the normalisations, as TensorFlow has them


class SameConv(nn.Conv2d):
    """A convolution padded as TensorFlow does it: where one pixel is left over, it goes below and to the right.

    >>> [tuple(SameConv(1, 1, 3, stride=stride)(Tensor(1, 1, 7, 8)).shape) for stride in (1, 2)]
    [(1, 1, 7, 8), (1, 1, 4, 4)]
    """

    def __init__(self, maps: int, filters: int, kernel: int, *, stride: int = 1, groups: int = 1) -> None:
        around = kernel // 2 if stride == 1 else 0
        super().__init__(maps, filters, kernel, stride, around, groups=groups, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, F, ceil(H / stride), ceil(W / stride))."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        if stride > 1:
            around = list[int]()
            for side in (maps.shape[3], maps.shape[2]):
                missing = max((-(-side // stride) - 1) * stride + kernel - side, 0)
                around += [missing // 2, missing - missing // 2]
            maps = functional.pad(maps, around)
        return super().forward(maps)


class NormRelu6(nn.BatchNorm2d):
    """A normalisation, and behind it ReLU6."""

    def __init__(self, maps: int) -> None:
        super().__init__(maps, eps=EPSILON, momentum=MOMENTUM)

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W), from 0 to 6."""
        return functional.relu6(super().forward(maps))


class Relu6(nn.Module):
    """What is left of it once the convolution before has taken the normalisation in."""

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W), from 0 to 6, in the place of what came in."""
        return functional.hardtanh_(maps, 0.0, 6.0)


class First(nn.Module):
    """The first block: every map by itself, then narrow; what comes in has the width already."""

    def __init__(self, maps: int, filters: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.conv_dw, self.bn1 = SameConv(maps, maps, kernel, stride=stride, groups=maps), NormRelu6(maps)
        self.conv_pw, self.bn2 = SameConv(maps, filters, 1), nn.BatchNorm2d(filters, EPSILON, MOMENTUM)

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, F, H, W)."""
        narrow: Tensor = self.bn2(self.conv_pw(self.bn1(self.conv_dw(maps))))
        return narrow


class Block(nn.Module):
    """Widen, look at every map by itself, narrow; where the shape stays, what came in is added."""

    def __init__(self, maps: int, filters: int, kernel: int, stride: int, wider: int) -> None:
        super().__init__()
        inside = maps * wider
        self.conv_pw, self.bn1 = SameConv(maps, inside, 1), NormRelu6(inside)
        self.conv_dw, self.bn2 = SameConv(inside, inside, kernel, stride=stride, groups=inside), NormRelu6(inside)
        self.conv_pwl, self.bn3 = SameConv(inside, filters, 1), nn.BatchNorm2d(filters, EPSILON, MOMENTUM)
        self.adds = stride == 1 and maps == filters

    def forward(self, maps: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, F, H / stride, W / stride)."""
        narrow: Tensor = self.bn3(self.conv_pwl(self.bn2(self.conv_dw(self.bn1(self.conv_pw(maps))))))
        return narrow + maps if self.adds else narrow


class Lite0(nn.Module):
    """Photos (N, 3, S, S) from -1 to 1 -> (N, 1000) scores.

    >>> sum(weights.numel() for weights in Lite0().parameters())
    4652008
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem, self.bn1 = SameConv(3, 32, 3, stride=2), NormRelu6(32)
        maps, stages = 32, list[nn.Module]()
        for wider, kernel, stride, filters, count in STAGES:
            first = First(maps, filters, kernel, stride) if wider == 1 else Block(maps, filters, kernel, stride, wider)
            more = (Block(filters, filters, kernel, 1, wider) for _ in range(count - 1))
            stages.append(nn.Sequential(first, *more))
            maps = filters
        self.blocks = nn.Sequential(*stages)
        self.conv_head, self.bn2 = SameConv(maps, FEATURES, 1), NormRelu6(FEATURES)
        self.global_pool = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Linear(FEATURES, CLASSES)

    def forward_features(self, photos: Tensor) -> Tensor:
        """The last maps: (N, 3, S, S) -> (N, 1280, S / 32, S / 32)."""
        maps: Tensor = self.bn2(self.conv_head(self.blocks(self.bn1(self.conv_stem(photos)))))
        return maps

    def forward(self, photos: Tensor) -> Tensor:
        """The scores: (N, 3, S, S) -> (N, 1000)."""
        scores: Tensor = self.classifier(self.global_pool(self.forward_features(photos)))
        return scores


def folded(net: Lite0) -> Lite0:
    """A copy that says the same with fewer steps: each normalisation is part of the convolution before it.

    It is for asking alone: nothing in it can be trained on, and its parts are no longer timm's.
    """
    copy = deepcopy(net)
    for block in [*copy.modules()]:
        for (before, convolution), (name, norm) in pairwise([*block.named_children()]):
            if isinstance(convolution, SameConv) and isinstance(norm, nn.BatchNorm2d):
                setattr(block, before, fuse_conv_bn_eval(convolution, norm))
                setattr(block, name, Relu6() if isinstance(norm, NormRelu6) else nn.Identity())
    return copy
