"""What one process asks the models of another, and what they say: two records that both sides know."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from core.runtime.shared import Way
from core.runtime.wire import Numbers

if TYPE_CHECKING:
    from torch import Tensor

    from core.runtime.shared import Answer

Word = Annotated[str, Meta(max_length=200)]
BESIDE = 4096  # bytes of a question beside its numbers, at most


@dataclass(frozen=True)
class Question:
    """A model, a part of it, one of its methods, and what is to go through."""

    name: Word
    part: Word
    method: Word
    inputs: Numbers

    @classmethod
    def of(cls, way: Way, inputs: "Tensor") -> "Question":
        """Inputs (N, ...) for this model."""
        return cls(way.name, way.part, way.method, Numbers.of(inputs.detach().cpu().numpy()))

    @property
    def way(self) -> Way:
        """Which model is asked, and how."""
        return Way(self.name, self.part, self.method)

    def tensor(self) -> "Tensor":
        """The inputs (N, ...)."""
        return _tensor(self.inputs)


@dataclass(frozen=True)
class Reply:
    """What a model said: a tensor, or several."""

    several: bool
    arrays: Annotated[tuple[Numbers, ...], Meta(min_length=1, max_length=64)]

    def __post_init__(self) -> None:
        if len(self.arrays) > 1 and not self.several:
            raise ValueError(f"{len(self.arrays)} arrays where one is said")

    @classmethod
    def of(cls, answer: "Answer") -> "Reply":
        """The answer of a pass."""
        tensors = answer if isinstance(answer, tuple) else (answer,)
        return cls(isinstance(answer, tuple), tuple(Numbers.of(each.numpy()) for each in tensors))

    def answer(self) -> "Answer":
        """The answer as a pass would give it here."""
        tensors = tuple(map(_tensor, self.arrays))
        return tensors if self.several else tensors[0]


def _tensor(numbers: Numbers) -> "Tensor":
    import torch

    return torch.from_numpy(numbers.array())
