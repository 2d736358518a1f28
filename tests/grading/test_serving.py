"""Graders at work on the queue: what fails, hangs or is refused, a database that is away, and the way to stop them."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grading.errors import GradingError, Refusal
from grading.ledger.sql import open_ledger
from grading.records import Outcome, Question
from grading.service import Terms, grade_next, standing_of
from tests.grading.desk import QUESTIONS, QUICK, Course, lock, questions_of, run
from tests.grading.ledger.hand_ins import outcome, score


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.2)
    yield Course(ledger)
    ledger.close()


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


# -- what cannot be graded at all


def gone(*_: object, file: str) -> Outcome:
    raise Refusal("The test cell is missing.", remedy="Hand in the new notebook.", file=file, cell="q1")


def test_a_refusal_is_undecided_at_once_and_says_to_the_instructor_why(course: Course) -> None:
    course.hand_in()
    assert course.grade(gone) == "refused"
    assert course.grade(gone) == "nothing"
    course.now += timedelta(days=1)
    assert course.grade(gone) == "nothing", "a Refusal is not tried again"
    (result,) = course.ledger.results()
    assert result.outcome.verdict == "undecided"
    assert result.outcome.stopped_by == "ps1.ipynb, cell q1: The test cell is missing. Hand in the new notebook."
    assert [(part.question, part.points, part.state) for part in result.outcome.scores] == [
        ("q1", None, "undecided"),
        ("q2", None, "undecided"),
        ("essay", None, "to mark"),
    ]


def test_the_student_of_a_refused_hand_in_reads_a_plain_sentence(course: Course) -> None:
    course.hand_in()
    course.grade(gone)
    (result,) = course.ledger.results()
    read = [*(part.seen for part in result.outcome.scores if part.seen), *result.outcome.notes]
    assert read
    assert all("instructor" in words or "person" in words for words in read)
    assert not any("test cell" in words for words in read)


def test_a_regrade_that_is_refused_takes_nothing_away(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.regrade()
    assert course.grade(gone) == "refused"
    assert standing_of(course.ledger)[0].points == 3.0
    assert len(course.ledger.results()) == 2


def test_a_refusal_in_the_service_does_not_hold_up_the_next(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)

    def grader(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        return outcome() if course.ledger.results() else gone(file=file)

    assert run(course, grader, until_empty=True) == ["refused", "graded"]


# -- a course that cannot say what its questions are


def no_course(_assignment: str) -> Sequence[Question]:
    raise GradingError("fovea.toml is not valid TOML.")


def test_without_questions_an_attempt_still_ends_with_one_outcome(course: Course) -> None:
    course.hand_in(data=b"this is no list of points")
    ended = []
    for _ in range(6):
        ended.append(course.grade(questions=no_course))
        course.now += timedelta(minutes=5)
    assert ended == ["failed", "failed", "failed", "given up", "nothing", "nothing"]
    (result,) = course.ledger.results()
    assert (result.outcome.verdict, result.outcome.scores) == ("undecided", ())
    assert standing_of(course.ledger)[0].undecided


def test_a_refusal_without_questions_ends_with_one_outcome_too(course: Course) -> None:
    course.hand_in()
    assert course.grade(gone, questions=no_course) == "refused"
    assert len(course.ledger.results()) == 1


def test_without_a_course_the_questions_are_those_of_the_last_outcome(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.regrade()
    assert course.grade(gone, questions=no_course) == "refused"
    _, result = course.ledger.results()
    assert [(part.question, part.out_of, part.state) for part in result.outcome.scores] == [
        ("q1", 2.0, "undecided"),
        ("q2", 3.0, "undecided"),
        ("essay", 5.0, "to mark"),
    ]


def test_a_question_that_is_named_twice_does_not_keep_an_attempt_in_the_queue(course: Course) -> None:
    course.hand_in()
    assert course.grade(gone, questions=lambda _: (*QUESTIONS, *QUESTIONS)) == "refused"
    assert len(course.ledger.results()[0].outcome.scores) == 3


# -- how long what failed rests


def test_what_fails_again_and_again_never_rests_longer_than_it_may(course: Course) -> None:
    course.hand_in(data=b"this is no list of points")
    terms = replace(QUICK, failures=10**6, delay=10, most_delay=60)
    rests = []
    for _ in range(8):
        assert course.grade(terms=terms) == "failed"
        rested = 0
        while course.ledger.claim("looking", now=course.now, seconds=0) is None:
            course.now += timedelta(seconds=5)
            rested += 5
        (attempt,) = course.ledger.attempts()
        course.ledger.give_back(attempt, now=course.now, failed=False)
        rests.append(rested)
    assert rests == [10, 20, 40, 60, 60, 60, 60, 60]
    assert Terms().delay_after(10**9) == Terms().most_delay
