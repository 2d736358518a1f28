"""A detector in one stage: every anchor of every level answers at once (lectures A, B and E).

Three maps of a feature pyramid; behind each of them, with the same weights, one small head that says how much every
anchor looks like each class and one that says how its box differs. B pictures, A anchors, K classes.
Imports torch, so it is itself imported inside functions only.
Source: Lin et al., "Focal Loss for Dense Object Detection", ICCV 2017, section 4 (RetinaNet, here with 3 levels).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from core.data.scenes import CLASSES
from core.data.scenes.records import Picture
from core.detect.anchors import GROUND, anchors, labelled
from core.detect.dense.pyramid import STRIDES, Pyramid
from core.detect.found import Found
from core.detect.offsets import decode, encode
from core.errors import ShapeError
from core.learning.focal import sigmoid_focal
from core.learning.threads import one_thread

SIZES = (18.0, 27.0, 40.0)  # of the anchors of each level
RATIOS = (0.5, 1.0, 2.0)  # height / width
PRIOR = 0.01  # how sure an untrained head is of everything
ABOVE, BELOW = 0.5, 0.4  # IoU from which on an anchor belongs to a thing, and under which to none
FLAT = 0.11  # offsets off by less are pulled in proportion, all others with the same strength


class OneStage(nn.Module):
    """(B, 3, H, W) from -1 to 1 -> scores (B, A, K) and offsets (B, A, 4)."""

    def __init__(self, classes: int = len(CLASSES), channels: int = 48, *, prior: float = PRIOR) -> None:
        super().__init__()
        self.classes = classes
        self.pyramid = Pyramid(channels)
        self.look = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())
        self.measure = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU())
        self.score = nn.Conv2d(channels, len(RATIOS) * classes, 3, padding=1)
        self.offset = nn.Conv2d(channels, len(RATIOS) * 4, 3, padding=1)
        self.score.bias = _sure(len(RATIOS) * classes, prior)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """All anchors' answers, level by level."""
        maps = self.pyramid(images)
        scores = [_by_anchor(self.score(self.look(each)), self.classes) for each in maps]
        offsets = [_by_anchor(self.offset(self.measure(each)), 4) for each in maps]
        return torch.cat(scores, dim=1), torch.cat(offsets, dim=1)


def begun(seed: int, *, classes: int = len(CLASSES), channels: int = 48, prior: float = PRIOR) -> OneStage:
    """An untrained detector; the same seed gives the same weights.

    They are drawn as PyTorch draws them, evenly from -1 / sqrt(n) to 1 / sqrt(n) for n inputs; those of the heads are
    small, so that every anchor starts near the prior.
    """
    module, dice = OneStage(classes, channels, prior=prior), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d):
                reach = layer.weight[0].numel() ** -0.5
                layer.weight.uniform_(-reach, reach, generator=dice)
                if layer.bias is not None:
                    layer.bias.uniform_(-reach, reach, generator=dice)
        for head in (module.look, module.measure, module.score, module.offset):
            for weights in head.parameters():
                _ = weights.normal_(0.0, 0.03, generator=dice) if weights.ndim > 1 else weights.zero_()
    module.score.bias = _sure(len(RATIOS) * classes, prior)
    return module


def _sure(count: int, prior: float) -> nn.Parameter:
    """Biases whose sigmoid is the prior: (count,)."""
    return nn.Parameter(torch.full((count,), log(prior / (1 - prior))))


def _by_anchor(maps: Tensor, numbers: int) -> Tensor:
    """(B, k numbers, H, W) -> (B, H W k, numbers), in the order of the anchors."""
    return maps.permute(0, 2, 3, 1).reshape(maps.shape[0], -1, numbers)


def anchors_of(height: int, width: int, *, sizes: Sequence[float] = SIZES) -> Tensor:
    """The anchors of all levels over a picture, one size and three shapes at each place: (A, 4).

    >>> [round(number, 1) for number in anchors_of(96, 96)[1].tolist()], len(anchors_of(96, 96))
    ([-7.0, -7.0, 11.0, 11.0], 2268)
    """
    return torch.cat([
        anchors(-(-height // stride), -(-width // stride), stride=stride, sizes=[size], ratios=RATIOS)
        for stride, size in zip(STRIDES, sizes, strict=True)
    ])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Wanted:
    """What the anchors of B pictures should answer."""

    scores: Tensor  # (B, A, K) of 0 and 1
    counts: Tensor  # (B, A): whether an anchor counts for the scores at all
    objects: Tensor  # (B, A): whether it belongs to a thing
    offsets: Tensor  # (B, A, 4), of those that do


def wanted(bases: Tensor, boxes: Sequence[Tensor], labels: Sequence[Tensor], *, classes: int) -> Wanted:
    """Anchors (A, 4) and, of B pictures, the boxes (T, 4) and classes (T,) of their things -> what to answer.

    >>> one = wanted(anchors_of(96, 96), [torch.tensor([[10.0, 10, 30, 30]])], [torch.tensor([2])], classes=5)
    >>> int(one.objects.sum()), int(one.scores.sum()), int((~one.counts).sum())
    (19, 19, 24)
    """
    scores = torch.zeros(len(boxes), len(bases), classes)
    counts = torch.ones(len(boxes), len(bases), dtype=torch.bool)
    objects = torch.zeros(len(boxes), len(bases), dtype=torch.bool)
    offsets = torch.zeros(len(boxes), len(bases), 4)
    for place, (truths, kinds) in enumerate(zip(boxes, labels, strict=True)):
        owner = labelled(bases, truths, above=ABOVE, below=BELOW)  # (A,)
        theirs = owner >= 0
        objects[place] = theirs
        counts[place] = theirs | (owner == GROUND)
        scores[place, theirs, kinds[owner[theirs]]] = 1
        if len(truths):
            offsets[place, theirs] = encode(truths[owner[theirs]], bases[theirs])
    return Wanted(scores, counts, objects, offsets)


def losses(
    scores: Tensor, offsets: Tensor, truth: Wanted, *, gamma: float, alpha: float | None
) -> tuple[Tensor, Tensor]:
    """Of the scores and of the boxes, both per anchor that belongs to a thing: (B, A, K), (B, A, 4) -> two numbers.

    gamma 0 is the cross-entropy, gamma 2 the focal loss                               (Lin et al., section 4.1)
    """
    if scores.shape != truth.scores.shape or offsets.shape != truth.offsets.shape:
        raise ShapeError(f"need scores {tuple(truth.scores.shape)} as wanted, got {tuple(scores.shape)}")
    many = truth.objects.sum().clamp(min=1)
    by_score = sigmoid_focal(scores, truth.scores, gamma=gamma, alpha=alpha) * truth.counts[..., None]
    ours, theirs = offsets[truth.objects], truth.offsets[truth.objects]
    return by_score.sum() / many, smooth_l1_loss(ours, theirs, beta=FLAT, reduction="sum") / many


def found(scores: Tensor, offsets: Tensor, bases: Tensor, *, least: float, overlap: float, most: int) -> Found:
    """One picture's answers as boxes: (A, K), (A, 4), (A, 4) -> N things, the surest first.

    Every answer of at least this score becomes a box; of boxes of one class that overlap more, the surest is kept.
    """
    from torchvision.ops import batched_nms

    sure = scores.sigmoid()
    places, labels = torch.nonzero(sure >= least, as_tuple=True)
    confident = sure[places, labels]
    if len(places) > 1000:
        confident, order = confident.topk(1000)
        places, labels = places[order], labels[order]
    boxes = decode(offsets[places], bases[places])
    kept = batched_nms(boxes, confident, labels, overlap)[:most]
    return Found(boxes[kept].double().numpy(), labels[kept].numpy(), confident[kept].double().numpy())


def level_behind(module: nn.Module, image: Picture, things: Found) -> list[int]:
    """Which level of the pyramid each thing found in a picture came from, 0 for the finest: (H, W, 3), N things -> N.

    A thing keeps its score from the anchor that said it, so the anchor with just this score for its class is the one.
    """
    from core.models.segmenters import inputs_of

    height, width = image.shape[:2]
    ends = np.cumsum([-(-height // stride) * -(-width // stride) * len(RATIOS) for stride in STRIDES])
    module.eval()
    with torch.no_grad(), one_thread():
        sure = module(inputs_of(image[None]))[0][0].sigmoid().double().numpy()  # (A, K)
    said = [np.abs(sure[:, label] - score).argmin() for label, score in zip(things.labels, things.scores, strict=True)]
    return [int(level) for level in np.searchsorted(ends, said, side="right")]


def answer(module: nn.Module, image: Picture, *, least: float = 0.05, overlap: float = 0.5, most: int = 100) -> Found:
    """What the detector finds in one picture: (H, W, 3) from 0 to 1 -> N things."""
    return answers(module, image[None], least=least, overlap=overlap, most=most)[0]


def answers(
    module: nn.Module,
    images: Picture | NDArray[np.uint8],
    *,
    least: float = 0.05,
    overlap: float = 0.5,
    most: int = 100,
    batch: int = 16,
    sizes: Sequence[float] = SIZES,
) -> list[Found]:
    """What it finds in several of one size: (B, H, W, 3) from 0 to 1, or 0 to 255 -> an answer for each."""
    from core.models.segmenters import inputs_of

    height, width = images.shape[1:3]
    bases, said = anchors_of(height, width, sizes=sizes), list[Found]()
    module.eval()
    with torch.no_grad(), one_thread():
        for start in range(0, len(images), batch):
            scores, offsets = module(inputs_of(images[start : start + batch]))
            for score, offset in zip(scores, offsets, strict=True):
                one = found(score, offset, bases, least=least, overlap=overlap, most=most)
                boxes = one.boxes.clip(0, np.array([width, height, width, height], dtype=np.float64))
                said.append(Found(boxes, one.labels, one.scores))
    return said
