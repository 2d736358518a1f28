"""`fovea grader` with a real engine, interrupted: its exit status, and what it leaves behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from grading.course import Course
from grading.grader import Grader
from grading.ledger.sql import open_ledger
from tests.grading.small_course import answered, write

ROOT = Path(__file__).resolve().parents[2]
LONG = 90.0  # seconds that only a hanging machine needs
ENDLESS = "def double(x):\n    while True: pass"


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONG
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


@contextmanager
def fovea(course: Path, *words: str) -> "Iterator[subprocess.Popen[str]]":
    """A subcommand of ours in a session of its own, as a terminal starts it."""
    plain = {name: value for name, value in os.environ.items() if name != "FOVEA_LEDGER"}
    command = [sys.executable, "-m", "fovea", words[0], "--course", str(course), *words[1:]]
    with subprocess.Popen(
        command, cwd=ROOT, env=plain, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def handed_in(folder: Path, students: int) -> Path:
    """A course whose hand-ins keep a grader busy for as long as a test takes."""
    course = write(
        folder / "course", settings="[limits]\ncell_seconds = 3000\ncall_seconds = 3000\ntotal_seconds = 3000"
    )
    with Grader(Course.open(course), "ps") as grader:
        data = answered(grader, double=ENDLESS)
    (folder / "ps.ipynb").write_bytes(data)
    for number in range(students):
        with fovea(course, "submit", "ps", str(folder / "ps.ipynb"), "--student", f"s{number}") as submitting:
            _, complaints = submitting.communicate(timeout=LONG)
            assert submitting.returncode == 0, complaints
    return course


def busy(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Its students that are at work."""
    found = []
    zygotes = psutil.Process(process.pid).children()
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            found += [child] if child not in zygotes and child.cpu_times().user > 1.0 else []
        except psutil.NoSuchProcess:
            continue
    return found


def test_a_second_interrupt_ends_the_grader_and_all_it_started(tmp_path: Path) -> None:
    course = handed_in(tmp_path, 2)
    with fovea(course, "grader", "--workers", "2") as process:
        assert until(lambda: bool(busy(process)) or process.poll() is not None)
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 3, "a zygote, a student and a judge"
        process.send_signal(signal.SIGINT)
        time.sleep(1.0)
        assert process.poll() is None, "the first interrupt lets it finish"
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=LONG)
    assert process.returncode == 130, complaints
    assert "Traceback" not in complaints
    _, alive = psutil.wait_procs(children, timeout=LONG)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    ledger = open_ledger(course / "ledger.sqlite")
    assert [(attempt.state, attempt.failures) for attempt in ledger.attempts()] == [("waiting", 0)] * 2
    assert ledger.results() == ()
    ledger.close()
