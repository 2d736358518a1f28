"""A notebook in the browser: what may be typed where, trying out, handing in what is typed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from classroom import editor, work
from classroom.errors import ClassroomError, NotAllowed
from grading.ledger.port import LedgerBusy
from tests.classroom.conftest import ADA, BEN
from tests.classroom.course import MONDAY, SmallCourse, small
from tests.grading.small_course import ANSWERS


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened.published()


def test_shows_every_cell_and_nothing_that_is_hidden(course: SmallCourse) -> None:
    cells = editor.cells(course.desk, ADA, "ps")
    assert [(cell.key, cell.kind) for cell in cells] == [
        ("title", "text"),
        ("double", "answer"),
        ("test-double", "test"),
        ("mean", "answer"),
        ("test-mean", "test"),
        ("essay", "written"),
    ]
    shown = " ".join(cell.source for cell in cells)
    assert "double(2) == 4" in shown
    for secret in ("1234.5", *ANSWERS.values(), "BEGIN HIDDEN"):
        assert secret not in shown


def test_keeps_what_is_typed_and_forgets_what_equals_the_given(course: SmallCourse) -> None:
    given = editor.cells(course.desk, ADA, "ps")[1].source
    editor.save(course.desk, ADA, "ps", cell="double", text="x = 1")
    assert [cell.typed for cell in editor.cells(course.desk, ADA, "ps") if cell.begun] == ["x = 1"]
    assert not any(cell.begun for cell in editor.cells(course.desk, BEN, "ps"))
    editor.save(course.desk, ADA, "ps", cell="double", text=given)
    assert work.drafts(course.desk, ADA, "ps") == {}


@pytest.mark.parametrize("cell", ["title", "test-double", "nothing", ""])
def test_lets_nobody_write_where_nothing_is_asked(course: SmallCourse, cell: str) -> None:
    with pytest.raises(ClassroomError, match="no such cell"):
        editor.save(course.desk, ADA, "ps", cell=cell, text="mine")
    with pytest.raises(ClassroomError, match="no such cell"):
        editor.run(course.desk, ADA, "ps", cell=cell)


def test_runs_what_is_saved_and_checks_the_examples(course: SmallCourse) -> None:
    editor.save(course.desk, ADA, "ps", cell="double", text="def double(x): return x * x\nprint(double(3))")
    found = editor.run(course.desk, ADA, "ps", cell="double", check=True)
    assert [output["text"] for output in found.outputs] == ["9\n"]
    assert [one.passed for one in found.examples] == [True]  # 2 * 2 is 4 as well: the hidden test will tell
    editor.begin_anew(course.desk, ADA, "ps")
    editor.stop(course.desk, ADA, "ps")


def test_remembers_what_came_of_checks(course: SmallCourse) -> None:
    answers = ["def double(x): return 5", "def double(x): return 5", "1 / 0", "def double(x): return 2 * x"]
    found = []
    for answer in answers:
        editor.save(course.desk, ADA, "ps", cell="double", text=answer)
        editor.run(course.desk, ADA, "ps", cell="double", check=True)
        editor.run(course.desk, ADA, "ps", cell="double")  # no check, and not counted
        (one,) = course.desk.classroom.checks("ps")["ada"]
        found.append((one.outcome, one.times, one.same, one.seen))
    assert [each[:3] for each in found] == [("failed", 1, 1), ("failed", 2, 2), ("error", 3, 1), ("passed", 4, 1)]
    assert "2" in found[0][3]
    assert found[2][3] == "ZeroDivisionError: division by zero"
    assert found[3][3] == ""


def test_answers_also_where_the_check_cannot_be_remembered(
    course: SmallCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise LedgerBusy("The database is busy.")

    monkeypatch.setattr(course.desk.classroom, "note_check", busy)
    editor.save(course.desk, ADA, "ps", cell="double", text=ANSWERS["double"])
    assert [one.passed for one in editor.run(course.desk, ADA, "ps", cell="double", check=True).examples] == [True]


def test_hands_in_what_is_typed(course: SmallCourse) -> None:
    for cell, text in ANSWERS.items():
        editor.save(course.desk, ADA, "ps", cell=cell, text=text)
    name, data = editor.notebook(course.desk, ADA, "ps")
    assert name == "ps.ipynb"
    assert {cell["source"] for cell in json.loads(data)["cells"]} >= set(ANSWERS.values())
    receipt = editor.hand_in(course.desk, ADA, "ps")
    assert receipt.attempt.number == 1
    course.grade()
    (seen,) = work.history(course.desk, ADA, "ps")
    assert seen.worth == 5.0
    assert editor.hand_in(course.desk, ADA, "ps").new is False


def test_gives_no_cell_away_before_it_opens(course: SmallCourse) -> None:
    course.published(opens=MONDAY + timedelta(days=1))
    for ask in (editor.cells, editor.notebook, editor.hand_in):
        with pytest.raises(ClassroomError, match="opens on"):
            ask(course.desk, ADA, "ps")


def test_is_for_members(course: SmallCourse) -> None:
    for ask in (editor.cells, editor.notebook, editor.hand_in, editor.stop, editor.begin_anew):
        with pytest.raises(NotAllowed):
            ask(course.desk, None, "ps")
    with pytest.raises(NotAllowed):
        editor.run(course.desk, None, "ps", cell="double")


def test_knows_which_cells_have_examples(course: SmallCourse) -> None:
    cells = editor.cells(course.desk, ADA, "ps")
    assert [editor.examples_below(cells, key) for key in ("double", "mean", "essay")] == [True, True, False]
