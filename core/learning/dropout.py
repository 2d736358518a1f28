"""Dropout with dice of its own: which neurons rest is drawn for every batch, and can be drawn again (all lectures).

PyTorch's layer draws from the dice that everything in the process shares, so two trainings side by side would disturb
each other. Source: Srivastava et al., "Dropout", JMLR 2014; dividing while training: section 10, "inverted dropout".
"""

import torch
from torch import Generator, Tensor, nn

from core.errors import CoreError


def dropped(values: Tensor, rate: float, generator: Generator) -> Tensor:
    """A share `rate` of the values silenced, the others made larger so that the mean stays: any shape -> the same.

        out = value / (1 - rate)  with probability 1 - rate,  else 0

    >>> dropped(torch.ones(8), 0.5, Generator().manual_seed(0))
    tensor([0., 2., 0., 0., 0., 2., 0., 2.])
    """
    if not 0 <= rate < 1:
        raise CoreError(f"the share that rests is from 0 to below 1, got {rate}")
    awake = torch.rand(values.shape, generator=generator) >= rate
    return values * awake / (1 - rate)


class OwnDropout(nn.Module):
    """What `torch.nn.Dropout` does, drawn from a generator that belongs to one training."""

    def __init__(self, rate: float, generator: Generator) -> None:
        super().__init__()
        self.rate, self.generator = rate, generator

    def forward(self, values: Tensor) -> Tensor:
        """While training `dropped`; when the network is used, nothing happens: (N, ...) -> (N, ...)."""
        return dropped(values, self.rate, self.generator) if self.training else values


def own_dice(module: nn.Module, generator: Generator) -> None:
    """Let every dropout of a module, at any depth, draw from this generator."""
    for name, part in list(module.named_children()):
        if isinstance(part, nn.Dropout):
            setattr(module, name, OwnDropout(part.p, generator))
        else:
            own_dice(part, generator)
