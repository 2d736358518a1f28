"""Both graders as an instructor runs them: their own commands, watched from outside while they say how far they are.

nbgrader writes a line when it is through with a student; `fovea grade` moves its progress bar.
"""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.grading_hand_ins import class_of, lay_flat, lay_submitted
from benchmarks.grading_watch import Watched, counted, watch
from benchmarks.serve import ROOT

ASSIGNMENT = "warmup"
COURSE = ROOT / "assignments"
_BAR = re.compile(r" (\d+)/\d+ \[")  # tqdm's counter: " 3/40 ["
_NOBODYS = ("FOVEA_", "IPYTHON", "JUPYTER", "PYTHON", "TQDM_")  # settings that no command inherits
_STUDENT_DONE = "Setting destination file permissions"  # nbgrader, once for every student, after the last write

Points = Mapping[str, Mapping[str, float | None]]  # student -> question -> points of the machine; None: a person's


@dataclass(frozen=True)
class Batch:
    """One folder of hand-ins graded by one command."""

    watched: Watched
    points: Points

    @property
    def seconds(self) -> float:
        """The whole command, start-up and all."""
        return self.watched.seconds

    @property
    def steady(self) -> float:
        """Seconds for one submission while the batch is running."""
        done = self.watched.done
        return (done[-1] - done[-1 - counted(len(done))]) / counted(len(done))

    @property
    def cpu(self) -> float:
        """CPU seconds for one submission while the batch is running, of all processes together."""
        return self.watched.cpu / counted(len(self.watched.done))


class Bench:
    """A folder of its own, a copy of our course that nbgrader knows, and the two commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prepared = folder / "prepared" / COURSE.name
        shutil.copytree(COURSE, self._prepared, ignore=shutil.ignore_patterns("__pycache__", *_MADE))
        (folder / "home").mkdir()
        self.environment = environment(folder / "home")
        watch(
            _nbgrader("generate_assignment"),
            folder=self._prepared,
            environment=self.environment,
            counts=_lines,
            expected=1,
        )
        self.released = (self._prepared / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()

    def nbgrader(self, students: int, *, memory: bool = False) -> Batch:
        """`nbgrader autograde` on a class, in a fresh copy of the prepared course."""
        with self._scratch() as scratch:
            course = scratch / COURSE.name
            shutil.copytree(self._prepared, course)
            lay_submitted(class_of(students, self.released), course, ASSIGNMENT)
            watched = watch(
                _nbgrader("autograde"),
                folder=course,
                environment=self.environment,
                counts=_lines,
                expected=students,
                memory=memory,
            )
            return Batch(watched, gradebook_points(course / "gradebook.db"))

    def fovea(self, students: int, *, workers: int, memory: bool = False) -> Batch:
        """`fovea grade` on the same class. Raises if a result was not made in full isolation."""
        with self._scratch() as scratch:
            folder, out = lay_flat(class_of(students, self.released), scratch / "hand-ins"), scratch / "results.json"
            command = [sys.executable, str(ROOT / "fovea.py"), "grade", ASSIGNMENT, str(folder)]
            command += ["--course", str(COURSE), "--workers", str(workers), "--out", str(out)]
            watched = watch(
                command,
                folder=scratch,
                environment=self.environment,
                counts=_bar,
                expected=students,
                memory=memory,
            )
            results = json.loads(out.read_text(encoding="utf-8"))
        return Batch(watched, result_points(results))

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.folder, ignore_cleanup_errors=True) as name:
            yield Path(name)


_MADE = ("release", "submitted", "autograded", "feedback", "gradebook.db*", "ledger.sqlite*")  # not the course itself


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """Everything in a temporary folder, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="fovea-bench-", ignore_cleanup_errors=True) as name:
        yield Bench(Path(name))


def environment(home: Path) -> dict[str, str]:
    """For both alike: an empty home, nobody's settings, our project and our tools to be found."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOBODYS)}
    tools = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return {**inherited, "HOME": str(home), "PATH": tools, "PYTHONPATH": str(ROOT), "TQDM_MININTERVAL": "0"}


def _nbgrader(command: str) -> list[str]:
    return [sys.executable, "-m", "nbgrader", command, ASSIGNMENT]  # it looks for the course where it is started


# -- what they found


def gradebook_points(database: Path) -> Points:
    """What nbgrader's own database holds."""
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    """
    points: dict[str, dict[str, float | None]] = {}
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for student, question, score in connection.execute(query):
            points.setdefault(student, {})[question] = score
    return points


def result_points(results: Mapping[str, Mapping[str, object]]) -> Points:
    """What stands in results.json; raises for a result that is no verdict or that came without full isolation."""
    points: dict[str, dict[str, float | None]] = {}
    for student, entry in results.items():
        isolation = entry.get("isolation")
        if not isinstance(isolation, Mapping) or isolation["trusted"] or not isolation["layers"]:
            raise RuntimeError(f"{student} was not graded in isolation: {entry.get('refusal') or isolation}")
        questions = entry["questions"]
        assert isinstance(questions, Mapping)
        points[student] = {name: question["points"] for name, question in questions.items()}
    return points


# -- how far they are


def _lines(said: str) -> int:
    return said.count(_STUDENT_DONE)


def _bar(said: str) -> int:
    return max(map(int, _BAR.findall(said[-2000:])), default=0)
