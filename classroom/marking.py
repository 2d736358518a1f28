"""Marking by people: one question at a time through all hand-ins that count, the oldest first.

A mark supersedes the one before it, never in silence: whoever gives it says which one they saw.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError, NotAllowed
from classroom.people import Person
from classroom.permissions import require
from classroom.roles import Role
from classroom.staff import answers
from classroom.staff.answers import Piece, Rubric
from classroom.staff.roll import Roll, roll
from grading.ledger.records import Mark
from grading.ledger.standing import Entry, Standing, called_now
from grading.records import Question
from grading.service import grades, standing_of
from grading.service import mark as append

STEP = 0.25  # of points
LONGEST = 10_000  # letters of a comment

_giving = threading.Lock()  # between looking at the last mark and appending the next


@dataclass(frozen=True)
class Pile:
    """All answers to one question that a person marks."""

    assignment: str
    title: str
    question: Question
    left: int  # how many wait
    of: int


@dataclass(frozen=True)
class Answer:
    """One answer, and how it stands."""

    assignment: str
    hand_in: int
    number: int  # which of this student's hand-ins
    at: datetime
    name: str  # or a number
    question: Question
    pieces: tuple[Piece, ...]  # none: nothing was answered
    rubric: Rubric
    entry: Entry
    seen: Mark | None  # the mark in force: hand it back when giving another
    by: str = ""  # who gave it, by name
    others: tuple[tuple[int, int], ...] = ()  # number and id of this student's other hand-ins with another answer


def piles(desk: Desk, who: Person | None) -> tuple[Pile, ...]:
    """Every question that people mark, of which something was handed in: what waits comes first."""
    require(who, "mark")
    found = []
    for name in desk.shelf.names():
        by_hand = [question for question in desk.shelf.assignment(name).questions if question.by_hand]
        counting = _counting(desk, name) if by_hand else ()
        found += [_pile(desk, name, question, counting) for question in by_hand]
    return tuple(sorted((pile for pile in found if pile.of), key=lambda pile: pile.left == 0))


def pile(desk: Desk, who: Person | None, assignment: str, question: str) -> Pile:
    """One of them."""
    require(who, "mark")
    for one in desk.shelf.assignment(assignment).questions:
        if one.id == question:
            return _pile(desk, assignment, one, _counting(desk, assignment))
    raise ClassroomError(f"{assignment} has no question {question}.")


def next_answer(
    desk: Desk, who: Person | None, assignment: str, question: str, *, after: int = 0, anonymous: bool = False
) -> Answer | None:
    """The oldest answer to a question that waits, after a hand-in that was skipped; from the start again at the end."""
    require(who, "mark")
    waiting = [one for one in _counting(desk, assignment) if question in one.to_mark]
    waiting.sort(key=lambda one: (one.hand_in.id <= after, one.hand_in.id))
    return _answer(desk, waiting[0], question, anonymous=anonymous) if waiting else None


def answer(desk: Desk, who: Person | None, hand_in: int, question: str, *, anonymous: bool = False) -> Answer:
    """One answer, marked or not; also to a question that the machine could not decide."""
    require(who, "mark")
    return _answer(desk, _standing(desk, hand_in), question, anonymous=anonymous)


def give(
    desk: Desk,
    who: Person | None,
    hand_in: int,
    question: str,
    *,
    points: float,
    comment: str = "",
    seen: Mark | None = None,
) -> Mark:
    """Points and a comment for one question. `seen` is the mark that the marker saw; refused if another came since."""
    member = require(who, "mark")
    if len(comment) > LONGEST:
        raise ClassroomError(f"A comment has at most {LONGEST:,} characters.")
    _not_their_own(desk, member, hand_in)
    with _giving:
        last = _last(desk, hand_in, question)
        if last != seen:
            raise ClassroomError(_meanwhile(desk, last))
        append(
            desk.ledger,
            hand_in=hand_in,
            question=question,
            points=points,
            comment=comment.strip(),
            by=member.key,
            clock=desk.clock,
        )
        given = _last(desk, hand_in, question)
    if given is None:
        raise ClassroomError("The mark was not kept. Please try again.")
    return given


def take_back(desk: Desk, who: Person | None, hand_in: int, question: str) -> None:
    """Undo one's own last mark: what stood before it stands again."""
    member = require(who, "mark")
    _not_their_own(desk, member, hand_in)
    with _giving:
        marks = _marks(desk, hand_in, question)
        if not marks:
            raise ClassroomError("There is no mark to take back.")
        if marks[-1].by != member.key:
            raise ClassroomError(_meanwhile(desk, marks[-1]))
        before = marks[-2] if len(marks) > 1 else None
        append(
            desk.ledger,
            hand_in=hand_in,
            question=question,
            points=before.points if before else None,
            comment=before.comment if before else "",
            by=member.key,
            clock=desk.clock,
            beyond=True,
        )


def steps(question: Question) -> tuple[float, ...]:
    """The points that can be given: quarters, and all there are.

    >>> steps(Question("q", 0.6))
    (0.0, 0.25, 0.5, 0.6)
    """
    quarters = [number * STEP for number in range(int(question.points / STEP) + 1)]
    return tuple(dict.fromkeys([*quarters, question.points]))


# -- how it stands


def _pile(desk: Desk, name: str, question: Question, counting: Sequence[Standing]) -> Pile:
    states = [entry.state for one in counting for entry in one.entries if entry.question == question.id]
    title = desk.shelf.assignment(name).settings.title or name
    return Pile(name, title, question, states.count("to mark"), len(states))


def _counting(desk: Desk, assignment: str) -> Sequence[Standing]:
    """The hand-ins that count and are graded, of students who were not erased; the oldest first."""
    everybody, gone = roll(desk), desk.ledger.erased()
    found = grades(desk.ledger, assignment=assignment, rules_for=rules_of(desk, assignment))
    known = [one for one in found if everybody.counts(one.student) and one.student not in gone]
    counted = [one.standing for one in known if one.standing.result]
    return sorted(counted, key=lambda one: one.hand_in.id)


def _standing(desk: Desk, hand_in: int) -> Standing:
    found = desk.ledger.attempts(hand_in=hand_in)
    if found:
        submission = found[0].submission
        for one in standing_of(desk.ledger, assignment=submission.assignment, student=submission.student):
            if one.hand_in.id == hand_in:
                return one
    raise ClassroomError("There is no such hand-in.")


def _not_their_own(desk: Desk, member: Person, hand_in: int) -> None:
    """A student may be made an assistant, by a claim of the provider too, and what they handed in still counts."""
    found = desk.ledger.attempts(hand_in=hand_in)
    if member.role < Role.INSTRUCTOR and found and found[0].submission.student == member.key:
        raise NotAllowed("Only an instructor can mark your own work.")


def _answer(desk: Desk, one: Standing, question: str, *, anonymous: bool) -> Answer:
    submission = one.hand_in.submission
    entry = next((entry for entry in one.entries if entry.question == question), None)
    assignment = desk.shelf.assignment(submission.assignment)
    asked = next((each for each in assignment.questions if each.id == question), None)
    if entry is None or asked is None:
        waits = "This hand-in still waits for its grading." if one.result is None else ""
        raise ClassroomError(waits or "This hand-in has no such question.")
    everybody = roll(desk, anonymous=anonymous, also=[submission.student])
    pieces = answers.answer(desk, assignment, one.hand_in.id, question)
    last = _last(desk, one.hand_in.id, question)
    return Answer(
        assignment=submission.assignment,
        hand_in=one.hand_in.id,
        number=one.hand_in.number,
        at=submission.at,
        name=everybody.name(submission.student),
        question=asked,
        pieces=pieces,
        rubric=answers.rubric(assignment, question),
        entry=entry,
        seen=last,
        by=_named(everybody, entry.by),
        others=tuple(
            (other.number, other.id)
            for other in desk.ledger.hand_ins(assignment=submission.assignment, student=submission.student)
            if other.id != one.hand_in.id and answers.answer(desk, assignment, other.id, question) != pieces
        ),
    )


def _marks(desk: Desk, hand_in: int, question: str) -> Sequence[Mark]:
    marks = desk.ledger.marks(hand_in=hand_in)
    return [mark for mark in marks if called_now(mark.question, [question]) == question]


def _last(desk: Desk, hand_in: int, question: str) -> Mark | None:
    marks = _marks(desk, hand_in, question)
    return marks[-1] if marks else None


def _meanwhile(desk: Desk, mark: Mark | None) -> str:
    if mark is None:
        return "The mark that you saw is not there any more. Look at the answer again."
    whose = roll(desk).name(mark.by)
    did = "took the points back" if mark.points is None else f"gave {mark.points:g} points"
    said = f', saying "{mark.comment}"' if mark.comment else ""
    return f"{whose} {did} meanwhile{said}. Nothing was changed: look at it, and mark again if you think otherwise."


def _named(everybody: Roll, key: str) -> str:
    person = everybody.people.get(key)
    return person.name if person else key
