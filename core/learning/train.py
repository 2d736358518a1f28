"""The training loop: gradient descent with momentum on batches, watched from epoch to epoch (lectures B and D).

Source: Goodfellow, Bengio and Courville, "Deep Learning", algorithm 8.2.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from core.errors import CoreError, ShapeError
from core.learning.augment import Augment
from core.learning.callbacks import Callback, SaveModel
from core.learning.examples import Examples, batches
from core.learning.goal import CLASSES, Goal
from core.learning.schedule import Schedule, constant
from core.learning.session import Session

if TYPE_CHECKING:
    from torch import Generator
    from torch.nn import Module
    from torch.optim import Optimizer

Progress: TypeAlias = Callable[[float, str], None]  # share done and what is being done; stops the training by raising


class Stopped(Exception):
    """What `progress` raises when somebody no longer wants the result."""


@dataclass(frozen=True)
class Recipe:
    """How to train: how long, how many examples at a time, how large the steps, and how much of the last step stays.

    Adam takes the momentum as its first beta.
    """

    epochs: int = 8
    batch: int = 64
    rate: float = 0.02
    momentum: float = 0.9
    decay: float = 0.0
    method: Literal["sgd", "adam"] = "sgd"

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.rate <= 0 or not 0 <= self.momentum < 1 or self.decay < 0:
            raise CoreError(f"need epochs from 1, a rate above 0, a momentum in [0, 1), a decay from 0, got {self}")
        if self.method not in ("sgd", "adam"):
            raise CoreError(f"the method is sgd or adam, got {str(self.method)[:40]!r}")


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

    @property
    def logs(self) -> dict[str, float]:
        """The numbers that callbacks watch, under the names that Keras gives them."""
        return {
            "loss": self.train_loss,
            "accuracy": 1 - self.train_error,
            "val_loss": self.test_loss,
            "val_accuracy": 1 - self.test_error,
            "learning_rate": self.rate,
        }


def train(
    module: "Module",
    learned: Examples,
    tested: Examples,
    recipe: Recipe,
    *,
    generator: "Generator",
    goal: Goal = CLASSES,
    schedule: Schedule = constant,
    augment: Augment | None = None,
    progress: Progress = lambda done, what: None,
    callbacks: Sequence[Callback] = (),
    resume: Path | None = None,
    device: str = "cpu",
    mixed: bool = False,
) -> Iterator[Epoch]:
    """Train a network, (N, ...) -> (N, classes) or what the goal asks for; yields before the first step and each epoch.

        velocity = momentum * velocity + gradient of (the batch's loss) + decay * weights
        weights  = weights - rate * velocity

    The schedule sees the test errors after every epoch so far and gives the share of the rate for the next one. From a
    file that a callback saved, `resume` goes on with the epochs that are left, if there is such a file: to the same
    weights, bit for bit, in a process of its kind. With `mixed` a graphics card multiplies in half precision; a
    processor does nothing else than before.

    >>> import torch
    >>> drawn = Examples(torch.tensor([[-1.0], [1.0]]), torch.tensor([0, 1]))
    >>> line = torch.nn.Linear(1, 2).requires_grad_(True)
    >>> _ = line.weight.data.zero_(), line.bias.data.zero_()
    >>> story = train(line, drawn, drawn, Recipe(epochs=2), generator=torch.Generator().manual_seed(0))
    >>> [round(epoch.train_loss, 3) for epoch in story]
    [0.693, 0.683, 0.665]
    """
    import torch

    module.to(device)
    halved = mixed and torch.device(device).type == "cuda"
    scaler = torch.amp.GradScaler(device) if halved else None
    session = Session(module, _optimiser(module, recipe), generator, scaler, callbacks)

    def learn(batch: Examples) -> tuple[float, ...]:
        """The gradient of one batch, left in the module; its norm by layer."""
        inputs = augment(batch.inputs, generator) if augment else batch.inputs
        session.optimiser.zero_grad()
        with _precision(device, halved):
            loss = goal.loss(module(inputs.to(device)), batch.labels.to(device))
        if scaler is None:
            loss.backward()  # type: ignore[no-untyped-call]
        else:
            scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            scaler.unscale_(session.optimiser)
        return gradient_norms(module)

    if resume is not None and resume.exists():
        session.load(resume)
    else:
        first = next(batches(learned, recipe.batch, generator))
        module.train()
        start = goal.loss(module(first.inputs.to(device)), first.labels.to(device))
        start.backward()  # type: ignore[no-untyped-call]
        yield _epoch(0, module, learned, tested, goal, gradient_norms(module))
    rounds = -(-len(learned) // recipe.batch)
    while session.epoch < recipe.epochs and not session.over:
        number = session.epoch + 1
        module.train()
        session.optimiser.param_groups[0]["lr"] = rate = recipe.rate * schedule(session.judged)
        norms = list[tuple[float, ...]]()
        for place, batch in enumerate(batches(learned, recipe.batch, generator)):
            progress((number - 1 + place / rounds) / recipe.epochs, f"epoch {number} of {recipe.epochs}")
            norms.append(learn(batch))
            if scaler is None:
                session.optimiser.step()
            else:
                scaler.step(session.optimiser)
                scaler.update()
        means = tuple(sum(layer) / len(layer) for layer in zip(*norms, strict=True))
        told = _epoch(number, module, learned, tested, goal, means, rate)
        session.epoch = number
        session.judged.append(told.test_error)
        session.over = any([callback.after(told.logs, session) for callback in callbacks])  # noqa: C419, all of them hear
        for callback in sorted(callbacks, key=lambda each: isinstance(each, SaveModel)):
            callback.write(told.logs, session)  # what is resumed from comes last: nothing of its epoch is missing then
        yield told
    for callback in callbacks:
        callback.ended(session)
    progress(1.0, "done")


def _optimiser(module: "Module", recipe: Recipe) -> "Optimizer":
    import torch

    if recipe.method == "adam":
        betas = (recipe.momentum, 0.999)
        return torch.optim.Adam(module.parameters(), recipe.rate, betas, weight_decay=recipe.decay)
    return torch.optim.SGD(module.parameters(), recipe.rate, recipe.momentum, weight_decay=recipe.decay)


def _precision(device: str, halved: bool) -> AbstractContextManager[object]:
    import torch

    return torch.autocast(torch.device(device).type) if halved else nullcontext()


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


def errors(module: "Module", examples: Examples, goal: Goal = CLASSES) -> tuple[float, float]:
    """Loss and mean of what the goal calls a miss (share of wrong answers), with the network as it is when it is used.

    >>> import torch
    >>> drawn = Examples(torch.tensor([[9.0, 0.0], [0.0, 9.0]]), torch.tensor([0, 0]))
    >>> errors(torch.nn.Identity(), drawn)[1]
    0.5
    """
    import torch

    if not len(examples):
        raise ShapeError("there are no examples to answer")
    module.eval()
    held = next(module.parameters(), examples.inputs).device  # where the network is
    labels = examples.labels.to(held)
    with torch.no_grad():
        answers = module(examples.inputs.to(held))
        return float(goal.loss(answers, labels)), float(goal.misses(answers, labels).double().mean())


def _epoch(
    number: int,
    module: "Module",
    learned: Examples,
    tested: Examples,
    goal: Goal,
    norms: tuple[float, ...],
    rate: float = 0.0,
) -> Epoch:
    return Epoch(number, *errors(module, learned, goal), *errors(module, tested, goal), norms, rate)
