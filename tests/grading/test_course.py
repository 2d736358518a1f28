import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest

from grading.course import Course
from grading.errors import GradingError
from grading.limits import DEFAULT
from grading.settings import Service, Settings
from tests.grading.notebooks.detection import source

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def course(folder: Path, settings: str = "", *, directory: str = "source") -> Path:
    place = folder / directory / "ps1"
    place.mkdir(parents=True)
    (place / "det.ipynb").write_text(nbformat.writes(source()))
    if settings:
        (folder / "fovea.toml").write_text(settings)
    return folder


def test_opens_a_plain_nbgrader_course(tmp_path: Path) -> None:
    (course(tmp_path) / "nbgrader_config.py").write_text("raise SystemExit('never run')")
    opened = Course.open(tmp_path)
    assert opened.assignments() == ("ps1",)
    assignment = opened.assignment("ps1")
    assert [master.name for master in assignment.masters] == ["det"]
    assert len(assignment.questions) == 6
    assert assignment.settings == Settings()
    assert (assignment.python, assignment.referee_folder) == (None, None)


EVERYTHING = """
title = "Vision"
trust_students = false
preload = ["numpy"]
attempts = "last"

[limits]
cell_seconds = 5
memory = 1_000_000

[assignments.ps1]
title = "Boxes"
trust_students = true
in_process = ["test_iou"]
bonus = ["why"]
preload = ["torch", "torchvision.ops"]
python = "bin/python"
referee = "referees.ps1"
referee_folder = "."
forbidden = ["torchvision.ops.nms"]
attempts = "best"
max_attempts = 5
cool_down = 2.5
due = 2026-03-01T12:00:00Z
late_points = 1.5
late_days = 3

[assignments.ps1.limits]
cuda = true
cell_seconds = 7.5

[assignments.ps1.extensions]
ada = 2026-03-08
"""


def test_reads_every_setting_the_assignment_over_the_course(tmp_path: Path) -> None:
    course(tmp_path, EVERYTHING)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("")
    assignment = Course.open(tmp_path).assignment("ps1")
    found = assignment.settings
    assert (found.title, found.trust_students, found.in_process) == ("Boxes", True, {"test_iou"})
    assert found.bonus == {"why"}
    assert (found.preload, found.referee) == (("torch", "torchvision.ops"), "referees.ps1")
    assert (found.forbidden, found.attempts, found.max_attempts) == (("torchvision.ops.nms",), "best", 5)
    assert (found.cool_down, found.due) == (timedelta(minutes=2.5), DUE)
    assert (found.late_points, found.late_days) == (1.5, 3)
    assert found.extensions == {"ada": datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)}
    assert (found.limits.cell_seconds, found.limits.memory, found.limits.cuda) == (7.5, 1_000_000, True)
    assert found.limits.call_seconds == DEFAULT.call_seconds
    assert assignment.python == tmp_path / "bin" / "python"
    assert assignment.referee_folder == tmp_path


WRONG = {
    "a misspelt key": (
        "trust_student = true",
        'fovea.toml has an unknown key "trust_student". Did you mean "trust_students"?',
    ),
    "a misspelt key of an assignment": (
        "[assignments.ps1]\ndeu = 2026-03-01",
        'fovea.toml, [assignments.ps1] has an unknown key "deu". Did you mean "due"?',
    ),
    "a misspelt limit": (
        "[limits]\ncel_seconds = 3",
        'fovea.toml, [limits] has an unknown key "cel_seconds". Did you mean "cell_seconds"?',
    ),
    "a misspelt limit of an assignment": (
        "[assignments.ps1.limits]\nmemori = 3",
        'fovea.toml, [assignments.ps1], [limits] has an unknown key "memori". Did you mean "memory"?',
    ),
    "a misspelt word of nbgrader": (
        '[nbgrader]\nbegin_solutions = "X"',
        'fovea.toml, [nbgrader] has an unknown key "begin_solutions". Did you mean "begin_solution"?',
    ),
    "a limit as text": ('[limits]\nmemory = "2 GB"', "memory must be a whole number of 0 or more, not '2 GB'."),
    "a limit below zero": ("[limits]\ncell_seconds = -1", "cell_seconds must be a number of 0 or more, not '-1'."),
    "no time at all": ("[limits]\ncell_seconds = 0", "cell_seconds must be a number above 0, not '0'."),
    "endless time": ("[limits]\ncell_seconds = inf", "cell_seconds must be a number of 0 or more, not 'inf'."),
    "true as a number": ("[limits]\nprocesses = true", "processes must be a whole number of 0 or more, not 'True'."),
    "a number as true": ("trust_students = 1", "trust_students must be true or false, not '1'."),
    "trust as text": ('trust_students = "no"', "trust_students must be true or false, not 'no'."),
    "a policy of its own": ('attempts = "worst"', 'attempts must be "best" or "last", not \'worst\'.'),
    "a due date as text": ('due = "tomorrow"', "due must be a date like 2026-03-01T23:59:00+01:00, without"),
    "an extension as text": ('[extensions]\nada = "later"', "extensions.ada must be a date like"),
    "a bonus as one text": ('bonus = "test_iou"', "bonus must be a list of names"),
    "packages as one text": ('preload = "torch"', "preload must be a list of names"),
    "a package that is code": ('preload = ["os; evil()"]', "preload must be a name as Python imports it"),
    "a referee that is a path": ('referee = "referees/ps1.py"', "referee must be a name as Python imports it"),
    "limits that are no section": ("limits = 5", "limits must be a section of its own, not '5'."),
    "assignments that are no section": ("assignments = 5", "assignments must be a section, [assignments]."),
    "an assignment that is not there": (
        "[assignments.ps11]",
        'fovea.toml, [assignments.ps11]: there is no folder "source/ps11". Did you mean "ps1"?',
    ),
    "no TOML": ("title = ", "fovea.toml is not valid TOML:"),
}


@pytest.mark.parametrize(("settings", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_names_file_key_and_remedy_for(tmp_path: Path, settings: str, sentence: str) -> None:
    with pytest.raises(GradingError) as caught:
        Course.open(course(tmp_path, settings))
    assert sentence in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_refuses_settings_that_are_no_text(tmp_path: Path) -> None:
    (course(tmp_path) / "fovea.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(GradingError, match=r"cannot be read\. Save it as UTF-8"):
        Course.open(tmp_path)


@pytest.mark.parametrize("name", ["ps2", "../ps1", "", ".", "ps1/../ps1", "/etc", "ps1\0"])
def test_opens_no_assignment_that_is_not_listed(tmp_path: Path, name: str) -> None:
    with pytest.raises(GradingError, match="The course has no assignment"):
        Course.open(course(tmp_path)).assignment(name)


def test_names_a_test_that_may_run_in_process_but_does_not_exist(tmp_path: Path) -> None:
    opened = Course.open(course(tmp_path, '[assignments.ps1]\nin_process = ["test_io"]'))
    with pytest.raises(GradingError, match=r'in_process names "test_io", which is no test\. Did you mean "test_iou"\?'):
        opened.assignment("ps1")


@pytest.mark.parametrize("line", ['python = "bin/nowhere"', 'referee = "r"\nreferee_folder = "nowhere"'])
def test_names_a_path_that_leads_nowhere(tmp_path: Path, line: str) -> None:
    opened = Course.open(course(tmp_path, f"[assignments.ps1]\n{line}"))
    with pytest.raises(GradingError, match=r"\[assignments.ps1\]: .* names .*, and there is no such"):
        opened.assignment("ps1")


def test_says_which_cells_of_a_master_to_mend(tmp_path: Path) -> None:
    notebook = source()
    notebook.cells.append(nbformat.from_dict(notebook.cells[5] | {"id": "a-copy"}))
    (course(tmp_path) / "source" / "ps1" / "det.ipynb").write_text(nbformat.writes(notebook))
    with pytest.raises(GradingError, match=r'ps1/det.ipynb, cells 6 and 22: they share the id "test_iou"'):
        Course.open(tmp_path).assignment("ps1")


def test_reads_nbgraders_directories_and_words_from_our_own_settings(tmp_path: Path) -> None:
    words = (
        '[nbgrader]\nsource = "masters"\nbegin_hidden = "SECRET"\nend_hidden = "TERCES"\ncode_stub = "...\\n# here"\n'
    )
    course(tmp_path, words, directory="masters")
    path = tmp_path / "masters" / "ps1" / "det.ipynb"
    path.write_text(path.read_text().replace("BEGIN HIDDEN TESTS", "SECRET").replace("END HIDDEN TESTS", "TERCES"))
    master = Course.open(tmp_path).assignment("ps1").masters[0]
    assert b"SECRET" not in master.release()
    assert {cell.released for cell in master.cells if cell.grade_id == "output_side"} == {"...\n# here"}


def test_lists_the_files_beside_the_notebooks_and_no_links(tmp_path: Path) -> None:
    place = course(tmp_path) / "source" / "ps1"
    (place / "data").mkdir()
    (place / "data" / "a.csv").write_text("1")
    (place / ".secret").write_text("1")
    (tmp_path / "fovea-secret").write_text("1")
    (place / "link").symlink_to(tmp_path / "fovea-secret")
    assert Course.open(tmp_path).assignment("ps1").materials() == {Path("data/a.csv"): place / "data" / "a.csv"}


def test_lays_the_files_of_the_course_beside_every_notebook_and_prefers_the_assignments_own(tmp_path: Path) -> None:
    place, given = course(tmp_path) / "source" / "ps1", tmp_path / "given"
    given.mkdir()
    (given / "helper.py").write_text("1")
    (given / "notes.txt").write_text("1")
    (place / "notes.txt").write_text("2")
    assert Course.open(tmp_path).assignment("ps1").materials() == {
        Path("helper.py"): given / "helper.py",
        Path("notes.txt"): place / "notes.txt",
    }


def test_says_that_there_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match='There is no course folder "nowhere"'):
        Course.open(tmp_path / "nowhere")
    with pytest.raises(GradingError, match='The course has no folder "source"'):
        Course.open(tmp_path).assignments()


def test_reads_our_own_course() -> None:
    opened = Course.open(Path(__file__).resolve().parents[2] / "assignments")
    for name in opened.assignments():
        assert opened.assignment(name).questions


def test_reads_what_a_running_grader_keeps_ready(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    assert Course.open(tmp_path).service == Service()
    (tmp_path / "fovea.toml").write_text("[service]\nwarm_assignments = 0\nidle_minutes = 0.5\n")
    assert Course.open(tmp_path).service == Service(warm_assignments=0, idle=timedelta(seconds=30))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("warm_assignment = 3", 'unknown key "warm_assignment". Did you mean "warm_assignments"'),
        ("warm_assignments = -1", "warm_assignments must be a whole number of 0 or more"),
        ('idle_minutes = "long"', "idle_minutes must be a number of 0 or more"),
    ],
)
def test_refuses_a_service_that_cannot_be_meant(tmp_path: Path, written: str, says: str) -> None:
    (tmp_path / "fovea.toml").write_text(f"[service]\n{written}\n")
    with pytest.raises(GradingError, match=re.escape(says)):
        Course.open(tmp_path)
