"""Everybody's work at a glance: one assignment student by student and question by question, or the whole course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.figures import Bin, Failure, Times, bins, failure, times
from classroom.staff.roll import Roll, roll
from grading.course import Assignment
from grading.ledger.policy import extended
from grading.ledger.records import Attempt, Extension, Queue, Result
from grading.ledger.standing import Entry, Grade, Standing, grade, standings
from grading.records import Question, out_of
from grading.service import grades

State = Literal["not begun", "begun", "waiting", "undecided", "to mark", "graded"]


@dataclass(frozen=True)
class Row:
    """One student and one assignment: the hand-in that counts, and how it stands."""

    student: str  # the key
    name: str  # or a number
    section: str
    state: State
    out_of: float
    points: float | None = None  # after lateness
    hand_ins: int = 0
    days_late: int = 0
    last: datetime | None = None  # when something was handed in last
    hand_in: int = 0  # the one that counts
    entries: tuple[Entry, ...] = ()
    extension: Extension | None = None  # the one in force
    member: bool = True  # False: has left, or was deleted


@dataclass(frozen=True)
class Waits:
    """A grading in the queue."""

    name: str
    since: datetime
    being_graded: bool
    again: bool  # a regrade


@dataclass(frozen=True)
class Overview:
    """One assignment."""

    name: str
    title: str
    questions: tuple[Question, ...]
    rows: tuple[Row, ...]
    waiting: tuple[Waits, ...]
    times: Times | None
    sections: tuple[str, ...]  # all there are
    anonymous: bool = False  # numbers stand for names

    @property
    def out_of(self) -> float:
        """Points that can be had without a bonus."""
        return out_of(self.questions)

    @property
    def missing(self) -> tuple[Row, ...]:
        """Members who have handed in nothing."""
        return tuple(row for row in self.rows if row.hand_ins == 0)

    @property
    def extended(self) -> tuple[Row, ...]:
        """Whom more time or more attempts were given."""
        return tuple(row for row in self.rows if row.extension is not None)

    @property
    def points(self) -> tuple[float, ...]:
        """What is decided."""
        return tuple(row.points for row in self.rows if row.points is not None)

    @property
    def bins(self) -> tuple[Bin, ...]:
        """How the points are spread."""
        return bins(self.points, self.out_of)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """How each question went, in the assignment's order."""
        found: dict[str, list[Entry]] = {}
        for row in self.rows:
            for entry in row.entries:
                found.setdefault(entry.question, []).append(entry)
        return tuple(failure(question, found.get(question.id, [])) for question in self.questions)


@dataclass(frozen=True)
class Line:
    """One student in the whole course: points by assignment, None where nothing is decided."""

    student: str
    name: str
    section: str
    points: tuple[float | None, ...]

    @property
    def total(self) -> float:
        """Of what is decided."""
        return sum(each or 0.0 for each in self.points)


@dataclass(frozen=True)
class Matrix:
    """Students by assignments."""

    assignments: tuple[tuple[str, str, float], ...]  # name, title, points that can be had without a bonus
    lines: tuple[Line, ...]
    sections: tuple[str, ...]

    @property
    def out_of(self) -> float:
        """Points that can be had in all of them, without bonuses."""
        return sum(each for _, _, each in self.assignments)


def overview(desk: Desk, who: Person | None, name: str, *, section: str = "", anonymous: bool = False) -> Overview:
    """An assignment student by student; of one section if asked, and without names if asked."""
    require(who, "see the gradebook")
    require(who, "see results that are not released")
    assignment, ledger = desk.shelf.assignment(name), desk.ledger
    results = ledger.results(assignment=name)
    attempts = [one for one in ledger.attempts(assignment=name) if one.state != "graded"]
    mine: dict[str, list[Standing]] = {}
    for standing in standings(ledger.hand_ins(assignment=name), results, ledger.marks(assignment=name)):
        mine.setdefault(standing.hand_in.submission.student, []).append(standing)
    given: dict[str, list[Extension]] = {}
    for extension in ledger.extensions(assignment=name):
        given.setdefault(extension.student, []).append(extension)
    everybody, rules = roll(desk, anonymous=anonymous, also=mine), rules_of(desk, name)
    counted = {
        key: grade(theirs, extended(rules(key), given.get(key, []))) for key, theirs in mine.items()
    }  # fmt: skip
    keys = _keys(everybody, mine, section)
    return Overview(
        name=name,
        title=assignment.settings.title or name,
        questions=assignment.questions,
        rows=tuple(
            _row(desk, assignment, everybody, key, counted.get(key), mine.get(key, []), given.get(key, []))
            for key in keys
        ),
        waiting=tuple(_waits(one, everybody) for one in attempts if one.submission.student in keys),
        times=times(_seconds([one for one in results if one.attempt.submission.student in keys])),
        sections=_sections(everybody),
        anonymous=anonymous,
    )


def matrix(
    desk: Desk,
    who: Person | None,
    *,
    assignments: Sequence[str] = (),
    section: str = "",
    anonymous: bool = False,
) -> Matrix:
    """Points of everybody in every assignment, or in those named."""
    require(who, "see the gradebook")
    require(who, "see results that are not released")
    names = [name for name in desk.shelf.names() if not assignments or name in assignments]
    found: dict[tuple[str, str], Grade] = {}
    for name in names:
        for one in grades(desk.ledger, assignment=name, rules_for=rules_of(desk, name)):
            found[one.student, name] = one
    present = dict.fromkeys(student for student, _ in found)
    everybody = roll(desk, anonymous=anonymous, also=present)
    lines = []
    for key in _keys(everybody, present, section):
        points = tuple(each.points if (each := found.get((key, name))) else None for name in names)
        lines.append(Line(key, everybody.name(key), everybody.section(key), points))
    columns = ((name, desk.shelf.assignment(name)) for name in names)
    return Matrix(
        tuple((name, each.settings.title or name, each.out_of) for name, each in columns),
        tuple(lines),
        _sections(everybody),
    )


def queue(desk: Desk, who: Person | None) -> Queue:
    """How the queue of the whole course stands."""
    require(who, "see the queue")
    return desk.ledger.queue(now=desk.clock())


def _keys(everybody: Roll, worked: Mapping[str, object], section: str) -> dict[str, None]:
    """The students in the roster's order, then whoever worked and has left; by number where they have no names."""
    keys = [person.key for person in everybody.students]
    keys += sorted(key for key in worked if key not in keys and everybody.counts(key))
    if everybody.numbers:
        keys.sort(key=everybody.name)
    return dict.fromkeys(key for key in keys if not section or everybody.section(key) == section)


def _row(
    desk: Desk,
    assignment: Assignment,
    everybody: Roll,
    key: str,
    counted: Grade | None,
    mine: Sequence[Standing],
    given: Sequence[Extension],
) -> Row:
    person, extension = everybody.people.get(key), given[-1] if given else None
    row = Row(
        student=key,
        name=everybody.name(key),
        section=everybody.section(key),
        state="not begun",
        out_of=assignment.out_of,
        extension=extension if extension and (extension.until or extension.attempts) else None,
        member=person is not None and person.active,
    )
    if counted is None:
        return replace(row, state="begun") if desk.classroom.drafts(key, assignment.name) else row
    return replace(
        row,
        state=_state(counted.standing),
        points=counted.points,
        hand_ins=counted.hand_ins,
        days_late=counted.days_late,
        last=mine[-1].hand_in.submission.at,
        hand_in=counted.standing.hand_in.id,
        entries=counted.standing.entries,
    )


def _state(one: Standing) -> State:
    if one.result is None:
        return "waiting"
    return "undecided" if one.undecided else "to mark" if one.to_mark else "graded"


def _waits(one: Attempt, everybody: Roll) -> Waits:
    return Waits(everybody.name(one.submission.student), one.at, one.state == "grading", one.grading > 1)


def _seconds(results: Sequence[Result]) -> list[float]:
    """How long first gradings took, from hand-in to verdict."""
    return [(one.at - one.attempt.submission.at).total_seconds() for one in results if one.attempt.grading == 1]


def _sections(everybody: Roll) -> tuple[str, ...]:
    return tuple(sorted({person.section for person in everybody.students if person.section}))
