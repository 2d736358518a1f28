"""What a training is after: the loss whose gradient is followed, and the error that people ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from torch import Tensor

Loss: TypeAlias = Callable[["Tensor", "Tensor"], "Tensor"]  # answers (N, ...), truths (N, ...) -> a number
Misses: TypeAlias = Callable[["Tensor", "Tensor"], "Tensor"]  # answers (N, ...), truths (N, ...) -> (N,)


def cross_entropy(answers: "Tensor", labels: "Tensor") -> "Tensor":
    """Mean of -log p of the right class: (N, K), (N,) -> a number.

    >>> import torch
    >>> round(float(cross_entropy(torch.zeros(1, 2), torch.tensor([0]))), 4)
    0.6931
    """
    from torch.nn import functional

    return functional.cross_entropy(answers, labels)


def wrong(answers: "Tensor", labels: "Tensor") -> "Tensor":
    """1 where the largest answer is another class than the right one: (N, K), (N,) -> (N,).

    >>> import torch
    >>> wrong(torch.tensor([[2.0, 1.0], [2.0, 1.0]]), torch.tensor([0, 1]))
    tensor([0., 1.])
    """
    return (answers.argmax(dim=1) != labels).float()


@dataclass(frozen=True)
class Goal:
    """What the steps make small, and what is told after every epoch (its mean over the examples)."""

    loss: Loss = cross_entropy
    misses: Misses = wrong


CLASSES = Goal()
