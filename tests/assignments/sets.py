"""The problem sets that have referees, and what lies in tests/ about each of them."""

import csv
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np

from grading.referee import Case, Mistake, Referee
from tests.assignments.nbgrading import COURSE, read

HERE = Path(__file__).parent
SETS = sorted(path.parent.name for path in (COURSE / "referees").glob("*/__init__.py"))


def module(name: str) -> ModuleType:
    return import_module(f"assignments.referees.{name}")


def referees(name: str) -> list[Referee]:
    return [getattr(module(name), question) for question in module(name).__all__]


def source(name: str) -> nbformat.NotebookNode:
    """The instructor's notebook."""
    return read(COURSE / "source" / name / f"{name}.ipynb")


def other_hands(name: str) -> ModuleType:
    """RIGHT: for every question the functions that answer it in another style."""
    return import_module(f"tests.assignments.written.{name}")


def deserved(name: str) -> dict[tuple[str, str], float]:
    """The table of mutants: what each mistake of each question still earns."""
    with (HERE / "deserved" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return {(row["question"], row["mistake"]): float(row["points"]) for row in csv.DictReader(file)}


def drawn(draw: Callable[[np.random.Generator], Any], count: int = 60) -> list[Any]:
    """What a referee draws: the same every time."""
    random = np.random.default_rng(8)
    return [draw(random) for _ in range(count)]


def asked(draw: Callable[[np.random.Generator], Case], count: int = 60) -> list[tuple[Any, ...]]:
    """The arguments of the cases that a referee draws."""
    return [case.arguments for case in drawn(draw, count)]


def as_tables(referee: Referee) -> Referee:
    """The same referee for functions that take a case's arguments, as the reference and its variants do."""
    return replace(referee, given=None, ask=None)


EVERY: list[tuple[str, Referee]] = [(name, referee) for name in SETS for referee in referees(name)]
MISTAKES: list[tuple[str, Referee, Mistake]] = [
    (name, referee, mistake) for name, referee in EVERY for mistake in referee.mistakes
]
HANDS = [(name, referee, function) for name, referee in EVERY for function in other_hands(name).RIGHT[referee.name]]
