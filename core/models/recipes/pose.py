"""The pose regressor: two numbers for each of fourteen joints of the person in a drawn picture."""

from typing import TYPE_CHECKING

from core.data.scenes import JOINTS, MIRRORED
from core.detect.single.pose import learned_loss, share_found
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.models.localizers import SIDE, answered, begun, people, regressor
from core.models.recipe import Recipe
from core.models.registry import load
from core.models.steps import descend, shuffled

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED, EPOCHS, BATCH = 6000, 500, 16, 50
RATE, MOMENTUM, DECAY, TENTHS = 0.03, 0.9, 0.0005, 100
STEPS = EPOCHS * (2 * LEARNED // BATCH)


def build() -> "Module":
    """(N, 3, 64, 64) from -1 to 1 -> (N, 28): x and y of every joint, in shares of the side."""
    return regressor()


def train(progress: Progress) -> "Module":
    """The head alone learns, from the maps of the joint painter, which stay as they are and are worked out once.

    Every picture comes mirrored as well, left and right swapped. Hidden joints are left out.
    """
    import torch

    progress(0.0, f"drawing {LEARNED} pictures")
    inputs, joints = people("train", LEARNED)
    module, dice = begun(build(), seed=0), torch.Generator().manual_seed(0)
    below, head = painted_below(module)
    with one_thread():
        progress(0.0, "working out the maps")
        maps = torch.cat([answered(below, inputs), answered(below, inputs.flip(3))])
        truths = torch.cat([joints, mirrored(joints)])

    def loss(places: "Tensor", step: int) -> "Tensor":
        return TENTHS * learned_loss(head(maps[places]), truths[places])

    descent = torch.optim.SGD(head.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    batches = shuffled(2 * LEARNED, BATCH, epochs=EPOCHS, dice=dice)
    descend(descent, batches, loss, steps=STEPS, progress=progress)
    return module.eval()


def painted_below(module: "Module") -> "tuple[Module, Module]":
    """The layers of a regressor below its head, with the weights of the joint painter, and its head."""
    from torch import nn

    layers, known = list(module.children()), dict(load("joints").named_children())
    for mine, name in zip(layers, ("fine", "coarse", "far"), strict=False):
        mine.load_state_dict(known[name].state_dict())
    return nn.Sequential(*layers[:3]).eval(), layers[3]


def mirrored(joints: "Tensor") -> "Tensor":
    """Joints in the mirror, left and right swapped: (N, 14, 3) in shares -> the same shape."""
    import torch

    swapped = joints[:, list(MIRRORED)]
    return torch.cat([1 - swapped[:, :, :1], swapped[:, :, 1:]], dim=2)


def half_mirrored(batch: "Tensor", joints: "Tensor") -> "tuple[Tensor, Tensor]":
    """The first half of a batch mirrored, with its joints: (N, 3, S, S), (N, 14, 3) -> the same shapes."""
    half = len(batch) // 2
    batch[:half] = batch[:half].flip(3)
    joints[:half] = mirrored(joints[:half])
    return batch, joints


def score(module: "Module") -> float:
    """The share of joints on test pictures that are found."""
    inputs, joints = people("test", JUDGED)
    outputs = answered(module, inputs).reshape(JUDGED, -1, 2)
    return share_found(SIDE * outputs.double().numpy(), joints.double().numpy() * (SIDE, SIDE, 1))


RECIPE = Recipe(
    name="pose",
    knows="Says where the fourteen joints of a drawn person are, in 64x64 pixels, by 28 numbers.",
    data=f"people drawn by Fovea, some half hidden: {LEARNED} of the train part, judged by {JUDGED} of the test part",
    measure=f"share of the joints of {JUDGED} test people that lie within a fifth of the trunk's diagonal (PCK 0.2)",
    classes=JOINTS,
    promise=0.92,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
