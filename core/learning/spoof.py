"""Live or spoof: a small network that tells prints from fakes by their fine texture (lecture D).

It answers with one number, the logit of "live"; its loss is binary cross-entropy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.data.prints import SIDE, SOURCES, Print, print_of
from core.learning.examples import Examples
from core.learning.goal import Goal
from core.learning.start import started
from core.learning.train import Progress, Recipe, train
from core.nets.layers import Activation, Conv, Dense, GlobalPool, Network, numbered
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

JUDGED = 100  # prints of each source
RELU = Activation("relu")
RECIPE = Recipe(epochs=12, batch=32, rate=0.05, momentum=0.9)


@dataclass(frozen=True)
class Lesson:
    """After an epoch: the share of wrong answers at 0.5, and how live each test print looks, source by source."""

    epoch: int
    learned: float
    judged: float
    scores: Floats  # (3 * M,), probability of "live"
    sources: NDArray[np.int64]  # (3 * M,), the number of the source


def spoof_net() -> Network:
    """Two convolutions at full resolution, the mean of every map, one number: texture has no place.

    >>> [layer.name for layer in spoof_net().layers]
    ['conv1', 'relu1', 'conv2', 'relu2', 'globalpool1', 'dense1']
    """
    return Network(
        "Spoof net",
        (1, SIDE, SIDE),
        numbered(
            *(Conv(8, (5, 5), padding=(2, 2)), RELU),
            *(Conv(12, (3, 3), (2, 2), padding=(1, 1)), RELU),
            *(GlobalPool("average"), Dense(1)),
        ),
    )


def binary_cross_entropy(logits: "Tensor", live: "Tensor") -> "Tensor":
    """Mean of -log p of what is right: (N, 1), (N,) of 0 and 1 -> a number; its gradient by a logit is p - y.

    >>> import torch
    >>> round(float(binary_cross_entropy(torch.zeros(1, 1), torch.ones(1))), 4)
    0.6931
    """
    from torch.nn import functional

    return functional.binary_cross_entropy_with_logits(logits[:, 0], live)


def wrong_side(logits: "Tensor", live: "Tensor") -> "Tensor":
    """1 where the logit has the wrong sign: (N, 1), (N,) -> (N,).

    >>> import torch
    >>> wrong_side(torch.tensor([[2.0], [2.0]]), torch.tensor([1.0, 0.0]))
    tensor([0., 1.])
    """
    return ((logits[:, 0] > 0) != (live > 0.5)).float()


def learn_spoofs(
    count: int,
    *,
    known: Sequence[str] = ("paper", "screen"),
    effort: float = 0.0,
    seed: int = 0,
    recipe: Recipe = RECIPE,
    progress: Progress = lambda done, what: None,
) -> Iterator[Lesson]:
    """Train on `count` live prints and as many fakes of the known kinds; judged by 100 new ones of every source.

    >>> [len(lesson.scores) for lesson in learn_spoofs(4, recipe=Recipe(epochs=1))]
    [300, 300]
    """
    import torch

    fakes = [source for source in SOURCES if source != "live" and source in known]
    learned = as_examples(
        [print_of("live", "train", number) for number in range(count)]
        + [print_of(fakes[number % len(fakes)], "train", number) for number in range(count if fakes else 0)]
    )
    judged = as_examples(new_prints(effort))
    module = started(spoof_net(), seed=seed)
    story = train(
        module,
        learned,
        judged,
        recipe,
        generator=torch.Generator().manual_seed(seed),
        goal=Goal(binary_cross_entropy, wrong_side),
        progress=progress,
    )
    sources = np.repeat(np.arange(len(SOURCES)), JUDGED)
    for epoch in story:
        module.eval()
        with torch.no_grad():
            scores: Floats = torch.sigmoid(module(judged.inputs)[:, 0]).double().numpy()
        yield Lesson(epoch.number, epoch.train_error, epoch.test_error, scores, sources)


def new_prints(effort: float) -> list[Print]:
    """A hundred new prints of every source, one source after the other.

    >>> len(new_prints(0.0))
    300
    """
    return [print_of(source, "test", number, effort=effort) for source in SOURCES for number in range(JUDGED)]


def as_examples(prints: Sequence[Print]) -> Examples:
    """Images around 0 and 1 for live: (N, 1, 32, 32), (N,).

    >>> as_examples([print_of("live", "train", 0), print_of("paper", "train", 0)]).labels
    tensor([1., 0.])
    """
    import torch

    images = np.stack([each.image for each in prints])[:, None]
    live = [float(each.source == "live") for each in prints]
    return Examples(torch.tensor((images - 0.5) * 4, dtype=torch.float32), torch.tensor(live))
