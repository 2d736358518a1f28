"""The real service under fire: `fovea grader` and its zygotes are killed at any moment, and nothing is lost.

tests/grading/ledger does this with 500 attempts and a grader of milliseconds; here the engine, the jail and the judge
are the real ones, started as the command starts them.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from sqlalchemy import func, select

from grading.batch import grade_folder
from grading.course import Course
from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
from grading.ledger.sql import SqlLedger, open_ledger
from grading.ledger.tables import leases
from grading.records import Submission
from grading.sandbox.cgroups import Cgroups
from tests.grading.notebooks.detection import POINTS, TESTS, answered, at, source

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = 'preload = ["numpy"]\n[limits]\ncell_seconds = 20\n'
# The command itself, with leases of seconds: a grader that was killed is missed after a minute otherwise.
GRADER = """
import sys
from functools import partial
import grading.service
from grading.service import Terms
hasty = Terms(lease=3.0, failures=10**6, delay=0.05, idle=0.05, trouble=0.02, most_trouble=0.2)
grading.service.serve = partial(grading.service.serve, terms=hasty)
from fovea import main
sys.exit(main(["grader", "--course", sys.argv[1], "--workers", "2", *sys.argv[2:]]))
"""
# What a student wrote for which question, and the points that follow; a mix-up would show.
KINDS: tuple[tuple[Mapping[str, str], frozenset[str]], ...] = (
    ({}, frozenset()),
    ({"iou": "def iou(a, b):\n    return 0"}, frozenset({"iou", "nms"})),
    ({"recall": "import os\nos._exit(1)"}, frozenset({"recall"})),
    ({"precision": "def precision(hits, n):\n    return hits"}, frozenset({"precision"})),
    ({"output_side": "def output_side(:", "recall": "1 / 0"}, frozenset({"output_side", "recall"})),
)


def laid_out(folder: Path) -> Course:
    place = folder / "source" / "det"
    place.mkdir(parents=True)
    nbformat.write(source(), place / "det.ipynb")
    (place / "data.csv").write_text("1,2\n")  # so that there is something to lay out beside the notebooks
    (folder / "fovea.toml").write_text(SETTINGS, encoding="utf-8")
    return Course.open(folder)


def notebook(released: bytes, number: int) -> bytes:
    found = answered(released)
    answers, _ = KINDS[number % len(KINDS)]
    for name, text in answers.items():
        found["cells"][at(found, name)]["source"] = text
    found["metadata"]["number"] = number  # no two are the same bytes
    return json.dumps(found).encode()


def deserved(number: int) -> dict[str, float | None]:
    _, lost = KINDS[number % len(KINDS)]
    return {f"test_{name}": 0.0 if name in lost else float(POINTS) for name in TESTS} | {"why": None}


def hand_in(ledger: SqlLedger, released: bytes, number: int) -> None:
    data = notebook(released, number)
    given = Submission(f"student-{number}", "det", sha256(data).hexdigest(), "det.ipynb", datetime.now(UTC))
    ledger.hand_in(given, data, seed=number, admit=lambda _: None)


@dataclass
class Service:
    """`fovea grader`, started again and again, and everything that it ever had running."""

    course: Path
    temporary: Path
    log: Path
    running: "subprocess.Popen[bytes] | None" = None
    pids: list[int] = field(default_factory=list)
    seen: set[psutil.Process] = field(default_factory=set)
    killed: int = 0
    zygotes_killed: int = 0
    groups_seen: int = 0

    def start(self, *more: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-c", GRADER, str(self.course), *more],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self.temporary)},
                stdout=log,
                stderr=log,
            )
        self.pids.append(self.running.pid)
        return self.running

    def children(self) -> list[psutil.Process]:
        """Zygotes, students, judges; remembered for later."""
        assert self.running
        with suppress(psutil.NoSuchProcess):
            found = psutil.Process(self.running.pid).children(recursive=True)
            self.seen.update(found)
            return found
        return []

    def zygotes(self) -> list[psutil.Process]:
        found = []
        for child in self.children():
            with suppress(psutil.NoSuchProcess):
                found += [child] if "grading.engine.zygote" in " ".join(child.cmdline()) else []
        return found

    def kill(self) -> None:
        assert self.running
        self.children()
        self.groups_seen += len(groups([self.running.pid]))
        self.running.kill()
        self.running.wait()
        self.killed += 1

    def kill_zygote(self) -> None:
        for zygote in self.zygotes():
            with suppress(psutil.NoSuchProcess):
                zygote.kill()
                self.zygotes_killed += 1

    def left(self) -> dict[str, list[str]]:
        """Processes, control groups and folders of ours, given a moment to go."""
        end = time.monotonic() + 20
        while True:
            left = {
                "processes": [str(one) for one in self.seen if one.is_running() and one.status() != "zombie"],
                "control groups": [str(path) for path in groups(self.pids)],
                "folders": [path.name for path in self.temporary.iterdir()],
            }
            if not any(left.values()) or time.monotonic() > end:
                return {what: found for what, found in left.items() if found}
            time.sleep(0.1)


def groups(pids: Collection[int]) -> list[Path]:
    """The control groups that supervisors with these numbers made."""
    found = Cgroups.find()
    bases = set(found.hierarchy.bases.values()) if found else set()
    ours = [path for base in bases for path in base.glob("fovea-*-*-*-*")]
    return [path for path in ours if int(path.name.split("-")[2]) in pids]


def outcomes(ledger: SqlLedger) -> int:
    return len(ledger.results())


def all_is_well(ledger: SqlLedger, attempts: int) -> None:
    """None lost, none twice, none with another's points, none given up."""
    results = ledger.results()
    assert sorted(result.attempt.id for result in results) == sorted(one.id for one in ledger.attempts())
    assert len(results) == attempts
    for result in results:
        number = int(result.attempt.submission.student.removeprefix("student-"))
        points = {score.question: score.points for score in result.outcome.scores}
        assert points == deserved(number), f"student-{number}: {result.outcome.stopped_by}"
        assert result.outcome.seed == result.attempt.seed
        assert result.outcome.isolation.layers
    with ledger.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(leases)) == 0


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    laid_out(tmp_path / "course")
    service = Service(tmp_path / "course", temporary, tmp_path / "log")
    yield service
    if service.running and service.running.poll() is None:
        service.running.kill()
        service.running.wait()


def await_outcomes(ledger: SqlLedger, service: Service, number: int, limit: float) -> None:
    """Until so many are there, watching what runs meanwhile."""
    end = time.monotonic() + limit
    while outcomes(ledger) < number:
        assert time.monotonic() < end, f"{outcomes(ledger)} of {number}: {service.log.read_text()[-2000:]}"
        assert service.running
        assert service.running.poll() is None, service.log.read_text()[-2000:]
        service.children()
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_every_attempt_ends_with_its_one_outcome_whatever_is_killed(service: Service, seed: int) -> None:
    attempts, dice = 60, random.Random(seed)
    released = Course.open(service.course).assignment("det").masters[0].release()
    ledger = open_ledger(str(service.course / "ledger.sqlite"))
    for number in range(attempts):
        hand_in(ledger, released, number)
    moments = sorted(dice.sample(range(1, attempts - 4), 12))
    service.start()
    for place, moment in enumerate(moments):
        await_outcomes(ledger, service, moment, 120)
        time.sleep(dice.uniform(0, 0.4))
        if place % 2:
            service.kill_zygote()
        else:
            service.kill()
            time.sleep(dice.uniform(0, 0.2))
            service.start()
            if place % 4 == 0:  # and once more while it is still starting
                time.sleep(dice.uniform(0, 1.5))
                service.kill()
                service.start()
    service.kill()
    last = service.start("--until-empty")
    await_end(ledger, service, last, attempts)
    assert last.returncode == 0, service.log.read_text()[-2000:]
    assert service.killed >= 7
    assert service.zygotes_killed >= 5
    assert service.seen
    assert service.groups_seen or not Cgroups.find(), "the check for control groups would check nothing"
    all_is_well(ledger, attempts)
    ledger.close()
    left = service.left()
    left.pop("folders", None)  # a test of its own
    assert left == {}


def await_end(ledger: SqlLedger, service: Service, process: "subprocess.Popen[bytes]", attempts: int) -> None:
    end = time.monotonic() + 180
    while process.poll() is None:
        assert time.monotonic() < end, f"{outcomes(ledger)} of {attempts}: {service.log.read_text()[-2000:]}"
        service.children()
        time.sleep(0.05)


@pytest.mark.slow
def test_what_a_killed_grader_left_is_removed_by_the_next_one(service: Service) -> None:
    released = Course.open(service.course).assignment("det").masters[0].release()
    ledger = open_ledger(str(service.course / "ledger.sqlite"))
    for number in range(12):
        hand_in(ledger, released, number)
    service.start()
    await_outcomes(ledger, service, 2, 120)
    service.kill()
    await_end(ledger, service, service.start("--until-empty"), 12)
    all_is_well(ledger, 12)
    ledger.close()
    assert service.left() == {}


def test_a_grader_that_is_asked_to_end_finishes_what_it_began_and_leaves_nothing(service: Service) -> None:
    released = Course.open(service.course).assignment("det").masters[0].release()
    ledger = open_ledger(str(service.course / "ledger.sqlite"))
    for number in range(30):
        hand_in(ledger, released, number)
    running = service.start()
    await_outcomes(ledger, service, 1, 120)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0, service.log.read_text()[-2000:]
    done = outcomes(ledger)
    assert 1 <= done < 30, "it should have stopped in the middle"
    state = ledger.queue(now=datetime.now(UTC))
    assert (state.waiting, state.grading) == (30 - done, 0), "nothing is held by one who has ended"
    ledger.close()
    assert service.left() == {}
    assert "Traceback" not in service.log.read_text()


# -- the zygote and its children alone


@pytest.mark.parametrize("victim", ["student", "judge"])
def test_a_pair_that_died_while_it_waited_is_not_given_to_anybody(victim: str) -> None:
    """A pair is made before anybody asks for it; the kernel may end one of the two at any time."""
    job = Job()
    with Engine(Environment(imports=("numpy",))) as engine:
        with engine.session(job, seed=1) as session:
            assert session.run("1").ending == "finished"
        pair = engine._spares[job].pair.result()
        process = pair.student if victim == "student" else pair.judge
        os.kill(process.pid, signal.SIGKILL)
        while not process.ended():
            time.sleep(0.01)
        with engine.session(job, seed=2) as session:
            assert session.run("def f(): return 1").ending == "finished"
            assert session.test("assert f() == 1", out_of=1.0).points["earned"] == 1.0


def zygotes_of(pid: int) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):
            found += [child] if "grading.engine.zygote" in " ".join(child.cmdline()) else []
    return found


def test_a_zygote_killed_in_the_middle_of_a_batch_costs_nobody_anything(tmp_path: Path) -> None:
    course = laid_out(tmp_path / "course")
    released = course.assignment("det").masters[0].release()
    folder = tmp_path / "hand-ins"
    folder.mkdir()
    for number in range(24):
        (folder / f"student-{number}.ipynb").write_bytes(notebook(released, number))
    mine = {process.pid for process in zygotes_of(os.getpid())}  # of other tests
    begun, over, killed, dice = threading.Event(), threading.Event(), list[int](), random.Random(3)

    def kill_now_and_then() -> None:
        begun.wait(120)
        while not over.wait(dice.uniform(0.6, 1.2)) and len(killed) < 3:
            for zygote in zygotes_of(os.getpid()):
                if zygote.pid not in mine | set(killed):
                    zygote.kill()
                    killed.append(zygote.pid)

    thread = threading.Thread(target=kill_now_and_then)
    thread.start()
    found: dict[str, Any] = {}
    try:
        for one in grade_folder(course, "det", folder, workers=2):
            found[one.student] = one
            begun.set()
            if len(found) < 12:
                time.sleep(0.1)  # so that there is a middle
    finally:
        begun.set()
        over.set()
        thread.join()
    assert killed, "no zygote was there to be killed"
    assert len(found) == 24
    for number in range(24):
        one = found[f"student-{number}"]
        assert one.outcome is not None, one.refusal
        assert {score.question: score.points for score in one.outcome.scores} == deserved(number)
