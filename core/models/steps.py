"""The steps in which a built-in model learns: a batch, its loss, the gradient, a step down; small steps at both ends.

Source of the rising and falling rate: Smith and Topin, "Super-Convergence", 2019; of the cosine: Loshchilov and
Hutter, "SGDR", ICLR 2017.
"""

from collections.abc import Callable, Iterable, Iterator
from math import cos, pi
from typing import TYPE_CHECKING

from core.learning.threads import one_thread
from core.learning.train import Progress

if TYPE_CHECKING:
    from torch import Generator, Tensor
    from torch.optim import Optimizer

RISING = 0.15  # the share of all steps in which the rate rises


def share_of_rate(done: float) -> float:
    """How much of the rate a step takes, after a share `done` of them.

    >>> [round(share_of_rate(done), 2) for done in (0.0, 0.15, 0.575, 1.0)]
    [0.05, 1.0, 0.5, 0.0]
    """
    if done < RISING:
        return 0.05 + 0.95 * done / RISING
    return 0.5 * (1 + cos(pi * (done - RISING) / (1 - RISING)))


def shuffled(count: int, batch: int, *, epochs: int, dice: "Generator") -> "Iterator[Tensor]":
    """The places of each batch: all examples once an epoch, in a new order; what fills no batch is left out.

    >>> import torch
    >>> [sorted(batch.tolist()) for batch in shuffled(3, 3, epochs=2, dice=torch.Generator().manual_seed(0))]
    [[0, 1, 2], [0, 1, 2]]
    """
    import torch

    for _ in range(epochs):
        yield from torch.randperm(count, generator=dice)[: count // batch * batch].reshape(-1, batch)


def picked(count: int, batch: int, *, steps: int, dice: "Generator") -> "Iterator[Tensor]":
    """The places of each batch, every one drawn from all examples: in one batch an example may come twice.

    >>> import torch
    >>> [len(batch) for batch in picked(3, 5, steps=2, dice=torch.Generator().manual_seed(0))]
    [5, 5]
    """
    import torch

    for _ in range(steps):
        yield torch.randint(count, (batch,), generator=dice)


def descend(
    optimiser: "Optimizer",
    batches: "Iterable[Tensor]",
    loss: "Callable[[Tensor, int], Tensor]",
    *,
    steps: int,
    progress: Progress,
    steepest: float | None = None,
) -> None:
    """Take one step for each batch, with loss(places of the batch, number of the step), on one thread.

    The optimiser's rate is the largest; `share_of_rate` says how much of it each of the `steps` takes. A gradient
    longer than `steepest` is shortened to it.

    >>> import torch
    >>> x = torch.tensor([4.0], requires_grad=True)
    >>> batches = shuffled(1, 1, epochs=50, dice=torch.Generator().manual_seed(0))
    >>> down = torch.optim.SGD([x], 0.1)
    >>> descend(down, batches, lambda places, step: (x ** 2).sum(), steps=50, progress=lambda done, what: None)
    >>> abs(x.item()) < 0.02
    True
    """
    from torch.nn.utils import clip_grad_norm_

    group = optimiser.param_groups[0]
    rate = group["lr"]
    with one_thread():
        for step, places in enumerate(batches):
            progress(step / steps, f"step {step + 1} of {steps}")
            group["lr"] = rate * share_of_rate(step / steps)
            optimiser.zero_grad()
            loss(places, step).backward()  # type: ignore[no-untyped-call]
            if steepest is not None:
                clip_grad_norm_(group["params"], steepest)
            optimiser.step()
    progress(1.0, "done")
