"""A small CornerNet that learns on a CPU: an hourglass, two heads with corner pooling, and the losses it learns by.

Import it inside functions: it brings torch. Pictures are (B, 3, S, S) from -1 to 1, maps (B, ., S / 4, S / 4).
Source: Law and Deng, "CornerNet: Detecting Objects as Paired Keypoints", ECCV 2018.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, smooth_l1_loss

from core.detect.corner.corners import MOST, STRIDE, SUREST, Corners, Goal, boxes_of, pairs, peaks
from core.detect.corner.embedding import APART, WITHIN
from core.detect.found import Found

if TYPE_CHECKING:
    from core.types import Floats

WIDTHS = (24, 48, 80, 128)  # maps at strides 2, 4, 8 and 16
SUPPRESS = 0.5  # IoU of two boxes of one class from which on the less sure one goes
TAGS, OFFSETS = 0.1, 1.0  # what the losses weigh beside that of the heat (Law and Deng, section 3.4)


def convolution(maps: int, filters: int, side: int = 3, stride: int = 1) -> nn.Sequential:
    """A convolution that keeps or halves the sides, and batch normalisation."""
    return nn.Sequential(nn.Conv2d(maps, filters, side, stride, side // 2, bias=False), nn.BatchNorm2d(filters))


class Residual(nn.Module):
    """Two convolutions and a way around them: (B, C, H, W) -> (B, K, H / stride, W / stride)."""

    def __init__(self, maps: int, filters: int, stride: int = 1) -> None:
        super().__init__()
        self.first, self.second = convolution(maps, filters, 3, stride), convolution(filters, filters)
        self.around = nn.Identity() if (maps, stride) == (filters, 1) else convolution(maps, filters, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        """What it adds, on top of what it gets."""
        added: Tensor = self.second(self.first(x).relu()) + self.around(x)
        return added.relu()


class Hourglass(nn.Module):
    """Down to a sixteenth of the sides and up to a quarter, with ways across: (B, 3, S, S) -> (B, 48, S / 4, S / 4)."""

    def __init__(self) -> None:
        super().__init__()
        fine, quarter, eighth, sixteenth = WIDTHS
        self.stem = convolution(3, fine, 5, 2)
        self.quarter = Residual(fine, quarter, 2)
        self.eighth = Residual(quarter, eighth, 2)
        self.sixteenth = Residual(eighth, sixteenth, 2)
        self.deepest = Residual(sixteenth, sixteenth)
        self.raised, self.lifted = convolution(sixteenth, eighth, 1), convolution(eighth, quarter, 1)
        self.after, self.last = Residual(eighth, eighth), Residual(quarter, quarter)

    def forward(self, x: Tensor) -> Tensor:
        """Maps that see far and still know where."""
        quarter = self.quarter(self.stem(x).relu())
        eighth = self.eighth(quarter)
        deep = self.deepest(self.sixteenth(eighth))
        eighth = self.after((eighth + interpolate(self.raised(deep), scale_factor=2)).relu())
        whole: Tensor = self.last((quarter + interpolate(self.lifted(eighth), scale_factor=2)).relu())
        return whole


def pooled(across: Tensor, along: Tensor, *, corner: int) -> Tensor:
    """Corner pooling, the fast twin of `core.detect.corner.corner_pooling`: two maps (B, C, H, W) -> one.

    Corner 0 is the top-left one, which looks to the right and down; corner 1 looks to the left and up.
    """
    if corner == 1:
        both: Tensor = across.cummax(dim=3).values + along.cummax(dim=2).values
        return both
    right = across.flip(3).cummax(dim=3).values.flip(3)
    down: Tensor = along.flip(2).cummax(dim=2).values.flip(2)
    return right + down


class Head(nn.Module):
    """One kind of corner: maps (B, 48, H, W) -> heat before the sigmoid, tag and offset, (B, K + 1 + 2, H, W)."""

    def __init__(self, classes: int, *, corner: int, pooling: bool = True) -> None:
        super().__init__()
        maps, half = WIDTHS[1], WIDTHS[1] * 2 // 3
        self.corner, self.pooling, self.width = corner, pooling, half
        self.looks = convolution(maps, 2 * half)
        self.joined, self.around = convolution(half, maps), convolution(maps, maps, 1)
        self.after = convolution(maps, maps)
        self.said = nn.Conv2d(maps, classes + 3, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """Pool towards the corner, then say what is there."""
        across, along = self.looks(maps).relu().split(self.width, dim=1)
        joined = pooled(across, along, corner=self.corner) if self.pooling else across + along
        seen = (self.joined(joined) + self.around(maps)).relu()
        said: Tensor = self.said(self.after(seen).relu())
        return said


class CornerNet(nn.Module):
    """Both kinds of corners: (B, 3, S, S) -> (B, 2, K + 3, S / 4, S / 4). Without `pooling` two maps just add up."""

    def __init__(self, classes: int, *, pooling: bool = True) -> None:
        super().__init__()
        self.maps = Hourglass()
        self.heads = nn.ModuleList([Head(classes, corner=corner, pooling=pooling) for corner in (0, 1)])
        self.classes = classes

    def forward(self, x: Tensor) -> Tensor:
        """Heat, tag and offset of both."""
        maps = self.maps(x)
        return torch.stack([head(maps) for head in self.heads], dim=1)


def begun(module: nn.Module, *, seed: int, rare: float = 0.02) -> nn.Module:
    """New weights of a seed; the heat begins at `rare`, as almost no cell is a corner."""
    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Conv2d):
                part.weight.normal_(0.0, (2 / part.weight[0].numel()) ** 0.5, generator=dice)
            if isinstance(part, Residual) and isinstance(part.second[1], nn.BatchNorm2d):
                part.second[1].weight.fill_(0.3)  # a block begins close to its way around
            if isinstance(part, Head) and part.said.bias is not None:
                part.said.bias.zero_()
                part.said.bias[:-3] = float(np.log(rare / (1 - rare)))
    return module


@dataclass(frozen=True, eq=False)
class Lesson:
    """The goals of a batch of pictures, as the losses read them."""

    heat: Tensor  # (B, 2, K, H, W)
    picture: Tensor  # (N,) which picture each thing is in
    cells: Tensor  # (N, 2, 2)
    offsets: Tensor  # (N, 2, 2)


def lesson(goals: "list[Goal]") -> Lesson:
    """Goals of single pictures, together."""
    counts = torch.tensor([len(each) for each in goals])
    return Lesson(
        torch.from_numpy(np.stack([each.heat for each in goals]).astype(np.float32)),
        torch.repeat_interleave(torch.arange(len(goals)), counts),
        torch.from_numpy(np.concatenate([each.cells for each in goals])),
        torch.from_numpy(np.concatenate([each.offsets for each in goals]).astype(np.float32)),
    )


def learned_loss(said: Tensor, wanted: Lesson, *, tagging: float = TAGS) -> Tensor:
    """The four losses of a batch in one number: heat, pull, push, offsets (Law and Deng, eq. 9)."""
    heat, rest = said[:, :, :-3], said[:, :, -3:]
    at = [
        rest[wanted.picture, each, :, wanted.cells[:, each, 0], wanted.cells[:, each, 1]] for each in (0, 1)
    ]  # (N, 3)
    tags = torch.stack([each[:, 0] for each in at], dim=1)  # (N, 2)
    offsets = torch.stack([each[:, 1:] for each in at], dim=1)  # (N, 2, 2)
    near = smooth_l1_loss(offsets, wanted.offsets, reduction="sum") / max(len(tags), 1)
    return focal(heat, wanted.heat) + tagging * sum(pull_and_push(tags, wanted.picture)) + OFFSETS * near


def focal(scores: Tensor, truth: Tensor) -> Tensor:
    """The fast twin of `core.detect.corner.corners.focal_loss`, of scores before the sigmoid."""
    logarithm, against = nn.functional.logsigmoid(scores), nn.functional.logsigmoid(-scores)
    sure, there = scores.sigmoid(), (truth == 1).float()
    total = there * (1 - sure).square() * logarithm + (1 - there) * (1 - truth) ** 4 * sure.square() * against
    loss: Tensor = -total.sum() / there.sum().clamp(min=1)
    return loss


def pull_and_push(tags: Tensor, picture: Tensor) -> tuple[Tensor, Tensor]:
    """The fast twins of `corner.embedding`, means over pictures: tags (N, 2), pictures (N,) -> two numbers."""
    middle = tags.mean(dim=1)
    same = picture[:, None] == picture
    count = same.sum(dim=1).float()  # (N,) things in the picture of each
    pictures = max(len(set(picture.tolist())), 1)
    pull = ((tags - middle[:, None]).square().sum(dim=1) / count).sum() / pictures
    close = (APART - (middle[:, None] - middle).abs()).relu() * (same & ~torch.eye(len(tags), dtype=torch.bool))
    push = (close.sum(dim=1) / (count * (count - 1)).clamp(min=1)).sum() / pictures
    return pull, push


@dataclass(frozen=True, eq=False)
class Maps:
    """What the net says of one picture: heat (2, K, H, W) from 0 to 1, tags (2, H, W), offsets (2, 2, H, W)."""

    heat: "Floats"
    tags: "Floats"
    offsets: "Floats"

    def corners(self, *, threshold: float = SUREST, most: int = MOST) -> tuple[Corners, Corners]:
        """The corners of both kinds."""
        first, second = (
            peaks(heat, tags, offsets, stride=STRIDE, threshold=threshold, most=most)
            for heat, tags, offsets in zip(self.heat, self.tags, self.offsets, strict=True)
        )
        return first, second


def maps_of(module: nn.Module, images: Any) -> list[Maps]:
    """Its maps of pictures in 256 steps: (N, S, S, 3) -> N of them."""
    inputs = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        said = module(inputs).double()
    heat = said[:, :, :-3].sigmoid().numpy()
    rest = said[:, :, -3:].numpy()
    return [Maps(*each) for each in zip(heat, rest[:, :, 0], rest[:, :, 1:], strict=True)]


def suppressed(found: Found) -> Found:
    """Of boxes of one class that nearly coincide, the surest."""
    from torchvision.ops import batched_nms

    kept = batched_nms(*(torch.from_numpy(each) for each in (found.boxes, found.scores, found.labels)), SUPPRESS)
    return found.taken(kept.numpy())


def detect(module: nn.Module, images: Any, *, threshold: float = SUREST, within: float | None = WITHIN) -> list[Found]:
    """What it finds in pictures in 256 steps: (N, S, S, 3) -> N answers."""
    answers = []
    for maps in maps_of(module, images):
        first, second = maps.corners(threshold=threshold)
        together = pairs(first, second, within=within)
        answers.append(suppressed(boxes_of(first, second, together, tagged=within is not None)))
    return answers
