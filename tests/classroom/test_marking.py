"""Marking by people: what waits, what is read, what is given and taken back, two at once, whoever may."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from classroom import marking
from classroom.errors import ClassroomError, NotAllowed
from classroom.overview import overview
from classroom.roles import Role
from grading.errors import GradingError
from grading.records import Question
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_overview import judged
from tests.grading import small_course


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    """Ada's and Ben's essays wait."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        opened.published()
        opened.hand_in(BEN, essay="Because Ben says so.")
        judged(opened)
        opened.hand_in(ADA)
        judged(opened)
        yield opened


def test_nobody_takes_back_a_mark_without_leave(course: SmallCourse) -> None:
    marking.give(course.desk, TINA, 1, "essay", points=1.0)
    with pytest.raises(NotAllowed):
        marking.take_back(course.desk, BEN, 1, "essay")
    assert len(course.desk.ledger.marks()) == 1


def test_an_assistant_gives_no_points_to_their_own_work(course: SmallCourse) -> None:
    """A student whom a provider's claim makes an assistant stands in the gradebook."""
    raised = replace(BEN, role=Role.ASSISTANT)
    for change in (
        lambda: marking.give(course.desk, raised, 1, "essay", points=1.0),
        lambda: marking.take_back(course.desk, raised, 1, "essay"),
    ):
        with pytest.raises(NotAllowed, match="your own work"):
            change()
    assert course.desk.ledger.marks() == ()
    marking.give(course.desk, raised, 2, "essay", points=1.0)


def test_goes_through_one_question_oldest_first(course: SmallCourse) -> None:
    (pile,) = marking.piles(course.desk, TINA)
    assert (pile.assignment, pile.question.id, pile.left, pile.of) == ("ps", "essay", 2, 2)
    first = marking.next_answer(course.desk, TINA, "ps", "essay")
    assert first
    assert (first.name, first.number, first.hand_in) == ("Ben Bitdiddle", 1, 1)
    second = marking.next_answer(course.desk, TINA, "ps", "essay", after=1)
    assert second
    assert second.name == "Ada Lovelace"
    around = marking.next_answer(course.desk, TINA, "ps", "essay", after=2)
    assert around
    assert around.hand_in == 1
    for one in (first, second):
        marking.give(course.desk, TINA, one.hand_in, "essay", points=0.75, seen=one.seen)
    assert marking.next_answer(course.desk, TINA, "ps", "essay") is None
    assert [one.left for one in marking.piles(course.desk, TINA)] == [0]
    assert marking.pile(course.desk, TINA, "ps", "essay") == marking.piles(course.desk, TINA)[0]
    with pytest.raises(ClassroomError, match="no question poem"):
        marking.pile(course.desk, TINA, "ps", "poem")
    assert {row.state for row in overview(course.desk, TINA, "ps").rows} == {"graded"}


def test_shows_the_answer_beside_what_was_asked_and_the_instructors_own(course: SmallCourse) -> None:
    found = marking.answer(course.desk, TINA, 1, "essay")
    assert [piece.text for piece in found.pieces] == ["Because Ben says so."]
    assert [piece.text for piece in found.rubric.model] == [small_course.ANSWERS["essay"]]
    assert not found.pieces[0].code
    code = marking.answer(course.desk, TINA, 1, "test-mean")
    assert [(piece.text, piece.code) for piece in code.pieces] == [(small_course.ANSWERS["mean"], True)]
    assert [piece.text for piece in code.rubric.model] == [small_course.ANSWERS["mean"]]


def test_shows_nothing_where_nothing_was_answered(course: SmallCourse) -> None:
    course.hand_in(ADA, essay="YOUR ANSWER HERE")
    judged(course)
    assert marking.answer(course.desk, TINA, 3, "essay").pieces == ()


def test_shows_what_a_student_wrote_below_a_task(tmp_path: Path) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db")) as course:
        source = course.desk.shelf.folder / "source/ps/ps.ipynb"
        notebook = json.loads(source.read_text())
        task = "Draw a cat.\n=== BEGIN MARK SCHEME ===\nWhiskers: 1\n=== END MARK SCHEME ==="
        marking_of = {"grade": False, "solution": False, "locked": True, "task": True, "points": 2.0}
        cell = {"grade_id": "draw", "schema_version": 3, **marking_of}
        notebook["cells"].append(
            {"cell_type": "markdown", "id": "draw", "metadata": {"nbgrader": cell}, "source": task}
        )
        source.write_text(json.dumps(notebook))
        course.published()
        mine = json.loads(course.answered())
        mine["cells"].append({"cell_type": "markdown", "id": "cat", "metadata": {}, "source": "Here is my cat."})
        from classroom.work import hand_in

        hand_in(course.desk, ADA, "ps", file="ps.ipynb", data=json.dumps(mine).encode())
        course.grade()
        found = marking.answer(course.desk, TINA, 1, "draw")
        assert [piece.text for piece in found.pieces] == ["Here is my cat."]
        assert [piece.text for piece in found.rubric.asked] == ["Draw a cat."]
        assert [piece.text for piece in found.rubric.model] == ["Draw a cat.\nWhiskers: 1"]


def test_says_that_somebody_marked_it_meanwhile(course: SmallCourse) -> None:
    mine = marking.answer(course.desk, TINA, 1, "essay")
    marking.give(course.desk, IVA, 1, "essay", points=0.5, comment="Short.")
    with pytest.raises(ClassroomError, match=r'Iva Instructor gave 0.5 points meanwhile, saying "Short."'):
        marking.give(course.desk, TINA, 1, "essay", points=1.0, seen=mine.seen)
    again = marking.answer(course.desk, TINA, 1, "essay")
    assert (again.entry.points, again.by) == (0.5, "Iva Instructor")
    marking.give(course.desk, TINA, 1, "essay", points=1.0, seen=again.seen)
    assert marking.answer(course.desk, TINA, 1, "essay").entry.points == 1.0


def test_takes_the_last_mark_back_and_what_stood_before_stands_again(course: SmallCourse) -> None:
    first = marking.give(course.desk, TINA, 1, "essay", points=0.5, comment="So so.")
    marking.give(course.desk, TINA, 1, "essay", points=0.0, seen=first)
    marking.take_back(course.desk, TINA, 1, "essay")
    found = marking.answer(course.desk, TINA, 1, "essay")
    assert (found.entry.points, found.entry.comment) == (0.5, "So so.")
    marking.give(course.desk, TINA, 2, "essay", points=1.0)
    marking.take_back(course.desk, TINA, 2, "essay")
    assert marking.answer(course.desk, TINA, 2, "essay").entry.state == "to mark"
    with pytest.raises(ClassroomError, match="Tina Tutor"):
        marking.take_back(course.desk, IVA, 1, "essay")


def test_there_is_nothing_to_take_back_before_a_mark(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="no mark to take back"):
        marking.take_back(course.desk, TINA, 1, "essay")


def test_names_nobody_if_asked(course: SmallCourse) -> None:
    found = marking.next_answer(course.desk, TINA, "ps", "essay", anonymous=True)
    assert found
    assert found.name.startswith("Student ")


def test_points_at_a_students_other_answers(course: SmallCourse) -> None:
    course.now += timedelta(hours=1)
    course.hand_in(BEN, essay="Because the sum grows.")
    judged(course)
    assert marking.answer(course.desk, TINA, 1, "essay").others == ((2, 3),)
    assert marking.answer(course.desk, TINA, 2, "essay").others == ()


def test_refuses_points_that_are_not_offered_and_a_book_for_a_comment(course: SmallCourse) -> None:
    with pytest.raises(GradingError, match="offers 1 points"):
        marking.give(course.desk, TINA, 1, "essay", points=1.25)
    with pytest.raises(ClassroomError, match="at most"):
        marking.give(course.desk, TINA, 1, "essay", points=1.0, comment="x" * (marking.LONGEST + 1))
    with pytest.raises(ClassroomError, match="no such question"):
        marking.answer(course.desk, TINA, 1, "poem")
    with pytest.raises(ClassroomError, match="no such hand-in"):
        marking.answer(course.desk, TINA, 99, "essay")
    assert course.desk.ledger.marks() == ()


def test_offers_quarters_and_the_whole() -> None:
    assert marking.steps(Question("q", 1.0)) == (0.0, 0.25, 0.5, 0.75, 1.0)
    assert marking.steps(Question("q", 0.0)) == (0.0,)
