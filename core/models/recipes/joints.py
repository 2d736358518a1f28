"""The joint painter: a heat map for each of fourteen joints of the person in a drawn picture."""

from typing import TYPE_CHECKING

import numpy as np

from core.data.scenes import JOINTS
from core.detect.single.pose import heat_maps, peaks, share_found
from core.learning.train import Progress
from core.models.localizers import COARSE, SIDE, answered, begun, painter, people, schooled
from core.models.recipe import Recipe
from core.models.recipes.pose import BATCH, DECAY, JUDGED, LEARNED, MOMENTUM, half_mirrored
from core.models.steps import descend, shuffled
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

EPOCHS, RATE, SPREAD = 7, 0.1, 1.0  # cells of a map
STEPS = EPOCHS * (LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, 64, 64) from -1 to 1 -> (N, 14, 16, 16): one map of scores for every joint."""
    return painter()


def train(progress: Progress) -> "Module":
    """Every cell decides for every joint: is it here? Hidden joints are left out, half is mirrored."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    progress(0.0, f"drawing {LEARNED} pictures")
    inputs, joints = people("train", LEARNED)
    module, dice = schooled(begun(build(), seed=0)), torch.Generator().manual_seed(0)

    def loss(places: "Tensor", step: int) -> "Tensor":
        batch, truth = half_mirrored(inputs[places], joints[places])
        each = binary_cross_entropy_with_logits(module(batch), bumps(truth), reduction="none")
        return 10 * (each * truth[:, :, 2, None, None]).mean()

    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    batches = shuffled(LEARNED, BATCH, epochs=EPOCHS, dice=dice)
    descend(descent, batches, loss, steps=STEPS, progress=progress)
    return module.eval()


def bumps(joints: "Tensor") -> "Tensor":
    """The maps to be learned: (N, 14, 3) in shares -> (N, 14, 16, 16)."""
    import torch

    cells = joints.double().numpy() * (COARSE, COARSE, 1)
    return torch.tensor(np.stack([heat_maps(each, COARSE, spread=SPREAD) for each in cells]), dtype=torch.float32)


def painted(module: "Module", inputs: "Tensor") -> Floats:
    """The maps of some pictures, as heights from 0 to 1: (N, 3, 64, 64) -> (N, 14, 16, 16)."""
    maps: Floats = answered(module, inputs).sigmoid().double().numpy()
    return maps


def score(module: "Module") -> float:
    """The share of joints on test pictures that are found at the peaks of their maps."""
    inputs, joints = people("test", JUDGED)
    guesses = np.stack([peaks(maps)[0] for maps in painted(module, inputs)]) * (SIDE / COARSE)
    return share_found(guesses, joints.double().numpy() * (SIDE, SIDE, 1))


RECIPE = Recipe(
    name="joints",
    knows="Paints a heat map for each of the fourteen joints of a drawn person, in 64x64 pixels.",
    data=f"people drawn by Fovea, some half hidden: {LEARNED} of the train part, judged by {JUDGED} of the test part",
    measure=f"share of the joints of {JUDGED} test people found within a fifth of the trunk's diagonal (PCK 0.2)",
    classes=JOINTS,
    promise=0.95,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
