"""Live or spoof: a small network that tells prints from fakes by their fine texture (lecture D).

It answers with one number, the logit of "live"; its loss is binary cross-entropy.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.data.prints import SIDE, SOURCES, Print, Source, print_of
from core.learning.examples import Examples
from core.learning.goal import Goal
from core.learning.lesson import Lesson, lessons
from core.learning.train import Progress, Recipe
from core.nets.layers import Activation, Conv, Dense, GlobalPool, Network, numbered
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

JUDGED = 100  # prints of each source
RELU = Activation("relu")
RECIPE = Recipe(epochs=12, batch=32, rate=0.05, momentum=0.9)


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
    seed: int = 0,
    recipe: Recipe = RECIPE,
    progress: Progress = lambda done, what: None,
) -> Iterator[Lesson]:
    """Train on `count` live prints and as many fakes of the known kinds; judged by 100 new ones of every source.

    >>> [lesson.epoch for lesson in learn_spoofs(4, recipe=Recipe(epochs=1))]
    [0, 1]
    """
    fakes = [source for source in SOURCES if source != "live" and source in known]
    learned = as_examples(
        [print_of("live", "train", number) for number in range(count)]
        + [print_of(fakes[number % len(fakes)], "train", number) for number in range(count if fakes else 0)]
    )
    judged = as_examples([each for prints in new_prints().values() for each in prints])
    goal = Goal(binary_cross_entropy, wrong_side)
    return lessons(spoof_net(), learned, judged, recipe, goal=goal, seed=seed, progress=progress)


def scores(lesson: Lesson, prints: Sequence[Print]) -> Floats:
    """How live some prints look to a network, from 0 to 1: (M,).

    >>> scores(next(learn_spoofs(4)), new_prints(count=2)["paper"]).shape
    (2,)
    """
    from scipy.special import expit

    likely: Floats = expit(lesson.says(as_examples(prints).inputs)[:, 0])
    return likely


def new_prints(effort: float = 0.0, *, count: int = JUDGED) -> dict[Source, list[Print]]:
    """New prints of every source, the fakes with some of their traces hidden.

    >>> [len(prints) for prints in new_prints().values()]
    [100, 100, 100]
    """
    return {source: [print_of(source, "test", number, effort=effort) for number in range(count)] for source in SOURCES}


def as_examples(prints: Sequence[Print]) -> Examples:
    """Images around 0 and 1 for live: (N, 1, 32, 32), (N,).

    >>> as_examples([print_of("live", "train", 0), print_of("paper", "train", 0)]).labels
    tensor([1., 0.])
    """
    import torch

    images = np.stack([each.image for each in prints])[:, None]
    live = [float(each.source == "live") for each in prints]
    return Examples(torch.tensor((images - 0.5) * 4, dtype=torch.float32), torch.tensor(live))
