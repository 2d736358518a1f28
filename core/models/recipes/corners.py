"""The corner detector: finds things in a drawn picture as pairs of corners, without anchors.

The losses of the tags weigh ten times what the paper gives them: with its 0.1 corners were found and joined wrongly.
How far tags may differ, and that a box is less sure the more they do, was chosen on 300 validation pictures: AP50 0.894
at 0.7 and 0.897 at 0.9 for the mean of both scores alone, 0.908 at 1.0 with exp(-difference^2), 0.850 with
exp(-4 difference^2). The score on the card was measured afterwards, once, on test pictures.
"""

from typing import TYPE_CHECKING

from core.data.parts import Part
from core.data.scenes import CLASSES, boxes, labels
from core.detect.found import problem
from core.detect.pictures import SIDE, many
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.measure.coco.scores import evaluate, numbers
from core.models.recipe import Recipe
from core.models.steps import descend, shuffled
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED, BATCH, EPOCHS, RATE = 4000, 300, 16, 9, 0.002
TAGGING = 1.0  # what the losses of the tags weigh
STEPS = EPOCHS * (LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, 96, 96) from -1 to 1 -> (N, 2, 8, 24, 24): heat of five classes, tag and offset, of both corners."""
    from core.detect.corner.corner_net import CornerNet

    return CornerNet(len(CLASSES))


def train(progress: Progress) -> "Module":
    """Steps on the four losses: heat, pull, push, offsets."""
    from core.detect.corner.corner_net import begun

    module = begun(build(), seed=0)
    taught(module, progress, epochs=EPOCHS, tagging=TAGGING, seed=0)
    progress(1.0, "done")
    return module.eval()


def taught(
    module: "Module", progress: Progress, *, epochs: int, tagging: float, seed: int, learned: int = LEARNED
) -> None:
    """Steps of Adam; every second batch is mirrored, its corners too. The rate rises, then falls along a cosine."""
    import torch

    from core.detect.corner.corner_net import learned_loss, lesson
    from core.detect.corner.corners import STRIDE, goal

    progress(0.0, f"drawing {learned} pictures")
    images, targets = many("train", learned)
    seen = [(boxes(each), labels(each)) for each in targets]
    dice, cells = torch.Generator().manual_seed(seed), SIDE // STRIDE

    def loss(chosen: "Tensor", step: int) -> "Tensor":
        batch = torch.from_numpy(images[chosen.numpy()]).permute(0, 3, 1, 2).float() / 127.5 - 1
        truth = [seen[number] for number in chosen.tolist()]
        if step % 2:
            batch, truth = batch.flip(3), [(mirrored(places), kinds) for places, kinds in truth]
        goals = [goal(*each, rows=cells, columns=cells, classes=len(CLASSES)) for each in truth]
        return learned_loss(module(batch), lesson(goals), tagging=tagging)

    descent = torch.optim.Adam(module.train().parameters(), RATE)
    batches, steps = shuffled(learned, BATCH, epochs=epochs, dice=dice), epochs * (learned // BATCH)
    descend(descent, batches, loss, steps=steps, progress=progress)


def mirrored(places: Floats, side: float = SIDE) -> Floats:
    """Boxes in the mirror: (N, 4) -> (N, 4).

    >>> import numpy as np
    >>> mirrored(np.array([[10.0, 5.0, 30.0, 25.0]])).tolist()
    [[66.0, 5.0, 86.0, 25.0]]
    """
    found: Floats = places[:, [2, 1, 0, 3]] * (-1, 1, -1, 1) + (side, 0, side, 0)
    return found


def counted(module: "Module", part: Part, count: int) -> dict[str, float]:
    """COCO's twelve numbers on the first pictures of a part."""
    from core.detect.corner.corner_net import detect

    images, targets = many(part, count)
    with one_thread():
        found = [answer for start in range(0, count, 25) for answer in detect(module, images[start : start + 25])]
    return numbers(*evaluate(problem(found, targets)))


def score(module: "Module") -> float:
    """AP50 on test pictures."""
    return counted(module, "test", JUDGED)["AP50"]


RECIPE = Recipe(
    name="corners",
    knows="Finds things in a drawn picture of 96x96 pixels as pairs of corners, with corner pooling and tags.",
    data=f"scenes drawn by Fovea: {LEARNED} of the train part to learn from; judged by {JUDGED} of the test part",
    measure=f"AP50 of COCO on {JUDGED} test pictures",
    classes=CLASSES,
    promise=0.88,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
