"""When a training stops: the right rule, the rules that students write instead, and what is asked of both."""

from collections.abc import Callable
from functools import partial
from numbers import Real
from typing import Any

import numpy as np

from core.learning.stopping import EarlyStopping
from core.types import Floats

Epochs = tuple[int, int]
Rule = Callable[[Floats, int, float, bool], Epochs]


def stopped(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """The reference."""
    rule = EarlyStopping("val_accuracy" if rising else "val_loss", min_delta, patience)
    last = rule.replay(values.tolist())[-1]
    return last.epoch, last.best_epoch


def asked(function: Any, values: Floats, patience: int, min_delta: float, rising: bool, part: str = "pair") -> Any:
    """What a function answers, or a part of it that may be right where the pair is not.

    "last" is the first number alone. "after the first" are both numbers, the smaller one first, counted from what the
    function says of a training of one epoch: wherever it begins to count, and in whatever order it answers.
    """
    alone = values[:1].copy()
    answer = function(values, patience, min_delta, rising)
    both = _plain(answer)
    if part == "pair" or not _is_pair(both):
        return answer
    if part == "last":
        return both[0]
    first = _plain(function(alone, patience, min_delta, rising))
    return sorted(number - start for number, start in zip(both, first, strict=True)) if _is_pair(first) else first


def told(rule: Rule) -> Callable[..., Any]:
    """What a rule answers to a case."""
    return partial(asked, rule)


def _plain(answer: Any) -> Any:
    """Arrays and tensors as lists and numbers."""
    if isinstance(answer, tuple | list):
        return [_plain(part) for part in answer]
    return answer.tolist() if hasattr(answer, "tolist") else answer


def _is_pair(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) == 2 and all(isinstance(number, Real) for number in answer)


def walk(
    values: Floats, patience: int, gain: Callable[[float, float, float], bool], keep: Callable[[int, bool], int]
) -> Epochs:
    """Another rule: whether (value, best, value before) is a gain, and how long the wait is after one more epoch."""
    best, place, waited = float(values[0]), 1, 0
    for epoch in range(2, len(values) + 1):
        value, before = float(values[epoch - 1]), float(values[epoch - 2])
        better = gain(value, best, before)
        if better:
            best, place = value, epoch
        waited = keep(waited, better)
        if waited >= max(patience, 1):
            return epoch, place
    return len(values), place


def fresh(waited: int, better: bool) -> int:
    """The wait begins anew with every gain."""
    return 0 if better else waited + 1


def falling(rule: Rule) -> Rule:
    """A rule for what falls, made one for both."""
    return lambda values, patience, min_delta, rising: rule(
        -np.asarray(values) if rising else np.asarray(values), patience, min_delta, False
    )


@falling
def ties_win(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """As good as wanted is good enough."""
    return walk(values, patience, lambda value, best, before: value <= best - min_delta, fresh)


@falling
def against_the_last(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """Every epoch is compared with the one before it."""
    return walk(values, patience, lambda value, best, before: value < before - min_delta, fresh)


@falling
def never_anew(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """Epochs without a gain are counted, in a row or not."""
    return walk(
        values,
        patience,
        lambda value, best, before: value < best - min_delta,
        lambda waited, better: waited + (not better),
    )


@falling
def follows(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """The best is whatever was lowest, so that many small steps never add up to one that counts."""
    best, place, waited = float(values[0]), 1, 0
    for epoch, value in enumerate(values[1:].tolist(), start=2):
        waited = 0 if value < best - min_delta else waited + 1
        if value < best:
            best, place = value, epoch
        if waited >= max(patience, 1):
            return epoch, place
    return len(values), place


@falling
def with_added_delta(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """A little worse counts as a gain."""
    return walk(values, patience, lambda value, best, before: value < best + min_delta, fresh)


def lowest_of_all(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """The best epoch is looked for in the whole curve, also behind the end."""
    place = values.argmax() if rising else values.argmin()
    return stopped(values, patience, min_delta, rising)[0], int(place) + 1


def at_once(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """With a patience of 0, the first epoch is the last one."""
    return stopped(values, patience, min_delta, rising) if patience else (1, 1)


def to_the_end(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """No wait is too long with a patience of 0."""
    return stopped(values, patience or len(values), min_delta, rising)


def shifted(first: int, second: int) -> Rule:
    """Right but for where counting begins."""

    def variant(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
        last, best = stopped(values, patience, min_delta, rising)
        return last + first, best + second

    return variant


def patient(more: int) -> Rule:
    """So many epochs more, or fewer."""
    return lambda values, patience, min_delta, rising: stopped(values, patience + more, min_delta, rising)


def without_delta(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """Any gain counts."""
    return stopped(values, patience, 0.0, rising)


def always_falling(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """Smaller is better, whatever is watched."""
    return stopped(values, patience, min_delta, False)


def never_stops(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """All epochs run."""
    return stopped(values, len(values) + 1, min_delta, rising)


def keeps_the_last(values: Floats, patience: int, min_delta: float, rising: bool) -> Epochs:
    """The weights at the end."""
    last, _ = stopped(values, patience, min_delta, rising)
    return last, last
