"""early_stopping: after which epoch does the training stop, and whose weights are kept?"""

import numpy as np

from assignments.referees.ps5.rules import (
    Rule,
    against_the_last,
    always_falling,
    asked,
    at_once,
    follows,
    keeps_the_last,
    lowest_of_all,
    never_anew,
    never_stops,
    patient,
    shifted,
    stopped,
    ties_win,
    to_the_end,
    told,
    with_added_delta,
    without_delta,
)
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

STEP = 64  # values are so many parts of a whole, so that no sum of them is rounded
PLAIN: tuple[Rule, ...] = (
    *(ties_win, against_the_last, never_anew, lowest_of_all, patient(1), patient(-1), never_stops, keeps_the_last),
)
DEMANDING: tuple[Rule, ...] = (*PLAIN, without_delta, follows, with_added_delta)
STOPS_RIGHT: tuple[Rule, ...] = (lowest_of_all, keeps_the_last)


def curve(*, rising: bool, demanding: bool = False, part: str = "pair") -> Drawn:
    """A curve on which every rule that is told apart here goes wrong, in the part that is asked for."""

    def draw(random: np.random.Generator) -> Case:
        others = [*(DEMANDING if demanding else PLAIN), *((always_falling,) if rising else ())]
        if part == "last":
            others = [rule for rule in others if rule not in STOPS_RIGHT]
        more = () if part == "pair" else (part,)
        while True:
            steps = random.choice([-6, -3, -2, -1, 0, 0, 1, 2, 3], size=int(random.integers(11, 16)))
            values = 40 + steps.cumsum()
            values = np.concatenate([values, [values.min() - 8]])  # too late
            question = (
                (64 - values if rising else values) / STEP,
                int(random.integers(2, 5)),
                int(random.integers(2, 4)) / STEP if demanding else 0.0,
                rising,
                *more,
            )
            right = asked(stopped, *question)
            if all(asked(rule, *question) != right for rule in others):
                return case(*question)

    return draw


def short(random: np.random.Generator) -> Case:
    """A training that ends before its patience does; the best is not at the end."""
    count = int(random.integers(5, 9))
    values = 40 - 4 * np.arange(count) - random.integers(0, 3, size=count)
    values[-1] = values[-2] + 1
    return case(values / STEP, int(random.integers(3, 6)), 1 / STEP, False)


def quick(patience: int, *, rising: bool) -> Drawn:
    """A training that stops with the first epoch that is no better, in the middle."""

    def draw(random: np.random.Generator) -> Case:
        count = int(random.integers(2, 5))
        down = 40 - 3 * np.arange(count)
        values = np.concatenate([down, [down[-1] + 2, down[-1] - 4, down[-1] - 3, down[-1] - 8]])
        return case((64 - values if rising else values) / STEP, patience, 0.0, rising)

    return draw


def numbers(*parts: int) -> Floats:
    """Values in parts of 64."""
    return np.array(parts) / STEP


SIX = np.array([0.5, 0.25, 0.375, 0.125, 0.25, 0.125, 0.0])
SLOW = np.array([0.5, 0.4375, 0.375, 0.3125, 0.25, 0.1875])
HITS = np.array([0.5, 0.75, 0.625, 0.6875, 0.875])

early_stopping = Referee(
    name="early_stopping",
    points=2,
    reference=told(stopped),
    ask=asked,
    groups=(
        Group(
            "examples of the notebook",
            weight=2,
            visible=True,
            cases=(
                case(SIX, 2, 0.0, False, title="A loss, a patience of two"),
                case(SIX, 3, 0.0, False, title="The same loss, more patience"),
                case(HITS, 2, 0.0, True, title="An accuracy"),
                case(SLOW, 2, 0.0625, False, title="A loss that falls by the least gain, again and again"),
                case(SIX, 0, 0.0, False, title="No patience at all"),
            ),
        ),
        Group(
            "losses: the epoch after which it stops, alone", weight=4, drawn=curve(rising=False, part="last"), count=6
        ),
        Group(
            "accuracies: both epochs, counted from anywhere and in either order",
            weight=4,
            drawn=curve(rising=True, part="after the first"),
            count=6,
        ),
        Group("losses", weight=1, drawn=curve(rising=False), count=6),
        Group("accuracies", weight=1, drawn=curve(rising=True), count=6),
        Group(
            "losses that have to fall by more than a least gain",
            weight=2,
            drawn=curve(rising=False, demanding=True),
            count=6,
        ),
        Group(
            "accuracies that have to rise by more than a least gain",
            weight=2,
            drawn=curve(rising=True, demanding=True),
            count=6,
        ),
        Group(
            "trainings that end before patience does",
            weight=2,
            drawn=short,
            count=4,
            cases=(case(numbers(20), 3, 0.0, True),),
        ),
        Group(
            "a patience of one",
            weight=1,
            drawn=quick(1, rising=False),
            count=4,
            cases=(case(numbers(9, 8), 1, 0.0, True),),
        ),
        Group(
            "no patience at all",
            weight=1,
            drawn=quick(0, rising=True),
            count=4,
            cases=(case(numbers(9, 9), 0, 0.0, False),),
        ),
    ),
    mistakes=(
        Mistake(
            "waits one epoch too long",
            told(lambda values, patience, min_delta, rising: stopped(values, max(patience, 1) + 1, min_delta, rising)),
            hint="You stop one epoch too late: it ends with the epoch that makes the wait as long as the patience.",
        ),
        Mistake(
            "stops one epoch too early",
            told(lambda values, patience, min_delta, rising: stopped(values, max(patience - 1, 0), min_delta, rising)),
            hint="You stop one epoch too early: only epochs without a gain are counted, not the best one.",
        ),
        Mistake(
            "counts all epochs without a gain",
            told(never_anew),
            hint="You count all epochs without a gain. With every gain the wait begins anew.",
        ),
        Mistake(
            "compares with the epoch before",
            told(against_the_last),
            hint="You compare every epoch with the one before. It has to beat the best so far.",
        ),
        Mistake(
            "takes as good for better",
            told(ties_win),
            hint="An epoch has to be better by more than the least gain; one that just reaches it is none.",
        ),
        Mistake(
            "leaves the least gain out",
            told(without_delta),
            hint="You take any gain for one. It has to be larger than min_delta.",
        ),
        Mistake(
            "allows a little worse",
            told(with_added_delta),
            hint="With you the least gain makes it easier to be better: a little worse is enough. It makes it harder.",
        ),
        Mistake(
            "lets the best creep along",
            told(follows),
            hint="You replace the best by every value that is a little better, so that small gains never add up. The "
            "best stays what it is until an epoch beats it by more than min_delta.",
        ),
        Mistake(
            "takes every curve for a loss",
            told(always_falling),
            hint="Where `rising` is true, larger is better.",
        ),
        Mistake("never stops", told(never_stops), hint="You go on to the end of the curve, whatever the patience."),
        Mistake(
            "knows the future",
            told(lowest_of_all),
            hint="You look for the best epoch in the whole curve. What comes after the stop never happens.",
        ),
        Mistake(
            "keeps the last weights",
            told(keeps_the_last),
            hint="You return the last epoch twice. The second number is the epoch with the best value.",
        ),
        Mistake("counts from zero", told(shifted(-1, -1)), hint="Epochs are counted from 1."),
        Mistake(
            "counts the best from zero",
            told(shifted(0, -1)),
            hint="The second number counts from zero: the first epoch is number 1.",
        ),
        Mistake(
            "swaps the two",
            told(lambda values, patience, min_delta, rising: stopped(values, patience, min_delta, rising)[::-1]),
            hint="First the epoch after which the training stops, then the best one.",
        ),
        Mistake(
            "stops at once without patience",
            told(at_once),
            hint="A patience of zero does not stop after a first epoch, but with the first one that is no better.",
        ),
        Mistake(
            "never stops without patience",
            told(to_the_end),
            hint="A patience of zero stops with the first epoch that is no better, as a patience of one does.",
        ),
    ),
)
