"""What happens in the demo course: three assignments, who hands what in and when. The same in every demo course."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from classroom.demo.answers import Answers
from classroom.demo.answers.ps1 import PS1
from classroom.demo.answers.ps2 import PS2
from classroom.demo.answers.warmup import WARMUP
from classroom.people import Person

DAY = timedelta(days=1)
BLANK = 0.15  # of the cells that are not right, so many are left empty
MENDED = 0.65  # of what was wrong, so much is right at the next attempt
NIGHT = 7  # the hour before which nobody hands in


@dataclass(frozen=True)
class Planned:
    """One assignment, in days from now."""

    name: str
    answers: Mapping[str, Answers]
    opened: float
    due: float
    share: float  # of the students hand in
    drafts: float = 0.0  # of the others have typed something

    def moments(self, now: datetime) -> tuple[datetime, datetime]:
        """From when to when, at the end of a day."""
        opened, due = now + self.opened * DAY, now + self.due * DAY
        return opened.replace(hour=8, minute=0, second=0, microsecond=0), due.replace(
            hour=22, minute=0, second=0, microsecond=0
        )


SETS = (
    Planned("warmup", WARMUP, opened=-14, due=-9, share=0.95),
    Planned("ps1", PS1, opened=-9, due=-3, share=0.85),
    Planned("ps2", PS2, opened=-3, due=5, share=0.3, drafts=0.5),
)


@dataclass(frozen=True)
class Event:
    """Somebody hands in, or only types."""

    at: datetime
    student: Person
    assignment: str
    answers: Mapping[str, str] = field(repr=False)
    typed: bool = False


def events(planned: Planned, students: tuple[Person, ...], now: datetime) -> tuple[Event, ...]:
    """Everything that happens to one assignment until now, in order."""
    found = [one for student in students for one in _of(planned, student, now)]
    return tuple(sorted(found, key=lambda one: (one.at, one.student.key)))


def _of(planned: Planned, student: Person, now: datetime) -> Iterator[Event]:
    chance = Random(f"{planned.name} {student.key}")  # noqa: S311 - a plan, no secret
    skill = 0.35 + 0.6 * Random(student.key).random()  # noqa: S311
    last = min(now - DAY / 48, planned.moments(now)[1])
    opened = planned.moments(now)[0]
    way = {cell: _way(answers, skill, chance) for cell, answers in planned.answers.items()}
    at = _by_day(last - (last - opened) * 0.9 * chance.random() ** 2, opened, last)
    if chance.random() >= planned.share:
        if chance.random() < planned.drafts:
            yield Event(at, student, planned.name, _some(way, chance), typed=True)
        return
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        yield Event(at, student, planned.name, {cell: text for cell, (text, _) in way.items() if text})
        if all(right for _, right in way.values()):
            return
        way = {
            cell: (chance.choice(planned.answers[cell].right), True)
            if not right and chance.random() < MENDED
            else (text, right)
            for cell, (text, right) in way.items()
        }
        at += timedelta(minutes=chance.randint(12, 240))
        if at > now:
            return


def _way(answers: Answers, skill: float, chance: Random) -> tuple[str, bool]:
    """What somebody writes at first, and whether that is right."""
    if chance.random() < skill:
        return chance.choice(answers.right), True
    if not answers.wrong or chance.random() < BLANK:
        return "", False
    return chance.choice(answers.wrong), False


def _some(way: Mapping[str, tuple[str, bool]], chance: Random) -> dict[str, str]:
    first = list(way)[: chance.randint(1, 3)]
    return {cell: way[cell][0] for cell in first if way[cell][0]}


def _by_day(at: datetime, opened: datetime, last: datetime) -> datetime:
    """The same moment, but not in the night."""
    awake = at + timedelta(hours=NIGHT) if at.hour < NIGHT else at
    return min(max(awake, opened), last)
