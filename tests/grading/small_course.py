"""A course of two functions and an essay, which needs nothing but Python: made in a folder, with settings as wanted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grading.grader import Grader

ANSWERS = {
    "double": "def double(x): return 2 * x",
    "mean": "def mean(xs): return sum(xs) / len(xs)",
    "essay": "Because the sum grows with the number of terms.",
}
TESTS = {
    "double": "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(1234.5) == 2469.0\n### END HIDDEN TESTS",
    "mean": "assert mean([1, 3]) == 2\n### BEGIN HIDDEN TESTS\nassert mean([1, 2, 6]) == 3\n### END HIDDEN TESTS",
}
_POINTS = {"double": 2.0, "mean": 3.0}
_REFEREE = """
from grading.referee import Forbidden, Group, Mistake, Referee, case

mean = Referee(
    "mean",
    points=3.0,
    reference=lambda xs: sum(xs) / len(xs),
    groups=(Group("short lists", 1.0, cases=(case([1.0, 3.0]), case([1.0, 2.0, 6.0]))),),
    mistakes=(Mistake("the sum is not divided", sum, hint="A mean is the sum divided by how many there are."),),
    forbidden=(Forbidden("statistics.fmean", because="it is what you are asked to write"),),
)
"""


def write(
    folder: Path,
    *,
    settings: str = "",
    solution: Mapping[str, str] = {},
    tests: Mapping[str, str] = {},
    referee: bool = False,
    more_tests: int = 0,
) -> Path:
    """The course's folder; with `more_tests` the first function has so many further tests, without points."""
    source = folder / "source" / "ps"
    source.mkdir(parents=True)
    asked = {**TESTS, **tests}
    if referee:
        (folder / "judges.py").write_text(_REFEREE)
        settings += '\nreferee = "judges"\nreferee_folder = "."'
        asked["mean"] = (
            "### BEGIN HIDDEN TESTS\nfrom judges import mean as referee\nreferee(mean)\n### END HIDDEN TESTS"
        )
    (folder / "fovea.toml").write_text(f'preload = ["statistics"]\n{settings}\n')
    written = {**ANSWERS, **solution}
    cells = [_cell("markdown", "# Two functions", "title")]
    for name in ("double", "mean"):
        cells.append(_cell("code", f"### BEGIN SOLUTION\n{written[name]}\n### END SOLUTION", name, solution=True))
        cells.append(_cell("code", asked[name], f"test-{name}", grade=True, locked=True, points=_POINTS[name]))
        for number in range(more_tests if name == "double" else 0):
            cells.append(_cell("code", asked[name], f"more-{number}", grade=True, locked=True, points=0.0))
    essay = f"### BEGIN SOLUTION\n{written['essay']}\n### END SOLUTION"
    cells.append(_cell("markdown", essay, "essay", grade=True, solution=True, points=1.0))
    (source / "ps.ipynb").write_text(json.dumps(_notebook(cells)))
    return folder


def answered(grader: Grader, **answers: str) -> bytes:
    """The notebook as students get it, with right answers or those given."""
    notebook = json.loads(grader.assignment.masters[0].release())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if name in ANSWERS:
            cell["source"] = {**ANSWERS, **answers}[name]
    return json.dumps(notebook).encode()


def _cell(kind: str, source: str, name: str, **marking: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if marking:
        base = {"grade": False, "solution": False, "locked": False, "task": False}
        cell["metadata"]["nbgrader"] = {**base, **marking, "grade_id": name, "schema_version": 3}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
