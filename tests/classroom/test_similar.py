"""Solutions with code in common: whose, how much, which lines, without names until somebody asks, for instructors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classroom.errors import ClassroomError, NotAllowed
from classroom.people import Person
from classroom.staff.similar import side_by_side, similar
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_work import EVERYBODY, HEAD
from tests.grading.small_course import ANSWERS

CYN = Person("cyn", "Cyn Coder", section="Friday")
LONG = """
def mean(values):
    total, count = 0, 0
    for value in values:
        total = total + value
        count += 1
    if count == 0:
        raise ValueError("nothing")
    return total / count
"""
COPIED = """
def mean(xs):  # my own
    s, n = 0.0, 0
    for x in xs:
        s = (s +
             x)
        n += 1
    if n == 0:
        raise ValueError('empty')
    return s / n
""".replace("(s +\n             x)", "s + x")
OTHER = """
def mean(xs):
    return sum(xs) / len(xs) if isinstance(xs, list) and len(xs) > 0 and all(x is not None for x in xs) else 0.0
"""


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SmallCourse]:
    """Cyn has Ada's solution in other words; Ben his own."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        opened.published()
        opened.desk.classroom.keep([CYN])
        opened.hand_in(ADA, mean=LONG)
        opened.hand_in(BEN, mean=OTHER)
        opened.hand_in(CYN, mean=COPIED)
        yield opened


@pytest.mark.parametrize("role", EVERYBODY)
def test_is_for_instructors(course: SmallCourse, role: str) -> None:
    services = (
        lambda: similar(course.desk, EVERYBODY[role], "ps"),
        lambda: side_by_side(course.desk, EVERYBODY[role], (1, 3)),
    )
    for service in services:
        if role in HEAD:
            service()
        else:
            with pytest.raises(NotAllowed):
                service()


def test_finds_the_pair_and_names_nobody(course: SmallCourse) -> None:
    found = similar(course.desk, IVA, "ps")
    (pair,) = found.pairs
    assert {pair.one, pair.other} == {1, 3}
    assert pair.likeness == pair.of_one == pair.of_other == 1.0
    assert pair.shared > 3
    assert all(name.startswith("Student ") for name in pair.names)
    assert (found.people, found.common) == (3, 0)


def test_looks_at_one_question_or_section_if_asked(course: SmallCourse) -> None:
    assert len(similar(course.desk, IVA, "ps", question="test-mean").pairs) == 1
    assert similar(course.desk, IVA, "ps", question="test-double").pairs == ()
    assert similar(course.desk, IVA, "ps", section="Friday").people == 2
    assert similar(course.desk, IVA, "ps", section="Friday").pairs == ()


def test_leaves_out_what_the_instructor_wrote(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    from classroom.staff import similar as module

    def model(assignment: object, *, model: bool) -> frozenset[int]:
        return module.handed_out([LONG if model else ""])

    monkeypatch.setattr(module, "_handed_out", model)
    assert similar(course.desk, IVA, "ps").pairs == ()
    assert len(similar(course.desk, IVA, "ps", model=False).pairs) == 1


def test_the_answers_of_the_instructor_and_the_given_code_are_what_it_leaves_out(course: SmallCourse) -> None:
    from classroom.staff.similar import _handed_out

    assignment = course.desk.shelf.assignment("ps")
    assert _handed_out(assignment, model=False) <= _handed_out(assignment, model=True)
    assert ANSWERS["mean"] in "".join(cell.source for master in assignment.masters for cell in master.cells)


def test_compares_the_hand_in_that_counts_of_students_only(course: SmallCourse) -> None:
    course.hand_in(TINA, mean=LONG)
    course.hand_in(CYN, mean=OTHER)
    found = similar(course.desk, IVA, "ps")
    assert [{pair.one, pair.other} for pair in found.pairs] == [{2, 5}]


def test_sets_two_side_by_side(course: SmallCourse) -> None:
    one, other = side_by_side(course.desk, IVA, (1, 3))
    assert one.lines[min(one.marked) - 1].startswith("def mean")
    assert set(one.marked.values()) == set(other.marked.values()) == {1}
    assert "# my own" in "\n".join(other.lines)
    assert one.name.startswith("Student ")
    assert [side.name for side in side_by_side(course.desk, IVA, (1, 3), named=True)] == ["Ada Lovelace", "Cyn Coder"]
    one, other = side_by_side(course.desk, IVA, (1, 2))
    assert one.marked == other.marked == {}


def test_says_that_there_is_no_such_hand_in(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="no such hand-in"):
        side_by_side(course.desk, IVA, (1, 99))


@pytest.mark.parametrize("answer", ["", "def mean(:\n  '''", "(" * 5000, "%time \x85 \u2028 ?"])
def test_takes_what_is_no_python(course: SmallCourse, answer: str) -> None:
    course.hand_in(BEN, mean=answer)
    assert len(similar(course.desk, IVA, "ps").pairs) == 1
    side_by_side(course.desk, IVA, (1, 4))
