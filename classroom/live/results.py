"""What came of asking: who took part, how each question went before and after the discussion, what one answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from classroom import spreadsheet
from classroom.desk import Desk
from classroom.live.answers import in_words, read
from classroom.live.port import Quiz, Vote
from classroom.live.quizzing import worded
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from syllabus.questions import Question

Key = TypeVar("Key", str, int)
HEADER = ("student", "number", "email", "section", "asked", "answered", "right")


@dataclass(frozen=True)
class TookPart:
    """How often a student was asked, answered in any round, and was right in the last one."""

    student: Person
    asked: int
    answered: int
    right: int


@dataclass(frozen=True)
class Went:
    """How a question went: votes and the share of right ones, by round."""

    quiz: int
    question: str
    prompt: str
    lecture: int
    at: datetime
    votes: tuple[int, ...]
    shares: tuple[float | None, ...]  # None where nobody voted

    @property
    def gain(self) -> float | None:
        """Hake's normalized gain: of those who were wrong at first, the share by which the second round was better.

        >>> Went(1, "Q22", "", 1, datetime(2026, 3, 2), (10, 10), (0.4, 0.7)).gain
        0.5
        """
        first, second = (*self.shares, None, None)[:2]
        if first is None or second is None or first == 1.0:
            return None
        return round((second - first) / (1 - first), 6)


@dataclass(frozen=True)
class Mine:
    """A question that somebody was asked, and what they answered; whether that was right is known once it is out."""

    quiz: int
    question: str
    prompt: str
    at: datetime
    given: tuple[str, ...]  # by round
    right: bool | None
    answer: str
    page: str


def participation(desk: Desk, who: Person | None, *, lecture: int | None = None) -> tuple[TookPart, ...]:
    """All students of today, in the roster's order, in one lecture or in all of them."""
    require(who, "see votes")
    quizzes = desk.quizzes.asked(lecture=lecture)
    by_person = _grouped(desk.quizzes.votes([quiz.id for quiz in quizzes]), lambda vote: vote.person)
    return tuple(_part(one, quizzes, by_person.get(one.key, ())) for one in roll(desk).students)


def per_question(desk: Desk, who: Person | None, *, lecture: int | None = None) -> tuple[Went, ...]:
    """What was asked, the oldest first, with the students' votes alone."""
    require(who, "see votes")
    quizzes, everybody = desk.quizzes.asked(lecture=lecture), roll(desk)
    votes = [vote for vote in desk.quizzes.votes([quiz.id for quiz in quizzes]) if everybody.counts(vote.person)]
    by_quiz = _grouped(votes, lambda vote: vote.quiz)
    return tuple(_went(quiz, by_quiz.get(quiz.id, ())) for quiz in quizzes)


def as_file(desk: Desk, who: Person | None, *, lecture: int | None = None) -> str:
    """Participation as CSV, which no spreadsheet takes for formulas."""
    member = require(who, "export")
    return spreadsheet.write([HEADER, *map(_row, participation(desk, member, lecture=lecture))])


def mine(desk: Desk, who: Person | None) -> tuple[Mine, ...]:
    """What one was asked and answered oneself, the newest first."""
    member = require(who, "see votes", about=who.key if who else "")
    quizzes = desk.quizzes.asked()
    votes = desk.quizzes.votes([quiz.id for quiz in quizzes], person=member.key)
    by_quiz = _grouped(votes, lambda vote: vote.quiz)
    return tuple(_mine(quiz, by_quiz.get(quiz.id, ())) for quiz in reversed(quizzes))


def _part(student: Person, quizzes: Sequence[Quiz], votes: Sequence[Vote]) -> TookPart:
    last = {quiz.id: quiz.round for quiz in quizzes}
    right = sum(vote.right for vote in votes if vote.round == last[vote.quiz])
    return TookPart(student, len(quizzes), len({vote.quiz for vote in votes}), right)


def _row(one: TookPart) -> Sequence[str]:
    student = one.student
    return (
        student.name,
        student.number,
        student.email,
        student.section,
        *map(str, (one.asked, one.answered, one.right)),
    )


def _went(quiz: Quiz, votes: Sequence[Vote]) -> Went:
    rounds = [[vote.right for vote in votes if vote.round == round] for round in range(1, quiz.round + 1)]
    shares = tuple(sum(right) / len(right) if right else None for right in rounds)
    counts = tuple(len(right) for right in rounds)
    return Went(quiz.id, quiz.question, _asked(worded(quiz)), quiz.lecture, quiz.began, counts, shares)


def _mine(quiz: Quiz, votes: Sequence[Vote]) -> Mine:
    question, by_round = worded(quiz), {vote.round: vote for vote in votes}
    rounds = range(1, quiz.round + 1)
    given = tuple(in_words(question.kind, read(by_round[one].given) if one in by_round else None) for one in rounds)
    last = by_round.get(quiz.round)
    out = quiz.is_revealed
    return Mine(
        quiz.id,
        quiz.question,
        _asked(question),
        quiz.began,
        given,
        right=last.right if out and last else None,
        answer=question.shown_answer if out else "",
        page=question.page if out else "",
    )


def _asked(question: Question) -> str:
    return f"{question.title}: {question.prompt}" if question.title else question.prompt


def _grouped(votes: Iterable[Vote], by: Callable[[Vote], Key]) -> Mapping[Key, Sequence[Vote]]:
    found: dict[Key, list[Vote]] = {}
    for vote in votes:
        found.setdefault(by(vote), []).append(vote)
    return found
