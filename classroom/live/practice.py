"""Practising alone: what some class was asked and told, and all questions of the lectures."""

from classroom.desk import Desk
from classroom.live.port import Quiz
from classroom.live.quizzing import worded
from classroom.people import Person
from classroom.permissions import require
from syllabus.questions import Question, asked_live

LECTURES = "ABCDE"


def past(desk: Desk, who: Person | None) -> tuple[Question, ...]:
    """Whatever was revealed in some lecture and is not asked just now, each once, as worded last, the newest first."""
    require(who, "practise questions")
    asked, newest = _asked_just_now(desk), dict[str, Quiz]()
    for quiz in reversed(desk.quizzes.asked()):
        if quiz.is_revealed and quiz.question != asked:
            newest.setdefault(quiz.question, quiz)
    return tuple(map(worded, newest.values()))


def of_lecture(desk: Desk, who: Person | None, letter: str) -> tuple[Question, ...]:
    """The questions of a lecture by its letter; those of all with an empty one. What is asked just now is left out."""
    require(who, "practise questions")
    asked = _asked_just_now(desk)
    return tuple(one for one in asked_live() if one.id != asked and (not letter or letter in one.lectures))


def _asked_just_now(desk: Desk) -> str:
    """The question whose answer the class does not know yet; empty if there is none."""
    lecture = desk.lectures.live()
    quiz = desk.quizzes.current(lecture.id) if lecture else None
    return "" if quiz is None or quiz.is_revealed else quiz.question
