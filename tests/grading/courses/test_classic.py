"""The classic course is what it says it is: nbgrader itself gives the points that `expected` promises."""

import json

import nbformat
import pytest

from tests.grading.courses import classic
from tests.grading.courses.building import Assignment

QUESTIONS = [
    (assignment.name, notebook, cell.id)
    for assignment in classic.ASSIGNMENTS
    for notebook, cell in assignment.questions().values()
]
TESTED = [
    (assignment, id)
    for assignment in classic.ASSIGNMENTS
    for id, (_, cell) in assignment.questions().items()
    if cell.role == "test"
]


def sources(path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.parametrize(("assignment", "id"), TESTED, ids=[id for _, id in TESTED])
def test_has_someone_who_passes_and_someone_who_fails(assignment: Assignment, id: str) -> None:
    notebook, cell = assignment.questions()[id]
    given = {assignment.expected(handed_in)[assignment.name, notebook, cell.id] for handed_in in assignment.handed_in}
    assert {0, cell.points} <= given


def test_gives_part_of_the_points_somewhere() -> None:
    given = {(id, points) for marks in classic.expected().values() for (_, _, id), points in marks.items()}
    assert {("kinds_by_case", 2), ("kinds_by_share", 1.8)} <= given


@pytest.mark.parametrize("assignment", classic.ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_answers_only_what_was_asked_and_takes_points_only_where_there_are_some(assignment: Assignment) -> None:
    cells = {cell.id: cell for cells in assignment.notebooks.values() for cell in cells}
    for handed_in in assignment.handed_in:
        assert all(cells[id].role in ("solve", "manual") for id in handed_in.answers)
        assert set(handed_in.points) <= {cell.id for _, cell in assignment.questions().values()}
        assert all((points or 0) <= cells[id].points for id, points in handed_in.points.items())


def test_names_the_cells_that_look_into_the_students_process() -> None:
    assert set(QUESTIONS) >= classic.REACHING_IN


def test_writes_the_formats_of_all_years(tmp_path) -> None:
    course = classic.write(tmp_path)
    versions = set()
    for path in course.glob("source/old/*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        versions |= {c["metadata"]["nbgrader"].get("schema_version") for c in notebook["cells"] if c["metadata"]}
    assert versions == {None, 1, 2, 3}
    assert len(list(course.glob("submitted/*/*"))) == 25


@pytest.mark.slow
def test_releases_what_nbgrader_releases(tmp_path) -> None:
    course = classic.write(tmp_path)
    classic.run_nbgrader(course, "update", ".")
    for assignment in classic.ASSIGNMENTS:
        classic.run_nbgrader(course, "generate_assignment", assignment.name)
        for notebook in assignment.notebooks:
            name = f"{assignment.name}/{notebook}.ipynb"
            assert sources(course / "release" / name) == sources(course / "submitted/ivy-unanswered" / name)


@pytest.mark.slow
def test_gets_from_nbgrader_the_points_it_promises(tmp_path) -> None:
    course = classic.write(tmp_path)
    before = {path: path.read_bytes() for path in course.rglob("*.ipynb")}
    assert classic.nbgrader_points(course) == classic.expected()
    assert {path: path.read_bytes() for path in course.rglob("*.ipynb")} == before
