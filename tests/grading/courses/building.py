"""nbgrader notebooks written as Python: cells by their role, releases, and what a student handed in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["code", "markdown"]
Role = Literal["plain", "read", "solve", "test", "manual", "task"]
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION *$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"\n? *### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS *$", re.MULTILINE | re.DOTALL)
FLAGS: dict[Role, tuple[bool, bool, bool, bool]] = {  # grade, solution, locked, task
    "read": (False, False, True, False),
    "solve": (False, True, False, False),
    "test": (True, False, True, False),
    "manual": (True, True, False, False),
    "task": (False, False, True, True),
}


@dataclass(frozen=True)
class Cell:
    """One cell of the instructor's notebook."""

    role: Role
    source: str
    id: str = ""
    points: float = 0.0
    kind: Kind = "code"

    @property
    def counts(self) -> bool:
        return self.role in ("test", "manual", "task")

    @property
    def released(self) -> str:
        """The source without solutions and hidden tests, as nbgrader's own commands leave it."""
        if self.role == "manual" or (self.role == "solve" and not SOLUTION.search(self.source)):
            return "YOUR ANSWER HERE" if self.kind == "markdown" else "# YOUR CODE HERE\nraise NotImplementedError()"
        stub = SOLUTION.sub(r"\1# YOUR CODE HERE\n\1raise NotImplementedError()", self.source)
        return HIDDEN.sub("", stub)


def plain(source: str, kind: Kind = "code") -> Cell:
    """A cell that nbgrader knows nothing of."""
    return Cell("plain", source.strip(), kind=kind)


def read(id: str, source: str, kind: Kind = "code") -> Cell:
    """Locked, worth nothing."""
    return Cell("read", source.strip(), id, kind=kind)


def solve(id: str, source: str) -> Cell:
    """Where a student writes code."""
    return Cell("solve", source.strip(), id)


def test(id: str, points: float, source: str) -> Cell:
    """Assertions, or a last line with the points."""
    return Cell("test", source.strip(), id, points)


def manual(id: str, points: float, source: str, kind: Kind = "markdown") -> Cell:
    """An answer that a person marks."""
    return Cell("manual", source.strip(), id, points, kind)


def task(id: str, points: float, source: str) -> Cell:
    """A description; the student adds cells of their own below it, and a person marks them."""
    return Cell("task", source.strip(), id, points, "markdown")


test.__test__ = False  # type: ignore[attr-defined]  # a cell, not a test of pytest's


@dataclass(frozen=True)
class HandedIn:
    """One student's answers by grade id, and the points by question where they are not all of them.

    An empty `answers` is the release as it was; a question that waits for a person has None. Where two notebooks use
    the same id, "NOTEBOOK/ID" says which.
    """

    student: str
    answers: Mapping[str, str]
    points: Mapping[str, float | None] = field(default_factory=dict)
    below: Mapping[str, str] = field(default_factory=dict)  # code added below the cell of that id
    without: frozenset[str] = frozenset()  # notebooks that were not handed in


@dataclass(frozen=True)
class Assignment:
    """A folder of notebooks, and what was handed in for it."""

    name: str
    notebooks: Mapping[str, tuple[Cell, ...]]
    handed_in: tuple[HandedIn, ...]
    schema: Mapping[str, int] = field(default_factory=dict)  # of a notebook, if it is an old one

    def write(self, course: Path) -> None:
        """The source and all submissions, into a course folder."""
        for notebook, cells in self.notebooks.items():
            schema = self.schema.get(notebook, 3)
            _write(course / "source" / self.name / f"{notebook}.ipynb", [(cell, cell.source) for cell in cells], schema)
            for handed_in in self.handed_in:
                if notebook in handed_in.without:
                    continue
                answers: list[tuple[Cell, str]] = []
                for cell in cells:
                    answer = handed_in.answers.get(f"{notebook}/{cell.id}", handed_in.answers.get(cell.id))
                    answers.append((cell, (cell.released if answer is None else answer).strip()))
                    if cell.id in handed_in.below:
                        answers.append((plain(""), handed_in.below[cell.id].strip()))
                place = course / "submitted" / handed_in.student / self.name / f"{notebook}.ipynb"
                _write(place, answers, schema)

    def questions(self) -> dict[str, tuple[str, Cell]]:
        """The graded cells by their names in the assignment, each with its notebook."""
        several = len(self.notebooks) > 1
        return {
            f"{name}/{cell.id}" if several else cell.id: (name, cell)
            for name, cells in self.notebooks.items()
            for cell in cells
            if cell.counts
        }

    def expected(self, handed_in: HandedIn) -> dict[tuple[str, str, str], float | None]:
        """(assignment, notebook, question) -> points, None while a person has to say."""
        points: dict[tuple[str, str, str], float | None] = {}
        for id, (notebook, cell) in self.questions().items():
            full = 0 if notebook in handed_in.without else cell.points if cell.role == "test" else None
            points[self.name, notebook, cell.id] = handed_in.points.get(id, handed_in.points.get(cell.id, full))
        return points


def solutions(*notebooks: tuple[Cell, ...]) -> dict[str, str]:
    """The instructor's own answers."""
    cells = [cell for notebook in notebooks for cell in notebook if cell.role in ("solve", "manual")]
    return {cell.id: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source) for cell in cells}


def _write(path: Path, cells: list[tuple[Cell, str]], schema: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {
        "cells": [_as_json(cell, source, schema) for cell, source in cells],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 2,  # before cells had ids of their own
    }
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


def _as_json(cell: Cell, source: str, schema: int) -> dict[str, object]:
    made: dict[str, object] = {"cell_type": cell.kind, "metadata": _metadata(cell, schema), "source": source}
    return made if cell.kind == "markdown" else made | {"execution_count": None, "outputs": []}


def _metadata(cell: Cell, schema: int) -> dict[str, object]:
    if cell.role == "plain":
        return {}
    grade, solution, locked, is_task = FLAGS[cell.role]
    metadata: dict[str, object] = {"grade_id": cell.id, "grade": grade, "solution": solution, "locked": locked}
    if cell.counts:
        metadata["points"] = cell.points
    if schema:  # the oldest kind has no version
        metadata["schema_version"] = schema
    if schema >= 3:
        metadata["task"] = is_task
    return {"nbgrader": metadata}
