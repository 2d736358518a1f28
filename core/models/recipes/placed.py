"""The placed-digit net: a very small AlexNet that reads digits lying somewhere on a canvas of 12x12 pixels."""

from typing import TYPE_CHECKING

from core.learning.augment import shifted
from core.learning.start import started
from core.learning.threads import one_thread
from core.learning.train import Progress, errors
from core.learning.train import Recipe as Training
from core.learning.train import train as trained
from core.models.recipe import Recipe
from core.models.small_alexnet import JUDGED, MOST, placed_digits, small_alexnet
from core.nets.build import build as built
from core.nets.trace import trace

if TYPE_CHECKING:
    from torch.nn import Module

LATE = 90  # the epoch after which steps are ten times smaller
TRAINING = Training(epochs=120, batch=128, rate=0.03, momentum=0.9, decay=0.0005)


def build() -> "Module":
    """(N, 1, 12, 12) of mean 0 and deviation 1 -> (N, 10) scores."""
    return built(trace(small_alexnet()))


def train(progress: Progress) -> "Module":
    """AlexNet's recipe: batches, momentum, decay, dropout, shifts by one pixel, smaller steps at the end."""
    import torch

    learned, judged = placed_digits(MOST)  # judged while it learns, to be watched; nothing depends on it
    module = started(small_alexnet(), seed=0)
    with one_thread():
        story = trained(
            module,
            learned,
            judged,
            TRAINING,
            generator=torch.Generator().manual_seed(0),
            schedule=lambda so_far: 1.0 if len(so_far) < LATE else 0.1,
            augment=lambda images, dice: shifted(images, 1, dice),
            progress=progress,
        )
        for _ in story:
            pass
    return module.eval()


def score(module: "Module") -> float:
    """The share of held-out digits that are read right."""
    return 1 - errors(module, placed_digits(MOST)[1])[1]


RECIPE = Recipe(
    name="placed",
    knows="Reads digits that lie somewhere on a canvas of 12x12 pixels: a very small AlexNet.",
    data=f"scikit-learn's digits, moved about: {MOST} to learn from, {JUDGED} others to be judged by",
    measure=f"share of the {JUDGED} held-out digits that are read right",
    classes=tuple("0123456789"),
    promise=0.90,
    steps=TRAINING.epochs * -(-MOST // TRAINING.batch),
    build=build,
    train=train,
    score=score,
)
