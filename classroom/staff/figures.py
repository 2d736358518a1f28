"""What many grades say together: how points are spread, where a question fails, how long grading takes."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.ledger.standing import Entry
from grading.records import Question

WIDTHS = (0.25, 0.5, 1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0)  # of a bin, in points
BINS = 10  # at most


@dataclass(frozen=True)
class Bin:
    """How many have points from `low` on and below `high`; the last bin takes its upper end in."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Failure:
    """How one question went: how many have it fully, partly, not at all, or not decided yet, and what was seen most."""

    question: Question
    full: int
    part: int
    none: int
    undecided: int  # and those that wait for a person
    mean: float | None  # points, of what is decided; None: nothing is
    seen: str = ""  # the sentence that most of those who lost points were told
    hint: str = ""
    times: int = 0  # how many were told so

    @property
    def graded(self) -> int:
        """How many are decided."""
        return self.full + self.part + self.none


@dataclass(frozen=True)
class Times:
    """Seconds from hand-in to verdict: half of them took at most `median`, 95 of 100 at most `p95`."""

    count: int
    median: float
    p95: float


def bins(points: Iterable[float], out_of: float) -> tuple[Bin, ...]:
    """Points sorted into at most ten bins of a round width, from 0 to what can be had (or was given beyond it).

    >>> [(one.low, one.high, one.count) for one in bins([0.0, 1.0, 3.0, 3.0], 3.0)][::5]
    [(0.0, 0.5, 1), (2.5, 3.0, 2)]
    """
    found = list(points)
    most = max([out_of, *found, 0.25])
    width = next((width for width in WIDTHS if most / width <= BINS), most / BINS)
    number = math.ceil(most / width)
    counts = Counter(min(int(each // width), number - 1) for each in found)
    return tuple(Bin(place * width, (place + 1) * width, counts[place]) for place in range(number))


def failure(question: Question, entries: Sequence[Entry]) -> Failure:
    """How this question went, of its entries in the hand-ins that count."""
    states = Counter(entry.state for entry in entries)
    decided = [entry.points for entry in entries if entry.points is not None]
    told = Counter(
        (entry.score.seen, entry.score.hint)
        for entry in entries
        if entry.state in ("part", "none") and entry.score.seen
    )
    (seen, hint), times = told.most_common(1)[0] if told else (("", ""), 0)
    return Failure(
        question,
        full=states["full"],
        part=states["part"],
        none=states["none"],
        undecided=states["undecided"] + states["to mark"],
        mean=sum(decided) / len(decided) if decided else None,
        seen=seen,
        hint=hint,
        times=times,
    )


def times(seconds: Iterable[float]) -> Times | None:
    """Median and 95th percentile, each a value that occurred; None of nothing.

    >>> times([4.0, 1.0, 2.0, 3.0])
    Times(count=4, median=2.0, p95=4.0)
    """
    found = sorted(seconds)
    if not found:
        return None
    return Times(len(found), found[(len(found) - 1) // 2], found[math.ceil(0.95 * len(found)) - 1])
