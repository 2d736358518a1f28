"""The use cases: hand in, grade with real grader processes, regrade, preview, mark, release."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from grading.errors import GradingError, Refusal
from grading.ledger.policy import Late, Rules
from grading.ledger.port import LedgerBusy
from grading.ledger.records import Attempt, Extension
from grading.ledger.sql import SqlLedger, open_ledger
from grading.records import Outcome, Question
from grading.service import (
    Receipt,
    Terms,
    changes,
    grade_next,
    grades,
    hand_in,
    mark,
    may_see,
    preview,
    regrade,
    release,
    serve,
    standing_of,
    stopping,
)
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

    def grade(self, grader: Callable[..., Outcome] = in_a_process, terms: Terms = QUICK) -> str:
        return grade_next(
            self.ledger, grader, clock=self.clock, worker="g1", questions=questions_of, terms=terms
        )  # fmt: skip

    def regrade(self, **more: str) -> tuple[Attempt, ...]:
        given = {"assignment": "ps1", "reason": "the test was wrong", "by": "prof", **more}
        return regrade(self.ledger, clock=self.clock, **given)

    def mark(self, question: str, points: float | None, hand_in: int = 1, **more: object) -> None:
        given = {"comment": "", "by": "eve", **more}
        mark(self.ledger, hand_in=hand_in, question=question, points=points, clock=self.clock, **given)  # type: ignore[arg-type]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.2)
    yield Course(ledger)
    ledger.close()


# -- handing in


def test_a_receipt_tells_all_that_a_student_needs_to_keep(course: Course) -> None:
    course.hand_in("bob")
    course.rules = Rules(due=MONDAY, attempts=3)
    receipt = course.hand_in(data=b"q1=2", check=lambda file, data: ["Cell 3 was put back."])
    assert (receipt.new, receipt.attempt.number, receipt.place, receipt.left, receipt.days_late) == (True, 1, 1, 2, 1)
    assert receipt.notes == ("Cell 3 was put back.",)
    digest = sha256(b"q1=2").hexdigest()
    assert str(receipt) == (
        f"Hand-in 1 for ps1, received on Monday, 02 March 2026, 09:00:02 (UTC). Its fingerprint (SHA-256) is {digest}."
    )
    assert receipt.attempt.seed == 7
    assert course.ledger.content(digest) == b"q1=2"


def test_a_double_click_gives_the_same_receipt_and_costs_nothing(course: Course) -> None:
    course.rules = Rules(attempts=1, cool_down=timedelta(hours=1))
    first = course.hand_in()
    again = course.hand_in()
    assert again.attempt == first.attempt
    assert (first.new, again.new) == (True, False)
    assert str(again).startswith("You had handed in exactly this file already.")
    assert len(course.ledger.attempts()) == 1


def test_a_refused_notebook_leaves_the_earlier_attempts_alone(course: Course) -> None:
    first = course.hand_in()

    def refuse(file: str, data: bytes) -> Sequence[str]:
        raise Refusal("The answer is there twice.", remedy="Delete one.", file=file, cell="iou")

    with pytest.raises(Refusal, match=r"ps1.ipynb, cell iou"):
        course.hand_in(data=b"q1=2", check=refuse)
    assert course.ledger.attempts() == (first.attempt,)


def test_the_rules_are_asked_before_the_notebook_is_opened(course: Course) -> None:
    course.hand_in()
    course.rules = Rules(attempts=1)
    opened = []
    with pytest.raises(Refusal, match="used your attempt"):
        course.hand_in(data=b"q1=2", check=lambda file, data: opened.append(file) or ())
    assert opened == []


def test_an_extension_opens_the_door_again(course: Course) -> None:
    course.rules = Rules(due=MONDAY, closes=MONDAY, attempts=0)
    with pytest.raises(Refusal, match="closed"):
        course.hand_in()
    course.ledger.extend(Extension("ps1", "ada", "prof", MONDAY, until=MONDAY + timedelta(days=2), attempts=1))
    receipt = course.hand_in()
    assert (receipt.left, receipt.days_late) == (0, 0)
    with pytest.raises(Refusal):
        course.hand_in("bob")


# -- grading


def test_a_hand_in_is_graded_and_recorded(course: Course) -> None:
    assert course.grade() == "nothing"
    receipt = course.hand_in()
    assert course.grade() == "graded"
    (result,) = course.ledger.results()
    assert result.attempt.id == receipt.attempt.id
    assert [part.points for part in result.outcome.scores] == [1.0, 2.0, None]
    assert (result.outcome.seed, course.ledger.content(result.executed)) == (7, b"q1=1 q2=2")
    assert course.grade() == "nothing"


def test_a_grader_that_fails_is_tried_again_and_then_a_person_is_asked(course: Course) -> None:
    course.hand_in(data=b"this is no list of points")
    ended = []
    for _ in range(4):
        ended.append(course.grade())
        assert course.grade() == "nothing"  # not at once: a machine in trouble needs a moment
        course.now += timedelta(minutes=5)
    assert ended == ["failed", "failed", "failed", "given up"]
    assert course.grade() == "nothing"
    (result,) = course.ledger.results()
    assert result.outcome.verdict == "undecided"
    assert [(part.question, part.points, part.out_of, part.state) for part in result.outcome.scores] == [
        ("q1", None, 2.0, "undecided"),
        ("q2", None, 3.0, "undecided"),
        ("essay", None, 5.0, "to mark"),
    ]
    assert result.outcome.stopped_by == "grading it failed 3 times"


def test_a_failing_hand_in_does_not_hold_up_the_next(course: Course) -> None:
    course.hand_in("ada", b"this is no list of points")
    course.hand_in("bob")
    assert [course.grade(), course.grade(), course.grade()] == ["failed", "graded", "nothing"]


def test_an_outcome_that_cannot_be_stored_is_a_failure_not_a_loss(course: Course) -> None:
    course.hand_in()
    assert course.grade(lambda *_, file: outcome(score(), score())) == "failed"  # one question twice
    course.now += timedelta(minutes=1)
    assert course.grade() == "graded"


def test_a_grader_asked_to_end_at_once_gives_the_attempt_back_without_blame(course: Course) -> None:
    course.hand_in()

    def interrupted(*_: object, file: str) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        course.grade(interrupted)
    assert course.ledger.attempts()[0].failures == 0
    assert course.grade() == "graded"


def test_an_outcome_that_comes_too_late_is_not_recorded(course: Course) -> None:
    course.hand_in()

    def slow(*given: object, file: str) -> Outcome:
        course.now += timedelta(hours=1)
        assert course.grade() == "graded"  # somebody else, meanwhile
        return outcome(score("q1", 0.0))

    assert course.grade(slow) == "lost"
    (result,) = course.ledger.results()
    assert result.outcome.points == 3.0


def test_a_long_grading_keeps_its_lease(course: Course) -> None:
    course.hand_in()
    lease = replace(QUICK, lease=0.6)
    real = lambda: datetime.now(UTC)  # noqa: E731

    def long(*given: object, file: str) -> Outcome:
        time.sleep(2.0)
        assert course.ledger.claim("g2", now=real(), seconds=60) is None
        return outcome()

    assert grade_next(course.ledger, long, clock=real, worker="g1", questions=questions_of, terms=lease) == "graded"


def test_a_grading_that_hangs_loses_its_lease(course: Course) -> None:
    course.hand_in()
    real = lambda: datetime.now(UTC)  # noqa: E731
    wait = threading.Event()

    def hang(*given: object, file: str) -> Outcome:
        assert wait.wait(30)
        return outcome()

    hung = replace(QUICK, lease=0.3, longest=0.3)
    thread = threading.Thread(
        target=grade_next,
        args=(course.ledger, hang),
        kwargs={"clock": real, "worker": "g1", "questions": questions_of, "terms": hung},
    )
    thread.start()
    for _ in range(200):
        time.sleep(0.05)
        if course.ledger.claim("g2", now=real(), seconds=60):
            break
    wait.set()
    thread.join()
    (attempt,) = course.ledger.attempts()
    assert (attempt.worker, attempt.state, attempt.failures) == ("g2", "grading", 1)


# -- trouble with the database


def lock(ledger: SqlLedger) -> sqlite3.Connection:
    connection = sqlite3.connect(str(ledger.engine.url.database), isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_a_finished_grading_waits_for_a_locked_database(course: Course) -> None:
    course.hand_in()

    def grader(*given: object, file: str) -> Outcome:
        held = lock(course.ledger)
        threading.Timer(1.0, held.close).start()
        return outcome()

    assert course.grade(grader) == "graded"
    assert len(course.ledger.results()) == 1


def test_the_service_goes_on_after_the_database_was_away(course: Course) -> None:
    course.hand_in("ada")
    held = lock(course.ledger)
    threading.Timer(1.0, held.close).start()
    run(course, until_empty=True)
    assert len(course.ledger.results()) == 1


def test_asked_to_stop_while_the_database_is_away_it_stops(course: Course) -> None:
    course.hand_in("ada")
    stop = threading.Event()
    held: list[sqlite3.Connection] = []

    def grader(*given: object, file: str) -> Outcome:
        held.append(lock(course.ledger))
        stop.set()
        return outcome()

    run(course, grader, stop=stop)
    held[0].close()
    (attempt,) = course.ledger.attempts()
    assert attempt.state == "grading"  # until the lease runs out
    course.now += timedelta(hours=1)
    assert course.grade() == "graded"


# -- the service


def run(
    course: Course, grader: Callable[..., Outcome] = in_a_process, *, stop: threading.Event | None = None, **more: bool
) -> list[str]:
    seen: list[str] = []
    serve(
        course.ledger,
        grader,
        clock=course.clock,
        worker="g1",
        questions=questions_of,
        stop=stop or threading.Event(),
        terms=QUICK,
        seen=seen.append,
        **more,
    )
    return seen


def test_the_service_grades_until_nothing_is_left(course: Course) -> None:
    for student in ("ada", "bob", "cy"):
        course.hand_in(student)
    assert run(course, until_empty=True) == ["graded"] * 3
    assert course.ledger.queue(now=course.now).waiting == 0


def test_the_service_finishes_what_it_began_and_then_stops(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)
    stop = threading.Event()

    def grader(*given: object, file: str) -> Outcome:
        stop.set()
        return outcome()

    assert run(course, grader, stop=stop) == ["graded"]
    assert len(course.ledger.results()) == 1


SERVICE = """
import sys, time
from datetime import UTC, datetime
from grading.ledger.sql import open_ledger
from grading.service import Terms, serve, stopping
from tests.grading.ledger.hand_ins import outcome

def slow(data, assignment, seed, *, file):
    print("begun", flush=True)
    time.sleep(1.5)
    return outcome()

with stopping() as stop:
    ledger = open_ledger(sys.argv[1])
    serve(ledger, slow, clock=lambda: datetime.now(UTC), worker="g1", questions=lambda _: (), stop=stop)
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_service_after_the_grading_it_is_at(course: Course, number: int) -> None:
    course.hand_in("ada")
    course.hand_in("bob")
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", SERVICE, str(course.ledger.engine.url.database)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        os.kill(process.pid, number)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 0
    assert [attempt.state for attempt in course.ledger.attempts()] == ["graded", "waiting"]


def test_signals_mean_what_they_meant_before_once_the_service_is_over() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stopping() as stop:
        assert signal.getsignal(signal.SIGTERM) is not before
        assert not stop.is_set()
    assert signal.getsignal(signal.SIGTERM) is before


# -- regrading


def test_a_regrade_appends_and_the_newest_outcome_stands(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)
        course.grade()
    assert len(course.regrade(student="ada")) == 1
    course.grade(lambda *_, file: outcome(score("q1", 2.0), score("q2", 3.0, 3.0)))
    ada, bob = standing_of(course.ledger, assignment="ps1")
    assert (ada.points, bob.points) == (5.0, 3.0)
    assert [result.outcome.points for result in course.ledger.results(student="ada")] == [3.0, 5.0]


def test_a_regrade_of_one_question_moves_no_other(course: Course) -> None:
    course.hand_in(data=b"q1=1 q2=2")
    course.grade()
    course.regrade(question="q1")
    course.grade(lambda *_, file: outcome(score("q1", 2.0), score("q2", 0.0, 3.0), score("essay", None, 5.0)))
    (ada,) = standing_of(course.ledger)
    assert {entry.question: entry.points for entry in ada.entries} == {"q1": 2.0, "q2": 2.0, "essay": None}


def test_a_regrade_that_comes_to_nothing_takes_nothing_away(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.regrade()
    course.grade(lambda *_, file: replace(outcome(score("q1", 0.0)), verdict="undecided"))
    (ada,) = standing_of(course.ledger)
    assert ada.points == 3.0


def test_a_preview_tells_whose_marks_would_change_and_records_nothing(course: Course) -> None:
    for student, data in (("ada", b"q1=1 q2=2"), ("bob", b"q1=2 q2=2"), ("cy", b"q1=0 q2=1")):
        course.hand_in(student, data)
        course.grade()
    course.mark("q1", 2.0, hand_in=3)  # a person's mark: no test changes it
    course.hand_in("dan")  # not graded yet: nothing to compare

    def kinder(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        return in_a_process(data.replace(b"q1=1", b"q1=2").replace(b"q1=0", b"q1=2"), assignment, seed, file=file)

    found = list(preview(course.ledger, kinder, assignment="ps1", clock=course.clock))
    assert [(change.before.hand_in.submission.student, change.questions, change.gained) for change in found] == [
        ("ada", ("q1",), 1.0)
    ]
    assert list(preview(course.ledger, kinder, assignment="ps1", question="q2", clock=course.clock)) == []
    assert len(course.ledger.results()) == 3
    assert changes(course.ledger, assignment="ps1") == ()


def test_changes_tell_what_a_regrade_did(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)
        course.grade()
    course.regrade()
    course.grade(lambda *_, file: outcome(score("q1", 0.0), score("q2", 2.0, 3.0), score("essay", None, 5.0)))
    course.grade()
    (change,) = changes(course.ledger, assignment="ps1")
    assert (change.questions, change.gained, change.before.points) == (("q1",), -1.0, 3.0)


def test_a_regrade_of_nothing_says_so(course: Course) -> None:
    course.hand_in()
    with pytest.raises(GradingError, match="Nothing was handed in for ps1 by bob"):
        course.regrade(student="bob")


# -- people


def test_a_persons_mark_stands_above_the_machines_and_survives_regrading(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("essay", 4.0, comment="clear")
    course.mark("q1", 2.0)
    course.regrade()
    course.grade(lambda *_, file: outcome(score("q1", 0.0), score("q2", 0.0, 3.0), score("essay", None, 5.0)))
    (ada,) = standing_of(course.ledger)
    assert [(entry.question, entry.points, entry.state, entry.by, entry.comment) for entry in ada.entries] == [
        ("q1", 2.0, "full", "eve", ""),
        ("q2", 0.0, "none", "", ""),
        ("essay", 4.0, "part", "eve", "clear"),
    ]
    assert (ada.points, ada.out_of, ada.to_mark, ada.undecided) == (6.0, 10.0, (), False)


def test_a_mark_without_points_gives_the_question_back_to_the_machine(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("q1", 2.0)
    course.mark("q1", None, comment="I was wrong")
    (entry, *_rest) = standing_of(course.ledger)[0].entries
    assert (entry.points, entry.comment, entry.by) == (1.0, "I was wrong", "")


def test_a_person_can_decide_what_the_machine_could_not(course: Course) -> None:
    course.hand_in(data=b"this is no list of points")
    for _ in range(4):
        course.grade()
        course.now += timedelta(hours=1)
    assert standing_of(course.ledger)[0].undecided
    course.mark("q1", 2.0)
    course.mark("q2", 0.0)
    (ada,) = standing_of(course.ledger)
    assert (ada.undecided, ada.points, ada.to_mark) == (False, 2.0, ("essay",))


@pytest.mark.parametrize(
    ("question", "points", "says"),
    [
        ("q9", 1.0, "has no question q9. It has: q1, q2, essay"),
        ("q1", 2.5, "Question q1 offers 2 points, and 2.5 are more"),
        ("q1", -1.0, "from 0 on, not -1"),
        ("q1", float("nan"), "from 0 on, not nan"),
    ],
)
def test_a_mark_that_cannot_be_meant_is_refused_in_a_sentence(
    course: Course, question: str, points: float, says: str
) -> None:
    course.hand_in()
    course.grade()
    with pytest.raises(GradingError, match=says):
        course.mark(question, points)
    assert course.ledger.marks() == ()


def test_more_than_a_question_offers_is_given_on_purpose_only(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("q1", 2.5, beyond=True)
    assert standing_of(course.ledger)[0].points == 4.5


def test_a_mark_for_no_hand_in_is_refused(course: Course) -> None:
    with pytest.raises(GradingError, match="no hand-in 8"):
        course.mark("q1", 1.0, hand_in=8)


def test_what_students_see_is_what_was_said_last(course: Course) -> None:
    def sees(student: str, habit: bool) -> bool:
        return may_see(course.ledger, assignment="ps1", student=student, unless_said=habit)

    assert (sees("ada", True), sees("ada", False)) == (True, False)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock, student="ada", visible=False)
    release(course.ledger, assignment="ps2", by="prof", clock=course.clock, visible=False)
    assert (sees("ada", True), sees("bob", False)) == (False, True)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock)
    assert sees("ada", False)


def test_grades_follow_the_rules_and_the_extensions(course: Course) -> None:
    for student, data in (("ada", b"q1=2 q2=3"), ("bob", b"q1=1 q2=0"), ("bob", b"q1=2 q2=3"), ("cy", b"q1=2 q2=3")):
        course.hand_in(student, data)
        course.grade()
    rules = Rules(due=MONDAY + timedelta(seconds=2), late=Late(per_day=0.5))
    until = MONDAY + timedelta(hours=1)
    course.ledger.extend(Extension("ps1", "cy", "prof", MONDAY, until=until))
    ada, bob, cy = grades(course.ledger, assignment="ps1", rules_for=lambda _: rules)
    assert [(one.student, one.points, one.taken, one.days_late, one.hand_ins) for one in (ada, bob, cy)] == [
        ("ada", 5.0, 0.0, 0, 1),
        ("bob", 2.5, 2.5, 1, 2),
        ("cy", 5.0, 0.0, 0, 1),
    ]
    last = replace(rules, counts="last", late=Late(per_day=1.0))
    (only_bob,) = grades(course.ledger, assignment="ps1", rules_for=lambda _: last, student="bob")
    assert (only_bob.points, only_bob.standing.hand_in.number) == (0.0, 2)


def test_what_is_not_graded_yet_has_no_points_not_zero(course: Course) -> None:
    course.hand_in()
    (ada,) = grades(course.ledger, assignment="ps1", rules_for=lambda _: Rules())
    assert (ada.points, ada.standing.undecided) == (None, True)


def test_a_busy_ledger_is_the_callers_to_show(course: Course) -> None:
    held = lock(course.ledger)
    with pytest.raises(LedgerBusy, match="please try again"):
        course.hand_in()
    held.close()
