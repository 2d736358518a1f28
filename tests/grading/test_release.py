"""What students get holds no secret, and runs where nothing of ours is installed."""

import json
from pathlib import Path

import pytest

from grading.course import Course
from grading.release import failures, release, run_plainly, secrets, write
from tests.assignments.nbgrading import copied


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course.open(copied(tmp_path))


def edited(course: Course, cell_id: str, old: str, new: str) -> Course:
    """The course with something else in a cell of the warm-up."""
    path = course.source / "warmup" / "warmup.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == cell_id)
    source = "".join(cell["source"])
    assert old in source
    cell["source"] = source.replace(old, new)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return Course.open(course.folder)


def problems(course: Course, tmp_path: Path) -> list[str]:
    assignment, made = course.assignment("warmup"), tmp_path / "made"
    write(assignment, made)
    return [problem.says for problem in secrets(assignment, made)]


@pytest.mark.slow
def test_writes_the_notebook_and_the_helper_and_finds_nothing_wrong(course: Course) -> None:
    released = release(course, "warmup")
    assert released.problems == ()
    assert [path.name for path in released.files] == ["helper.py", "warmup.ipynb"]
    assert released.folder == course.folder / "release" / "warmup"
    assert (released.folder / "warmup.ipynb").read_bytes() == course.assignment("warmup").masters[0].release()


def test_finds_a_line_of_a_solution_in_the_text(course: Course, tmp_path: Path) -> None:
    told = edited(course, "iou-text", "Identical boxes", "width = ... so joint = (a[2] - a[0]) * (a[3] - a[1]) + (b[2]")
    told = edited(told, "iou-text", "(b[2] give", "(b[2] - b[0]) * (b[3] - b[1]) - shared")
    assert any("can be read in warmup.ipynb" in problem for problem in problems(told, tmp_path))


def test_finds_an_answer_in_a_file_beside_the_notebook(course: Course, tmp_path: Path) -> None:
    (course.folder / "given" / "notes.txt").write_text(
        "pixel, so two more maps mean 84 · 2 · 1024 = 172,032 weights more, and that layer is nearly all of the "
        "network."
    )
    assert any("can be read in notes.txt" in problem for problem in problems(course, tmp_path))


def test_finds_the_name_of_the_referee(course: Course, tmp_path: Path) -> None:
    told = edited(course, "title", "Five short", "See assignments.referees.warmup. Five short")
    assert 'it still says "assignments.referees.warmup".' in problems(told, tmp_path)


def test_writes_nothing_that_fails_without_the_project(course: Course) -> None:
    needs = edited(course, "setup", "import numpy as np", "import numpy as np\nfrom core.detect import boxes")
    released = release(needs, "warmup")
    assert any("ModuleNotFoundError" in problem.says for problem in released.problems)
    assert not released.folder.exists()


@pytest.mark.slow
def test_says_where_the_instructors_own_answer_fails(course: Course, tmp_path: Path) -> None:
    wrong = edited(course, "output-side", "room // stride + 1", "room // stride")
    assignment, made = wrong.assignment("warmup"), tmp_path / "made"
    write(assignment, made)
    found = list(failures(assignment, made))
    assert [problem.question for problem in found] == ["warmup.ipynb, output-side-examples"]
    assert "with your own answers: AssertionError: the drawing above" in found[0].says


def test_an_interpreter_that_ends_is_a_failure(tmp_path: Path) -> None:
    notebook = tmp_path / "ends.ipynb"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": "import os; os._exit(3)"}]}))
    assert run_plainly([notebook], without=[tmp_path])["ends.ipynb"][0][1] == "the interpreter ended"
