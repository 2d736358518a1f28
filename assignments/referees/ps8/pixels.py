"""segmentation_scores: every score of a segmentation from one table of counts."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.measure.confusion import Counts, precisions, shares
from core.measure.segmentation import dices, ious, mean, mean_iou, mean_pixel_accuracy, pixel_accuracy
from core.types import Floats
from grading.referee import Drawn, Group, Mistake, Referee, Tolerance, case

Scores = dict[str, Any]

SHARES = Tolerance(1e-5, 1e-6, because="quotients of whole numbers and their means: float32 keeps five digits of them")


def scores(counts: Counts) -> Scores:
    """All there are."""
    return {
        "PA": pixel_accuracy(counts),
        "MPA": mean_pixel_accuracy(counts),
        "IoU": ious(counts),
        "mIoU": mean_iou(counts),
        "Dice": dices(counts),
    }


def with_iou(counts: Counts, each: Floats) -> Scores:
    """Another IoU of the classes, and its mean."""
    return scores(counts) | {"IoU": each, "mIoU": mean(each)}


def hits_of_both(counts: Counts) -> Floats:
    """Hits over the sizes in truth and answer together: the hits count twice below the line."""
    return dices(counts) / 2


def hits_over_errors(counts: Counts) -> Floats:
    """Hits over what is wrong."""
    right = np.diag(counts)
    wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * right
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(right / wrong)


def found(counts: Counts) -> Floats:
    """Which share of every class of the truth is right."""
    return shares(np.diag(counts), counts.sum(axis=1))


def with_absent(counts: Counts, value: float) -> Scores:
    """What was not counted anywhere has a score all the same."""
    iou, dice, each = ious(counts), dices(counts), found(counts)
    iou, dice, each = (np.where(np.isnan(part), value, part) for part in (iou, dice, each))
    return scores(counts) | {"IoU": iou, "Dice": dice, "mIoU": float(iou.mean()), "MPA": float(each.mean())}


def means_that_fail(counts: Counts) -> Scores:
    """One class without a score, and the mean has none."""
    return scores(counts) | {"MPA": float(found(counts).mean()), "mIoU": float(ious(counts).mean())}


def without_ground(counts: Counts) -> Scores:
    """Class 0 taken for something that does not count."""
    return scores(counts) | {"MPA": mean(found(counts)[1:]), "mIoU": mean(ious(counts)[1:])}


def classes_of_the_truth(counts: Counts) -> Scores:
    """What is only answered, never there, is not held against anybody."""
    return scores(counts) | {"mIoU": mean(ious(counts)[counts.sum(axis=1) > 0])}


def weighted(counts: Counts) -> Scores:
    """Large classes count more."""
    there = counts.sum(axis=1)
    return scores(counts) | {"mIoU": float(np.nansum(ious(counts) * there) / there.sum())}


def any_table(random: np.random.Generator) -> Counts:
    """Most pixels right, no two counts bound to each other; class 0 is large."""
    classes = int(random.integers(3, 7))
    counts = random.integers(1, 30, size=(classes, classes))
    counts[np.diag_indices(classes)] += random.integers(20, 200, size=classes)
    counts[0] *= 5
    return counts.astype(np.int64)


def nowhere(random: np.random.Generator) -> Counts:
    """One class, or two, neither in the truth nor in the answer."""
    counts = any_table(random)
    for absent in random.permutation(np.arange(1, len(counts)))[: int(random.integers(1, 3))]:
        counts[absent] = counts[:, absent] = 0
    return counts


def made_up(random: np.random.Generator) -> Counts:
    """One class is answered and never true; sometimes another is true and never answered."""
    counts = any_table(random)
    said, missed = random.permutation(np.arange(1, len(counts)))[:2]
    counts[said] = 0
    if random.integers(2):
        counts[:, missed] = 0
    return counts


def asked_for(*keys: str, of: Callable[[np.random.Generator], Counts] = any_table) -> Drawn:
    """Some of the scores of a table."""
    return lambda random: case(of(random), str(random.choice(keys)))


def one_of(counts: Counts, key: str) -> Any:
    """The reference, for one of the scores."""
    return scores(counts)[key]


def part_of(function: Callable[[Counts], Any], counts: Counts, key: str) -> Any:
    """The student's answer, as far as the case is about it; what is no dictionary answers nothing."""
    answer = function(counts)
    return answer[key] if isinstance(answer, dict) else {"no dictionary"}


def named(title: str, variant: Callable[[Counts], Scores], hint: str) -> Mistake:
    """A mistake of the whole function, asked for one of its scores."""
    return Mistake(title, lambda counts, key: variant(counts)[key], hint)


SLIDE = np.array([[47, 2, 1], [6, 33, 1], [3, 2, 5]])
ONE_CLASS = np.array([[40, 10], [20, 30]])
GAP = np.insert(np.insert(SLIDE, 1, 0, axis=0), 1, 0, axis=1)
CALLED_THE_SAME = np.array([[90, 0, 0], [6, 0, 0], [4, 0, 0]])
KEYS = ("PA", "MPA", "IoU", "mIoU", "Dice")

segmentation_scores = Referee(
    name="segmentation_scores",
    points=2,
    reference=one_of,
    tolerance=SHARES,
    torch_or_numpy=True,
    given=lambda counts, key: (counts, key),
    ask=part_of,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                *(case(ONE_CLASS, key, title=f"30 hits, 10 false alarms, 20 misses: {key}") for key in ("IoU", "Dice")),
                *(case(SLIDE, key, title=f"three classes: {key}") for key in KEYS),
                *(case(GAP, key, title=f"a class that is nowhere: {key}") for key in KEYS[1:]),
            ),
        ),
        Group("pixel accuracy", weight=1, drawn=asked_for("PA"), count=3, cases=(case(CALLED_THE_SAME, "PA"),)),
        Group("mean pixel accuracy", weight=1, drawn=asked_for("MPA"), count=3, cases=(case(CALLED_THE_SAME, "MPA"),)),
        Group("IoU of every class", weight=1, drawn=asked_for("IoU"), count=3, cases=(case(CALLED_THE_SAME, "IoU"),)),
        Group("mean IoU", weight=1, drawn=asked_for("mIoU"), count=3, cases=(case(CALLED_THE_SAME, "mIoU"),)),
        Group(
            "Dice of every class", weight=1, drawn=asked_for("Dice"), count=3, cases=(case(CALLED_THE_SAME, "Dice"),)
        ),
        Group(
            "classes that are nowhere",
            weight=1,
            drawn=asked_for("IoU", "Dice", of=nowhere),
            count=3,
            cases=tuple(case(GAP[::-1, ::-1].copy(), key) for key in KEYS[1:]),
        ),
        Group(
            "classes that are answered and not there, all right, all wrong",
            weight=1,
            drawn=asked_for("mIoU", of=made_up),
            count=4,
            cases=(
                *(case(np.array([[30, 4, 2], [0, 0, 0], [5, 1, 8]]), key) for key in KEYS[1:]),
                case(np.diag([7, 1, 4]), "mIoU"),
                case(np.array([[0, 5, 0], [0, 0, 3], [2, 0, 0]]), "Dice"),
                case(np.array([[9]]), "MPA"),
            ),
        ),
    ),
    mistakes=(
        named(
            "reads columns as the truth",
            lambda counts: scores(counts) | {"MPA": mean(precisions(counts))},
            hint="A row is what a pixel is, a column what it was taken for: MPA divides by the sums of the rows.",
        ),
        named(
            "counts the hits twice",
            lambda counts: with_iou(counts, hits_of_both(counts)),
            hint="Row and column of a class both hold its hits: in the union they count once, so subtract them once.",
        ),
        named(
            "leaves the hits out",
            lambda counts: with_iou(counts, hits_over_errors(counts)),
            hint="The union of truth and answer contains the hits as well, not the mistakes alone.",
        ),
        named(
            "Dice without its 2",
            lambda counts: scores(counts) | {"Dice": hits_of_both(counts)},
            hint="Dice has a 2 above the line, because below it the hits are in both sizes.",
        ),
        named(
            "is Dice",
            lambda counts: with_iou(counts, dices(counts)),
            hint="That is Dice. The IoU divides by the pixels that truth and answer cover together.",
        ),
        named(
            "absent classes get 0",
            lambda counts: with_absent(counts, 0.0),
            hint="A class that is nowhere has no score: NaN in the arrays, and left out of the means.",
        ),
        named(
            "absent classes get 1",
            lambda counts: with_absent(counts, 1.0),
            hint="A class that is nowhere was not found perfectly, it has no score: NaN, and left out of the means.",
        ),
        named(
            "lets one class spoil the mean",
            means_that_fail,
            hint="A mean with a NaN in it is NaN: leave classes that are nowhere out of the means.",
        ),
        named(
            "leaves the ground out",
            without_ground,
            hint="Class 0 is a class like the others, also if it is the ground: it belongs into the means.",
        ),
        named(
            "asks about true classes only",
            classes_of_the_truth,
            hint="A class that is answered and not there has an IoU of 0, and that counts: only a class that is "
            "nowhere is left out.",
        ),
        named(
            "lets large classes count more",
            weighted,
            hint="In the mean IoU all classes count alike, however many pixels they have.",
        ),
    ),
)
