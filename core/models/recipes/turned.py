"""Three digit readers that differ in one thing: how far the digits they learned from were turned (lectures A and C)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from core.data.digits import HELD_OUT, held_out_digits, training_digits
from core.learning.augment import turned, turned_at_random
from core.learning.examples import Examples
from core.learning.start import started
from core.learning.threads import one_thread
from core.learning.train import Progress
from core.learning.train import Recipe as Steps
from core.learning.train import train as trained
from core.models.recipe import Recipe
from core.nets.build import build as built
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered
from core.nets.trace import trace
from core.types import Floats

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.nn import Module, ModuleDict

Taught: TypeAlias = Literal["upright", "a little", "any way"]
TAUGHT: tuple[Taught, ...] = get_args(Taught)
MOST: dict[Taught, float] = {"upright": 0.0, "a little": 30.0, "any way": 180.0}  # degrees, either way
EPOCHS: dict[Taught, int] = {"upright": 16, "a little": 24, "any way": 40}
SIDE, INK = 20, 16  # of the canvas, and of the digit in its middle: a turned one has room
ANGLES = tuple(range(0, 360, 30))
LEARNED, BATCH = 1437, 64
RELU, HALVING = Activation("relu"), Pool("max", (2, 2), (2, 2))
READER = Network(
    "Digit reader",
    (1, SIDE, SIDE),
    numbered(
        *(Conv(12, (5, 5), padding=(2, 2)), RELU, HALVING),
        *(Conv(24, (3, 3), padding=(1, 1)), RELU, HALVING),
        *(Flatten(), Dense(64), RELU, Dense(10)),
    ),
)


def canvas(images: Floats) -> "Tensor":
    """Digits made larger, with room around them: (N, 8, 8) -> (N, 1, 20, 20).

    >>> canvas(held_out_digits().images[:3]).shape
    torch.Size([3, 1, 20, 20])
    """
    import torch
    from torch.nn.functional import interpolate, pad

    small = torch.tensor(images, dtype=torch.float32)[:, None]
    large = interpolate(small, size=(INK, INK), mode="bilinear", align_corners=False)
    return pad(large, ((SIDE - INK) // 2,) * 4)


def build() -> "Module":
    """Three equal readers by what they were taught, each (N, 1, 20, 20) -> (N, 10) scores."""
    from torch.nn import ModuleDict

    return ModuleDict({taught: built(trace(READER)) for taught in TAUGHT})


def reader(module: "Module", taught: Taught) -> "Module":
    """One of the three."""
    return cast("ModuleDict", module)[taught]


def train(progress: Progress) -> "Module":
    """The three, one after the other, from the same first weights."""
    import torch

    digits = training_digits()
    learned = Examples(canvas(digits.images), torch.tensor(digits.labels))
    module, done, whole = build(), 0, sum(EPOCHS.values())
    with one_thread():
        for taught, epochs in EPOCHS.items():
            before, share = done / whole, epochs / whole
            one = taught_reader(taught, learned, _part(progress, before, share))
            reader(module, taught).load_state_dict(one.state_dict())
            done += epochs
    return module


def taught_reader(taught: Taught, learned: Examples, progress: Progress) -> "Module":
    """One reader; every batch is turned anew, and the last third of the epochs takes steps a tenth as large."""
    import torch

    most, epochs = MOST[taught], EPOCHS[taught]

    def schedule(errors: Sequence[float]) -> float:
        return 1.0 if len(errors) < 0.7 * epochs else 0.1

    def augment(images: "Tensor", dice: "Generator") -> "Tensor":
        return turned_at_random(images, most, dice) if most else images

    one = started(READER, seed=0).requires_grad_(True)
    steps = Steps(epochs=epochs, batch=BATCH, rate=0.03, decay=0.0005)
    few, dice = learned.chosen(torch.arange(min(100, len(learned)))), torch.Generator().manual_seed(0)
    for _ in trained(one, learned, few, steps, generator=dice, schedule=schedule, augment=augment, progress=progress):
        pass
    return one


def _part(progress: Progress, before: float, share: float) -> Progress:
    return lambda done, what: progress(before + share * done, what)


def accuracy(module: "Module", taught: Taught, degrees: float) -> float:
    """The share of the held-out digits that a reader reads right, all of them turned by one angle."""
    import torch

    held = held_out_digits()
    images = turned(canvas(held.images), torch.full((len(held.images),), float(degrees)))
    with torch.no_grad():
        said = reader(module, taught)(images).argmax(dim=1).numpy()
    return float((said == held.labels).mean())


def score(module: "Module") -> float:
    """What the reader that was taught any way gets right, over twelve angles all around."""
    return sum(accuracy(module, "any way", angle) for angle in ANGLES) / len(ANGLES)


RECIPE = Recipe(
    name="turned",
    knows="Reads digits of 8x8 pixels on a canvas of 20x20: three times, taught upright, a little turned, any way.",
    data=f"scikit-learn's digits, turned anew in every batch: {LEARNED} to learn from, {HELD_OUT} others judge",
    measure=f"share read right of the {HELD_OUT} held-out digits at {len(ANGLES)} angles, by the one taught any way",
    classes=tuple("0123456789"),
    promise=0.93,
    steps=sum(EPOCHS.values()) * -(-LEARNED // BATCH),
    build=build,
    train=train,
    score=score,
)
