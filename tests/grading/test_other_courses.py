"""Somebody else's nbgrader course, as it is, gets the same points from our judge as from `nbgrader autograde`.

`classic.expected()` is what nbgrader gives; tests/grading/courses asks nbgrader itself.
"""

from collections.abc import Iterable
from pathlib import Path

import pytest

from grading.batch import grade_folder
from grading.check import check
from grading.course import Course
from tests.grading.courses import classic
from tests.grading.courses.building import Assignment, HandedIn, plain, solutions, solve, test

NOSY_CELLS = (
    plain("import inspect"),
    solve(
        "squares",
        """
def squares(n):
    ### BEGIN SOLUTION
    return [number**2 for number in range(1, n + 1)]
    ### END SOLUTION
""",
    ),
    test("squares_values", 2, "assert squares(3) == [1, 4, 9]"),
    test("squares_is_short", 1, "assert len(inspect.getsource(squares).splitlines()) <= 4"),
    test("squares_has_one_argument", 1, "assert squares.__code__.co_argcount == 1"),
    solve(
        "stack",
        """
class Stack(list):
    ### BEGIN SOLUTION
    def peek(self):
        return self[-1]
    ### END SOLUTION
""",
    ),
    test("stack_inherited", 2, "class Loud(Stack):\n    pass\n\n\nassert Loud([1, 2]).peek() == 2"),
)
NOSY = Assignment(
    "nosy",
    {"nosy": NOSY_CELLS},
    (
        HandedIn("ada", solutions(NOSY_CELLS)),
        HandedIn(
            "cem-long-winded",
            solutions(NOSY_CELLS)
            | {
                "squares": "def squares(n, start=1):\n    found = []\n    for k in range(start, n + 1):\n"
                "        found.append(k * k)\n    return found",
                "stack": "class Stack(list):\n    def peek(self):\n        return self[0]",
            },
            {"squares_is_short": 0, "squares_has_one_argument": 0, "stack_inherited": 0},
        ),
        HandedIn(
            "ivy-unanswered",
            {},
            dict.fromkeys(("squares_values", "stack_inherited"), 0),
        ),
    ),
)
REACHES_IN = ("squares_has_one_argument", "squares_is_short", "stack_inherited")
Marks = dict[str, dict[tuple[str, str, str], float | None]]


def opened(folder: Path, assignment: Assignment, in_process: Iterable[str] = ()) -> Course:
    """A course of this one assignment, numpy loaded beforehand, and some tests allowed into the students' process."""
    course = classic.write(folder, (assignment,))
    names = ", ".join(f'"{name}"' for name in in_process)
    settings = f'preload = ["numpy"]\n[assignments.{assignment.name}]\nin_process = [{names}]\n'
    (course / "fovea.toml").write_text(settings, encoding="utf-8")
    return Course.open(course)


def ours(course: Course, assignment: Assignment) -> Marks:
    """The points through our judge, in the shape of nbgrader's."""
    questions = assignment.questions()
    marks: Marks = {}
    for graded in grade_folder(course, assignment.name, course.folder / "submitted", workers=2):
        assert graded.outcome, f"{graded.student} was refused: {graded.refusal}"
        assert graded.outcome.verdict != "undecided", f"{graded.student}: {graded.outcome.scores}"
        for score in graded.outcome.scores:
            notebook, cell = questions[score.question]
            marks.setdefault(graded.student, {})[assignment.name, notebook, cell.id] = score.points
    return marks


def differences(found: Marks, deserved: Marks) -> dict[tuple[str, ...], tuple[float | None, float | None]]:
    """Where they differ: ours and nbgrader's."""
    assert found.keys() == deserved.keys()
    return {
        (student, *key): (found[student].get(key), points)
        for student, marks in deserved.items()
        for key, points in marks.items()
        if found[student].get(key, -1) != points
    }


@pytest.mark.slow
@pytest.mark.parametrize("assignment", classic.ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_every_submission_gets_nbgraders_points_from_the_judge(tmp_path: Path, assignment: Assignment) -> None:
    course = opened(tmp_path, assignment)
    assert differences(ours(course, assignment), classic.expected((assignment,))) == {}


@pytest.mark.parametrize("assignment", classic.ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_the_check_has_nothing_against_what_can_be_judged(tmp_path: Path, assignment: Assignment) -> None:
    assert [one for one in check(opened(tmp_path, assignment), assignment.name) if one.serious] == []


def test_tests_that_reach_into_the_students_process_are_found_when_the_assignment_is_built(tmp_path: Path) -> None:
    found = list(check(opened(tmp_path, NOSY), NOSY.name))
    assert {one.question for one in found if one.serious} == set(REACHES_IN)
    for question in REACHES_IN:
        words = " ".join(one.says for one in found if one.question == question)
        assert "cannot be judged in a second process" in words
        assert f'in_process = ["{question}"] in fovea.toml' in words
        assert "line 1" in words or "line 5" in words, f"nothing says where: {words}"
        assert "Traceback" not in words
        assert str(tmp_path) not in words
    assert all(one.says.endswith(".") for one in found)


def test_nbgraders_points_are_given_for_them_where_the_course_lets_them_in(tmp_path: Path) -> None:
    course = opened(tmp_path, NOSY, REACHES_IN)
    assert differences(ours(course, NOSY), classic.expected((NOSY,))) == {}


@pytest.mark.slow
def test_the_points_expected_for_them_are_nbgraders(tmp_path: Path) -> None:
    assert classic.nbgrader_points(classic.write(tmp_path, (NOSY,))) == classic.expected((NOSY,))


@pytest.mark.slow
def test_letting_a_test_in_changes_nobodys_points(tmp_path: Path) -> None:
    course = opened(tmp_path, classic.NUMBERS, sorted(id for _, _, id in classic.REACHING_IN))
    assert differences(ours(course, classic.NUMBERS), classic.expected((classic.NUMBERS,))) == {}


def test_the_marks_say_which_of_them_were_earned_in_the_students_process(tmp_path: Path) -> None:
    course = opened(tmp_path, NOSY, ("squares_is_short",))
    graded = {one.student: one.outcome for one in grade_folder(course, "nosy", course.folder / "submitted")}
    assert graded["ada"]
    kinds = {score.question: score.integrity for score in graded["ada"].scores}
    assert kinds == dict.fromkeys(kinds, "judged") | {"squares_is_short": "in-process"}


def test_the_check_says_nothing_more_once_they_are_let_in(tmp_path: Path) -> None:
    found = list(check(opened(tmp_path, NOSY, REACHES_IN), NOSY.name))
    assert [one for one in found if "second process" in one.says or "line" in one.says] == []
