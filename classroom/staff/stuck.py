"""Who could use a word now: the same mistake again and again, typed and never checked, not begun though it is due soon.

What is looked at is when somebody typed, not what; and what came of checks and hand-ins.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from classroom import assignments
from classroom.desk import Desk
from classroom.people import Person
from classroom.permissions import require
from classroom.port import Checked
from classroom.staff.roll import roll
from grading.course import Assignment
from grading.ledger.policy import extended
from grading.ledger.records import Extension
from grading.ledger.standing import Standing
from grading.service import standing_of

AGAIN = 3  # times the same
QUIET = timedelta(minutes=15)  # since something was typed
SOON = timedelta(hours=48)  # before it is due

Why = Literal["same hint", "not checked", "not begun"]
ORDER: tuple[Why, ...] = ("same hint", "not checked", "not begun")


@dataclass(frozen=True)
class Sign:
    """Why somebody may be stuck: where, what they were told, how often."""

    why: Why
    where: str = ""  # the heading of the cell, or its name
    said: str = ""
    times: int = 0
    at: datetime | None = None  # when they last did something there
    hand_in: int = 0  # the last one, where it is about hand-ins


@dataclass(frozen=True)
class Stuck:
    """Somebody who may be stuck."""

    student: str  # the key
    name: str  # or a number
    section: str
    sign: Sign


@dataclass(frozen=True)
class Work:
    """What one student did for an assignment, as far as it is looked at."""

    checks: tuple[Checked, ...]
    typed: Mapping[str, datetime]
    handed: datetime | None  # when they handed in last
    standings: tuple[Standing, ...]  # of their hand-ins, where they can say something


def stuck(
    desk: Desk, who: Person | None, name: str, *, minutes: int = 60, section: str = "", anonymous: bool = False
) -> tuple[Stuck, ...]:
    """Who may be stuck in an assignment, of what happened in the last minutes: who tried most comes first."""
    require(who, "see who is stuck")
    assignment, now = desk.shelf.assignment(name), desk.clock()
    since, everybody = now - timedelta(minutes=minutes), roll(desk, anonymous=anonymous)
    checks, typed = desk.classroom.checks(name), desk.classroom.typed(name)
    handed: dict[str, list[datetime]] = {}
    for one in desk.ledger.hand_ins(assignment=name):
        handed.setdefault(one.submission.student, []).append(one.submission.at)
    due, found = _due(desk, name), list[Stuck]()
    for person in everybody.students:
        if section not in ("", person.section):
            continue
        key, times = person.key, handed.get(person.key, [])
        often = len(times) >= AGAIN and times[-1] >= since
        graded = standing_of(desk.ledger, assignment=name, student=key) if often else ()
        work = Work(checks.get(key, ()), typed.get(key, {}), times[-1] if times else None, graded)
        signs = _signs(assignment, work, due(key), since, now)
        found += [Stuck(key, everybody.name(key), person.section, sign) for sign in signs]
    return tuple(sorted(found, key=lambda one: (ORDER.index(one.sign.why), -one.sign.times, one.sign.at or now)))


def _due(desk: Desk, name: str) -> Callable[[str], datetime | None]:
    """When an assignment that is open is due for a student; None if it is not open for them."""
    rules, said, now = assignments.rules_of(desk, name), desk.classroom.publications(assignment=name), desk.clock()
    given: dict[str, list[Extension]] = {}
    for extension in desk.ledger.extensions(assignment=name):
        given.setdefault(extension.student, []).append(extension)

    def due(key: str) -> datetime | None:
        own = extended(rules(key), given.get(key, []))
        return own.due if said and assignments.stage(said[-1], own, now) == "open" else None

    return due


def _signs(assignment: Assignment, work: Work, due: datetime | None, since: datetime, now: datetime) -> Iterator[Sign]:
    places = _places(assignment)
    again = [*_checked_again(work, places, since), *_handed_in_again(work, _asked(assignment, places))]
    yield from {sign.where: sign for sign in again}.values()
    if not again and (last := _unchecked(work, places)) and since <= last[1] <= now - QUIET:
        yield Sign("not checked", places[last[0]], at=last[1])
    if not (work.checks or work.typed or work.handed) and due is not None and due <= now + SOON:
        yield Sign("not begun")


def _checked_again(work: Work, places: Mapping[str, str], since: datetime) -> Iterator[Sign]:
    for one in work.checks:
        newest = work.handed is None or work.handed <= one.at  # a hand-in since says more than the check
        if one.outcome != "passed" and one.same >= AGAIN and one.at >= since and newest:
            yield Sign("same hint", places.get(one.cell, one.cell), one.seen, one.same, one.at)


def _handed_in_again(work: Work, names: Mapping[str, str]) -> Iterator[Sign]:
    told: dict[str, list[str]] = {}
    for one in work.standings:
        for entry in one.entries:
            wrong = entry.state in ("part", "none")
            told.setdefault(entry.question, []).append((entry.score.hint or entry.score.seen) if wrong else "")
    for question, said in told.items():
        times = next((place for place, each in enumerate(reversed(said)) if each != said[-1]), len(said))
        if said[-1] and times >= AGAIN:
            last = work.standings[-1].hand_in.id
            yield Sign("same hint", names.get(question, question), said[-1], times, work.handed, last)


def _unchecked(work: Work, cells: Collection[str]) -> tuple[str, datetime] | None:
    """The cell that they typed into last, if nothing was checked or handed in since."""
    typed = [(cell, at) for cell, at in work.typed.items() if cell in cells]
    if not typed:
        return None
    last = max(typed, key=lambda each: each[1])
    heard = [one.at for one in work.checks] + ([work.handed] if work.handed else [])
    return None if heard and max(heard) >= last[1] else last


def _places(assignment: Assignment) -> dict[str, str]:
    """What to call each answer in code: by its heading, where no other has the same."""
    found = {
        master.key(cell.id): (cell.heading, cell.grade_id or cell.id)
        for master in assignment.masters
        for cell in master.cells
        if cell.is_answer and cell.cell_type == "code"
    }
    headings = Counter(heading for heading, _ in found.values())
    return {key: heading if heading and headings[heading] == 1 else name for key, (heading, name) in found.items()}


def _asked(assignment: Assignment, places: Mapping[str, str]) -> dict[str, str]:
    """The same by question: what its answer is called, or the question itself."""
    names = {question.id: question.id for question in assignment.questions}
    for master in assignment.masters:
        for cell in master.cells:
            names |= {question: places[key] for question in cell.feeds if (key := master.key(cell.id)) in places}
    return names
