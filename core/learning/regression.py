"""A network that answers with numbers: the middle and the radius of a disc (lecture D).

No softmax at the end, since the three numbers are no probabilities, and a quadratic loss, since being a little off is a
little wrong.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np

from core.data.discs import SIDE, Disc, discs
from core.learning.examples import Examples
from core.learning.goal import Goal
from core.learning.lesson import Lesson, lessons
from core.learning.train import Progress, Recipe
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Operation, Pool, numbered
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor

End: TypeAlias = Literal["as they are", "through a softmax"]
ENDS: tuple[End, ...] = get_args(End)
JUDGED = 200
RELU = Activation("relu")
RECIPE = Recipe(epochs=40, batch=32, rate=0.02, momentum=0.9)


def disc_net(end: End = "as they are") -> Network:
    """Two convolutions with pooling and two dense layers: (1, 24, 24) -> 3.

    >>> [layer.name for layer in disc_net("through a softmax").layers][-2:]
    ['dense2', 'softmax1']
    """
    pool = Pool("max", (2, 2), (2, 2))
    last: tuple[Operation, ...] = (Activation("softmax"),) if end == "through a softmax" else ()
    return Network(
        "Disc net",
        (1, SIDE, SIDE),
        numbered(
            *(Conv(8, (3, 3), padding=(1, 1)), RELU, pool),
            *(Conv(16, (3, 3), padding=(1, 1)), RELU, pool),
            *(Flatten(), Dense(32), RELU, Dense(3), *last),
        ),
    )


def quadratic(answers: "Tensor", truths: "Tensor") -> "Tensor":
    """Half the mean squared distance: (N, 3), (N, 3) -> a number; its gradient by an answer is the answer's error.

        L = 1 / 2N * sum over the examples of |answer - truth|^2

    >>> import torch
    >>> quadratic(torch.tensor([[1.0, 0.0, 2.0]]), torch.zeros(1, 3))
    tensor(2.5000)
    """
    return ((answers - truths) ** 2).sum(dim=1).mean() / 2


def pixels_off(answers: "Tensor", truths: "Tensor") -> "Tensor":
    """How far the three numbers of each example are off on average, in pixels: (N, 3), (N, 3) -> (N,).

    >>> import torch
    >>> pixels_off(torch.tensor([[0.5, 0.5, 0.25]]), torch.tensor([[0.5, 0.25, 0.25]]))
    tensor([2.])
    """
    return (answers - truths).abs().mean(dim=1) * SIDE


def learn_discs(
    count: int,
    *,
    end: End = "as they are",
    seed: int = 0,
    recipe: Recipe = RECIPE,
    progress: Progress = lambda done, what: None,
) -> Iterator[Lesson]:
    """Train on `count` discs, judged by 200 others, in pixels; a lesson before and after every epoch.

    >>> [lesson.epoch for lesson in learn_discs(10, recipe=Recipe(epochs=1))]
    [0, 1]
    """
    learned, judged = as_examples(discs("train", count)), as_examples(discs("test", JUDGED))
    goal = Goal(quadratic, pixels_off)
    return lessons(disc_net(end), learned, judged, recipe, goal=goal, seed=seed, progress=progress)


def said_of(lesson: Lesson, asked: Sequence[Disc]) -> tuple[Floats, float]:
    """What a network says of some discs, x, y and radius in pixels, (M, 3); and how far off that is on average.

    >>> asked = discs("test", 5, hidden=0.5)
    >>> answers, off = said_of(next(learn_discs(10)), asked)
    >>> answers.shape, off > 1
    ((5, 3), True)
    """
    answers = lesson.says(as_examples(asked).inputs) * SIDE
    truths = np.stack([each.truth for each in asked]) * SIDE
    return answers, float(np.abs(answers - truths).mean())


def as_examples(found: Sequence[Disc]) -> Examples:
    """Images around 0 and the three numbers as shares of the side: (N, 1, 24, 24), (N, 3).

    >>> tuple(as_examples(discs("train", 2)).labels.shape)
    (2, 3)
    """
    import torch

    images = np.stack([each.image for each in found])[:, None]
    truths = np.stack([each.truth for each in found])
    return Examples(torch.tensor((images - 0.5) * 2, dtype=torch.float32), torch.tensor(truths, dtype=torch.float32))
