"""The instructor's notebook as nbgrader, a student and a plain Jupyter see it."""

import csv
import importlib
import json
import re
import tomllib

import nbformat
import pytest

from assignments.referees import warmup
from tests.assignments.nbgrading import COURSE, by_grade_id, copied, hand_in, read
from tests.nbgraders import run_nbgrader

SOURCE = COURSE / "source/warmup/warmup.ipynb"
QUESTIONS = {referee.name: referee for referee in (getattr(warmup, name) for name in warmup.__all__)}


@pytest.fixture(scope="module")
def source():
    return read(SOURCE)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    course = copied(tmp_path_factory.mktemp("released"))
    run_nbgrader(course, "generate_assignment", "warmup")
    return course


def test_is_valid_and_has_ids_that_tell_what_a_cell_is(source):
    nbformat.validate(source)
    ids = [cell.id for cell in source.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z0-9-]+", id) for id in ids)
    grades = by_grade_id(source)
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in grades.values())
    assert all(cell.id.replace("-", "_") == grade_id for grade_id, cell in grades.items())


def test_is_kept_without_outputs(source):
    assert [cell.id for cell in source.cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_has_ten_points_of_which_a_person_gives_one(source):
    points = {
        id: cell.metadata.nbgrader.points
        for id, cell in by_grade_id(source).items()
        if "points" in cell.metadata.nbgrader
    }
    assert sum(points.values()) == 10
    assert points["explain"] == 1
    assert by_grade_id(source)["explain"].cell_type == "markdown"


@pytest.mark.parametrize("name", QUESTIONS)
def test_asks_the_referee_of_each_question_in_the_cell_with_its_points(source, name):
    cell = by_grade_id(source)[f"{name}_cases"]
    assert cell.metadata.nbgrader.points == QUESTIONS[name].points
    hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")[2].partition("\n### END HIDDEN TESTS")[0]
    assert hidden == f"from assignments.referees import warmup\n\nwarmup.{name}({name})"


@pytest.mark.parametrize("name", QUESTIONS)
def test_shows_the_cases_that_the_referee_calls_visible(source, name):
    shown = re.sub(r"[\s\"]", "", by_grade_id(source)[f"{name}_examples"].source)
    for group in QUESTIONS[name].groups:
        for case in group.cases if group.visible else ():
            if all(isinstance(argument, int | tuple) for argument in case.arguments):
                assert f"{name}({','.join(map(repr, case.arguments))})".replace(" ", "") in shown


def test_passes_its_own_examples_in_a_plain_python(source):
    names = {}
    for cell in source.cells:
        if cell.cell_type == "code" and not cell.id.endswith("-cases"):
            exec(compile(cell.source, cell.id, "exec"), names)


@pytest.mark.parametrize("name", [name for name, referee in QUESTIONS.items() if referee.given is None])
def test_catches_at_least_half_of_the_known_mistakes_with_its_examples(source, name):
    """Or the examples would be no help; the other half is what the hidden cases are for."""
    cells, caught = by_grade_id(source), 0
    for mistake in QUESTIONS[name].mistakes:
        names = {name: mistake.variant}
        exec(cells["setup"].source, names)
        try:
            exec(cells[f"{name}_examples"].source, names)
        except AssertionError:
            caught += 1
    assert len(QUESTIONS[name].mistakes) / 2 <= caught


def test_says_what_its_numbers_are(source):
    """The points in the first table, and the counts in the last question, which nobody would recount."""
    from core.nets.trace import trace
    from core.nets.zoo import network

    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    for name, maps, count in (
        ("lenet5", 1, "61,706"),
        ("lenet5", 3, "62,006"),
        ("mlp", 1, "86,950"),
        ("mlp", 3, "258,982"),
    ):
        assert f"{trace(network(name, maps=maps)).parameters:,}" == count
        assert count in text
    assert sum(int(points) for points in re.findall(r"^\| \d\. .* \| (\d) \|$", text, re.MULTILINE)) == 10


def test_is_described_in_the_course_settings(source):
    settings = tomllib.loads((COURSE / "fovea.toml").read_text(encoding="utf-8"))["assignments"]["warmup"]
    assert settings["referee"] == warmup.__name__
    assert source.cells[0].source.startswith(f"# {settings['title']}\n")
    assert {"numpy", "torch", "torchvision"} <= set(settings["preload"])
    shortcuts = {shortcut.name for referee in QUESTIONS.values() for shortcut in referee.forbidden}
    assert set(settings["forbidden"]) == shortcuts


def test_forbids_only_what_is_there():
    """A shortcut that was renamed would be watched by nobody."""
    for name in tomllib.loads((COURSE / "fovea.toml").read_text(encoding="utf-8"))["assignments"]["warmup"][
        "forbidden"
    ]:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


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
