"""What students are given: the notebooks without solutions and hidden tests, and the files beside them, looked through.

The notebooks are those of `nbgrader generate_assignment`, checksum for checksum. Before they are written to `release/`,
each is searched for what it must not hold, and run in a Python that knows nothing of the course: with nothing filled in
only the stubs may complain, and with the instructor's answers nothing may.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading import plain
from grading.check import Problem
from grading.course import Assignment, Course
from grading.notebooks.master import Master, MasterCell

STUB = "NotImplementedError"
TELLING = 24  # letters: a shorter line of a solution may well stand elsewhere by chance
PATIENCE = 600.0  # seconds


@dataclass(frozen=True)
class Released:
    """One assignment as students get it."""

    folder: Path
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def release(course: Course, name: str) -> Released:
    """Look an assignment through and write it to the course's release folder; with a problem nothing is written."""
    assignment = course.assignment(name)
    with tempfile.TemporaryDirectory(prefix="fovea-release-") as temporary:
        made = Path(temporary, name)
        write(assignment, made)
        problems = [*secrets(assignment, made), *failures(assignment, made)]
        folder = course.folder / course.directories["release"] / name
        if not any(problem.serious for problem in problems):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(made, folder)
        files = tuple(sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file()))
    return Released(folder, files, tuple(problems))


def write(assignment: Assignment, folder: Path) -> None:
    """The students' notebooks and what lies beside them."""
    folder.mkdir(parents=True)
    for master in assignment.masters:
        (folder / f"{master.name}.ipynb").write_bytes(master.release())
    for path, origin in assignment.materials().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, folder / path)


def secrets(assignment: Assignment, folder: Path) -> Iterator[Problem]:
    """Lines of solutions, hidden tests or answers, and names of the instructor's own, in the students' files."""
    given = {path.name: _text(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    for master in assignment.masters:
        words = master.delimiters
        telling = [words.begin_solution, words.begin_hidden, words.begin_scheme, assignment.settings.referee]
        for name, text in given.items():
            for word in filter(None, telling):
                if word in text:
                    yield Problem(name, f'it still says "{word}".')
        for cell in master.cells:
            for line in _hidden_lines(cell):
                for name in (name for name, text in given.items() if line in text):
                    yield Problem(master.key(cell.grade_id), f'"{line}" of this cell can be read in {name}.')


def _hidden_lines(cell: MasterCell) -> Iterator[str]:
    kept = {line.strip() for line in cell.released.splitlines()}
    if cell.role in ("solution", "manual", "test", "task"):
        for line in map(str.strip, cell.source.splitlines()):
            if line not in kept and len(line) >= TELLING and not line.startswith("###"):
                yield line


def _text(path: Path) -> str:
    if path.suffix != ".ipynb":
        return path.read_bytes().decode("utf-8", "replace")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def failures(assignment: Assignment, folder: Path) -> Iterator[Problem]:
    """What goes wrong where nothing of the course is installed, with empty answers and with the instructor's."""
    with tempfile.TemporaryDirectory(prefix="fovea-answered-") as temporary:
        answered = Path(temporary)
        shutil.copytree(folder, answered, dirs_exist_ok=True)
        for master in assignment.masters:
            (answered / f"{master.name}.ipynb").write_text(json.dumps(_answered(master)), encoding="utf-8")
        for place, filled in ((folder, False), (answered, True)):
            notebooks = [place / f"{master.name}.ipynb" for master in assignment.masters]
            for notebook, found in run_plainly(notebooks, without=project(assignment)).items():
                for cell, kind, says in found:
                    if filled or (kind != STUB and kind != "NameError"):
                        state = "with your own answers" if filled else "as it is handed out"
                        yield Problem(f"{notebook}, {cell}", f"it fails in a plain Python {state}: {kind}: {says}")


def project(assignment: Assignment) -> list[Path]:
    """The folders whose modules students do not have: ours, and the referee's."""
    return [Path(plain.__file__).parents[1], *filter(None, [assignment.referee_folder])]


def run_plainly(notebooks: list[Path], *, without: list[Path]) -> dict[str, list[list[str]]]:
    """Every notebook's failures in a Python that cannot import what lies in some folders."""
    hidden = os.pathsep.join(map(str, without))
    command = [sys.executable, "-IB", plain.__file__, hidden, *map(str, notebooks)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603 - ours
    if done.returncode:
        return {path.name: [["", "the interpreter ended", done.stderr[-300:]]] for path in notebooks}
    return {Path(path).name: found for path, found in json.loads(done.stdout).items()}


def _answered(master: Master) -> dict[str, object]:
    """The students' notebook with the instructor's answers in it, and without the hidden tests."""
    cells = [
        {"cell_type": cell.cell_type, "id": cell.id, "source": cell.source if cell.is_answer else cell.released}
        for cell in master.cells
    ]
    return {"cells": cells}
