"""The pixel detector: says of every cell of a drawn picture what lies on it; islands of one class are what it found.

The threshold was chosen on 200 validation pictures: F1 0.82 at 0.3, 0.86 at 0.4, 0.88 at 0.5, 0.90 at 0.6, 0.88 at 0.7
and 0.80 at 0.8. With 200 steps of 24 on 960 pictures, of fewer and smaller things, it was 0.59 at best. The score on
the card was measured afterwards, once, on test pictures.
"""

from typing import TYPE_CHECKING

from core.data.parts import Part
from core.detect.single.pixelwise import Tally, judged, peaks, tally
from core.learning.start import started
from core.learning.train import Progress
from core.models.pixel_net import NAMES, NEAR, PIXEL_NET, STEP, crowd, many, score_maps
from core.models.recipe import Recipe
from core.models.segmenters import inputs_of
from core.models.steps import descend, shuffled
from core.nets.build import build as built
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED, EPOCHS, BATCH = 2400, 400, 4, 12
RATE, MOMENTUM, DECAY, THRESHOLD = 0.06, 0.9, 0.0005, 0.6
STEPS = EPOCHS * (LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, H, W) from -1 to 1 -> (N, 6, H // 8, W // 8) scores of the ground and five classes."""
    return built(trace(PIXEL_NET))


def train(progress: Progress) -> "Module":
    """Steps on the cross-entropy of all cells; every second batch is mirrored, its cells too."""
    import torch
    from torch.nn.functional import cross_entropy

    progress(0.0, f"drawing {LEARNED} pictures")
    images, labels = many("train", LEARNED)
    truth = torch.from_numpy(labels)
    module, dice = started(PIXEL_NET, seed=0), torch.Generator().manual_seed(0)
    module.train().requires_grad_(True)

    def loss(places: "Tensor", step: int) -> "Tensor":
        batch, wanted = inputs_of(images[places.numpy()]), truth[places]
        if step % 2:
            batch, wanted = batch.flip(3), wanted.flip(2)
        return cross_entropy(module(batch), wanted)

    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    batches = shuffled(LEARNED, BATCH, epochs=EPOCHS, dice=dice)
    descend(descent, batches, loss, steps=STEPS, progress=progress)
    return module.eval()


def counted(module: "Module", part: Part, count: int, *, threshold: float = THRESHOLD) -> Tally:
    """What is found, false and missed on the first pictures of a part."""
    total = Tally()
    for number in range(count):
        picture = crowd(part, number)
        found = peaks(score_maps(module, picture.scene.image), threshold=threshold, step=STEP)
        total += tally(judged(found, picture.places, picture.labels, within=NEAR))
    return total


def score(module: "Module") -> float:
    """F1 of the things found on test pictures: right class, within 8 pixels, counted once."""
    return counted(module, "test", JUDGED).f1


RECIPE = Recipe(
    name="pixel_detector",
    knows="Says what lies on every cell of 8x8 pixels of a drawn picture of any size, and so finds things.",
    data=f"pictures of several things drawn by Fovea: {LEARNED} of the train part; judged by {JUDGED} of the test part",
    measure=f"F1 of the things found on {JUDGED} test pictures: right class, within {NEAR:g} pixels, counted once",
    classes=NAMES,
    promise=0.86,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
