"""A student's work: hand it in, see where it stands, read what was found, keep what is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from classroom import assignments
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import may, require
from classroom.port import Draft
from grading.errors import Refusal
from grading.ledger.policy import days_late, extended, worth
from grading.ledger.standing import Entry, Standing
from grading.records import Question
from grading.service import Receipt, grades, may_see, standing_of
from grading.service import hand_in as append

MOST_TYPED = 200_000  # letters of one draft


@dataclass(frozen=True)
class Seen:
    """One hand-in as somebody may see it."""

    standing: Standing
    place: int | None  # how many gradings come before; None: it is graded
    visible: bool  # False: the results are not released yet
    counts: bool
    worth: float | None  # its points after lateness, if they are decided and may be seen
    days_late: int
    out_of: float  # of the assignment, without a bonus

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Question by question, as far as it may be seen."""
        return self.standing.entries if self.visible else ()

    @property
    def ran(self) -> tuple[str, ...]:
        """The names of its notebooks as `feedback` gives them, as far as they may be seen."""
        papers = self.standing.result.papers if self.visible and self.standing.result else ()
        return tuple(_file(paper.notebook) for paper in papers if paper.feedback)


def hand_in(desk: Desk, who: Person | None, name: str, *, file: str, data: bytes) -> Receipt:
    """Check a file and append it for whoever is signed in; a Refusal says what is wrong with it, or with the moment."""
    member = require(who, "hand in", about=who.key if who else "")
    card = assignments.card(desk, member, name)
    if card.stage == "closed":
        raise Refusal(
            f"{card.title} is closed.", remedy="Your earlier hand-ins are safe. Ask your instructor for more time."
        )
    if card.stage == "hidden":
        raise Refusal(f"{card.title} is not published.", remedy="Publish it first; it can be hidden again.")
    return append(
        desk.ledger,
        student=member.key,
        assignment=name,
        file=file,
        data=data,
        check=lambda file, data: desk.check.check(name, file, data),
        rules=assignments.rules(desk, name, member.key),
        clock=desk.clock,
        draw=desk.draw,
        opened=lambda file, data: desk.check.notebooks(name, file, data),
    )


def history(desk: Desk, who: Person | None, name: str, *, student: str = "") -> tuple[Seen, ...]:
    """Every hand-in of a student for an assignment, the newest first."""
    whose = student or (who.key if who else "")
    member = require(who, "see hand-ins", about=whose)
    visible = may_see(desk.ledger, assignment=name, student=whose) or may(
        member, "see results that are not released", about=whose
    )
    rules, out_of = assignments.rules(desk, name, whose), desk.shelf.assignment(name).out_of
    counted = grades(desk.ledger, assignment=name, rules_for=lambda _: rules, student=whose)
    number = counted[0].standing.hand_in.number if counted else 0
    mine = extended(rules, desk.ledger.extensions(assignment=name, student=whose))
    last = {one.hand_in: one.id for one in desk.ledger.attempts(assignment=name, student=whose)}
    graded = {one.attempt.id for one in desk.ledger.results(assignment=name, student=whose)}
    return tuple(
        Seen(
            standing=one,
            place=None if last[one.hand_in.id] in graded else desk.ledger.place(last[one.hand_in.id]),
            visible=visible,
            counts=one.hand_in.number == number,
            worth=None if one.undecided or not visible else worth(one.points, one.hand_in.submission.at, mine),
            days_late=days_late(mine, one.hand_in.submission.at),
            out_of=out_of,
        )
        for one in reversed(standing_of(desk.ledger, assignment=name, student=whose))
    )


def questions(desk: Desk, who: Person | None, name: str) -> Mapping[str, Question]:
    """The questions of an assignment by id, with the titles that its notebook gives them."""
    return {question.id: question for question in assignments.card(desk, who, name).questions}


def handed_in(desk: Desk, who: Person | None, hand_in: int) -> tuple[str, bytes]:
    """The file that was handed in, byte for byte."""
    submission = _standing(desk, who, hand_in).hand_in.submission
    return submission.file, desk.ledger.content(submission.sha256)


def feedback(desk: Desk, who: Person | None, hand_in: int) -> tuple[tuple[str, bytes], ...]:
    """The executed notebooks of a hand-in: for students the copies that have seen no hidden test."""
    one = _standing(desk, who, hand_in)
    student = one.hand_in.submission.student
    own = who is not None and not may(who, "see the gradebook")
    if own and not may_see(desk.ledger, assignment=one.hand_in.submission.assignment, student=student):
        raise ClassroomError("The results of this assignment are not released yet.")
    papers = one.result.papers if one.result else ()
    hashes = [(paper.notebook, paper.feedback if own else paper.executed) for paper in papers]
    return tuple((_file(name), desk.ledger.content(hash)) for name, hash in hashes if hash)


def save(desk: Desk, who: Person | None, name: str, *, cell: str, text: str) -> datetime:
    """Keep what somebody typed into a cell; the moment under which it is kept."""
    member = require(who, "keep a draft", about=who.key if who else "")
    if len(text) > MOST_TYPED:
        raise ClassroomError(f"This cell holds more than {MOST_TYPED:,} characters, which is too long for an answer.")
    assignments.card(desk, member, name)
    draft = Draft(cell, text, desk.clock())
    desk.classroom.save(member.key, name, draft)
    return draft.at


def drafts(desk: Desk, who: Person | None, name: str) -> Mapping[str, Draft]:
    """What they typed, by cell."""
    member = require(who, "keep a draft", about=who.key if who else "")
    return {draft.cell: draft for draft in desk.classroom.drafts(member.key, name)}


def start_over(desk: Desk, who: Person | None, name: str, *, cell: str = "") -> None:
    """Forget the draft of one cell, or of all."""
    member = require(who, "keep a draft", about=who.key if who else "")
    desk.classroom.drop(member.key, name, cell=cell)


def _file(notebook: str) -> str:
    return f"{notebook or 'notebook'}.ipynb"


def _standing(desk: Desk, who: Person | None, hand_in: int) -> Standing:
    """A hand-in that somebody may look at; of others' they do not learn whether it is there."""
    member = require(who, "see hand-ins", about=who.key if who else "")
    found = desk.ledger.attempts(hand_in=hand_in)
    if found and may(member, "see hand-ins", about=found[0].submission.student):
        submission = found[0].submission
        for one in standing_of(desk.ledger, assignment=submission.assignment, student=submission.student):
            if one.hand_in.id == hand_in:
                return one
    raise ClassroomError("There is no such hand-in.")
