"""Labelled examples, and how they are dealt out: a part to learn from, a part to test on, small batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import ShapeError

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Examples:
    """Inputs (N, ...) and the right class of each, (N,)."""

    inputs: "Tensor"
    labels: "Tensor"

    def __post_init__(self) -> None:
        if len(self.inputs) != len(self.labels):
            raise ShapeError(f"every input needs one label, got {len(self.inputs)} and {len(self.labels)}")

    def __len__(self) -> int:
        return len(self.labels)

    def chosen(self, places: "Tensor") -> "Examples":
        """Those at some places: (M,) -> M examples."""
        return Examples(self.inputs[places], self.labels[places])


def split(examples: Examples, share: float, generator: "Generator") -> tuple[Examples, Examples]:
    """Shuffled and cut in two: N -> about share * N to learn from, the rest to test on.

    >>> import torch
    >>> drawn = Examples(torch.arange(10.0), torch.arange(10))
    >>> [len(part) for part in split(drawn, 0.8, torch.Generator().manual_seed(0))]
    [8, 2]
    """
    import torch

    learned = round(share * len(examples))
    if not 0 < learned < len(examples):
        raise ShapeError(f"a share of {share} of {len(examples)} examples leaves one part empty")
    order = torch.randperm(len(examples), generator=generator)
    return examples.chosen(order[:learned]), examples.chosen(order[learned:])


def batches(examples: Examples, size: int, generator: "Generator") -> Iterator[Examples]:
    """All examples once, in a new order, `size` at a time; the last batch may be smaller.

    >>> import torch
    >>> drawn = Examples(torch.arange(10.0), torch.arange(10))
    >>> [len(batch) for batch in batches(drawn, 4, torch.Generator().manual_seed(0))]
    [4, 4, 2]
    """
    import torch

    if size < 1:
        raise ShapeError(f"a batch has at least one example, got {size}")
    order = torch.randperm(len(examples), generator=generator)
    for start in range(0, len(examples), size):
        yield examples.chosen(order[start : start + size])
