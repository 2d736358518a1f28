"""nbgrader's gradebook out of the ledger and back: read by nbgrader's own code and its own command line."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grading.course import Course
from grading.errors import GradingError
from grading.gradebook import rebuild, take_marks, typed, write_autograded
from grading.ledger.people import Person
from grading.ledger.records import Extension, Mark
from grading.ledger.sql import SqlLedger, open_ledger
from grading.records import Score
from grading.service import standing_of
from tests.grading.ledger.hand_ins import MONDAY, Desk, score

PEOPLE = {"ada": Person("ada", "Ada", "Lovelace", "ada@example.org", lms_id="77"), "cy": Person("cy", "Cy", "Twombly")}
SETTINGS = """
late_points = 1.0
[assignments.ps1]
due = 2026-03-02T09:00:30Z
"""


def marked(grade_id: str, points: float | None = None, **flags: bool) -> dict[str, Any]:
    found = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, **flags}
    return {"nbgrader": {**found, "grade_id": grade_id, **({} if points is None else {"points": points})}}


def source() -> str:
    cells = [
        new_code_cell("import math", id="imports", metadata=marked("imports", locked=True)),
        new_code_cell(
            "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
            id="double",
            metadata=marked("double", solution=True),
        ),
        new_code_cell("assert double(2) == 4", id="t1", metadata=marked("test_double", 2.0, grade=True, locked=True)),
        new_markdown_cell("Because.", id="why", metadata=marked("why", 3.0, grade=True, solution=True)),
        new_markdown_cell("Draw a box.", id="draw", metadata=marked("draw", 1.0, task=True, locked=True)),
        new_markdown_cell("The end.", id="end"),
    ]
    spec = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return str(nbformat.writes(new_notebook(cells=cells, metadata=spec)))


@dataclass
class Class:
    """A course with a ledger, and the gradebook between them."""

    course: Course
    ledger: SqlLedger
    desk: Desk
    path: Path

    def scores(self, double: float) -> tuple[Score, ...]:
        part = score("test_double", double, seen="double(2) gave 5", hint="Twice is plus itself.")
        return part, score("why", None, 3.0), score("draw", None, 1.0)

    def graded(self, student: str, double: float) -> int:
        made = self.desk.hand_in(student)
        executed = self.course.assignment("ps1").masters[0].release()
        self.desk.grade(*self.scores(double), executed=executed)
        return made.hand_in

    def mark(self, hand_in: int, question: str, points: float | None, comment: str = "") -> None:
        self.ledger.mark(Mark(hand_in, question, points, comment, "eve", self.desk.tick()))

    def rebuild(self) -> None:
        rebuild(self.ledger, self.course, self.path, people=PEOPLE, clock=self.desk.tick)

    def take(self) -> list[tuple[int, str, float | None, str]]:
        taken = take_marks(self.ledger, self.path, by="prof", clock=self.desk.tick)
        return [(mark.hand_in, mark.question, mark.points, mark.comment) for mark in taken]

    @contextmanager
    def nbgrader(self) -> Iterator[Any]:
        """The gradebook as nbgrader opens it."""
        from nbgrader.api import Gradebook

        book = Gradebook(f"sqlite:///{self.path}")
        try:
            yield book
            book.db.commit()
        finally:
            book.close()
            book.engine.dispose()


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Class]:
    folder = tmp_path / "course"
    (folder / "source" / "ps1").mkdir(parents=True)
    (folder / "source" / "ps1" / "boxes.ipynb").write_text(source())
    (folder / "source" / "ps2").mkdir()
    (folder / "source" / "ps2" / "boxes.ipynb").write_text(source())
    (folder / "fovea.toml").write_text(SETTINGS)
    ledger = open_ledger(tmp_path / "ledger.db")
    yield Class(Course.open(folder), ledger, Desk(ledger), folder / "gradebook.db")
    ledger.close()


def command(course: Class, *arguments: str) -> str:
    """nbgrader's own command line in the course's folder."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.path.parent,
        env={**env, "JUPYTER_CONFIG_DIR": str(course.path.parent / "none")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


# -- what nbgrader reads


@pytest.mark.slow
def test_nbgrader_finds_the_course_as_its_own_generate_assignment_enters_it(course: Class, tmp_path: Path) -> None:
    course.rebuild()
    facts = []
    for path in (course.path, tmp_path / "theirs.db"):
        if path != course.path:
            command(course, "generate_assignment", "ps1", f"--db=sqlite:///{path}", "--create")
        with closing(sqlite3.connect(path)) as connection:
            facts.append(
                [
                    connection.execute(query).fetchall()
                    for query in (
                        "SELECT b.name, b.type FROM base_cell b JOIN notebook n ON n.id = b.notebook_id "
                        "JOIN assignment a ON a.id = n.assignment_id WHERE a.name = 'ps1' ORDER BY b.name, b.type",
                        "SELECT b.name, max_score, cell_type FROM grade_cells g JOIN base_cell b ON g.id = b.id "
                        "JOIN notebook n ON n.id = b.notebook_id JOIN assignment a ON a.id = n.assignment_id "
                        "WHERE a.name = 'ps1' ORDER BY b.name",
                        "SELECT s.name, s.cell_type, s.locked, s.source, s.checksum FROM source_cell s "
                        "JOIN notebook n ON n.id = s.notebook_id JOIN assignment a ON a.id = n.assignment_id "
                        "WHERE a.name = 'ps1' ORDER BY s.name",
                        "SELECT version_num FROM alembic_version",
                        "SELECT id FROM course",
                    )
                ]
            )
    ours, theirs = facts
    assert ours == theirs


def test_nbgrader_reads_the_points_that_stand(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.graded("bob", 0.0)
    course.mark(hand_in, "why", 2.5, "clear")
    course.rebuild()
    with course.nbgrader() as book:
        ada, bob = book.find_submission("ps1", "ada"), book.find_submission("ps1", "bob")
        assert (ada.score, ada.max_score, bob.score) == (4.5, 6.0, 0.0)
        assert (ada.code_score, ada.written_score, ada.max_task_score) == (2.0, 2.5, 1.0)
        assert ada.needs_manual_grade  # the task is not marked yet
        why = book.find_grade("why", "boxes", "ps1", "ada")
        assert (why.auto_score, why.manual_score, why.needs_manual_grade) == (None, 2.5, False)
        assert book.find_grade("draw", "boxes", "ps1", "ada").needs_manual_grade
        double = book.find_grade("test_double", "boxes", "ps1", "bob")
        assert (double.auto_score, double.manual_score, double.needs_manual_grade) == (0.0, None, False)
        assert book.find_comment("why", "boxes", "ps1", "ada").comment == "clear"
        seen = book.find_comment("double", "boxes", "ps1", "bob").comment
        assert seen == "test_double: double(2) gave 5 Twice is plus itself."
        students = {one.id: (one.first_name, one.last_name, one.email, one.lms_user_id) for one in book.students}
        assert students["ada"] == ("Ada", "Lovelace", "ada@example.org", "77")
        assert set(students) == {"ada", "bob", "cy"}


def test_formgraders_own_queries_work(course: Class) -> None:
    course.graded("ada", 2.0)
    course.graded("bob", 0.0)
    course.rebuild()
    with course.nbgrader() as book:
        (assignment,) = [one for one in book.assignments if one.name == "ps1"]
        (notebook,) = assignment.notebooks
        assert {one["student"] for one in book.submission_dicts(assignment.name)} == {"ada", "bob"}
        rows = book.notebook_submission_dicts(notebook.name, assignment.name)
        assert {(one["student"], one["score"], one["failed_tests"]) for one in rows} == {
            ("ada", 2.0, False),
            ("bob", 0.0, True),
        }
        assert {one["id"]: one["score"] for one in book.student_dicts()} == {"ada": 2.0, "bob": 0.0, "cy": 0.0}
        assert book.average_assignment_score("ps1") == 1.0


def test_lateness_and_extensions_are_told(course: Class) -> None:
    for student in ("ada", "bob"):
        course.desk.now = MONDAY + timedelta(hours=1)
        course.graded(student, 2.0)
    until = MONDAY + timedelta(hours=2, seconds=30)
    course.ledger.extend(Extension("ps1", "bob", "prof", course.desk.tick(), until=until))
    course.rebuild()
    with course.nbgrader() as book:
        ada, bob = book.find_submission("ps1", "ada"), book.find_submission("ps1", "bob")
        assert (ada.late_submission_penalty, bob.late_submission_penalty) == (1.0, 0.0)
        assert (ada.extension, bob.extension) == (None, timedelta(hours=2))
        assert (bob.total_seconds_late, ada.total_seconds_late > 0) == (0, True)


def test_of_several_hand_ins_the_one_that_counts_is_shown(course: Class) -> None:
    course.desk.hand_in("ada")
    course.desk.grade(*course.scores(2.0))
    course.desk.hand_in("ada")
    course.desk.grade(*course.scores(0.0))
    course.rebuild()
    with course.nbgrader() as book:
        assert book.find_submission("ps1", "ada").score == 2.0


@pytest.mark.slow
def test_nbgrader_exports_it(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.desk.now = MONDAY + timedelta(hours=1)
    course.graded("bob", 2.0)
    course.mark(hand_in, "why", 3.0)
    course.rebuild()
    command(course, "export", "--to", "grades.csv")
    with (course.path.parent / "grades.csv").open(newline="") as file:
        rows = {(row["assignment"], row["student_id"]): row for row in csv.DictReader(file)}
    ada, bob, cy = (rows["ps1", name] for name in ("ada", "bob", "cy"))
    assert (ada["raw_score"], ada["late_submission_penalty"], ada["score"], ada["max_score"]) == (
        "5.0",
        "0.0",
        "5.0",
        "6.0",
    )
    assert (bob["raw_score"], bob["late_submission_penalty"], bob["score"]) == ("2.0", "1.0", "1.0")
    assert (cy["score"], cy["timestamp"], rows["ps2", "ada"]["max_score"]) == ("0.0", "", "6.0")
    assert (ada["last_name"], ada["timestamp"], ada["duedate"]) == (
        "Lovelace",
        "2026-03-02 09:00:01",
        "2026-03-02 09:00:30",
    )


@pytest.mark.slow
def test_nbgrader_writes_feedback_from_it(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.mark(hand_in, "why", 2.5, "clear as day")
    course.rebuild()
    assert write_autograded(course.ledger, course.course, course.path.parent / "autograded") == 1
    command(course, "generate_feedback", "ps1", "--student=ada")
    html = (course.path.parent / "feedback" / "ada" / "ps1" / "boxes.html").read_text()
    assert "clear as day" in html
    assert "Score: 4.5 / 6.0" in html


def test_marks_and_points_stay_with_their_questions_when_a_notebook_is_added(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.mark(hand_in, "why", 2.5)
    more = source().replace("double", "triple").replace('"why"', '"why_triple"').replace('"draw"', '"draw_triple"')
    (course.course.source / "ps1" / "circles.ipynb").write_text(more)
    course.rebuild()
    with course.nbgrader() as book:
        assert book.find_grade("why", "boxes", "ps1", "ada").manual_score == 2.5
        assert book.find_grade("test_double", "boxes", "ps1", "ada").auto_score == 2.0
        assert book.find_grade("why_triple", "circles", "ps1", "ada").manual_score is None
    course.desk.ledger.regrade([hand_in], reason="a notebook more", by="prof", now=course.desk.tick())
    names = ("boxes/test_double", "boxes/why", "boxes/draw", "circles/test_triple")
    course.desk.grade(*(score(name, None if "/test" not in name else 2.0, 3.0) for name in names))
    (stands,) = standing_of(course.ledger, assignment="ps1")
    assert [(one.question, one.points) for one in stands.entries if one.by] == [("boxes/why", 2.5)]


# -- marks typed there


def test_marks_typed_in_formgrader_become_marks_in_the_ledger(course: Class) -> None:
    hand_in = course.graded("ada", 0.0)
    course.rebuild()
    with course.nbgrader() as book:
        book.find_grade("why", "boxes", "ps1", "ada").manual_score = 2.0
        book.find_grade("test_double", "boxes", "ps1", "ada").extra_credit = 0.5
        book.find_comment("why", "boxes", "ps1", "ada").manual_comment = "short, but right"
        book.find_comment("double", "boxes", "ps1", "ada").manual_comment = "nice name"
    assert course.take() == [
        (hand_in, "double", None, "nice name"),
        (hand_in, "test_double", 0.5, ""),
        (hand_in, "why", 2.0, "short, but right"),
    ]
    assert course.take() == []
    assert {mark.by for mark in course.ledger.marks()} == {"prof"}
    course.rebuild()
    with course.nbgrader() as book:
        assert book.find_submission("ps1", "ada").score == 2.5
        assert book.find_comment("double", "boxes", "ps1", "ada").comment == "nice name"
    assert typed(course.path) == ()


def test_a_mark_taken_out_in_formgrader_is_taken_out_in_the_ledger(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.mark(hand_in, "test_double", 1.0, "late help")
    course.rebuild()
    with course.nbgrader() as book:
        book.find_grade("test_double", "boxes", "ps1", "ada").manual_score = None
    assert course.take() == [(hand_in, "test_double", None, "late help")]


def test_a_mark_made_elsewhere_meanwhile_is_not_undone(course: Class) -> None:
    hand_in = course.graded("ada", 2.0)
    course.rebuild()
    course.mark(hand_in, "why", 3.0)  # in the ledger, after the gradebook was written
    with course.nbgrader() as book:
        book.find_grade("draw", "boxes", "ps1", "ada").manual_score = 1.0
    assert course.take() == [(hand_in, "draw", 1.0, "")]
    course.rebuild()
    with course.nbgrader() as book:
        assert book.find_submission("ps1", "ada").score == 6.0


def test_a_mark_typed_for_a_hand_in_stays_with_it_when_a_better_one_comes(course: Class) -> None:
    first = course.graded("ada", 0.0)
    course.rebuild()
    second = course.graded("ada", 2.0)
    with course.nbgrader() as book:
        book.find_grade("why", "boxes", "ps1", "ada").manual_score = 1.0
    assert course.take() == [(first, "why", 1.0, "")]
    assert first != second


def test_marks_that_were_not_taken_are_not_overwritten(course: Class) -> None:
    course.graded("ada", 2.0)
    course.rebuild()
    with course.nbgrader() as book:
        book.find_grade("why", "boxes", "ps1", "ada").manual_score = 2.0
    with pytest.raises(GradingError, match=r"typed into the gradebook for one cell.*Take them into the ledger first"):
        course.rebuild()
    with course.nbgrader() as book:
        assert book.find_grade("why", "boxes", "ps1", "ada").manual_score == 2.0
    course.take()
    course.rebuild()


@pytest.mark.slow
def test_a_gradebook_with_hand_ins_that_nbgrader_graded_is_not_overwritten(course: Class) -> None:
    command(course, "generate_assignment", "ps1", "--create")
    course.rebuild()  # no hand-ins in it: nothing to lose
    course.path.unlink()
    command(course, "generate_assignment", "ps1", "--create", "--force")
    with closing(sqlite3.connect(course.path)) as connection:
        connection.execute("INSERT INTO submitted_assignment (id) VALUES ('theirs')")
        connection.commit()
    before = course.path.read_bytes()
    with pytest.raises(GradingError, match="Move that file away"):
        course.rebuild()
    assert course.path.read_bytes() == before


# -- replacing it


def test_it_is_replaced_as_a_whole_or_not_at_all(course: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    course.graded("ada", 2.0)
    course.rebuild()
    before = course.path.read_bytes()
    monkeypatch.setattr("grading.ledger.projection._seen", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        course.rebuild()
    assert course.path.read_bytes() == before
    assert sorted(path.name for path in course.path.parent.iterdir()) == ["fovea.toml", "gradebook.db", "source"]


def test_a_gradebook_that_is_none_is_a_sentence(course: Class) -> None:
    course.path.write_bytes(b"no database at all " * 100)
    with pytest.raises(GradingError, match="damaged"):
        course.rebuild()


def test_what_was_deleted_comes_back(course: Class) -> None:
    hand_in = course.graded("ada", 1.0)
    course.mark(hand_in, "why", 3.0)
    course.rebuild()
    course.path.unlink()
    assert (typed(course.path), course.take()) == ((), [])
    course.rebuild()
    with course.nbgrader() as book:
        assert book.find_submission("ps1", "ada").score == 4.0


def test_the_audit_tells_of_it(course: Class) -> None:
    course.graded("ada", 1.0)
    course.rebuild()
    assert course.ledger.audit()[-1].what == "rebuilt the gradebook"


def test_what_waits_or_is_undecided_has_no_points(course: Class) -> None:
    course.desk.hand_in("ada")
    course.desk.grade(Score("test_double", None, 2.0, "undecided"))
    course.desk.hand_in("bob")
    course.rebuild()
    with course.nbgrader() as book:
        for student in ("ada", "bob"):
            grade = book.find_grade("test_double", "boxes", "ps1", student)
            assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_the_executed_notebook_lies_where_formgrader_looks(course: Class) -> None:
    course.graded("ada", 2.0)
    folder = course.path.parent / "autograded"
    assert write_autograded(course.ledger, course.course, folder) == 1
    (found,) = folder.rglob("*.ipynb")
    assert found.relative_to(folder) == Path("ada/ps1/boxes.ipynb")
    assert json.loads(found.read_text())["nbformat"] == 4


@pytest.mark.parametrize("student", ["../ada", "..", "a/b", ".hidden", "a\\b"])
def test_a_name_that_leads_elsewhere_is_never_a_folder(course: Class, student: str) -> None:
    course.graded(student, 2.0)
    with pytest.raises(GradingError, match="cannot be the name of a folder"):
        write_autograded(course.ledger, course.course, course.path.parent / "autograded")
