"""The warm-up as nbgrader alone sees it: released, validated, graded, with feedback."""

import csv
import json
import re

import nbformat
import pytest

from tests.assignments.nbgrading import COURSE, by_grade_id, copied, hand_in, read
from tests.nbgraders import run_nbgrader

SOURCE = COURSE / "source/warmup/warmup.ipynb"


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = copied(tmp_path_factory.mktemp("released"))
    run_nbgrader(course, "generate_assignment", "warmup")
    return course


@pytest.mark.slow
def test_is_released_without_a_solution_a_hidden_test_or_a_referee(released):
    text = (released / "release/warmup/warmup.ipynb").read_text(encoding="utf-8")
    for secret in (
        "referee",
        "SOLUTION",
        "HIDDEN",
        "assignments",
        "numel",
        "np.empty",
        "172,032",
        "Only the first layer",
    ):
        assert secret not in text, secret
    assert text.count("NotImplementedError") == 5
    assert "YOUR ANSWER HERE" in text
    notebook = json.loads(text)
    assert [cell for cell in notebook["cells"] if cell.get("outputs")] == []


def answered(released):
    """The student's copy with the instructor's answers in it."""
    notebook, answers = read(released / "release/warmup/warmup.ipynb"), by_grade_id(read(SOURCE))
    for id, cell in by_grade_id(notebook).items():
        if cell.metadata.nbgrader.solution:
            cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", answers[id].source)
    return notebook


@pytest.mark.slow
def test_is_validated_by_nbgrader_as_a_student_would(released):
    path = released / "release/warmup/warmup.ipynb"
    assert "VALIDATION FAILED ON 6 CELL(S)" in run_nbgrader(released, "validate", str(path))
    mine = released / "mine.ipynb"
    nbformat.write(answered(released), mine)
    assert "Success! Your notebook passes all the tests." in run_nbgrader(released, "validate", str(mine))


@pytest.mark.slow
def test_is_graded_by_nbgrader_alone(released):
    right = answered(released)
    hand_in(released, "ada", right)
    hand_in(released, "ben", read(released / "release/warmup/warmup.ipynb"))
    partly = answered(released)
    cells = by_grade_id(partly)
    cells["iou"].source = cells["iou"].source.replace(
        "np.maximum(0, np.minimum(a[2:], b[2:])", "(np.minimum(a[2:], b[2:])"
    )
    cells[
        "correlate2d"
    ].source = "import scipy.signal\n\ncorrelate2d = lambda i, k: scipy.signal.convolve2d(i, k, 'valid')"
    cells["output_side"].source = "def output_side(n, k, stride, pad):\n    return (n + 2 * pad - k) // stride + 1"
    hand_in(released, "cem", partly)
    run_nbgrader(released, "autograde", "warmup")
    run_nbgrader(released, "generate_feedback", "warmup")
    run_nbgrader(released, "export", "--to=grades.csv")
    with (released / "grades.csv").open(newline="") as file:
        points = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert points == {"ada": 9.0, "ben": 0.0, "cem": 1.5 + 2 + 0 + 1 + 1}
    told = (released / "feedback/cem/warmup/warmup.html").read_text(encoding="utf-8")
    assert "You turn the kernel by half a turn" in told
    assert "the shared width or height comes out negative" in told
