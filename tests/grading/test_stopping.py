"""The ways to stop a grading service, and what its program then says of itself by its exit status."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grading.ledger.sql import open_ledger
from grading.service import stopping
from tests.grading.desk import Course, run


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.2)
    yield Course(ledger)
    ledger.close()


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


PROGRAM = """
import os, sys, threading, time
from datetime import UTC, datetime
from grading.ledger.sql import open_ledger
from grading.service import serve, stopping
from tests.grading.ledger.hand_ins import outcome

def slow(data, assignment, seed, *, file):
    os.write(1, b"begun\\n")  # in one piece, from two threads
    for _ in range(600):
        time.sleep(0.1)
        if stop.at_once:
            raise RuntimeError("its processes were ended")
    return outcome()

def seen(ended):
    if ended == "graded":
        raise OSError("no space left for what was seen")

with stopping() as stop:
    ledger = open_ledger(sys.argv[1])
    words = {"clock": lambda: datetime.now(UTC), "questions": lambda _: (), "stop": stop, "seen": seen}
    grader = slow if sys.argv[2] == "slow" else lambda *_, file: outcome()
    workers = [threading.Thread(target=serve, args=(ledger, grader), kwargs={**words, "worker": f"g{n}"}) for n in "12"]
    for worker in workers:
        worker.start()
    for worker in workers:
        while worker.is_alive():
            worker.join(0.1)
print("stopped", flush=True)
"""


@contextmanager
def program(course: Course, grader: str) -> "Iterator[subprocess.Popen[str]]":
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", PROGRAM, str(course.ledger.engine.url.database), grader]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process


def test_a_second_interrupt_ends_the_program_at_once_and_blames_no_hand_in(course: Course) -> None:
    for student in ("ada", "bob", "cy"):
        course.hand_in(student)
    with program(course, "slow") as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["begun\n", "begun\n"]
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None, "the first asks it to finish what it is at"
        process.send_signal(signal.SIGINT)
        said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert "Traceback" not in complaints
    assert [(attempt.state, attempt.failures) for attempt in course.ledger.attempts()] == [("waiting", 0)] * 3


def test_a_worker_that_falls_ends_the_others_and_the_program_says_so(course: Course) -> None:
    for student in ("ada", "bob", "cy", "dan"):
        course.hand_in(student)
    with program(course, "quick") as process:
        said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "")
    assert "no space left for what was seen" in complaints
    states = [attempt.state for attempt in course.ledger.attempts()]
    assert "waiting" in states
    assert "grading" not in states


def test_without_a_stop_of_ours_the_service_falls_where_it_is_called(course: Course) -> None:
    course.hand_in()

    def seen(_ended: str) -> None:
        raise OSError("no space left for what was seen")

    with pytest.raises(OSError, match="no space left"):
        run(course, seen=seen)
