"""What instructors decide for students: more time or attempts, and whether results are seen."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from grading.ledger.policy import Rules, extended
from grading.ledger.records import Extension
from grading.ledger.standing import visible as visible_now
from grading.service import release as let_see

LONGEST = 500  # letters of a reason


def extend(
    desk: Desk,
    who: Person | None,
    assignment: str,
    *,
    students: Sequence[str] = (),
    until: datetime | None = None,
    attempts: int = 0,
    why: str = "",
) -> tuple[Extension, ...]:
    """More time or more attempts for some students, or for everybody if none is named.

    Given to everybody it takes nothing from who had more. What is left out stays as it was for this student.
    """
    member = require(who, "extend")
    rules = rules_of(desk, assignment)
    if until is None and attempts <= 0:
        raise ClassroomError("Say until when, or how many attempts more.")
    check_reason(why)
    members = _check_members(desk, students)
    problems = {key: _problem(rules(key), until, attempts) for key in students or members}
    if not problems:
        raise ClassroomError("Nobody is on the roster.")
    wrong = [problem for problem in problems.values() if problem]
    if wrong and (students or len(wrong) == len(problems)):
        raise ClassroomError(wrong[0])
    before = {one.student: one for one in desk.ledger.extensions(assignment=assignment)}
    given = []
    for key in (key for key, problem in problems.items() if not problem):
        had = before.get(key, Extension(assignment, key, "", desk.clock()))
        then, more = until or had.until, attempts or had.attempts
        if not students:
            then = max(filter(None, (until, had.until)), default=None)
            more = max(attempts, had.attempts)
            if (then, more) == (had.until, had.attempts):
                continue
        given.append(Extension(assignment, key, member.key, desk.clock(), then, more, why.strip()))
    for extension in given:
        desk.ledger.extend(extension)
    return tuple(given)


def take_back_extension(desk: Desk, who: Person | None, assignment: str, student: str, *, why: str = "") -> None:
    """The rules of everybody hold for this student again."""
    member = require(who, "extend")
    check_reason(why)
    found = desk.ledger.extensions(assignment=assignment, student=student)
    if not found or not (found[-1].until or found[-1].attempts):
        raise ClassroomError("No extension is in force there.")
    desk.ledger.extend(Extension(assignment, student, member.key, desk.clock(), why=why.strip()))


def release(
    desk: Desk, who: Person | None, assignment: str, *, students: Sequence[str] = (), visible: bool = True
) -> None:
    """Let students see their results, or take that back: all of them, or those named."""
    member = require(who, "release")
    desk.shelf.assignment(assignment)  # raises for one that is not there
    _check_members(desk, students)
    for student in students or ("",):
        let_see(desk.ledger, assignment=assignment, by=member.key, clock=desk.clock, student=student, visible=visible)


def released(desk: Desk, who: Person | None, assignment: str) -> bool:
    """Whether students see their results, as was last said about all of them."""
    require(who, "see the gradebook")
    return visible_now(desk.ledger.releases(assignment=assignment), "", unless_said=True)


def released_apart(desk: Desk, who: Person | None, assignment: str) -> Mapping[str, bool]:
    """The students for whom something else holds than for all, and whether they see their results."""
    require(who, "see the gradebook")
    said, habit = desk.ledger.releases(assignment=assignment), released(desk, who, assignment)
    found = {one.student: visible_now(said, one.student, unless_said=True) for one in said if one.student}
    return {student: seen for student, seen in found.items() if seen != habit}


def check_reason(why: str) -> None:
    """A reason is a sentence, not a book."""
    if len(why) > LONGEST:
        raise ClassroomError(f"A reason has at most {LONGEST} characters.")


def _check_members(desk: Desk, students: Sequence[str]) -> list[str]:
    """All students there are, if these are among them."""
    members = [person.key for person in roll(desk).students]
    if unknown := [key for key in students if key not in members]:
        raise ClassroomError(f"Not a student of this course: {', '.join(unknown)}.")
    return members


def _problem(rules: Rules, until: datetime | None, attempts: int) -> str:
    """An extension that changes nothing is a mistake: why it does not."""
    if until is not None and rules.due is None:
        return "This assignment has no due date: there is nothing to extend but attempts."
    if until is not None and rules.due is not None and until <= rules.due:
        return f"It is due on {rules.due.day} {rules.due:%B %Y, %H:%M} anyway; an extension ends later than that."
    if until is None and extended(rules, [Extension("", "", "", datetime.min, attempts=attempts)]) == rules:
        return "This assignment takes any number of hand-ins: there is nothing to extend."
    return ""
