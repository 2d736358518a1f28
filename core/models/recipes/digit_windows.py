"""The window net, trained: which digit lies in the middle of a window, or that there is none."""

from typing import TYPE_CHECKING

from core.learning.start import started
from core.learning.train import Progress
from core.models.recipe import Recipe
from core.models.steps import descend, picked
from core.models.window_net import CLASSES, WINDOW_NET, many_windows
from core.nets.build import build as built
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

LEARNED, JUDGED = 800, 200  # canvases
STEPS, BATCH = 3000, 96
RATE, MOMENTUM, DECAY = 0.03, 0.9, 0.0005


def build() -> "Module":
    """(N, 1, 16, 16) from -1 to 1 -> (N, 11) scores."""
    return built(trace(WINDOW_NET))


def train(progress: Progress) -> "Module":
    """Steps with momentum on batches of windows, from a fixed seed."""
    import torch
    from torch.nn.functional import cross_entropy

    progress(0.0, f"drawing {LEARNED} canvases")
    inputs, labels = many_windows("train", LEARNED)
    module, dice = started(WINDOW_NET, seed=0), torch.Generator().manual_seed(0)
    module.train().requires_grad_(True)

    def loss(places: "Tensor", step: int) -> "Tensor":
        return cross_entropy(module(inputs[places]), labels[places])

    descent = torch.optim.SGD(module.parameters(), RATE, MOMENTUM, weight_decay=DECAY)
    batches = picked(len(inputs), BATCH, steps=STEPS, dice=dice)
    descend(descent, batches, loss, steps=STEPS, progress=progress)
    return module.eval()


def score(module: "Module") -> float:
    """The share of windows of the test part that are named right."""
    import torch

    inputs, labels = many_windows("test", JUDGED)
    with torch.no_grad():
        return float((module(inputs).argmax(dim=1) == labels).double().mean())


RECIPE = Recipe(
    name="digit_windows",
    knows="Says which digit lies in the middle of 16x16 pixels, or that there is none.",
    data=f"windows of canvases with scattered digits: {LEARNED} to learn from, {JUDGED} with other digits to be "
    "judged by",
    measure=f"share of the windows of {JUDGED} test canvases named right, half of them without a digit in the middle",
    classes=CLASSES,
    promise=0.93,
    steps=STEPS,
    build=build,
    train=train,
    score=score,
)
