"""The first stage of a two-stage detector: at every place of a map, is there a thing, and where? (lectures A, B)

A region proposal network slides over the feature map. For each of the k anchors of a cell it answers with one score,
thing or ground, and four offsets; it knows no classes. What remains of its boxes are the proposals. B pictures, C
channels, A = H W k anchors, P proposals. Imports torch, so it is itself imported inside functions only.
Source: Ren et al., "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal Networks", NIPS 2015,
section 3.1. There a cell has 2k scores for a softmax of two; one score and a sigmoid say the same.
"""

from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn.functional import relu
from torchvision.ops import clip_boxes_to_image, nms, remove_small_boxes

from core.detect.anchors import anchors
from core.detect.offsets import decode
from core.detect.regions.region_losses import UNITS
from core.errors import ShapeError
from core.types import Pair

STRIDE, SIZES, RATIOS = 8, (18.0, 30.0, 48.0), (0.5, 1.0, 2.0)  # of the map; sides in pixels; height over width
KINDS = len(SIZES) * len(RATIOS)  # k, at every place
FIRST, MOST = 300, 100  # boxes that are looked at, and proposals that are kept, the best of each
ALIKE = 0.7  # IoU above which two proposals say the same
LEAST = 2.0  # pixels of a side


class Proposer(nn.Module):
    """Scores and offsets of all anchors: (B, C, H, W) -> (B, A), (B, A, 4)."""

    def __init__(self, channels: int, kinds: int = KINDS) -> None:
        super().__init__()
        self.shared = nn.Conv2d(channels, channels, 3, padding=1)
        self.scores = nn.Conv2d(channels, kinds, 1)
        self.offsets = nn.Conv2d(channels, 4 * kinds, 1)
        for layer in (self.scores, self.offsets):
            for values in layer.parameters():
                nn.init.zeros_(values)
            nn.init.normal_(layer.weight, std=0.01)

    def forward(self, volume: Tensor) -> tuple[Tensor, Tensor]:
        """One 3x3 convolution for both answers, then one 1x1 convolution for each."""
        shared = relu(self.shared(volume))
        scores, offsets = self.scores(shared), self.offsets(shared)  # (B, k, H, W), (B, 4k, H, W)
        pictures, kinds, rows, columns = scores.shape
        offsets = offsets.reshape(pictures, kinds, 4, rows, columns).permute(0, 3, 4, 1, 2)
        return scores.permute(0, 2, 3, 1).flatten(1), offsets.reshape(pictures, -1, 4) * torch.tensor(UNITS)


@lru_cache(maxsize=16)
def anchors_of(rows: int, columns: int) -> Tensor:
    """All anchors of a map: -> (A, 4). Nobody may change them."""
    return anchors(rows, columns, stride=STRIDE, sizes=SIZES, ratios=RATIOS)


def proposed(
    scores: Tensor, offsets: Tensor, bases: Tensor, size: Pair, *, most: int = MOST, alike: float = ALIKE
) -> tuple[Tensor, Tensor]:
    """The best boxes of one picture, best first, and their scores: (A,), (A, 4), (A, 4) -> (P, 4), (P,).

    Boxes are moved off their anchors and cut at the rim of the picture (height, width). Of the best 300, those are
    kept that share less than `alike` with a better one, and of these the first `most`.

    >>> bases = torch.tensor([[0.0, 0.0, 8.0, 8.0], [0.0, 0.0, 8.0, 9.0], [4.0, 4.0, 20.0, 12.0]])
    >>> boxes, scores = proposed(torch.tensor([2.0, 1.0, 0.0]), torch.zeros(3, 4), bases, (16, 16))
    >>> boxes.tolist(), scores.tolist()
    ([[0.0, 0.0, 8.0, 8.0], [4.0, 4.0, 16.0, 12.0]], [2.0, 0.0])
    """
    if scores.ndim != 1 or offsets.shape != (len(scores), 4) or bases.shape != offsets.shape:
        shapes = ", ".join(str(tuple(each.shape)) for each in (scores, offsets, bases))
        raise ShapeError(f"need scores (A,), offsets (A, 4) and anchors (A, 4), got {shapes}")
    best = scores.topk(min(FIRST, len(scores))).indices
    boxes = clip_boxes_to_image(decode(offsets[best], bases[best]), size)
    large = remove_small_boxes(boxes, LEAST)
    boxes, best = boxes[large], best[large]
    kept = nms(boxes, scores[best], alike)[:most]
    return boxes[kept], scores[best[kept]]
