"""A copy of the course folder, and what lies in it when nbgrader has worked there."""

import shutil
from pathlib import Path

import nbformat

COURSE = Path(__file__).resolve().parents[2] / "assignments"
CHATTER = ("*.pyc", "release", "submitted", "autograded", "feedback", "gradebook.db*", "*.csv")


def copied(folder: Path) -> Path:
    """The course as an instructor would have it on a disk of their own."""
    course = folder / "assignments"
    shutil.copytree(COURSE, course, ignore=shutil.ignore_patterns(*CHATTER))
    return course


def read(path: Path):
    return nbformat.read(path, as_version=4)


def by_grade_id(notebook) -> dict:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def hand_in(course: Path, student: str, notebook) -> None:
    folder = course / "submitted" / student / "warmup"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "warmup.ipynb")
