"""The instructor's notebook of every set: complete, consistent with its referees, and fit for a plain Jupyter."""

import importlib
import re
import tomllib

import nbformat
import pytest

from grading.course import Course
from grading.release import failures, secrets, write
from pages._kit.discovery import discover
from syllabus.problem_sets import problem_set
from tests.assignments.nbgrading import COURSE, by_grade_id
from tests.assignments.sets import EVERY, SETS, module, referees, source

COURSE_SETTINGS = tomllib.loads((COURSE / "fovea.toml").read_text(encoding="utf-8"))["assignments"]
PROBLEM_SETS = [name for name in SETS if name != "warmup"]
every_set = pytest.mark.parametrize("name", SETS)
every_question = pytest.mark.parametrize(
    ("name", "referee"), [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in EVERY]
)


@pytest.fixture(autouse=True)
def beside_the_helper(monkeypatch):
    monkeypatch.syspath_prepend(COURSE / "given")


def points(name):
    return {
        id: cell.metadata.nbgrader.points
        for id, cell in by_grade_id(source(name)).items()
        if "points" in cell.metadata.nbgrader
    }


@every_set
def test_is_valid_and_has_ids_that_tell_what_a_cell_is(name):
    notebook = source(name)
    nbformat.validate(notebook)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z0-9-]+", id) for id in ids)
    grades = by_grade_id(notebook)
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in grades.values())
    assert all(cell.id.replace("-", "_") == grade_id for grade_id, cell in grades.items())


@every_set
def test_is_kept_without_outputs(name):
    assert [cell.id for cell in source(name).cells if cell.get("outputs") or cell.get("execution_count")] == []


@every_set
def test_has_ten_points_of_which_a_person_gives_one(name):
    assignment = Course.open(COURSE).assignment(name)
    extra = {question.id for question in assignment.questions if question.bonus}
    assert assignment.out_of == sum(value for id, value in points(name).items() if id not in extra) == 10
    assert sum(points(name)[id] for id in extra) <= 2
    assert points(name)["explain"] == 1
    assert by_grade_id(source(name))["explain"].cell_type == "markdown"


@every_set
def test_says_in_its_first_table_what_each_part_is_worth(name):
    text = "\n".join(cell.source for cell in source(name).cells[:3])
    listed = [int(number) for number in re.findall(r"^\| (?:\d|Bonus)\b.* \| (\d) \|$", text, re.MULTILINE)]
    assert sorted(listed) == sorted(value for value in points(name).values() if value)


@every_question
def test_asks_the_referee_of_each_question_in_the_cell_with_its_points(name, referee):
    cell = by_grade_id(source(name))[f"{referee.name}_cases"]
    assert cell.metadata.nbgrader.points == referee.points
    hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")[2].partition("\n### END HIDDEN TESTS")[0]
    assert hidden == f"from assignments.referees import {name}\n\n{name}.{referee.name}({referee.name})"


@every_question
def test_shows_the_cases_that_the_referee_calls_visible(name, referee):
    shown = re.sub(r"[\s\"]", "", by_grade_id(source(name))[f"{referee.name}_examples"].source)
    for group in referee.groups:
        for case in group.cases if group.visible else ():
            if all(isinstance(argument, int | tuple) for argument in case.arguments):
                assert f"{referee.name}({','.join(map(repr, case.arguments))})".replace(" ", "") in shown


@every_set
def test_is_released_without_a_secret(name, tmp_path):
    assignment = Course.open(COURSE).assignment(name)
    write(assignment, tmp_path / name)
    assert [problem.says for problem in secrets(assignment, tmp_path / name)] == []


@pytest.mark.slow
@every_set
def test_runs_from_top_to_bottom_without_the_project(name, tmp_path):
    """As it is handed out only the stubs complain, and with the instructor's answers nothing does."""
    assignment = Course.open(COURSE).assignment(name)
    write(assignment, tmp_path / name)
    assert [problem.says for problem in failures(assignment, tmp_path / name)] == []


@pytest.mark.parametrize(
    ("name", "referee"),
    [pytest.param(n, r, id=f"{n}-{r.name}") for n, r in EVERY if r.given is None and r.ask is None],
)
def test_catches_at_least_half_of_the_known_mistakes_with_its_examples(name, referee):
    """Or the examples would be no help; the other half is what the hidden cases are for."""
    cells, caught = by_grade_id(source(name)), 0
    for mistake in referee.mistakes:
        names = {}
        exec(cells["setup"].source, names)
        names[referee.name] = mistake.variant
        try:
            exec(cells[f"{referee.name}_examples"].source, names)
        except Exception:
            caught += 1
    assert len(referee.mistakes) / 2 <= caught


@pytest.mark.parametrize("name", PROBLEM_SETS)
def test_opens_with_a_figure_and_leads_to_labs(name):
    cells = source(name).cells
    pictures = re.findall(
        r"!\[([^]]+)]\(data:image/(?:png|webp);base64,[\w+/=]+\)", "".join(c.source for c in cells[:3])
    )
    assert pictures
    assert all(len(alt) > 20 for alt in pictures)
    led = {page for cell in cells for page in re.findall(r"\blab\(\"(\w+)\"", cell.source)}
    assert led
    assert led <= {lab.name for lab in discover()}


@every_set
def test_is_described_in_the_course_settings(name):
    settings = COURSE_SETTINGS[name]
    assert settings["referee"] == module(name).__name__
    assert source(name).cells[0].source.startswith(f"# {settings['title']}\n")
    assert {"numpy", "torch", "torchvision"} <= set(settings["preload"])
    shortcuts = {shortcut.name for referee in referees(name) for shortcut in referee.forbidden}
    assert set(settings.get("forbidden", [])) == shortcuts


@pytest.mark.parametrize("name", PROBLEM_SETS)
def test_has_the_title_that_labs_call_it_by(name):
    known = problem_set(name)
    assert COURSE_SETTINGS[name]["title"] == f"PS{known.number}: {known.title}"


@every_set
def test_forbids_only_what_is_there(name):
    """A shortcut that was renamed would be watched by nobody."""
    for shortcut in COURSE_SETTINGS[name].get("forbidden", []):
        place, _, function = shortcut.rpartition(".")
        assert callable(getattr(importlib.import_module(place), function))
