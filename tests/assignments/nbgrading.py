"""A copy of the course folder, and nbgrader's own command line in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

COURSE = Path(__file__).resolve().parents[2] / "assignments"
CHATTER = ("*.pyc", "release", "submitted", "autograded", "feedback", "gradebook.db*", "*.csv")


def copied(folder: Path) -> Path:
    """The course as an instructor would have it on a disk of their own."""
    course = folder / "assignments"
    shutil.copytree(COURSE, course, ignore=shutil.ignore_patterns(*CHATTER))
    return course


def nbgrader(course: Path, *words: str) -> str:
    """What nbgrader said; a failure shows all of it."""
    tools = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        env=os.environ | tools,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def read(path: Path):
    return nbformat.read(path, as_version=4)


def by_grade_id(notebook) -> dict:
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def hand_in(course: Path, student: str, notebook) -> None:
    folder = course / "submitted" / student / "warmup"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "warmup.ipynb")
