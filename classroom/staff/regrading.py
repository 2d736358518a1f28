"""Grading again: for whom it is asked, whose points it would change, and what the machine could not decide at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import cast

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.actions import check_reason
from classroom.staff.roll import roll
from grading.ledger.records import Attempt
from grading.records import Outcome
from grading.service import Grader, grades
from grading.service import preview as tried
from grading.service import regrade as again


@dataclass(frozen=True)
class Moved:
    """What a regrade would change for one hand-in; points before lateness."""

    student: str
    name: str
    number: int
    before: float
    after: float
    questions: tuple[str, ...]

    @property
    def gained(self) -> float:
        """Points gained, or below zero lost."""
        return self.after - self.before


@dataclass(frozen=True)
class Undecided:
    """A hand-in that counts and that the machine could not decide."""

    assignment: str
    student: str
    name: str
    hand_in: int
    number: int
    at: datetime
    why: str
    questions: tuple[str, ...]  # that have no points


def regrade(
    desk: Desk, who: Person | None, assignment: str, *, student: str = "", question: str = "", reason: str
) -> tuple[Attempt, ...]:
    """Grade again: what one student handed in or everybody, one question or all. Marks of people stay."""
    member = require(who, "regrade")
    _check(desk, assignment, question)
    if not reason.strip():
        raise ClassroomError("Say why: the reason stands in the history that students read.")
    check_reason(reason)
    return again(
        desk.ledger,
        assignment=assignment,
        student=student,
        question=question,
        reason=reason.strip(),
        by=member.key,
        clock=desk.clock,
    )


def preview(
    desk: Desk,
    who: Person | None,
    assignment: str,
    *,
    student: str = "",
    question: str = "",
    looked: Callable[[int], None] = lambda _: None,
) -> Iterator[Moved]:
    """Whose marks a regrade would change, one after the other as they are found. Nothing is recorded.

    `looked` hears before each grading how many came before it, and may raise to end it all.
    """
    require(who, "regrade")  # here and now, not when somebody takes the first
    _check(desk, assignment, question)
    if not callable(desk.check):
        raise ClassroomError("This server grades nothing itself: ask for the regrade, and look at what it changed.")
    grader, everybody, numbers = cast(Grader, desk.check), roll(desk), count()

    def graded(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        looked(next(numbers))
        return grader(data, assignment, seed, file=file)

    changes = tried(
        desk.ledger, graded, assignment=assignment, student=student, question=question, clock=desk.clock
    )  # fmt: skip
    return (
        Moved(
            student=one.after.hand_in.submission.student,
            name=everybody.name(one.after.hand_in.submission.student),
            number=one.after.hand_in.number,
            before=one.before.points,
            after=one.after.points,
            questions=one.questions,
        )
        for one in changes
    )


def undecided(
    desk: Desk, who: Person | None, *, assignment: str = "", anonymous: bool = False
) -> tuple[Undecided, ...]:
    """The inbox: whatever counts and has no verdict though it was graded, the oldest first, with the reason."""
    require(who, "mark")
    found, gone = [], desk.ledger.erased()
    for name in [assignment] if assignment else desk.shelf.names():
        counted = [
            one.standing
            for one in grades(desk.ledger, assignment=name, rules_for=rules_of(desk, name))
            if one.standing.result and one.standing.undecided and one.student not in gone
        ]
        everybody = roll(desk, anonymous=anonymous, also=[one.hand_in.submission.student for one in counted])
        for one in counted:
            result, submission = one.result, one.hand_in.submission
            open_ones = [entry for entry in one.entries if entry.state == "undecided"]
            seen = next((entry.score.seen for entry in open_ones if entry.score.seen), "")
            found.append(
                Undecided(
                    assignment=name,
                    student=submission.student,
                    name=everybody.name(submission.student),
                    hand_in=one.hand_in.id,
                    number=one.hand_in.number,
                    at=submission.at,
                    why=(result.outcome.stopped_by if result else "") or seen,
                    questions=tuple(entry.question for entry in open_ones),
                )
            )
    return tuple(sorted(found, key=lambda one: one.hand_in))


def _check(desk: Desk, assignment: str, question: str) -> None:
    asked = [one.id for one in desk.shelf.assignment(assignment).questions]
    if question and question not in asked:
        raise ClassroomError(f"{assignment} has no question {question}. It has: {', '.join(asked)}.")
