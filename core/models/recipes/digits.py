"""The digit net: reads handwritten digits of 8x8 pixels."""

from dataclasses import replace
from typing import TYPE_CHECKING

from core.data.digits import HELD_OUT, held_out_digits, training_digits
from core.learning.train import Progress
from core.models import digit_net
from core.models.recipe import Recipe
from core.nets.build import build as built
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch.nn import Module

EPOCHS, LEARNED = 30, 1437


def build() -> "Module":
    """The table of the digit net without its softmax: (N, 1, 8, 8) -> (N, 10) scores."""
    table = digit_net.DIGIT_NET
    return built(trace(replace(table, layers=table.layers[:-1])))


def train(progress: Progress) -> "Module":
    """Thirty epochs, from a fixed seed."""
    import torch

    found = digit_net.train(epochs=EPOCHS, seed=0, learn=training_digits(), judge=held_out_digits(), progress=progress)
    module = build()
    with torch.no_grad():
        pairs = (values for pair in found.weights.values() for values in pair)
        for mine, theirs in zip(module.parameters(), pairs, strict=True):
            mine.copy_(torch.tensor(theirs, dtype=torch.float32))
    return module


def score(module: "Module") -> float:
    """The share of held-out digits that are read right."""
    import torch

    held = held_out_digits()
    with torch.no_grad():
        said = module(torch.tensor(held.images, dtype=torch.float32)[:, None]).argmax(dim=1).numpy()
    return float((said == held.labels).mean())


RECIPE = Recipe(
    name="digits",
    knows="Reads handwritten digits of 8x8 pixels: two convolutions, two poolings, one dense layer.",
    data=f"scikit-learn's digits: {LEARNED} to learn from, {HELD_OUT} others to be judged by",
    measure=f"share of the {HELD_OUT} held-out digits that are read right",
    classes=tuple("0123456789"),
    promise=0.97,
    steps=EPOCHS * -(-LEARNED // digit_net.BATCH),
    build=build,
    train=train,
    score=score,
)
