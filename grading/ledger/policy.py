"""The rules of a course as plain arithmetic: may this be handed in, what does lateness cost, which hand-in counts."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from grading.errors import Refusal
from grading.ledger.records import Extension
from grading.settings import Settings

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Late:
    """What coming late costs for every day begun, from the end of the grace on: a share of the points, or points.

    Of the share at most `most` is taken. Nothing is taken by default; with `per_day=1` a late hand-in earns nothing.
    """

    per_day: float = 0.0
    most: float = 1.0
    points_per_day: float = 0.0
    grace: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if not (0 <= self.per_day <= 1 and 0 <= self.most <= 1):
            raise ValueError(f"a share lies between 0 and 1, got per_day={self.per_day} and most={self.most}")
        if not (math.isfinite(self.points_per_day) and self.points_per_day >= 0):
            raise ValueError(f"points are taken off, not given: points_per_day={self.points_per_day}")
        if self.grace < timedelta(0):
            raise ValueError(f"the grace is a length of time, got {self.grace}")


@dataclass(frozen=True)
class Rules:
    """The rules of one assignment. What is None or zero does not limit."""

    opens: datetime | None = None
    due: datetime | None = None
    closes: datetime | None = None  # nothing is accepted after it
    attempts: int | None = None
    cool_down: timedelta = timedelta(0)  # between two hand-ins of one student
    counts: Literal["best", "last"] = "best"
    late: Late = Late()


@dataclass(frozen=True)
class Candidate:
    """A hand-in that may count: its number, when it came, its points (None while nothing is decided)."""

    number: int
    at: datetime
    points: float | None


def rules_for(settings: Settings, student: str) -> Rules:
    """The rules that the course's settings make for one student."""
    due = settings.due_for(student)
    return Rules(
        due=due,
        closes=None if due is None or settings.late_days is None else due + settings.late_days * DAY,
        attempts=settings.max_attempts,
        cool_down=settings.cool_down,
        counts=settings.attempts,
        late=Late(points_per_day=settings.late_points or 0.0),
    )


def extended(rules: Rules, extensions: Iterable[Extension]) -> Rules:
    """The rules for a student: the last extension holds. It never takes time away.

    >>> from datetime import UTC
    >>> due, later = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)
    >>> mine = extended(Rules(due=due, attempts=3), [Extension("ps1", "ada", "prof", due, until=later, attempts=2)])
    >>> mine.due == later, mine.attempts
    (True, 5)
    """
    *_, last = (None, *extensions)
    if last is None:
        return rules
    due, closes = rules.due, rules.closes
    if last.until is not None:
        due = due and max(due, last.until)
        closes = closes and max(closes, last.until)
    attempts = None if rules.attempts is None else rules.attempts + max(0, last.attempts)
    return replace(rules, due=due, closes=closes, attempts=attempts)


def lateness(rules: Rules, at: datetime) -> timedelta:
    """How long after the due moment; zero if it is in time. The due moment itself is in time."""
    if rules.due is None:
        return timedelta(0)
    return max(timedelta(0), at - rules.due)


def kept(rules: Rules, at: datetime) -> float:
    """The share of the points that is left to a hand-in at that time, from 1 down to 0.

        1 - min(most, per_day * ceil((lateness - grace) / day))

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 9, tzinfo=UTC)
    >>> rules = Rules(due=due, late=Late(per_day=0.25, most=0.5, grace=timedelta(minutes=10)))
    >>> [kept(rules, due + timedelta(minutes=minutes)) for minutes in (0, 10, 11, 60 * 24, 60 * 24 * 9)]
    [1.0, 1.0, 0.75, 0.75, 0.5]
    """
    return 1.0 - min(rules.late.most, rules.late.per_day * days_late(rules, at))


def days_late(rules: Rules, at: datetime) -> int:
    """Days begun since the end of the grace."""
    over = lateness(rules, at) - rules.late.grace
    return max(0, -(-over // DAY))  # the ceiling, exact where a float would not be


def worth(points: float, at: datetime, rules: Rules) -> float:
    """Points after lateness, never below zero.

        max(0, points * kept - points_per_day * days late)

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 9, tzinfo=UTC)
    >>> worth(8.0, due + 2 * DAY, Rules(due=due, late=Late(points_per_day=1.5)))
    5.0
    """
    return max(0.0, points * kept(rules, at) - rules.late.points_per_day * days_late(rules, at))


def left(rules: Rules, used: int) -> int | None:
    """How many attempts are left; None if they are not limited."""
    return None if rules.attempts is None else max(0, rules.attempts - used)


def may_hand_in(rules: Rules, earlier: Sequence[datetime], now: datetime) -> None:
    """Raises the Refusal that the student reads if the rules say no. `earlier`: when they handed in so far."""
    if rules.opens is not None and now < rules.opens:
        raise Refusal("This assignment is not open yet.", remedy=f"It opens on {_say(rules.opens)}.")
    if rules.closes is not None and now > rules.closes:
        raise Refusal(
            f"This assignment closed on {_say(rules.closes)}.",
            remedy="Your earlier hand-ins are safe. Ask your instructor if you need an extension.",
        )
    if left(rules, len(earlier)) == 0:
        many = "attempt" if rules.attempts == 1 else f"{rules.attempts} attempts"
        raise Refusal(
            f"You have used your {many} for this assignment.",
            remedy="Your earlier hand-ins count. Ask your instructor if you need another attempt.",
        )
    if earlier and (wait := earlier[-1] + rules.cool_down - now) > timedelta(0):
        raise Refusal(
            f"Your last hand-in was less than {_long(rules.cool_down)} ago.",
            remedy=f"Please try again in {_long(wait)}.",
        )


def counting(candidates: Sequence[Candidate], rules: Rules) -> Candidate | None:
    """The hand-in that counts. `last`: the last one, graded or not. `best`: most points after lateness, of equals the
    first; while none is decided, the last. None if nothing was handed in.

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 9, tzinfo=UTC)
    >>> hand_ins = [Candidate(1, due, 6.0), Candidate(2, due + DAY, 8.0), Candidate(3, due + DAY, None)]
    >>> best = Rules(due=due, late=Late(per_day=0.5))
    >>> counting(hand_ins, best).number, counting(hand_ins, Rules(counts="last")).number
    (1, 3)
    """
    if not candidates:
        return None
    decided = [
        (worth(candidate.points, candidate.at, rules), candidate)
        for candidate in candidates
        if candidate.points is not None
    ]
    if rules.counts == "last" or not decided:
        return max(candidates, key=lambda candidate: candidate.number)
    return min(decided, key=lambda pair: (-pair[0], pair[1].number))[1]


def _say(moment: datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M} ({moment.tzname()})"


def _long(span: timedelta) -> str:
    seconds = math.ceil(span.total_seconds())
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0) or size == 1:
            number = -(-seconds // size)
            return f"{number} {name}{'' if number == 1 else 's'}"
    raise AssertionError("every span has at least one unit")
