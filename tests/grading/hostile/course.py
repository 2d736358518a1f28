"""A tiny course to attack: three questions, tests in the open, tests that are hidden, and a referee.

`square` is tested by plain asserts, `smooth` with numpy and a helper of the instructor's, `spread` by a referee. One
number stands in a hidden test only, so that whatever carries it out is seen.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.grading.hostile.attack import POINTS, RIGHT

NAME = "hostile"
HIDDEN = 918273645  # an input of the hidden test of `square`
EXPECTED = HIDDEN**2  # never leaves the judge

TESTS: Mapping[str, tuple[str, str]] = {
    "square": (
        "assert square(2) == 4",
        f"assert square({HIDDEN}) == {EXPECTED}\nassert [square(n) for n in (7, -19)] == [49, 361]",
    ),
    "smooth": (
        "np.testing.assert_allclose(smooth([1.0, 2.0, 6.0]), [1.0, 1.5, 4.0])",
        "assert close(smooth(np.array([27182818.0, 0.0])), [27182818.0, 13591409.0])\n"
        "assert close(smooth([3.0, 5.0]), [3.0, 4.0])",
    ),
    "spread": ("assert spread([2, 9, 4]) == 7", "from hostile_referees import spread as ask\nask(spread)"),
}
HELPER = """def close(answer, expected):
    return len(answer) == len(expected) and all(abs(a - e) < 1e-6 for a, e in zip(answer, expected))
"""
REFEREE = '''"""The referee of the hostile course."""

from grading.referee import Group, Mistake, Referee, case


def reference(numbers):
    if not numbers:
        raise ValueError("no numbers")
    return max(numbers) - min(numbers)


def some(random):
    return case([int(n) for n in random.integers(-1000, 1000, size=int(random.integers(2, 9)))])


spread = Referee(
    name="spread",
    points=5,
    reference=reference,
    groups=(
        Group("the example", weight=1, cases=(case([2, 9, 4]),), visible=True),
        Group("drawn numbers", weight=3, drawn=some, count=12),
        Group("no numbers", weight=1, cases=(case([], raises=ValueError),)),
    ),
    mistakes=(Mistake("sums", lambda numbers: sum(numbers), hint="That is the sum, not the distance."),),
)
'''
SETTINGS = """preload = ["numpy"{torch}]
referee = "hostile_referees"
referee_folder = "referees"
"""


def _marking(grade_id: str, **more: Any) -> dict[str, Any]:
    marking = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**marking, "grade_id": grade_id, **more}}


def source() -> bytes:
    """The instructor's notebook."""
    cells = [
        new_markdown_cell("# Three functions", id="title"),
        new_code_cell("import numpy as np", id="imports", metadata=_marking("imports", locked=True)),
        new_code_cell(HELPER, id="helper", metadata=_marking("helper", locked=True)),
    ]
    for name, (visible, hidden) in TESTS.items():
        answer = f"### BEGIN SOLUTION\n{RIGHT[name]}\n### END SOLUTION"
        test = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells += [
            new_markdown_cell(f"## Write {name}", id=f"about-{name}"),
            new_code_cell(answer, id=name, metadata=_marking(name, solution=True)),
            new_code_cell(
                test,
                id=f"test-{name}",
                metadata=_marking(f"test-{name}", grade=True, locked=True, points=POINTS[name]),
            ),
        ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(new_notebook(cells=cells, metadata={"kernelspec": kernel})).encode()


def lay_out(folder: Path, *, torch: bool = False) -> Path:
    """The course's folder: settings, the instructor's notebook, the referee."""
    place = folder / "source" / NAME
    place.mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(source())
    (folder / "fovea.toml").write_text(SETTINGS.format(torch=', "torch"' if torch else ""), encoding="utf-8")
    package = folder / "referees" / "hostile_referees"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(REFEREE, encoding="utf-8")
    return folder


def handed_out(released: bytes) -> dict[str, Any]:
    """The students' notebook as plain data."""
    notebook: dict[str, Any] = json.loads(released)
    return notebook


def hand_in(
    released: bytes, answers: Mapping[str, str], *, before: tuple[str, ...] = (), after: tuple[str, ...] = ()
) -> bytes:
    """A student's notebook: these answers, and cells of their own before and after everything else."""
    notebook = handed_out(released)
    for cell in notebook["cells"]:
        if cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
    first = [_own(text, f"own-first-{number}") for number, text in enumerate(before)]
    last = [_own(text, f"own-last-{number}") for number, text in enumerate(after)]
    notebook["cells"] = [*first, *notebook["cells"], *last]
    return json.dumps(notebook).encode()


def _own(text: str, cell_id: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": cell_id, "metadata": {}, "source": text, "execution_count": None, "outputs": []}
