"""A course whose machine is gone comes back from its backup on an empty one: every mark, through the commands alone.

The commands run as processes of their own, with a home and a folder of their own and without what the old machine had.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from classroom.people import Person
from grading.ledger.records import Extension, Mark, Release
from grading.ledger.sql import open_ledger
from grading.service import Standing, standing_of
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import MONDAY, SmallCourse, small

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = "[assignments.ps]\nlate_points = 1\nmax_attempts = 3\n"
CYN = Person("k7", "Cyn Cödér", number="0007", section="Friday")
DAN = Person("k8", "Dan Never")
WRONG = "def double(x): return x ** 2"
EXPORTS = ("csv", "questions", "canvas", "moodle", "nbgrader")


def lived_in(course: SmallCourse) -> None:
    """Attempts right and wrong, late ones, one who was ill, marks by persons, one that waits."""
    desk = course.published(due=MONDAY + timedelta(hours=1)).desk
    desk.classroom.keep([CYN, DAN])
    first = course.hand_in(ADA, double=WRONG)
    course.hand_in(BEN, mean="def mean(xs): return 0")
    course.now += timedelta(days=1)
    course.hand_in(ADA)  # a day late, and still the better one
    course.hand_in(CYN, double="def double(x): exit()")
    course.now += timedelta(days=1)
    for _ in range(4):
        assert course.grade() == "graded"
    ledger, now = desk.ledger, course.now
    ledger.extend(Extension("ps", CYN.key, IVA.key, now, until=now + timedelta(days=2), why="ill"))
    ledger.mark(Mark(first.attempt.hand_in, "essay", 0.1 + 0.2, "naïve ∑\n=1+1", TINA.key, now))
    ledger.mark(Mark(first.attempt.hand_in, "essay", 0.5, "", IVA.key, now + timedelta(seconds=1)))
    ledger.mark(Mark(first.attempt.hand_in, "test-double", 2.0, "by hand", IVA.key, now))
    ledger.release(Release("ps", IVA.key, now))
    course.hand_in(BEN)  # waits


class Machine:
    """A folder with a home, where Fovea is installed and nothing else."""

    def __init__(self, folder: Path, where: str = "") -> None:
        self.folder, self.course = folder, folder / "course"
        self.where = where or str(self.course / "ledger.sqlite")
        (folder / "home").mkdir(parents=True)

    def fovea(self, command: str, *words: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FOVEA_", "XDG_"))}
        ran = subprocess.run(
            [sys.executable, "-m", "fovea", command, *words, "--course", "course"],
            cwd=self.folder,
            env={**kept, "HOME": str(self.folder / "home"), "PYTHONPATH": str(ROOT), "FOVEA_LEDGER": self.where},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
        return ran.stdout

    def told(self) -> dict[str, object]:
        """Every mark, as each command tells it."""
        self.fovea("gradebook", "rebuild")
        exports = {format: self.fovea("export", "--format", format) for format in EXPORTS}
        return {**exports, "gradebook": in_gradebook(self.course / "gradebook.db")}

    def kept(self) -> tuple[object, ...]:
        """Every mark, as the ledger has it: scores by question with who gave them, marks, extensions, releases."""
        ledger = open_ledger(self.where)
        try:
            standings: tuple[Standing, ...] = standing_of(ledger)
            return standings, ledger.results(), ledger.marks(), ledger.extensions(), ledger.releases()
        finally:
            ledger.close()


def in_gradebook(path: Path) -> list[tuple[object, ...]]:
    """What nbgrader's own database says of every question: the machine's points, a person's, what a person wrote."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{path}") as gradebook:
        notebooks = [
            (submission, notebook)
            for submission in gradebook.assignment_submissions("ps")
            for notebook in submission.notebooks
        ]
        points = [
            (submission.student.last_name, grade.cell.name, grade.auto_score, grade.manual_score)
            for submission, notebook in notebooks
            for grade in notebook.grades
        ]
        words = [
            (submission.student.last_name, comment.cell.name, comment.comment)
            for submission, notebook in notebooks
            for comment in notebook.comments
        ]
        late = [(one.student.last_name, one.late_submission_penalty) for one in {one for one, _ in notebooks}]
    return sorted([*points, *words, *late], key=repr)


@pytest.fixture(scope="module")
def gone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], tuple[object, ...]]:
    """A backup, and what there was to be told on the machine that it comes from, which is no more."""
    folder = tmp_path_factory.mktemp("old")
    old = Machine(folder / "machine")
    with small(old.folder, old.where, settings=SETTINGS) as course:
        lived_in(course)
    saved = folder / "backup.zip"
    assert "6 members, 5 hand-ins, 4 verdicts, 3 marks" in old.fovea("backup", str(saved))
    told, kept = old.told(), old.kept()
    shutil.rmtree(old.folder)
    return saved, told, kept


@pytest.fixture
def on_postgres(postgres: str) -> Iterator[str]:
    engine = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE empty_machine"))
    yield postgres.format(name="empty_machine")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE empty_machine WITH (FORCE)"))
    engine.dispose()


@pytest.mark.slow
def test_every_mark_comes_back(gone: tuple[Path, dict[str, object], tuple[object, ...]], tmp_path: Path) -> None:
    saved, told, kept = gone
    new = Machine(tmp_path / "new")
    assert "4 verdicts, 3 marks" in new.fovea("restore", str(saved))
    assert new.kept() == kept
    assert new.told() == told
    assert "Lovelace" in str(told["csv"])
    assert ("Lovelace", "test-double", 0.0, 2.0) in told["gradebook"]
    assert new.fovea("regrade", "ps", "--preview") == "Nothing would change.\n"
    assert new.fovea("queue").startswith("1 waiting")
    assert new.fovea("grader", "--until-empty").endswith("1 graded\n")
    assert new.fovea("export") != told["csv"]


@pytest.mark.slow
@pytest.mark.postgres
def test_every_mark_moves_to_postgres_and_back(
    gone: tuple[Path, dict[str, object], tuple[object, ...]], tmp_path: Path, on_postgres: str
) -> None:
    saved, told, kept = gone
    server, laptop = Machine(tmp_path / "server", on_postgres), Machine(tmp_path / "laptop")
    server.fovea("restore", str(saved))
    assert server.kept() == kept
    assert server.told() == told
    server.fovea("backup", str(tmp_path / "again.zip"))
    laptop.fovea("restore", str(tmp_path / "again.zip"))
    assert laptop.kept() == kept
    assert laptop.fovea("export", "--format", "questions") == told["questions"]
