"""The grading service as a course runs it: a ledger, `fovea grader` beside it, and students who hand in at random."""

import contextlib
import os
import random
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.grading_hand_ins import class_of
from benchmarks.grading_runs import ASSIGNMENT, COURSE, environment
from benchmarks.serve import ROOT

if TYPE_CHECKING:
    from grading.ledger.port import Ledger
    from grading.records import Outcome

PATIENCE = 180.0  # seconds for what is still to be graded, on a busy machine
HandIn = Callable[[str, bytes], None]


def arrivals(students: int, seconds: float, *, seed: int) -> tuple[float, ...]:
    """When each student comes, in seconds from the start: gaps drawn from an exponential distribution.

    >>> [round(at, 1) for at in arrivals(4, 8.0, seed=1)]
    [0.3, 4.0, 6.9, 7.5]
    """
    chance = random.Random(seed)
    times: list[float] = []
    for _ in range(students):
        times.append((times[-1] if times else 0.0) + chance.expovariate(students / seconds))
    return tuple(times)


def waits(
    folder: Path, released: bytes, *, students: int, seconds: float, workers: int
) -> tuple[dict[str, float], dict[str, "Outcome"]]:
    """Seconds from hand-in to recorded outcome by student, and the outcomes; the service is warm when they begin."""
    from grading.ledger.sql import open_ledger

    (folder / "service-home").mkdir()
    ledger = open_ledger(str(folder / "ledger.sqlite"))
    try:
        with _grader(folder, workers), _hand_in(ledger) as hand_in:
            early = {f"early-{student}": data for student, data in class_of(2 * workers, released).items()}
            for student, data in early.items():
                hand_in(student, data)
            _await(ledger, len(early))
            class_ = class_of(students, released)
            came = _come(class_, arrivals(students, seconds, seed=1), hand_in)
            _await(ledger, len(early) + len(class_))
        results = {
            one.attempt.submission.student: one for one in ledger.results() if one.attempt.submission.student in class_
        }
    finally:
        ledger.close()
    took = {student: (one.at - came[student]).total_seconds() for student, one in results.items()}
    return took, {student: one.outcome for student, one in results.items()}


def _come(class_: Mapping[str, bytes], times: tuple[float, ...], hand_in: HandIn) -> dict[str, datetime]:
    """Hand in on time. A wait counts from when the student came, also if we were late with the one before."""
    began, start = time.perf_counter(), datetime.now(UTC)
    came: dict[str, datetime] = {}
    for (student, data), at in zip(class_.items(), times, strict=True):
        time.sleep(max(0.0, began + at - time.perf_counter()))
        came[student] = datetime.fromtimestamp(start.timestamp() + at, UTC)
        hand_in(student, data)
    return came


@contextlib.contextmanager
def _hand_in(ledger: "Ledger") -> Iterator[HandIn]:
    """What the web page does with an upload: check it, append it."""
    from grading import service
    from grading.course import Course
    from grading.grader import CourseGrader
    from grading.ledger.policy import rules_for

    course = Course.open(COURSE)
    settings = course.assignment(ASSIGNMENT).settings
    with CourseGrader(course) as grader:

        def hand_in(student: str, data: bytes) -> None:
            service.hand_in(
                ledger,
                student=student,
                assignment=ASSIGNMENT,
                file=f"{ASSIGNMENT}.ipynb",
                data=data,
                check=lambda file, content: grader.check(ASSIGNMENT, file, content),
                rules=rules_for(settings, student),
                clock=lambda: datetime.now(UTC),
                draw=lambda: secrets.randbits(63),
            )

        yield hand_in


@contextlib.contextmanager
def _grader(folder: Path, workers: int) -> Iterator[None]:
    """`fovea grader` at work on the ledger in this folder, until we are through."""
    command = [sys.executable, str(ROOT / "fovea.py"), "grader", "--course", str(COURSE), "--workers", str(workers)]
    surroundings = {**environment(folder / "service-home"), "FOVEA_LEDGER": str(folder / "ledger.sqlite")}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=folder, env=surroundings, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield
            if process.poll() is not None:
                raise RuntimeError(f"the service ended with {process.returncode} while it was needed")
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


def _await(ledger: "Ledger", outcomes: int) -> None:
    """Until so many attempts have their outcome."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        state = ledger.queue(now=datetime.now(UTC))
        if not state.waiting + state.grading and len(ledger.attempts()) == outcomes:
            return
        time.sleep(0.2)
    raise RuntimeError(f"the service did not grade {outcomes} hand-ins within {PATIENCE:.0f} s")
