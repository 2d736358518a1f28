"""An assignment of several notebooks is graded to the end, as nbgrader does it; nothing of one is taken for another's.

Its two notebooks use the same grade ids, which nbgrader allows.
"""

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from grading.batch import grade_folder
from grading.check import check
from grading.course import Course
from grading.ledger.sql import open_ledger
from tests.grading.courses import classic
from tests.grading.courses.several import SHAPES
from tests.grading.test_cli import refuses, works

OUT_OF = 9.0
QUESTIONS = ("areas/values", "areas/why", "unit circle/values", "unit circle/twice", "unit circle/why")
ABSENT = 'The notebook "unit circle.ipynb" was not handed in.'
ROWS = {
    "assignments": "SELECT name FROM assignment ORDER BY name",
    "cells": "SELECT n.name, b.name, b.type FROM base_cell b JOIN notebook n ON n.id = b.notebook_id ORDER BY 1, 2, 3",
    "what they offer": "SELECT n.name, b.name, g.max_score, g.cell_type FROM grade_cells g JOIN base_cell b "
    "ON g.id = b.id JOIN notebook n ON n.id = b.notebook_id ORDER BY 1, 2",
    "hand-ins": "SELECT s.student_id, n.name FROM submitted_notebook b JOIN notebook n ON n.id = b.notebook_id "
    "JOIN submitted_assignment s ON s.id = b.assignment_id ORDER BY 1, 2",
    "grades": "SELECT s.student_id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit, "
    "g.needs_manual_grade FROM grade g JOIN base_cell c ON c.id = g.cell_id JOIN submitted_notebook b "
    "ON b.id = g.notebook_id JOIN notebook n ON n.id = b.notebook_id JOIN submitted_assignment s "
    "ON s.id = b.assignment_id ORDER BY 1, 2, 3",
    "comments": "SELECT s.student_id, n.name, c.name, m.manual_comment FROM comment m JOIN base_cell c "
    "ON c.id = m.cell_id JOIN submitted_notebook b ON b.id = m.notebook_id JOIN notebook n ON n.id = b.notebook_id "
    "JOIN submitted_assignment s ON s.id = b.assignment_id ORDER BY 1, 2, 3",
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Source and submissions, nothing graded yet."""
    folder = classic.write(tmp_path, (SHAPES,))
    (folder / "fovea.toml").write_text('preload = ["math"]\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course after everybody handed in a folder and the grader was at work; to be copied, not changed."""
    folder = classic.write(tmp_path_factory.mktemp("graded"), (SHAPES,))
    (folder / "fovea.toml").write_text('preload = ["math"]\n', encoding="utf-8")
    for place in sorted((folder / "submitted").iterdir()):
        works(folder, "submit", "shapes", place / "shapes", "--student", place.name)
    assert "7 graded" in works(folder, "grader", "--until-empty")
    return folder


@pytest.fixture
def class_(graded: Path, tmp_path: Path) -> Path:
    """A graded course of one's own."""
    shutil.copytree(graded, tmp_path / "class")
    return tmp_path / "class"


def found(database: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: connection.execute(query).fetchall() for name, query in ROWS.items()}


def table(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    text = works(folder, "export", "--format", "questions")
    return {(row["student"], row["question"]): row for row in csv.DictReader(io.StringIO(text))}


# -- a folder, without a server


def test_every_notebook_has_its_points_its_executed_copy_and_its_feedback(course: Path) -> None:
    opened = Course.open(course)
    by_student = {one.student: one for one in grade_folder(opened, "shapes", course / "submitted", workers=2)}
    given = {
        student: {tuple(score.question.split("/")): score.points for score in one.outcome.scores}
        for student, one in by_student.items()
        if one.outcome
    }
    deserved = {
        student: {key[1:]: points for key, points in marks.items()}
        for student, marks in classic.expected((SHAPES,)).items()
    }
    assert given == deserved
    ada = by_student["ada"].outcome
    assert ada
    assert [paper.notebook for paper in ada.papers] == ["areas", "unit circle"]
    for paper, words, hidden in zip(ada.papers, ("def area", "def circumference"), (b"area(4, 5)", b""), strict=True):
        assert words in paper.executed.decode()
        assert words in paper.feedback.decode()
        assert hidden in paper.executed
        assert not hidden or hidden not in paper.feedback
    assert (ada.executed, ada.feedback) == (ada.papers[0].executed, ada.papers[0].feedback)


def test_the_results_say_which_notebook_a_question_is_in_and_what_is_missing(course: Path, tmp_path: Path) -> None:
    works(course, "grade", "shapes", course / "submitted", "--out", tmp_path / "results.json")
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    ada, dan = results["ada"], results["dan-only-areas"]
    assert tuple(ada["questions"]) == QUESTIONS
    assert [entry["notebook"] for entry in ada["questions"].values()] == [key.split("/")[0] for key in QUESTIONS]
    assert (ada["points"], ada["out_of"], ada["missing"]) == (6.0, OUT_OF, {})
    assert (dan["points"], dan["out_of"], dan["missing"]) == (2.0, OUT_OF, {"unit circle": ABSENT})
    assert f"{ABSENT} Its questions earn nothing." in dan["notes"]
    lost = dan["questions"]["unit circle/why"]
    assert (lost["points"], lost["state"], lost["seen"]) == (0.0, "none", ABSENT)


def test_what_stopped_a_notebook_is_said_with_its_name(course: Path) -> None:
    (course / "fovea.toml").write_text('preload = ["math"]\n[limits]\ncell_seconds = 1\n', encoding="utf-8")
    place = course / "submitted" / "ada" / "shapes" / "unit circle.ipynb"
    text = place.read_text(encoding="utf-8").replace("return tau * radius", "return radius\\nwhile True: pass")
    place.write_text(text, encoding="utf-8")
    for other in (course / "submitted").iterdir():
        if other.name != "ada":
            shutil.rmtree(other)
    (one,) = grade_folder(Course.open(course), "shapes", course / "submitted")
    assert one.outcome
    assert one.outcome.stopped_by.startswith("unit circle: cell 2 ran longer than it may")
    assert [score.points for score in one.outcome.scores[:2]] == [2.0, None]


def test_an_unreadable_notebook_costs_its_own_questions_only(course: Path) -> None:
    place = course / "submitted" / "ada" / "shapes" / "areas.ipynb"
    place.write_bytes(b"%PDF-1.7")
    ada = next(one for one in grade_folder(Course.open(course), "shapes", course / "submitted") if one.student == "ada")
    assert ada.outcome
    assert {score.question: score.points for score in ada.outcome.scores} == dict(
        zip(QUESTIONS, (0.0, 0.0, 3.0, 1.0, None), strict=True)
    )
    assert "This is a PDF, not a notebook." in ada.outcome.scores[0].seen


def test_the_check_names_the_notebook_of_a_question(course: Path) -> None:
    assert [one for one in check(Course.open(course), "shapes") if one.serious] == []
    place = course / "source" / "shapes" / "unit circle.ipynb"
    place.write_text(place.read_text(encoding="utf-8").replace("- 6.2831853", "- 7"), encoding="utf-8")
    (problem,) = [one for one in check(Course.open(course), "shapes") if one.serious]
    assert problem.question == "unit circle/values"
    assert "your own solution does not pass it" in problem.says


def test_the_check_notes_names_that_a_browser_makes_alike(course: Path) -> None:
    place = course / "source" / "shapes" / "areas.ipynb"
    shutil.copy(place, place.with_name("Areas (1).ipynb"))
    notes = [one for one in check(Course.open(course), "shapes") if "told apart" in one.says]
    assert [(one.question, one.serious) for one in notes] == [("Areas (1).ipynb", False)]
    assert '"Areas (1).ipynb" and "areas.ipynb"' in notes[0].says


def test_a_flat_folder_holds_archives_and_single_notebooks(course: Path, tmp_path: Path) -> None:
    flat, submitted = tmp_path / "flat", course / "submitted"
    flat.mkdir()
    shutil.make_archive(str(flat / "ada"), "zip", submitted / "ada" / "shapes")
    shutil.copy(submitted / "cem" / "shapes" / "areas.ipynb", flat / "cem.ipynb")  # known by what is in it
    (flat / "eve.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4}')
    ada, cem, eve = sorted(grade_folder(Course.open(course), "shapes", flat), key=lambda one: one.student)
    assert ada.outcome
    assert ada.outcome.points == 6.0
    assert cem.outcome
    assert [bool(paper.missing) for paper in cem.outcome.papers] == [False, True]
    assert '"cem.ipynb" was recognised as "areas.ipynb" by what is in it.' in cem.outcome.notes
    assert "None of the notebooks of this assignment" in eve.refusal


@pytest.mark.parametrize("name", ["unit circle/values", "values"])
def test_a_test_that_is_let_in_may_be_named_with_its_notebook_or_without(course: Path, name: str) -> None:
    settings = f'preload = ["math"]\n[assignments.shapes]\nin_process = ["{name}"]\n'
    (course / "fovea.toml").write_text(settings, encoding="utf-8")
    for other in (course / "submitted").iterdir():
        if other.name != "ada":
            shutil.rmtree(other)
    (one,) = grade_folder(Course.open(course), "shapes", course / "submitted")
    assert one.outcome
    let_in = {score.question for score in one.outcome.scores if score.integrity == "in-process"}
    assert let_in == ({"unit circle/values"} if "/" in name else {"areas/values", "unit circle/values"})


# -- nbgrader's twin


@pytest.mark.slow
def test_points_and_rows_of_the_gradebook_are_nbgraders(graded: Path, class_: Path) -> None:
    assert classic.nbgrader_points(graded) == classic.expected((SHAPES,))  # on a copy beside it
    works(class_, "gradebook", "rebuild")
    theirs, ours = found(graded.parent / "classic-by-nbgrader" / "gradebook.db"), found(class_ / "gradebook.db")
    assert ours["grades"]
    for name in ROWS:
        assert ours[name] == theirs[name], name


@pytest.mark.slow
def test_nbgrader_writes_feedback_for_every_notebook(class_: Path) -> None:
    works(class_, "gradebook", "rebuild")
    assert sorted(path.name for path in (class_ / "autograded/ada/shapes").iterdir()) == [
        "areas.ipynb",
        "unit circle.ipynb",
    ]
    assert [path.name for path in (class_ / "autograded/dan-only-areas/shapes").iterdir()] == ["areas.ipynb"]
    classic.run_nbgrader(class_, "generate_feedback", "shapes", "--student=ada")
    for name, words in (("areas", "Score: 2.0 / 3.0"), ("unit circle", "Score: 4.0 / 6.0")):
        html = (class_ / "feedback" / "ada" / "shapes" / f"{name}.html").read_text(encoding="utf-8")
        assert words in html


# -- handing in


def test_a_folder_several_notebooks_and_a_zip_of_them_are_the_same_hand_in(course: Path, tmp_path: Path) -> None:
    place = course / "submitted" / "ada" / "shapes"
    (place / "data.csv").write_text("1, 2")  # is no notebook
    said = works(course, "submit", "shapes", place, "--student", "ada")
    assert "Hand-in 1 for shapes" in said
    assert said.count(".ipynb: ") == 2
    again = works(course, "submit", "shapes", place / "unit circle.ipynb", place / "areas.ipynb", "--student", "ada")
    assert again.startswith("You had handed in exactly this file already.")
    shutil.make_archive(str(tmp_path / "hand-in"), "zip", place)
    assert "Hand-in 2" in works(course, "submit", "shapes", tmp_path / "hand-in.zip", "--student", "ada")
    with closing(open_ledger(course / "ledger.sqlite")) as ledger:
        first, second = ledger.hand_ins(student="ada")
        assert ledger.notebooks(first.id) == ledger.notebooks(second.id)
        kept = {one.file: ledger.content(one.sha256) for one in ledger.notebooks(first.id)}
    assert kept == {path.name: path.read_bytes() for path in place.glob("*.ipynb")}


def test_one_notebook_alone_is_taken_and_the_missing_one_is_named_at_once(course: Path) -> None:
    place = course / "submitted" / "ada" / "shapes"
    said = works(course, "submit", "shapes", place / "areas.ipynb", "--student", "ada")
    assert f"- {ABSENT} Its questions earn nothing." in said


def test_a_broken_notebook_among_them_is_refused_and_nothing_is_taken(course: Path) -> None:
    place = course / "submitted" / "ada" / "shapes"
    (place / "areas.ipynb").write_bytes(b"%PDF-1.7")
    assert "areas.ipynb: This is a PDF" in refuses(course, "submit", "shapes", place, "--student", "ada")
    with closing(open_ledger(course / "ledger.sqlite")) as ledger:
        assert ledger.hand_ins() == ()


def test_a_link_in_the_folder_is_not_followed(course: Path, tmp_path: Path) -> None:
    place = course / "submitted" / "ada" / "shapes"
    (place / "areas.ipynb").rename(tmp_path / "elsewhere.ipynb")
    (place / "areas.ipynb").symlink_to(tmp_path / "elsewhere.ipynb")
    assert "areas.ipynb: The file cannot be read." in refuses(course, "submit", "shapes", place, "--student", "ada")


# -- the ledger, and what people do


@pytest.mark.slow
def test_the_same_id_in_two_notebooks_is_two_questions_in_every_table(class_: Path) -> None:
    rows = table(class_)
    assert [question for student, question in rows if student == "ben"] == list(QUESTIONS)
    assert (rows["ben", "areas/values"]["points"], rows["ben", "unit circle/values"]["points"]) == ("0", "3")
    assert (rows["cem", "areas/values"]["points"], rows["cem", "unit circle/values"]["points"]) == ("2", "0")
    assert rows["dan-only-areas", "unit circle/twice"]["seen"] == ABSENT
    (ada,) = [row for row in csv.DictReader(io.StringIO(works(class_, "export"))) if row["student"] == "ada"]
    assert (ada["points"], ada["out_of"], ada["to_mark"]) == ("6", "9", "areas/why; unit circle/why")
    with closing(open_ledger(class_ / "ledger.sqlite")) as ledger:
        (result,) = ledger.results(student="dan-only-areas")
        areas, circle = result.papers
        assert b"def area" in ledger.content(areas.executed)
        assert b"def area" in ledger.content(areas.feedback)
        assert (circle.notebook, circle.executed, circle.missing) == ("unit circle", "", ABSENT)


@pytest.mark.slow
def test_marks_typed_for_equal_ids_stay_apart(class_: Path) -> None:
    from nbgrader.api import Gradebook

    works(class_, "gradebook", "rebuild")
    book = Gradebook(f"sqlite:///{class_ / 'gradebook.db'}")
    book.find_grade("why", "areas", "shapes", "ada").manual_score = 0.5
    book.find_grade("why", "unit circle", "shapes", "ada").manual_score = 2.0
    book.find_comment("answer", "unit circle", "shapes", "ada").manual_comment = "neat"
    book.db.commit()
    book.close()
    book.engine.dispose()
    assert "3 marks taken" in works(class_, "gradebook", "take-marks")
    works(class_, "gradebook", "rebuild")
    points = {row[1:5] for row in found(class_ / "gradebook.db")["grades"] if row[0] == "ada" and row[2] == "why"}
    assert points == {("areas", "why", None, 0.5), ("unit circle", "why", None, 2.0)}
    said = {row[1:] for row in found(class_ / "gradebook.db")["comments"] if row[0] == "ada" and row[3]}
    assert said == {("unit circle", "answer", "neat")}
    assert table(class_)["ada", "unit circle/why"]["points"] == "2"


@pytest.mark.slow
def test_a_regrade_of_one_question_leaves_its_namesake_alone(class_: Path) -> None:
    for name, old in (("areas", "== 6"), ("unit circle", "- 6.2831853")):  # both tests are spoilt, one is regraded
        place = class_ / "source" / "shapes" / f"{name}.ipynb"
        new = "== 5" if name == "areas" else "- 6.0"
        place.write_text(place.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    said = refuses(class_, "regrade", "shapes", "--question", "values", "--reason", "a case was wrong")
    assert 'Did you mean "areas/values" or "unit circle/values"?' in said
    works(class_, "regrade", "shapes", "--question", "unit circle/values", "--reason", "wrong", "--student", "cem")
    works(class_, "grader", "--until-empty")
    with closing(open_ledger(class_ / "ledger.sqlite")) as ledger:
        before, after = (result.outcome for result in ledger.results(student="cem"))
    changed = {new.question for old, new in zip(before.scores, after.scores, strict=True) if old.points != new.points}
    assert changed == {"unit circle/values"}


@pytest.mark.slow
def test_a_question_that_only_one_notebook_has_needs_no_notebook(class_: Path) -> None:
    said = works(class_, "regrade", "shapes", "--question", "twice", "--reason", "a look", "--student", "ada")
    assert "1 hand-in" in said
    with closing(open_ledger(class_ / "ledger.sqlite")) as ledger:
        assert ledger.attempts(student="ada")[-1].question == "unit circle/twice"
