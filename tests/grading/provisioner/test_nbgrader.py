"""nbgrader's own commands, whose notebooks run in our kernels."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.grading.courses import classic
from tests.grading.provisioner.kernels import outputs
from tests.nbgraders import run_nbgrader

SWITCH = """
import os
os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = "fovea"
c.FoveaProvisioner.imports = ["numpy", "colorsys"]
c.ExecutePreprocessor.timeout = 6
"""


def switched(folder: Path, assignments: tuple[Any, ...]) -> Path:
    """The classic course with our provisioner in its settings, and a look around in one submission of each."""
    course = classic.write(folder, assignments)
    settings = course / "nbgrader_config.py"
    settings.write_text(settings.read_text() + SWITCH, encoding="utf-8")
    for path in course.glob("submitted/ada/*/*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        look = "import os, sys\nprint('LOOK', os.getcwd(), 'colorsys' in sys.modules, os.path.exists('table.csv'))"
        last = {"cell_type": "code", "metadata": {}, "source": look, "execution_count": None, "outputs": []}
        notebook["cells"].append(last)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        (path.parent / "table.csv").write_text("1\n")
    return course


def looked_around(course: Path) -> list[str]:
    """What those submissions saw, out of nbgrader's autograded notebooks."""
    seen = []
    for path in sorted(course.glob("autograded/ada/*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                seen += [line for line in outputs(cell).splitlines() if line.startswith("LOOK")]
    return seen


@pytest.mark.slow
def test_nbgraders_own_autograde_gives_the_same_points(tmp_path: Path) -> None:
    course = switched(tmp_path, (classic.NUMBERS, classic.ARRAYS))
    points = classic.nbgrader_points(course)
    assert points == classic.expected((classic.NUMBERS, classic.ARRAYS))
    seen = looked_around(course.parent / "classic-by-nbgrader")
    assert len(seen) == len(list(course.glob("source/*/*.ipynb")))
    assert set(seen) == {"LOOK /student True True"}, "these did not run in our kernels"


@pytest.mark.slow
def test_nbgraders_validate_works_in_our_kernels(tmp_path: Path) -> None:
    course = switched(tmp_path, (classic.NUMBERS,))
    said = run_nbgrader(course, "validate", "source/numbers/sums.ipynb")
    assert "Success! Your notebook passes all the tests." in said
