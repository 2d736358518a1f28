"""A course as nbgrader's users have them, written anew: three assignments, 25 submissions, and the points they deserve.

`write(folder)` makes the course; `expected()` says what nbgrader gives; `nbgrader_points(course)` really asks it.
"""

import shutil
from pathlib import Path

from tests.grading.courses.arrays import ASSIGNMENT as ARRAYS
from tests.grading.courses.building import Assignment
from tests.grading.courses.numbers import NUMBERS
from tests.grading.courses.old import OLD
from tests.nbgraders import run_nbgrader

ASSIGNMENTS: tuple[Assignment, ...] = (NUMBERS, ARRAYS, OLD)
Points = dict[str, dict[tuple[str, str, str], float | None]]  # student -> (assignment, notebook, question) -> points

# Tests that reach into the student's own process: one takes a name away, one listens to what is printed there.
REACHING_IN = frozenset({("numbers", "sums", "tetrahedral_uses_triangular"), ("numbers", "sums", "greet_prints")})

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "classic"
c.ExecutePreprocessor.timeout = 20
"""


def write(folder: Path, assignments: tuple[Assignment, ...] = ASSIGNMENTS) -> Path:
    """The course folder: source, submissions, nbgrader's settings."""
    course = folder / "classic"
    course.mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    for assignment in assignments:
        assignment.write(course)
    return course


def expected(assignments: tuple[Assignment, ...] = ASSIGNMENTS) -> Points:
    """What every student deserves for every question; None waits for a person."""
    points: Points = {}
    for assignment in assignments:
        for handed_in in assignment.handed_in:
            points.setdefault(handed_in.student, {}).update(assignment.expected(handed_in))
    return points


def nbgrader_points(course: Path) -> Points:
    """What nbgrader's own commands give, worked out on a copy: the course itself stays as it is."""
    copy = course.parent / f"{course.name}-by-nbgrader"
    shutil.copytree(course, copy)
    names = sorted(path.name for path in (copy / "source").iterdir())
    run_nbgrader(copy, "update", ".")
    for name in names:
        run_nbgrader(copy, "generate_assignment", name)
        run_nbgrader(copy, "autograde", name)
    return read_gradebook(copy / "gradebook.db")


def read_gradebook(database: Path) -> Points:
    """Every grade in nbgrader's own database."""
    from nbgrader.api import Gradebook

    points: Points = {}
    with Gradebook(f"sqlite:///{database}") as gradebook:
        for assignment in gradebook.assignments:
            for submission in gradebook.assignment_submissions(assignment.name):
                marks = points.setdefault(submission.student_id, {})
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        marks[assignment.name, notebook.name, grade.cell.name] = grade.auto_score
    return points
