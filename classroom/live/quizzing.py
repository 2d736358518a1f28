"""Asking the class: open, count, close, ask again, reveal; and answering. Nobody's answer is shown with a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import answers, own
from classroom.live.answers import Tally
from classroom.live.port import Quiz, QuizState, Vote
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from syllabus import written
from syllabus.questions import Kind, Question, Region, check

SHORTEST, LONGEST = 5, 3600  # seconds that a question may be open
ROUNDS = 2
NO_LECTURE = "No class is live: begin one before you ask."
NOTHING = "Nothing is asked at the moment."


@dataclass(frozen=True)
class Count:
    """How many have answered, and how many students there are."""

    answered: int
    students: int


@dataclass(frozen=True)
class Told:
    """What the class learns when a question is revealed."""

    answer: str
    right: tuple[str, ...]  # options
    regions: tuple[Region, ...]
    why: str
    page: str
    rounds: tuple[Tally, ...]


@dataclass(frozen=True)
class Asked:
    """What the class is asked, as far as it may be known now: without a word about the answer until that is out."""

    quiz: int
    kind: Kind
    prompt: str
    title: str
    options: tuple[str, ...]
    picture: str
    round: int
    state: QuizState  # closed also where its time is up
    until: datetime | None
    mine: object = None  # what the one who looks gave in this round
    before: object = None  # and in the round before
    told: Told | None = None


# -- for whoever presents


def ask(desk: Desk, who: Person | None, question_id: str, seconds: int | None = None) -> Quiz:
    """Ask the class a question, of the syllabus or one's own; with `seconds` it closes by itself."""
    require(who, "present")
    lecture = desk.lectures.live()
    if lecture is None:
        raise ClassroomError(NO_LECTURE)
    question = own.find(desk, who, question_id)
    now = desk.clock()
    until = _until(now, seconds)
    return desk.quizzes.ask(
        Quiz(0, lecture.id, question.id, written.write(question), state="open", round=1, began=now, until=until)
    )


def close(desk: Desk, who: Person | None) -> Quiz:
    """No vote counts any more."""
    return _turned(desk, who, "closed")


def again(desk: Desk, who: Person | None, seconds: int | None = None) -> Quiz:
    """Ask the same once more, after the class has discussed it."""
    quiz = _now(desk, who)
    if quiz.takes_votes(desk.clock()):
        raise ClassroomError("Close the first vote before the second.")
    if quiz.round >= ROUNDS:
        raise ClassroomError("This was the second vote already: reveal the answer.")
    return _turned(desk, who, "open", round=quiz.round + 1, until=_until(desk.clock(), seconds))


def reveal(desk: Desk, who: Person | None) -> Quiz:
    """Show the answer, the reason and the votes to everybody; that closes the question."""
    return _turned(desk, who, "revealed")


def put_away(desk: Desk, who: Person | None) -> Quiz:
    """Take a question that was revealed off everybody's page."""
    return _turned(desk, who, "away")


def asked_now(desk: Desk, who: Person | None) -> tuple[Quiz, Question] | None:
    """What was asked last in the lecture that is live, with its answer; None if it was put away, or nothing was."""
    require(who, "present")
    quiz = _current(desk)
    return None if quiz is None else (quiz, worded(quiz))


def count(desk: Desk, who: Person | None) -> Count:
    """How many have answered in this round."""
    quiz = _now(desk, who)
    votes = [vote for vote in desk.quizzes.votes([quiz.id]) if vote.round == quiz.round]
    return Count(len(votes), len(roll(desk).students))


def tally(desk: Desk, who: Person | None, quiz: int, round: int) -> Tally:
    """The votes of a round, without names."""
    require(who, "see votes")
    found = desk.quizzes.quiz(quiz)
    if found is None:
        raise ClassroomError("This was never asked.")
    return answers.tally(worded(found), desk.quizzes.votes([quiz]), round)


# -- for whoever answers


def current(desk: Desk, who: Person | None) -> Asked | None:
    """What the class is asked now; None if nothing."""
    member = _voter(who)
    quiz = _current(desk)
    if quiz is None:
        return None
    question, mine = worded(quiz), my_vote(desk, member, quiz.id)
    over = quiz.state == "open" and not quiz.takes_votes(desk.clock())
    return Asked(
        quiz=quiz.id,
        kind=question.kind,
        prompt=question.prompt,
        title=question.title,
        options=question.mixed,
        picture=question.picture,
        round=quiz.round,
        state="closed" if over else quiz.state,
        until=quiz.until,
        mine=mine.get(quiz.round),
        before=mine.get(quiz.round - 1),
        told=_told(question, desk.quizzes.votes([quiz.id]), quiz.round) if quiz.is_revealed else None,
    )


def vote(desk: Desk, who: Person | None, quiz_id: int, given: object, *, round: int = 1) -> None:
    """Answer a question, or change one's answer; the round is the one that was seen."""
    member = _voter(who)
    quiz = desk.quizzes.quiz(quiz_id)
    if quiz is None:
        raise ClassroomError(NOTHING)
    question = worded(quiz)
    kept = answers.kept(question, given)
    right = check(question, answers.read(kept))
    if not desk.quizzes.vote(Vote(quiz.id, round, member.key, kept, right, desk.clock())):
        had = my_vote(desk, member, quiz_id).get(round) is not None
        raise ClassroomError(f"This vote is closed. {'Your answer from before counts.' if had else 'Yours came late.'}")


def my_vote(desk: Desk, who: Person | None, quiz_id: int) -> Mapping[int, object]:
    """What somebody gave, by round."""
    member = _voter(who)
    return {vote.round: answers.read(vote.given) for vote in desk.quizzes.votes([quiz_id], person=member.key)}


def worded(quiz: Quiz) -> Question:
    """The question as it was worded when it was asked."""
    return written.read(quiz.text, id=quiz.question)


def _voter(who: Person | None) -> Person:
    return require(who, "vote", about=who.key if who else "")


def _current(desk: Desk) -> Quiz | None:
    lecture = desk.lectures.live()
    quiz = desk.quizzes.current(lecture.id) if lecture else None
    return None if quiz is None or quiz.state == "away" else quiz


def _now(desk: Desk, who: Person | None) -> Quiz:
    require(who, "present")
    quiz = _current(desk)
    if quiz is None:
        raise ClassroomError(NOTHING)
    return quiz


def _turned(
    desk: Desk, who: Person | None, state: QuizState, *, round: int | None = None, until: datetime | None = None
) -> Quiz:
    found = desk.quizzes.set_state(_now(desk, who).id, state, round=round, until=until)
    if found is None:
        raise ClassroomError("Somebody else moved this question on meanwhile.")
    return found


def _until(now: datetime, seconds: int | None) -> datetime | None:
    if seconds is None:
        return None
    if not SHORTEST <= seconds <= LONGEST:
        raise ClassroomError(f"A question is open for {SHORTEST} to {LONGEST:,} seconds, or until you close it.")
    return now + timedelta(seconds=seconds)


def _told(question: Question, votes: tuple[Vote, ...], rounds: int) -> Told:
    counted = tuple(answers.tally(question, votes, round) for round in range(1, rounds + 1))
    right = answers.right_options(question)
    return Told(question.shown_answer, right, question.regions, question.why, question.page, counted)
