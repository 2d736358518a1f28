"""The U-Net for cells, trained: what is cell, with a line of ground wherever two of them touch."""

from typing import TYPE_CHECKING

import numpy as np

from core.data.cells import cells
from core.learning.train import Progress
from core.measure.segmentation import counted, mean_iou
from core.models.cell_net import CLASSES, DEPTH, FIRST, SIDE, SIGMA, W_0, cell_mask, lesson, lessons
from core.models.recipe import Recipe
from core.models.steps import descend, picked

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED = 240, 60  # pictures
STEPS, BATCH, RATE = 500, 4, 0.002


def build() -> "Module":
    """(N, 1, S, S) from -1 to 1 -> (N, 2, S - 40, S - 40) scores of ground and cell."""
    from core.segment.unet_net import UNet

    return UNet(1, len(CLASSES), depth=DEPTH, first=FIRST)


def train(progress: Progress, *, w_0: float = W_0) -> "Module":
    """Steps of Adam on turned and mirrored pictures; every pixel counts as much as its weight says."""
    import torch

    progress(0.0, f"drawing {LEARNED} pictures of cells")
    inputs, labels, weights = lessons("train", LEARNED, w_0=w_0)
    dice = torch.Generator().manual_seed(0)
    module = build()
    with torch.no_grad():
        for values in module.parameters():
            if values.ndim > 1:
                values.normal_(0, (2 / values[0].numel()) ** 0.5, generator=dice)
            else:
                values.zero_()
    module.train()

    def weighed(places: "Tensor", step: int) -> "Tensor":
        batch, wanted, counts = (_moved(each[places], step) for each in (inputs[:, 0], labels, weights))
        return loss(module(batch[:, None]), wanted, counts)

    descent = torch.optim.Adam(module.parameters(), RATE)
    batches = picked(len(inputs), BATCH, steps=STEPS, dice=dice)
    descend(descent, batches, weighed, steps=STEPS, progress=progress)
    return module.eval()


def loss(scores: "Tensor", labels: "Tensor", weights: "Tensor") -> "Tensor":
    """Cross-entropy, every pixel by its weight: (N, K, H, W), (N, H, W), (N, H, W) -> ()."""
    from torch.nn.functional import cross_entropy

    return (weights * cross_entropy(scores, labels, reduction="none")).sum() / weights.sum()


def _moved(maps: "Tensor", step: int) -> "Tensor":
    turned = maps.rot90(step % 4, (1, 2))
    return turned.flip(2) if step % 8 < 4 else turned


def score(module: "Module") -> float:
    """The mean IoU of ground and cell, pooled over the test pictures."""
    counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.int64)
    for number in range(JUDGED):
        picture = cells("test", number, side=SIDE)
        wanted, _ = lesson(picture, w_0=0.0)
        counts += counted(wanted, cell_mask(module, picture.image).astype(np.int64), len(CLASSES))
    return mean_iou(counts)


RECIPE = Recipe(
    name="unet",
    knows="Says where cells are and where one ends and the next begins: a U-Net whose loss weighs the lines between.",
    data=f"cells Fovea draws: {LEARNED} pictures of the train part, judged by {JUDGED} of the test part",
    measure=f"mean IoU of ground and cell, pooled over {JUDGED} test pictures, lines between touching cells included; "
    f"trained with w_0 = {W_0:g} and sigma = {SIGMA:g}",
    classes=CLASSES,
    promise=0.95,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
