"""A training seen from outside: after every epoch how far off it is, and the network as it was then, to be asked."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.learning.examples import Examples
from core.learning.goal import CLASSES, Goal
from core.learning.start import started
from core.learning.train import Progress, Recipe, train
from core.nets.layers import Network
from core.types import Floats

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is known after an epoch: the mean error on the examples it learned from and on others, and the network."""

    epoch: int
    learned: float
    judged: float
    network: "Module"  # a copy, in evaluation mode

    def says(self, inputs: "Tensor") -> Floats:
        """What it says by then, (N, ...) -> (N, outputs)."""
        import torch

        with torch.no_grad():
            said: Floats = self.network(inputs).double().numpy()
        return said


def lessons(
    network: Network,
    learned: Examples,
    judged: Examples,
    recipe: Recipe,
    *,
    goal: Goal = CLASSES,
    seed: int = 0,
    progress: Progress = lambda done, what: None,
) -> Iterator[Lesson]:
    """Train a network from weights drawn by `seed`; one lesson before, one after every epoch.

    >>> import torch
    >>> from core.nets.layers import Dense, Flatten, numbered
    >>> line = Network("line", (2, 1, 1), numbered(Flatten(), Dense(2)))
    >>> drawn = Examples(torch.eye(2).reshape(2, 2, 1, 1), torch.tensor([0, 1]))
    >>> [lesson.says(drawn.inputs).shape for lesson in lessons(line, drawn, drawn, Recipe(epochs=1))]
    [(2, 2), (2, 2)]
    """
    import torch

    module = started(network, seed=seed)
    dice = torch.Generator().manual_seed(seed)
    for epoch in train(module, learned, judged, recipe, generator=dice, goal=goal, progress=progress):
        yield Lesson(epoch.number, epoch.train_error, epoch.test_error, deepcopy(module).eval())
