"""The scene net, trained: names the thing in a drawn picture, circle, square, triangle, star or person."""

from typing import TYPE_CHECKING

from core.data.scenes import CLASSES
from core.learning.start import started
from core.learning.train import Progress
from core.models.recipe import Recipe
from core.models.scene_net import SCENE_NET, singles
from core.models.steps import descend, shuffled
from core.nets.build import build as built
from core.nets.layers import Network
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED, EPOCHS, BATCH = 4000, 1000, 14, 64
RATE, MOMENTUM, DECAY = 0.08, 0.9, 0.0005
STEPS = EPOCHS * (LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, 64, 64) from -1 to 1 -> (N, 5) scores."""
    return built(trace(SCENE_NET))


def train(progress: Progress) -> "Module":
    """The scene net, as it ships."""
    return taught(SCENE_NET, seed=0, progress=progress)


def taught(network: Network, *, seed: int, progress: Progress, epochs: int = EPOCHS) -> "Module":
    """Steps with momentum on batches, half of each mirrored; the rate rises, then falls along a cosine."""
    import torch
    from torch.nn.functional import cross_entropy

    progress(0.0, f"drawing {LEARNED} pictures")
    inputs, labels = singles("train", LEARNED)
    module, dice = started(network, seed=seed), torch.Generator().manual_seed(seed)
    module.train().requires_grad_(True)

    def loss(places: "Tensor", step: int) -> "Tensor":
        batch = inputs[places]
        batch[: BATCH // 2] = batch[: BATCH // 2].flip(3)
        return cross_entropy(module(batch), labels[places])

    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    batches = shuffled(LEARNED, BATCH, epochs=epochs, dice=dice)
    descend(descent, batches, loss, steps=epochs * (LEARNED // BATCH), progress=progress)
    return module.eval()


def score(module: "Module") -> float:
    """The share of test pictures whose thing is named right."""
    import torch

    right = 0
    with torch.no_grad():
        for start in range(0, JUDGED, 250):
            inputs, labels = singles("test", 250, start=start)
            right += int((module(inputs).argmax(dim=1) == labels).sum())
    return right / JUDGED


RECIPE = Recipe(
    name="scenes",
    knows="Names the one thing in a drawn picture of 64x64 pixels: four convolutions, an average, one dense layer.",
    data=f"pictures drawn by Fovea: {LEARNED} of the train part, judged by {JUDGED} of the test part",
    measure=f"share of {JUDGED} test pictures whose thing is named right",
    classes=CLASSES,
    promise=0.95,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
