"""A bonus: its points come on top of what an assignment is out of, wherever that is said."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from grading.batch import Graded
from grading.course import Course
from grading.errors import GradingError
from grading.exports import Column, export, fill_worksheet
from grading.ledger.people import Person
from grading.records import Outcome, Question, Score, on_top, out_of
from tests.grading import small_course
from tests.grading.ledger.hand_ins import score
from tests.grading.test_exports import PEOPLE, WORKSHEET, graded

MEAN = 'bonus = ["test-mean"]'
ALL = tuple(
    Score(name, most, most, "full") for name, most in {"test-double": 2.0, "test-mean": 3.0, "essay": 1.0}.items()
)


def course(folder: Path, settings: str = MEAN, *, notebooks: tuple[str, ...] = ("ps",)) -> Course:
    source = small_course.write(folder, settings=f"[assignments.ps]\n{settings}") / "source" / "ps"
    for name in notebooks:
        if name != "ps":
            shutil.copy(source / "ps.ipynb", source / f"{name}.ipynb")
    return Course.open(folder)


def test_an_assignment_is_out_of_what_can_be_had_without_it(tmp_path: Path) -> None:
    assignment = course(tmp_path).assignment("ps")
    assert [(one.id, one.bonus) for one in assignment.questions] == [
        ("test-double", False),
        ("test-mean", True),
        ("essay", False),
    ]
    assert (assignment.out_of, assignment.bonus) == (3.0, 3.0)
    assert (out_of(assignment.questions), on_top(assignment.questions)) == (3.0, 3.0)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("test-mean", {"ps/test-mean", "two/test-mean"}),
        ("two/test-mean", {"two/test-mean"}),
    ],
)
def test_the_bare_id_names_the_question_of_every_notebook(tmp_path: Path, named: str, expected: set[str]) -> None:
    found = course(tmp_path, f'bonus = ["{named}"]', notebooks=("ps", "two")).assignment("ps")
    assert {one.id for one in found.questions if one.bonus} == expected


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("test-maen", 'bonus names "test-maen", which is no question. Did you mean "test-mean"?'),
        ("mean", 'bonus names "mean", which is no question.'),  # the answer's cell, which has no points
    ],
)
def test_one_that_is_not_there_is_named(tmp_path: Path, named: str, sentence: str) -> None:
    with pytest.raises(GradingError) as refused:
        course(tmp_path, f'bonus = ["{named}"]').assignment("ps")
    assert f"fovea.toml, [assignments.ps]: {sentence}" in str(refused.value)


def test_the_results_of_a_folder_say_six_of_three(tmp_path: Path) -> None:
    questions = course(tmp_path).assignment("ps").questions
    found = Graded("ada", Outcome("passed", ALL, 0.1)).as_json(questions)
    assert (found["points"], found["out_of"]) == (6.0, 3.0)
    assert {name for name, one in found["questions"].items() if one.get("bonus")} == {"test-mean"}
    assert json.dumps(found)
    assert Graded("ben", None, "No notebook.").as_json(questions)["out_of"] == 3.0


@pytest.mark.parametrize(
    ("question", "addition"),
    [
        (Question("q", 1.0, title="Sharper", bonus=True), ", bonus"),
        (Question("q", 1.0, title="Bonus: Sharper", bonus=True), ""),
        (Question("q", 1.0, title="Sharper"), ""),
    ],
    ids=["a bonus", "a bonus whose title says so", "none"],
)
def test_a_line_says_it_once(question: Question, addition: str) -> None:
    assert question.addition == addition


COLUMN = Column("ps1", 10.0, bonus=1.0)
ELEVEN = graded("ada", "ps1", score("q1", 10.0, 10.0), score("more", 1.0, 1.0))


def test_canvas_gets_the_maximum_without_it_and_nbgrader_its_own_sum() -> None:
    people = {"ada": Person("ada")}
    canvas = list(csv.reader(io.StringIO(export("canvas", [COLUMN], [ELEVEN], people))))
    assert [row[-1] for row in canvas] == ["ps1", "10", "11"]
    (row,) = csv.DictReader(io.StringIO(export("nbgrader", [COLUMN], [ELEVEN], people)))
    assert (row["score"], row["max_score"]) == ("11", "11")
    (row,) = csv.DictReader(io.StringIO(export("csv", [COLUMN], [ELEVEN], people)))
    assert (row["points"], row["out_of"]) == ("11", "10")


@pytest.mark.parametrize(
    ("most", "written"), [("10.00", "10"), ("10,5", "10.5"), ("20.00", "11"), ("Pass, Fail", "11"), ("", "11")]
)
def test_moodles_worksheet_never_gets_more_than_its_own_maximum(most: str, written: str) -> None:
    """Moodle passes over a row with a grade above it, and the student would have none."""
    rows = list(csv.reader(io.StringIO(WORKSHEET.removeprefix("\ufeff"))))
    place = rows[0].index("Maximum Grade")
    text = io.StringIO()
    csv.writer(text).writerows([rows[0], *([*row[:place], most, *row[place + 1 :]] for row in rows[1:])])
    filled = list(csv.DictReader(io.StringIO(fill_worksheet(text.getvalue(), [ELEVEN], PEOPLE))))
    assert (filled[0]["Grade"], filled[0]["Maximum Grade"]) == (written, most)
