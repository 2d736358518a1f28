"""The project: its data are those that the program draws, its points those of its table and its guide."""

import re

import numpy as np
import pytest

from assignments.parcels import COUNTS, FILE, arrays
from grading.course import Course
from grading.release import failures, secrets, write
from tests.assignments.nbgrading import COURSE


def tasks():
    return Course.open(COURSE).assignment("project").questions


@pytest.fixture(scope="module")
def drawn():
    return arrays()


def test_the_file_holds_what_is_drawn_and_nothing_pickled(drawn):
    with np.load(FILE, allow_pickle=False) as file:
        assert set(file.files) == set(drawn)
        assert all(np.array_equal(file[name], drawn[name]) for name in drawn)


def test_no_parcel_is_in_two_parts(drawn):
    maps = [each.tobytes() for part in COUNTS for each in drawn[f"{part}_heights"]]
    assert len(set(maps)) == len(maps) == sum(COUNTS.values())


def test_every_kind_is_there_often_enough_to_learn_and_to_judge(drawn):
    for part, count in COUNTS.items():
        counts = np.bincount(drawn[f"{part}_kinds"], minlength=5)
        assert counts.min() >= count / 10, part


def test_has_seven_criteria_and_twenty_points_all_given_by_a_person():
    assert [task.points for task in tasks()] == [2, 4, 4, 3, 2, 3, 2]
    assert all(task.by_hand for task in tasks())
    for path, table in (
        (COURSE / "source/project/project.ipynb", r"\| \d\. [^|]+ \| (\d) \|"),
        (COURSE / "guides/project.md", r"^\| [A-Z][^|]+ \| (\d) \|"),
    ):
        found = re.findall(table, path.read_text(encoding="utf-8"), re.MULTILINE)
        assert [float(points) for points in found] == [task.points for task in tasks()], path.name


def test_is_released_with_its_data_and_runs_as_it_is(tmp_path):
    assignment = Course.open(COURSE).assignment("project")
    write(assignment, tmp_path / "project")
    assert {path.name for path in (tmp_path / "project").iterdir()} == {"helper.py", "parcels.npz", "project.ipynb"}
    assert list(secrets(assignment, tmp_path / "project")) == []
    assert list(failures(assignment, tmp_path / "project")) == []
    assert "MARK SCHEME" not in (tmp_path / "project/project.ipynb").read_text(encoding="utf-8")
