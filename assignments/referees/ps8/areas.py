"""average_precision: a curve as one number, by two rules."""

from collections.abc import Callable

import numpy as np

from core.measure import detection
from core.measure.coco.records import Flags
from core.measure.detection import ELEVEN, Rule, at_recalls, eleven_point_sum, envelope
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, Tolerance, case

AREA = Tolerance(1e-4, 1e-5, because="a mean of a few quotients: float32 keeps four digits of it")


def area(precision: Floats, recall: Floats, rule: Rule) -> float:
    """The reference."""
    return detection.average_precision(precision, recall, rule)


def otherwise(
    eleven: Callable[[Floats, Floats], float] | None = None, every: Callable[[Floats, Floats], float] | None = None
) -> Callable[[Floats, Floats, Rule], float]:
    """One rule or both read in another way; without detections the answer stays 0."""

    def variant(precision: Floats, recall: Floats, rule: Rule) -> float:
        other = eleven if rule == "11 points" else every
        if other is None or not len(precision):
            return area(precision, recall, rule)
        return float(other(precision, recall))

    return variant


def first_that_gets_there(precision: Floats, recall: Floats) -> float:
    """The precision where a recall is reached, whatever comes later."""
    return float(np.append(precision, 0.0)[np.searchsorted(recall, ELEVEN, side="left")].mean())


def strictly_beyond(precision: Floats, recall: Floats) -> float:
    """The best precision at higher recalls only."""
    return float(np.append(envelope(precision), 0.0)[np.searchsorted(recall, ELEVEN, side="right")].mean())


def best_so_far(precision: Floats, recall: Floats) -> float:
    """The best precision at the same or a lower recall."""
    best = np.append(0.0, np.maximum.accumulate(precision))
    return float(best[np.searchsorted(recall, ELEVEN, side="right")].mean())


def reached_only(precision: Floats, recall: Floats) -> float:
    """The mean over the recalls that the detector reaches."""
    return float(at_recalls(precision, recall, ELEVEN[recall[-1] >= ELEVEN]).mean())


def fails_without(precision: Floats, recall: Floats, rule: Rule) -> float:
    """The largest of nothing."""
    if not len(precision):
        raise ValueError
    return area(precision, recall, rule)


def points(hits: Flags, wanted: int, rule: Rule, title: str = "") -> Case:
    """The curve of hits in order, and how it is to be read."""
    return case(*detection.precision_recall(np.asarray(hits, dtype=bool), wanted), rule, title=title)


def some_hits(random: np.random.Generator) -> tuple[Flags, int]:
    """A wrong detection early on, right ones after it, and a number of things of which no share is a tenth."""
    hits = random.random(int(random.integers(8, 19))) < 0.6
    hits[:5] = [True, True, False, True, True] if random.integers(2) else [False, True, False, True, True]
    found = int(hits.sum())
    wanted = int(random.choice([prime for prime in (7, 11, 13, 17, 19, 23, 29) if prime > found]))
    return hits, wanted


def by_eleven(random: np.random.Generator) -> Case:
    """No recall is a tenth: "beyond" and "at" are the same."""
    return points(*some_hits(random), "11 points")


def by_all(random: np.random.Generator) -> Case:
    """Recall often stays where it is, and precision goes up and down."""
    return points(*some_hits(random), "all points")


def on_a_tenth(random: np.random.Generator) -> Case:
    """Things found at exactly three, six and seven tenths, with something wrong after each."""
    wanted = int(random.choice([10, 20]))
    tenth, gaps = wanted // 10, random.integers(1, 4, size=3)
    parts = [(3 * tenth, gaps[0]), (3 * tenth, gaps[1]), (tenth, gaps[2]), (int(random.integers(1, 2 * tenth + 1)), 0)]
    return points(
        np.concatenate([[True] * right + [False] * int(wrong) for right, wrong in parts]), wanted, "11 points"
    )


ROWS = np.arange(1, 10) / 10
RULES: tuple[Rule, Rule] = ("11 points", "all points")

average_precision = Referee(
    name="average_precision",
    points=2,
    reference=area,
    tolerance=AREA,
    groups=(
        Group(
            "numbers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(1 - ROWS, ROWS, "11 points", title="The nine rows of the slide by eleven points"),
                case(1 - ROWS, ROWS, "all points", title="The nine rows of the slide by all points"),
                points(np.ones(4, dtype=bool), 4, "11 points", title="A perfect detector"),
                points(np.array([False, True, True]), 4, "all points", title="First wrong, then right"),
            ),
        ),
        Group("curves read at eleven points", weight=1, drawn=by_eleven),
        Group("curves read at all points", weight=1, drawn=by_all),
        Group("recalls that fall exactly on a tenth", weight=1, drawn=on_a_tenth, count=10),
        Group(
            "no detection, and none that is right",
            weight=1,
            cases=tuple(
                points(np.array(hits, dtype=bool), wanted, rule)
                for rule in RULES
                for hits, wanted in (([], 3), ([0, 0, 0], 2), ([1], 7), ([0, 0, 1], 1))
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets to divide by eleven",
            otherwise(eleven=eleven_point_sum),
            hint="You add eleven precisions up, as the slide prints it. Their mean is asked for: divide by eleven.",
        ),
        Mistake(
            "never looks ahead",
            otherwise(
                first_that_gets_there, lambda precision, recall: detection.average_precision(precision, recall, "steps")
            ),
            hint="At each recall take the best precision from there on, not the one that happens to be there.",
        ),
        Mistake(
            "looks back",
            otherwise(
                best_so_far,
                lambda precision, recall: (np.diff(recall, prepend=0.0) * np.maximum.accumulate(precision)).sum(),
            ),
            hint="You take the best precision so far; it is the best one still to come, at this or a higher recall.",
        ),
        Mistake(
            "strictly beyond",
            otherwise(strictly_beyond),
            hint="A recall that is exactly the one asked for counts: compare with >=, not with >.",
        ),
        Mistake(
            "asks a hair too much",
            otherwise(lambda precision, recall: at_recalls(precision, recall, np.linspace(0, 1, 11)).mean()),
            hint="np.linspace and multiples of 0.1 miss some tenths by a hair, which a recall of exactly a tenth does "
            "not reach. Take whole numbers divided by ten.",
        ),
        Mistake(
            "leaves recall 0 out",
            otherwise(lambda precision, recall: at_recalls(precision, recall, ELEVEN[1:]).mean()),
            hint="There are eleven recalls: 0 is one of them.",
        ),
        Mistake(
            "leaves recall 1 out",
            otherwise(lambda precision, recall: at_recalls(precision, recall, ELEVEN[:-1]).mean()),
            hint="There are eleven recalls: 1 is one of them.",
        ),
        Mistake(
            "leaves out what nobody reaches",
            otherwise(reached_only),
            hint="A recall that the detector never reaches counts as a precision of 0; it is not left out.",
        ),
        Mistake(
            "always eleven points",
            lambda precision, recall, rule: area(precision, recall, "11 points"),
            hint='With the rule "all points" the answer is the area under the envelope, not a mean of eleven.',
        ),
        Mistake(
            "always all points",
            lambda precision, recall, rule: area(precision, recall, "all points"),
            hint='With the rule "11 points" the answer is a mean of eleven precisions, not an area.',
        ),
        Mistake(
            "trapezoids",
            otherwise(every=lambda precision, recall: detection.average_precision(precision, recall, "trapezoid")),
            hint="That is the area under the line through the points. Asked for is a sum of rectangles: each step of "
            "recall times the best precision from there on.",
        ),
        Mistake(
            "begins at the first point",
            otherwise(every=lambda precision, recall: (np.diff(recall) * envelope(precision)[1:]).sum()),
            hint="The first step of recall counts, too: it goes from 0 to the first recall.",
        ),
        Mistake(
            "fails without detections",
            fails_without,
            hint="Who detects nothing has an average precision of 0: answer that before you look for a largest value.",
        ),
    ),
)
