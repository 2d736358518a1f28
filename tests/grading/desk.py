"""A course's desk for the tests: a real ledger, a clock that stands still, and a grader in a process of its own."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from grading.ledger.policy import Rules
from grading.ledger.records import Attempt
from grading.ledger.sql import SqlLedger
from grading.records import Outcome, Question
from grading.service import Receipt, Terms, grade_next, hand_in, mark, regrade, serve
from tests.grading.ledger.hand_ins import MONDAY, outcome, score

QUESTIONS = (Question("q1", 2.0), Question("q2", 3.0), Question("essay", 5.0, by_hand=True))
QUICK = Terms(lease=60, failures=3, delay=10, idle=0.01, trouble=0.01, most_trouble=0.05)
JUDGE = """
import sys
for line in sys.stdin.buffer.read().decode().split():
    question, _, points = line.partition("=")
    print(question, float(points))
"""


def in_a_process(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
    """A real grader in a process of its own: the notebook is a list of `question=points`."""
    done = subprocess.run([sys.executable, "-I", "-c", JUDGE], input=data, capture_output=True, check=True)
    found = dict(line.split() for line in done.stdout.decode().splitlines())
    out_of = {question.id: question.points for question in QUESTIONS}
    parts = [score(name, float(points), out_of[name]) for name, points in found.items()]
    return outcome(*parts, score("essay", None, 5.0), seed=seed, executed=data)


def questions_of(_assignment: str) -> Sequence[Question]:
    return QUESTIONS


def fine(_file: str, _data: bytes) -> Sequence[str]:
    return ()


@dataclass
class Course:
    """A small course with a clock that stands still until it is moved."""

    ledger: SqlLedger
    now: datetime = MONDAY
    rules: Rules = field(default_factory=Rules)

    def clock(self) -> datetime:
        return self.now

    def hand_in(self, student: str = "ada", data: bytes = b"q1=1 q2=2", **more: object) -> Receipt:
        self.now += timedelta(seconds=1)
        plain = {"assignment": "ps1", "file": "ps1.ipynb", "check": fine, "rules": self.rules, "draw": lambda: 7}
        return hand_in(self.ledger, student=student, data=data, clock=self.clock, **{**plain, **more})  # type: ignore[arg-type]

    def grade(
        self,
        grader: Callable[..., Outcome] = in_a_process,
        terms: Terms = QUICK,
        questions: Callable[[str], Sequence[Question]] = questions_of,
    ) -> str:
        return grade_next(self.ledger, grader, clock=self.clock, worker="g1", questions=questions, terms=terms)

    def regrade(self, **more: str) -> tuple[Attempt, ...]:
        given = {"assignment": "ps1", "reason": "the test was wrong", "by": "prof", **more}
        return regrade(self.ledger, clock=self.clock, **given)

    def mark(self, question: str, points: float | None, hand_in: int = 1, **more: object) -> None:
        given = {"comment": "", "by": "eve", **more}
        mark(self.ledger, hand_in=hand_in, question=question, points=points, clock=self.clock, **given)  # type: ignore[arg-type]


def run(
    course: Course,
    grader: Callable[..., Outcome] = in_a_process,
    *,
    stop: threading.Event | None = None,
    until_empty: bool = False,
    seen: Callable[[str], None] | None = None,
) -> list[str]:
    """What the service came to, one word per attempt. What fails waits for a clock that stands still: it ends here."""
    ended: list[str] = []
    stop = stop or threading.Event()
    enough = threading.Timer(60.0, stop.set)
    enough.start()
    try:
        serve(
            course.ledger,
            grader,
            clock=course.clock,
            worker="g1",
            questions=questions_of,
            stop=stop,
            terms=QUICK,
            seen=seen or ended.append,
            until_empty=until_empty,
        )
    finally:
        enough.cancel()
    return ended


def lock(ledger: SqlLedger) -> sqlite3.Connection:
    """Another program that has the database for itself until it closes this."""
    connection = sqlite3.connect(str(ledger.engine.url.database), isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection
