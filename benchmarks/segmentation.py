"""Counting pixels of 500 masks, 512x512, 21 classes, 3 % that do not count, beside torchmetrics and scikit-learn.

Every program gets the same masks one by one, counts, and reads its scores from the sum at the end. Labels are bytes, as
files have them; the notes have the ratios with 64 bits too, as PyTorch's losses want them. Answers are right at 80 % of
the pixels, elsewhere drawn at random. All run in this process on one thread, in turns, mask by mask, three rounds, and
each round is one value: CPU time of the updates, so that a busy machine changes little. The slower programs get fewer
masks, and the table says of how many their time is scaled. Scores are compared at the end: torchmetrics divides with
32 bits.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Goal, Row, Section, Series
from core.measure.segmentation import (
    IGNORED,
    LabelMap,
    counted_fast,
    mean_dice,
    mean_iou,
    mean_pixel_accuracy,
    pixel_accuracy,
)

Scores = tuple[float, ...]  # pixel accuracy, mean pixel accuracy, mean IoU, mean Dice
CLASSES, SIDE, MASKS, ROUNDS, RIGHT, UNKNOWN = 21, 512, 500, 3, 0.8, 0.03
BYTES, LONG = np.uint8, np.int64
Form = type[np.uint8] | type[np.int64]


class Meter(Protocol):
    """Something that counts masks and has scores in the end."""

    def update(self, truth: LabelMap, answer: LabelMap) -> None:
        """Count one mask."""

    def scores(self) -> Scores:
        """The four scores of all masks."""


@dataclass
class Ours:
    """One table of counts."""

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros((CLASSES, CLASSES), dtype=np.int64))

    def update(self, truth: LabelMap, answer: LabelMap) -> None:
        """Count one mask."""
        self.counts += counted_fast(truth, answer, CLASSES)

    def scores(self) -> Scores:
        """The four scores of all masks."""
        return pixel_accuracy(self.counts), *(of(self.counts) for of in (mean_pixel_accuracy, mean_iou, mean_dice))


class ScikitLearn(Ours):
    """Its table of counts, read by us."""

    def update(self, truth: LabelMap, answer: LabelMap) -> None:
        """Count one mask."""
        from sklearn.metrics import confusion_matrix

        known = truth != IGNORED
        self.counts += confusion_matrix(truth[known], answer[known], labels=range(CLASSES))


class Table:
    """torchmetrics' table of counts, read by us."""

    def __init__(self, *, validate: bool) -> None:
        from torchmetrics.classification import MulticlassConfusionMatrix

        self.metric = MulticlassConfusionMatrix(CLASSES, ignore_index=IGNORED, validate_args=validate)

    def update(self, truth: LabelMap, answer: LabelMap) -> None:
        """Count one mask."""
        self.metric.update(*tensors(truth, answer))

    def scores(self) -> Scores:
        """The four scores of all masks."""
        return Ours(self.metric.compute().numpy()).scores()


class Four:
    """Four metrics of torchmetrics as it offers them together."""

    def __init__(self) -> None:
        from torchmetrics import MetricCollection
        from torchmetrics.classification import MulticlassAccuracy, MulticlassF1Score, MulticlassJaccardIndex

        self.metrics = MetricCollection(
            {
                "0": MulticlassAccuracy(CLASSES, average="micro", ignore_index=IGNORED),
                "1": MulticlassAccuracy(CLASSES, average="macro", ignore_index=IGNORED),
                "2": MulticlassJaccardIndex(CLASSES, average="macro", ignore_index=IGNORED),
                "3": MulticlassF1Score(CLASSES, average="macro", ignore_index=IGNORED),
            }
        )

    def update(self, truth: LabelMap, answer: LabelMap) -> None:
        """Count one mask."""
        self.metrics.update(*tensors(truth, answer))

    def scores(self) -> Scores:
        """The four scores of all masks."""
        found = self.metrics.compute()
        return tuple(float(found[name]) for name in sorted(found))


@dataclass(frozen=True)
class Program:
    """A meter with its name, one of how many masks it gets, and the goal for our share of its time."""

    name: str
    package: str
    start: Any  # () -> Meter
    every: int
    goal: float | None = None


PROGRAMS = (
    Program("torchmetrics' table, no validation", "torchmetrics", lambda: Table(validate=False), 1, 1 / 2),
    Program("torchmetrics' table", "torchmetrics", lambda: Table(validate=True), 5, 1 / 20),
    Program("torchmetrics' four metrics together", "torchmetrics", Four, 10, 1 / 40),
    Program("scikit-learn's table", "scikit-learn", ScikitLearn, 20),
)


@dataclass
class Taken:
    """What a program took for all masks, a value for each round, and its scores."""

    seconds: list[float]
    scores: Scores


def measure(*, quick: bool) -> Section:
    """All programs, all in both forms; the quick form takes 20 masks and one round."""
    import torch

    torch.set_num_threads(1)
    masks = 20 if quick else MASKS
    truth, answer = drawn(masks, SIDE)
    turns = [(each, form) for each in PROGRAMS for form in (BYTES, LONG)]
    for each in PROGRAMS:
        run(each.start(), truth[:1], answer[:1], BYTES)  # imports and first calls are not counted
    mine = {form: Taken([], ()) for form in (BYTES, LONG)}
    theirs = {(each.name, form): Taken([], ()) for each, form in turns}
    for _ in range(1 if quick else ROUNDS):
        for form, taken in mine.items():
            timed(taken, Ours(), truth, answer, form, of=masks)
        for each, form in turns:
            few = slice(0, None, each.every)
            timed(theirs[each.name, form], each.start(), truth[few], answer[few], form, of=masks)
    own = Series(tuple(1000 * each / masks for each in mine[BYTES].seconds), "ms")
    rows = [Row("Counting one mask of 512x512, 21 classes", own, goals=(Goal("median", 1.0),))]
    rows += [compared(each, mine[BYTES], theirs[each.name, BYTES], masks) for each in PROGRAMS]
    notes = [told(each, mine, theirs, (truth, answer)) for each in PROGRAMS]
    return Section("segmentation", __doc__ or "", tuple(rows), tuple(notes))


def compared(each: Program, mine: Taken, theirs: Taken, masks: int) -> Row:
    """Our time beside another program's."""
    scaled = f", scaled from {-(-masks // each.every)}" if each.every > 1 else ""
    return Row(
        f"Counting {masks} masks beside {each.name}{scaled}",
        Series(tuple(mine.seconds), "CPU-s"),
        f"{each.package} {version(each.package)}",
        Series(tuple(theirs.seconds), "CPU-s"),
        goals=() if each.goal is None else (Goal("ratio", each.goal),),
    )


def told(each: Program, mine: dict[Any, Taken], theirs: dict[Any, Taken], masks: Sequence[LabelMap]) -> str:
    """The ratios with equal labels, and how far the scores lie apart."""
    short, long = (np.median(theirs[each.name, form].seconds) / np.median(mine[form].seconds) for form in (BYTES, LONG))
    meter = Ours()
    truth, answer = masks
    run(meter, truth[:: each.every], answer[:: each.every], BYTES)
    far = max(abs(one - other) for one, other in zip(meter.scores(), theirs[each.name, BYTES].scores, strict=True))
    return (
        f"{each.name}: {short:.1f} times our time with all labels in bytes, {long:.1f} with all in 64 bits; "
        f"scores differ by {far:.1g} at most."
    )


def timed(taken: Taken, meter: Meter, truth: LabelMap, answer: LabelMap, form: Form, *, of: int) -> None:
    """One round of one program, scaled to so many masks."""
    taken.seconds.append(run(meter, truth, answer, form) * of / len(truth))
    taken.scores = meter.scores()


def run(meter: Meter, truth: LabelMap, answer: LabelMap, form: Form) -> float:
    """CPU seconds of all updates; giving the labels their form is not counted."""
    total = 0.0
    for one, other in zip(truth, answer, strict=True):
        pair = one.astype(form), other.astype(form)
        began = time.process_time()
        meter.update(*pair)
        total += time.process_time() - began
    return total


def tensors(truth: LabelMap, answer: LabelMap) -> tuple[Any, Any]:
    """What torchmetrics takes: the answer first."""
    import torch

    return torch.from_numpy(answer), torch.from_numpy(truth)


def drawn(count: int, side: int) -> tuple[LabelMap, LabelMap]:
    """Truths and answers (N, side, side), the same every time."""
    random = np.random.default_rng(0)
    truth = random.integers(0, CLASSES, (count, side, side), dtype=np.uint8)
    answer = random.integers(0, CLASSES, truth.shape, dtype=np.uint8)
    for one, other in zip(truth, answer, strict=True):  # mask by mask, so that little memory is taken at a time
        np.copyto(other, one, where=random.random(one.shape, dtype=np.float32) < RIGHT)
        one[random.random(one.shape, dtype=np.float32) < UNKNOWN] = IGNORED
    return truth, answer
