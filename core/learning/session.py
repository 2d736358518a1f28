"""A training as it stands between two epochs: everything that decides how it goes on, kept in a file.

Weights, optimiser, dice, scores and callbacks are all in it, so that a training that was killed goes on as if nothing
had been: on a CPU the last weights are the same to the bit. A file is written whole or not at all.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.errors import CoreError

if TYPE_CHECKING:
    from torch import Generator
    from torch.nn import Module
    from torch.optim import Optimizer


class Remembers(Protocol):
    """What has something to remember between epochs: plain numbers, texts and tensors by name."""

    def memory(self) -> dict[str, Any]:
        """All it remembers."""

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on from what it remembered once."""


@dataclass
class Session:
    """A network in training and all that goes with it; `epoch` counts those that are over."""

    module: "Module"
    optimiser: "Optimizer"
    generator: "Generator"
    scaler: Any = None  # of the gradients, with mixed precision
    callbacks: Sequence[Remembers] = ()
    judged: list[float] = field(default_factory=list)  # the test errors of the epochs that are over
    epoch: int = 0
    over: bool = False  # a callback ended it

    def state(self) -> dict[str, Any]:
        """Everything, as plain numbers and tensors."""
        return {
            "epoch": self.epoch,
            "over": self.over,
            "judged": list(self.judged),
            "weights": self.module.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "dice": [each.get_state() for each in self._dice()],
            "scaler": self.scaler.state_dict() if self.scaler else {},
            "callbacks": [each.memory() for each in self.callbacks],
        }

    def save(self, path: Path) -> None:
        """Into a file, whole or not at all: who is killed while writing leaves the one before untouched."""
        import torch

        written_whole(path, lambda rough: torch.save(self.state(), rough))

    def load(self, path: Path) -> None:
        """Go on from a file; only numbers, texts and tensors are read, never code."""
        import torch

        kept = torch.load(path, weights_only=True, map_location="cpu")
        if len(kept["callbacks"]) != len(self.callbacks) or len(kept["dice"]) != len(self._dice()):
            raise CoreError(
                f"{path.name} was kept by a training with {len(kept['callbacks'])} callbacks and {len(kept['dice'])} "
                f"dice, this one has {len(self.callbacks)} and {len(self._dice())}: go on with the same ones"
            )
        self.epoch, self.over, self.judged = kept["epoch"], kept["over"], list(kept["judged"])
        self.module.load_state_dict(kept["weights"])
        self.optimiser.load_state_dict(kept["optimiser"])
        if self.scaler and kept["scaler"]:
            self.scaler.load_state_dict(kept["scaler"])
        for dice, state in zip(self._dice(), kept["dice"], strict=True):
            dice.set_state(state)
        for callback, memory in zip(self.callbacks, kept["callbacks"], strict=True):
            callback.recall(memory)

    def _dice(self) -> list["Generator"]:
        """The dice of the batches and those that parts of the network have of their own, such as its dropout."""
        found = [self.generator, *_own_dice(self.module)]
        return list({id(each): each for each in found}.values())


def written_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file beside `path`, then put it in its place in one step.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> written_whole(folder / "said.txt", lambda rough: rough.write_text("all"))
    >>> [each.name for each in folder.iterdir()]
    ['said.txt']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rough = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(rough)
        rough.replace(path)
    finally:
        rough.unlink(missing_ok=True)


def _own_dice(module: "Module") -> Iterator["Generator"]:
    import torch

    for part in module.modules():
        if isinstance(dice := getattr(part, "generator", None), torch.Generator):
            yield dice
