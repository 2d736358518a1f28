"""What happens between two epochs: save the model, stop in time, write the numbers for TensorBoard (lecture C).

The rules are those of `core.learning.stopping`; here is what they do to a training that runs.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from core.learning.events import EventFile
from core.learning.session import Session, written_whole
from core.learning.stopping import Checkpoint, EarlyStopping, Saving, Waiting, watched

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


class Callback(Protocol):
    """What a training calls; all hear of an epoch before any of them writes it down."""

    def after(self, logs: Mapping[str, float], session: Session) -> bool:
        """Hear of an epoch that is over; True ends the training."""

    def write(self, logs: Mapping[str, float], session: Session) -> None:
        """Write down what there is to write of that epoch."""

    def ended(self, session: Session) -> None:
        """The training is over: by itself or because a callback wanted it."""

    def memory(self) -> dict[str, Any]:
        """All it remembers, for a training that goes on later."""

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on from what it remembered once."""


class SaveModel:
    """Saves what a `Checkpoint` wants saved: weights as safetensors, or the whole training, which can be resumed.

    A path may name the epoch and its numbers, as in Keras: "weights-{epoch:02d}-{val_loss:.2f}.safetensors".
    """

    def __init__(self, path: Path | str, rule: Checkpoint | None = None) -> None:
        self.path, self.rule, self.kept = str(path), rule or Checkpoint(), Saving()

    def after(self, logs: Mapping[str, float], session: Session) -> bool:
        """Decide whether this epoch is saved; it never ends a training."""
        self.kept = self.rule.after(watched(logs, self.rule.monitor), self.kept)
        return False

    def write(self, logs: Mapping[str, float], session: Session) -> None:
        """Save it, once every callback knows of the epoch."""
        if self.kept.saved != self.kept.epoch:
            return
        path = Path(self.path.format(epoch=self.kept.epoch, **logs))
        if self.rule.save_weights_only:
            save_weights(session.module, path)
        else:
            session.save(path)

    def ended(self, session: Session) -> None:
        """Nothing is left to do."""

    def memory(self) -> dict[str, Any]:
        """The best value, and what was saved."""
        return asdict(self.kept)

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on from there."""
        self.kept = Saving(**memory)


class StopEarly:
    """Ends a training when its `EarlyStopping` says so, and puts the best weights back if that is wanted."""

    def __init__(self, rule: EarlyStopping | None = None) -> None:
        self.rule, self.kept = rule or EarlyStopping(), Waiting()
        self.best: dict[str, Tensor] = {}

    def after(self, logs: Mapping[str, float], session: Session) -> bool:
        """Compare this epoch with the best one."""
        self.kept = self.rule.after(watched(logs, self.rule.monitor), self.kept)
        if self.rule.restore_best_weights and self.kept.best_epoch == self.kept.epoch:
            self.best = {name: values.detach().clone() for name, values in session.module.state_dict().items()}
        return self.kept.stopped is not None

    def write(self, logs: Mapping[str, float], session: Session) -> None:
        """Nothing to write."""

    def ended(self, session: Session) -> None:
        """Put the best weights back, also where no epoch was one too many."""
        if self.best:
            session.module.load_state_dict(self.best)

    def memory(self) -> dict[str, Any]:
        """The best value and the weights it came with."""
        return {"kept": asdict(self.kept), "best": self.best}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on from there."""
        self.kept, self.best = Waiting(**memory["kept"]), dict(memory["best"])


class MetricStream:
    """Writes the numbers of every epoch into a folder that TensorBoard reads while the training runs."""

    def __init__(self, folder: Path | str) -> None:
        self.folder, self.epochs = Path(folder), 0
        self._file: EventFile | None = None

    def after(self, logs: Mapping[str, float], session: Session) -> bool:
        """Count the epoch."""
        self.epochs += 1
        return False

    def write(self, logs: Mapping[str, float], session: Session) -> None:
        """One point on every curve, at once on disk."""
        if self._file is None:
            self._file = EventFile(self.folder, first=self.epochs)
        self._file.add(self.epochs, logs)

    def ended(self, session: Session) -> None:
        """Everything is on disk already."""

    def memory(self) -> dict[str, Any]:
        """How many epochs it has written."""
        return {"epochs": self.epochs}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on counting from there."""
        self.epochs = memory["epochs"]


def save_weights(module: "Module", path: Path) -> None:
    """Weights and kept statistics as safetensors: tensors by name and nothing that could run."""
    from safetensors.torch import save_file

    found = {name: values.detach().cpu().contiguous() for name, values in module.state_dict().items()}
    written_whole(path, lambda rough: save_file(found, rough))
