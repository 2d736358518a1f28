"""Which solutions of an assignment have code in common, and where: something to ask about, never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import Roll, roll
from grading.course import Assignment
from grading.errors import GradingError
from grading.notebooks.collect import collect
from grading.notebooks.folder import File
from grading.records import Submission
from grading.service import grades
from grading.similarity.pairs import Text, compare, parts
from grading.similarity.pairs import given as handed_out
from grading.similarity.pairs import text as read


@dataclass(frozen=True)
class Alike:
    """Two hand-ins that count and share code; nobody is named, a number stands for each."""

    one: int  # the hand-in
    other: int
    names: tuple[str, str]
    shared: int  # fingerprints
    of_one: float  # the share of its own that is
    of_other: float
    likeness: float


@dataclass(frozen=True)
class Solutions:
    """The code of everybody compared: the pairs, the most alike first, and what was left out as saying nothing."""

    pairs: tuple[Alike, ...]
    people: int  # whose code there is
    common: int  # fingerprints that many have
    fingerprints: int


@dataclass(frozen=True)
class Side:
    """One of two solutions: its lines, and by number of a line (from 1) the shared part that it belongs to."""

    hand_in: int
    name: str
    lines: tuple[str, ...]
    marked: dict[int, int]


def similar(
    desk: Desk, who: Person | None, assignment: str, *, question: str = "", section: str = "", model: bool = True
) -> Solutions:
    """All pairs with code in common, in one question or in all; with `model` what the instructor wrote is left out."""
    require(who, "compare solutions")
    found, texts = desk.shelf.assignment(assignment), dict[str, Text]()
    known, everybody = _handed_out(found, model=model), _nameless(desk, assignment)
    hand_ins = {}
    for one in grades(desk.ledger, assignment=assignment, rules_for=rules_of(desk, assignment)):
        if everybody.counts(one.student) and section in ("", everybody.section(one.student)):
            pieces = _code(desk, found, one.standing.hand_in.id, question)
            if pieces:
                texts[one.student] = read(pieces, given=known)
                hand_ins[one.student] = one.standing.hand_in.id
    compared = compare(texts)
    pairs = tuple(
        Alike(
            hand_ins[pair.one],
            hand_ins[pair.other],
            (everybody.name(pair.one), everybody.name(pair.other)),
            pair.shared,
            pair.of_one,
            pair.of_other,
            pair.likeness,
        )
        for pair in compared.pairs
    )
    return Solutions(pairs, len(texts), compared.common, compared.fingerprints)


def side_by_side(
    desk: Desk,
    who: Person | None,
    hand_ins: tuple[int, int],
    *,
    question: str = "",
    model: bool = True,
    named: bool = False,
) -> tuple[Side, Side]:
    """Two solutions with their shared parts, each counted from 1; by name only if that is asked for."""
    require(who, "compare solutions")
    chosen = [_submission(desk, one) for one in hand_ins]
    assignment = desk.shelf.assignment(chosen[0].assignment)
    if chosen[1].assignment != assignment.name:
        raise ClassroomError("These two hand-ins are for different assignments.")
    everybody = roll(desk) if named else _nameless(desk, assignment.name)
    without = _handed_out(assignment, model=model)
    code = [_code(desk, assignment, one, question) for one in hand_ins]
    first, second = (read(pieces) for pieces in code)
    shared = parts(first, second, without=without)
    names = [everybody.name(one.student) for one in chosen]
    return (
        _side(hand_ins[0], names[0], code[0], [part.one for part in shared]),
        _side(hand_ins[1], names[1], code[1], [part.other for part in shared]),
    )


def _submission(desk: Desk, hand_in: int) -> Submission:
    attempts = desk.ledger.attempts(hand_in=hand_in)
    if not attempts:
        raise ClassroomError("There is no such hand-in.")
    return attempts[0].submission


def _side(hand_in: int, name: str, pieces: Sequence[str], shared: Iterable[tuple[int, int]]) -> Side:
    marked: dict[int, int] = {}
    for number, (first, last) in enumerate(shared, 1):
        marked |= {line: number for line in range(first, last + 1) if line not in marked}
    return Side(hand_in, name, tuple("\n\n".join(pieces).split("\n")), marked)


def _code(desk: Desk, assignment: Assignment, hand_in: int, question: str) -> tuple[str, ...]:
    """The answers in code, cell by cell, each under a comment with its name."""
    try:
        files = [File(one.file, desk.ledger.content(one.sha256)) for one in desk.ledger.notebooks(hand_in)]
        plans = collect(assignment.masters, files, assignment.settings.limits).plans
    except GradingError:  # the assignment was changed since, or the student was erased
        return ()
    return tuple(
        f"# {step.grade_id}\n{step.source}"
        for plan in plans
        for step in plan.steps
        if step.answer_to and step.cell_type == "code" and not step.unanswered and question in ("", *step.answer_to)
    )


def _handed_out(assignment: Assignment, *, model: bool) -> frozenset[int]:
    cells = [cell for master in assignment.masters for cell in master.cells if cell.cell_type == "code"]
    sources = [cell.released for cell in cells]
    return handed_out([*sources, *(cell.source for cell in cells if model)])


def _nameless(desk: Desk, assignment: str) -> Roll:
    return roll(
        desk, anonymous=True, also={one.submission.student for one in desk.ledger.hand_ins(assignment=assignment)}
    )
