"""The training loop: gradient descent with momentum on batches, watched from epoch to epoch (lectures B and D).

Source: Goodfellow, Bengio and Courville, "Deep Learning", algorithm 8.2.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from core.errors import CoreError, ShapeError
from core.learning.augment import Augment
from core.learning.examples import Examples, batches
from core.learning.schedule import Schedule, constant

if TYPE_CHECKING:
    from torch import Generator
    from torch.nn import Module

Progress: TypeAlias = Callable[[float, str], None]  # share done and what is being done; stops the training by raising


class Stopped(Exception):
    """What `progress` raises when somebody no longer wants the result."""


@dataclass(frozen=True)
class Recipe:
    """How to train: how long, how many examples at a time, how large the steps, and how much of the last step stays."""

    epochs: int = 8
    batch: int = 64
    rate: float = 0.02
    momentum: float = 0.9
    decay: float = 0.0

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.rate <= 0 or not 0 <= self.momentum < 1 or self.decay < 0:
            raise CoreError(f"need epochs from 1, a rate above 0, a momentum in [0, 1), a decay from 0, got {self}")


@dataclass(frozen=True)
class Epoch:
    """What is known after all examples were seen once more; number 0 is the network as it was made."""

    number: int
    train_loss: float
    train_error: float  # share of wrong answers
    test_loss: float
    test_error: float
    gradients: tuple[float, ...]  # norm of the loss's gradient by each layer's weights, from the input up
    rate: float = 0.0  # that the steps of this epoch were taken with


def train(
    module: "Module",
    learned: Examples,
    tested: Examples,
    recipe: Recipe,
    *,
    generator: "Generator",
    schedule: Schedule = constant,
    augment: Augment | None = None,
    progress: Progress = lambda done, what: None,
) -> Iterator[Epoch]:
    """Train a classifier, (N, ...) -> (N, classes); yields before the first step and after every epoch.

        velocity = momentum * velocity + gradient of (mean cross-entropy of the batch) + decay * weights
        weights  = weights - rate * velocity

    The schedule sees the test errors after every epoch so far and gives the share of the rate for the next one.

    >>> import torch
    >>> drawn = Examples(torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1]))
    >>> line = torch.nn.Linear(1, 2).requires_grad_(True)
    >>> _ = line.weight.data.zero_(), line.bias.data.zero_()
    >>> story = train(line, drawn, drawn, Recipe(epochs=2), generator=torch.Generator().manual_seed(0))
    >>> [round(epoch.train_loss, 3) for epoch in story]
    [0.693, 0.683, 0.665]
    """
    import torch
    from torch.nn.functional import cross_entropy

    steps = torch.optim.SGD(module.parameters(), recipe.rate, recipe.momentum, weight_decay=recipe.decay)
    first = next(batches(learned, recipe.batch, generator))
    module.train()
    cross_entropy(module(first.inputs), first.labels).backward()  # type: ignore[no-untyped-call]
    yield _epoch(0, module, learned, tested, gradient_norms(module))
    rounds = -(-len(learned) // recipe.batch)
    judged = list[float]()
    for number in range(1, recipe.epochs + 1):
        module.train()
        steps.param_groups[0]["lr"] = rate = recipe.rate * schedule(judged)
        norms = list[tuple[float, ...]]()
        for place, batch in enumerate(batches(learned, recipe.batch, generator)):
            progress((number - 1 + place / rounds) / recipe.epochs, f"epoch {number} of {recipe.epochs}")
            inputs = augment(batch.inputs, generator) if augment else batch.inputs
            steps.zero_grad()
            cross_entropy(module(inputs), batch.labels).backward()  # type: ignore[no-untyped-call]
            norms.append(gradient_norms(module))
            steps.step()
        means = tuple(sum(layer) / len(layer) for layer in zip(*norms, strict=True))
        told = _epoch(number, module, learned, tested, means, rate)
        judged.append(told.test_error)
        yield told
    progress(1.0, "done")


def gradient_norms(module: "Module") -> tuple[float, ...]:
    """Length of the gradient by the weights of each layer, from the input up; biases and normalisations are left out.

        sqrt(sum over the layer's weights of (d loss / d weight)^2)

    >>> import torch
    >>> line = torch.nn.Linear(2, 1)
    >>> line(torch.tensor([[3.0, 4.0]])).sum().backward()
    >>> gradient_norms(line)
    (5.0,)
    """
    import torch

    found = [weights.grad for weights in module.parameters() if weights.dim() > 1 and weights.grad is not None]
    return tuple(torch.stack(torch._foreach_norm(found)).tolist()) if found else ()


def errors(module: "Module", examples: Examples) -> tuple[float, float]:
    """Mean cross-entropy and share of wrong answers, with the network as it is when it is used.

    >>> import torch
    >>> drawn = Examples(torch.tensor([[9.0, 0.0], [0.0, 9.0]]), torch.tensor([0, 0]))
    >>> errors(torch.nn.Identity(), drawn)[1]
    0.5
    """
    import torch
    from torch.nn.functional import cross_entropy

    if not len(examples):
        raise ShapeError("there are no examples to answer")
    module.eval()
    with torch.no_grad():
        answers = module(examples.inputs)
        loss = cross_entropy(answers, examples.labels)
        wrong = answers.argmax(dim=1) != examples.labels
    return float(loss), float(wrong.double().mean())


def _epoch(
    number: int, module: "Module", learned: Examples, tested: Examples, norms: tuple[float, ...], rate: float = 0.0
) -> Epoch:
    return Epoch(number, *errors(module, learned), *errors(module, tested), norms, rate)
