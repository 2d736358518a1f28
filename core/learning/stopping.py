"""When to save a model and when to stop: the rules of Keras' ModelCheckpoint and EarlyStopping (lecture C).

Both watch one number per epoch, epochs counted from 1. A rule keeps nothing itself: what it remembers goes in and comes
out, so that a training that runs and a curve that is replayed cannot disagree.
Source: the documentation and code of Keras 3; `period` was there until Keras 2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.errors import CoreError

Monitor: TypeAlias = Literal["loss", "accuracy", "val_loss", "val_accuracy"]
Mode: TypeAlias = Literal["auto", "min", "max"]
MONITORS: tuple[Monitor, ...] = ("val_loss", "val_accuracy", "loss", "accuracy")


def watched(logs: Mapping[str, float], monitor: str) -> float:
    """The number a rule watches, out of those of an epoch.

    >>> watched({"loss": 0.2, "val_loss": 0.7}, "val_loss")
    0.7
    """
    if monitor not in logs:
        raise CoreError(f"{monitor[:40]!r} is not among the numbers of an epoch: {', '.join(logs)}")
    return logs[monitor]


def falls(monitor: str, mode: Mode = "auto") -> bool:
    """Whether smaller is better: `auto` tells a loss from an accuracy by its name.

    >>> falls("val_loss"), falls("val_accuracy"), falls("val_accuracy", "min")
    (True, False, True)
    """
    if mode not in ("auto", "min", "max"):
        raise CoreError(f"the mode is auto, min or max, got {str(mode)[:40]!r}")
    return mode == "min" or (mode == "auto" and monitor.endswith("loss"))


def better(value: float, best: float | None, *, falling: bool, min_delta: float = 0.0) -> bool:
    """Whether a value beats the best so far by more than `min_delta`; the first one always does.

    >>> better(0.5, 0.6, falling=True), better(0.5, 0.6, falling=True, min_delta=0.2), better(0.5, None, falling=True)
    (True, False, True)
    """
    if best is None:
        return True
    return value + min_delta < best if falling else value - min_delta > best


@dataclass(frozen=True)
class Waiting:
    """What early stopping remembers: the best value, its epoch, how long ago, and where it stopped."""

    epoch: int = 0
    best: float | None = None
    best_epoch: int = 0
    waited: int = 0
    stopped: int | None = None


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the watched number has not improved by more than `min_delta` for `patience` epochs in a row."""

    monitor: Monitor = "val_loss"
    min_delta: float = 0.0
    patience: int = 0
    mode: Mode = "auto"
    restore_best_weights: bool = False

    def __post_init__(self) -> None:
        if self.patience < 0 or self.min_delta < 0:
            raise CoreError(f"patience and min_delta are 0 or more, got {self.patience} and {self.min_delta}")

    def after(self, value: float, kept: Waiting) -> Waiting:
        """What is remembered after one more epoch.

        One that does not improve makes the wait longer, and where the wait reaches the patience it stops. So a
        patience of 0 and of 1 do the same: both stop at the first epoch that is no better.

        >>> rule, kept = EarlyStopping(patience=2), Waiting()
        >>> for loss in (0.5, 0.3, 0.4, 0.35):
        ...     kept = rule.after(loss, kept)
        >>> kept
        Waiting(epoch=4, best=0.3, best_epoch=2, waited=2, stopped=4)
        """
        epoch = kept.epoch + 1
        if better(value, kept.best, falling=falls(self.monitor, self.mode), min_delta=self.min_delta):
            return Waiting(epoch, value, epoch, 0, kept.stopped)
        waited = kept.waited + 1
        return Waiting(epoch, kept.best, kept.best_epoch, waited, epoch if waited >= self.patience else kept.stopped)

    def replay(self, values: Sequence[float]) -> tuple[Waiting, ...]:
        """What it remembers after every epoch of a recorded curve, up to the one where it stops.

        >>> [kept.waited for kept in EarlyStopping(patience=2).replay([0.5, 0.6, 0.4, 0.5, 0.5, 0.1])]
        [0, 1, 0, 1, 2]
        """
        kept, found = Waiting(), list[Waiting]()
        for value in values:
            kept = self.after(value, kept)
            found.append(kept)
            if kept.stopped:
                break
        return tuple(found)

    def weights_of(self, kept: Waiting) -> int:
        """The epoch whose weights the network ends with: the best one's if they are restored, else the last one's.

        >>> rule = EarlyStopping(patience=2, restore_best_weights=True)
        >>> rule.weights_of(rule.replay([0.5, 0.3, 0.4, 0.4])[-1])
        2
        """
        return kept.best_epoch if self.restore_best_weights else kept.epoch


@dataclass(frozen=True)
class Saving:
    """What a checkpoint remembers: the best value, epochs since it last looked, and the last epoch it saved."""

    epoch: int = 0
    best: float | None = None
    since: int = 0
    saved: int | None = None


@dataclass(frozen=True)
class Checkpoint:
    """Save every `period` epochs; with `save_best_only` just those that beat all that were looked at before."""

    monitor: Monitor = "val_loss"
    save_best_only: bool = False
    save_weights_only: bool = False
    mode: Mode = "auto"
    period: int = 1

    def __post_init__(self) -> None:
        if self.period < 1:
            raise CoreError(f"a checkpoint looks every 1 or more epochs, got a period of {self.period}")

    def after(self, value: float, kept: Saving) -> Saving:
        """What is remembered after one more epoch; this one is to be saved where `saved` is its number.

        With a period of 2 a record in an odd epoch is never looked at, and so never saved:

        >>> rule, kept = Checkpoint(save_best_only=True, period=2), Saving()
        >>> for loss in (0.1, 0.5, 0.3, 0.4):
        ...     kept = rule.after(loss, kept)
        >>> kept
        Saving(epoch=4, best=0.4, since=0, saved=4)
        """
        epoch, since = kept.epoch + 1, kept.since + 1
        if since < self.period:
            return Saving(epoch, kept.best, since, kept.saved)
        if not self.save_best_only:
            return Saving(epoch, kept.best, 0, epoch)
        if better(value, kept.best, falling=falls(self.monitor, self.mode)):
            return Saving(epoch, value, 0, epoch)
        return Saving(epoch, kept.best, 0, kept.saved)

    def replay(self, values: Sequence[float]) -> tuple[int, ...]:
        """The epochs of a recorded curve that it saves.

        >>> curve = [0.5, 0.6, 0.4, 0.5]
        >>> Checkpoint().replay(curve), Checkpoint(save_best_only=True).replay(curve)
        ((1, 2, 3, 4), (1, 3))
        """
        kept, found = Saving(), list[int]()
        for value in values:
            kept = self.after(value, kept)
            if kept.saved == kept.epoch:
                found.append(kept.epoch)
        return tuple(found)
