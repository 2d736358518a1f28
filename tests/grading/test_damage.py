"""Damaged notebooks in one real batch: a correct answer keeps its marks, or one plain sentence says what to mend.

A whole class of damaged files is graded as `fovea grade` does it, among them files that are refused; nobody's stops the
others. Notebooks that crash, hang or do not run lose the question it happened in, and no other.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.batch import Graded, grade_folder
from grading.course import Course
from grading.records import Outcome
from tests.grading.notebooks.detection import MY_ANSWERS, POINTS, TESTS, answered, at, source
from tests.grading.notebooks.test_read import REFUSED
from tests.grading.notebooks.test_rebuild import BYTES, HARMLESS

SETTINGS = """preload = ["numpy"]
[limits]
cell_seconds = 3
call_seconds = 2
patience = 3
memory = 1073741824
"""
FULL = {f"test_{name}": float(POINTS) for name in TESTS} | {"why": None}
LAST = "tetrahedron"  # the student whose file comes last and has to be graded like any other


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("course")
    place = folder / "source" / "det"
    place.mkdir(parents=True)
    nbformat.write(source(), place / "det.ipynb")
    (folder / "fovea.toml").write_text(SETTINGS, encoding="utf-8")
    return Course.open(folder)


def mine(course: Course) -> dict[str, Any]:
    """The notebook as it was handed out, with correct answers."""
    return answered(course.assignment("det").masters[0].release())


def graded(course: Course, folder: Path, files: Mapping[str, bytes], *, workers: int = 2) -> dict[str, Graded]:
    for name, data in files.items():
        (folder / f"{name}.ipynb").write_bytes(data)
    return {one.student: one for one in grade_folder(course, "det", folder, workers=workers)}


def points(outcome: Outcome | None) -> dict[str, float | None]:
    assert outcome is not None
    return {score.question: score.points for score in outcome.scores}


# -- every kind of damage, all in one folder

KINDS = {
    **{f"cells-{number}": name for number, name in enumerate(HARMLESS)},
    **{f"bytes-{number}": name for number, name in enumerate(BYTES)},
    **{f"refused-{number}": name for number, name in enumerate(REFUSED)},
}


@pytest.fixture(scope="module")
def batch(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    right = json.dumps(mine(course)).encode()
    files = {}
    for number, damage in enumerate(HARMLESS.values()):
        notebook = mine(course)
        damage(notebook)
        files[f"cells-{number}"] = json.dumps(notebook).encode()
    files |= {f"bytes-{number}": damage(right) for number, damage in enumerate(BYTES.values())}
    files |= {f"refused-{number}": data for number, (data, _) in enumerate(REFUSED.values())}
    return graded(course, tmp_path_factory.mktemp("hand-ins"), {**files, LAST: right})


@pytest.mark.parametrize("student", [key for key in KINDS if "refused" not in key], ids=KINDS.get)
def test_correct_answers_keep_full_marks_in_spite_of(student: str, batch: dict[str, Graded]) -> None:
    one = batch[student]
    assert points(one.outcome) == FULL, one.refusal
    assert one.outcome
    assert one.outcome.stopped_by == ""


@pytest.mark.parametrize("student", [key for key in KINDS if "refused" in key], ids=KINDS.get)
def test_what_cannot_be_read_is_refused_with_a_plain_sentence(student: str, batch: dict[str, Graded]) -> None:
    one = batch[student]
    assert one.outcome is None
    assert not one.ours
    assert one.refusal.startswith(f"{student}.")
    assert one.refusal.endswith(".")
    assert "Traceback" not in one.refusal
    assert "/" not in one.refusal.replace("and/or", "")


def test_a_refusal_names_the_file_as_it_was_handed_in(batch: dict[str, Graded]) -> None:
    one = batch[f"refused-{list(REFUSED).index('zip')}"]
    assert one.refusal.startswith(f"{one.student}.ipynb: "), one.refusal


def test_nobodys_file_stops_the_others(batch: dict[str, Graded]) -> None:
    assert batch.keys() == {*KINDS, LAST}
    assert points(batch[LAST].outcome) == FULL
    assert [name for name, one in batch.items() if one.ours] == []


def test_two_versions_of_an_answer_are_asked_back_and_not_guessed(course: Course, tmp_path: Path) -> None:
    notebook = mine(course)
    twin = dict(notebook["cells"][at(notebook, "iou")], id="a-copy", source="def iou(a, b):\n    return 1")
    notebook["cells"].insert(at(notebook, "iou") + 1, twin)
    one = graded(course, tmp_path, {"ada": json.dumps(notebook).encode()})["ada"]
    assert one.outcome is None
    assert "Keep one of cells 5 and 6" in one.refusal


# -- harmless noise costs nothing

NOISE = {
    "a warning": "import warnings\nwarnings.warn('this is deprecated')",
    "a line on stderr": "import sys\nprint('careful', file=sys.stderr)",
    "a warning written by C code": "import os\nos.write(2, b'[W NNPACK.cpp:64] Could not initialize NNPACK\\n')",
    "a log message": "import logging\nlogging.basicConfig()\nlogging.error('hm')",
    "a closed stderr": "import sys\nsys.stderr = None",
    "a cell that fails": "1 / 0",
    "a cell that is no Python": "def (",
    "a package that is not there": "import no_such_package_anywhere",
    "sys.exit": "import sys\nsys.exit(1)",
    "exit": "exit()",
    "a shell command": "!pip install something",
    "a question to the user": "name = input('Who are you? ')",
    "a magic that is not there": "%no_such_magic",
    "a changed work folder": "import os, tempfile\nos.chdir(tempfile.mkdtemp())",
    "warnings made errors": "import warnings\nwarnings.simplefilter('error')",
    "a seed of one's own": "import random\nimport numpy\nrandom.seed(0)\nnumpy.random.seed(0)",
    "prints a lot": "for number in range(200_000): print(number)",
    "a lowered recursion limit": "import sys\nsys.setrecursionlimit(200)",
    "a thread that goes on": "import threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()",
}


@pytest.fixture(scope="module")
def noisy(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    files = {}
    for number, text in enumerate(NOISE.values()):
        notebook = mine(course)
        cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
        notebook["cells"].insert(at(notebook, "iou"), cell)
        notebook["cells"].insert(at(notebook, "precision"), dict(cell))
        files[f"noise-{number}"] = json.dumps(notebook).encode()
    return graded(course, tmp_path_factory.mktemp("noise"), files)


@pytest.mark.parametrize("number", range(len(NOISE)), ids=NOISE)
def test_costs_nothing(number: int, noisy: dict[str, Graded]) -> None:
    assert points(noisy[f"noise-{number}"].outcome) == FULL


# -- what happens in one question costs that question


def answering(name: str, text: str) -> Callable[[dict[str, Any]], None]:
    def change(notebook: dict[str, Any]) -> None:
        notebook["cells"][at(notebook, name)]["source"] = text

    return change


def function(body: str) -> str:
    return f"import os, time, ctypes\n\n\ndef nms(boxes, confidences, threshold):\n    {body}"


TROUBLE: dict[str, tuple[str, str]] = {
    # what stands in the cell of the second question -> words that say what was seen
    "no Python": ("def nms(boxes:\n", "name 'nms' is not defined"),
    "an error in the cell": ("1 / 0", "name 'nms' is not defined"),
    "an error in the function": (function("return boxes.nothing"), "AttributeError"),
    "an endless loop in the cell": ("while True:\n    pass", "name 'nms' is not defined"),
    "an endless loop in the function": (function("while True: pass"), "seconds of processor time"),
    "an endless wait in the cell": ("import time\ntime.sleep(10**6)", "name 'nms' is not defined"),
    "an endless wait in the function": (function("time.sleep(10**6)"), "ran longer than it may"),
    "os._exit in the cell": ("import os\nos._exit(0)", "name 'nms' is not defined"),
    "os._exit in the function": (function("os._exit(0)"), "ended its process"),
    "a crash in the cell": ("import ctypes\nctypes.string_at(0)", "name 'nms' is not defined"),
    "a crash in the function": (function("ctypes.string_at(0)"), "ended its process"),
    "all memory in the cell": ("hoard = [bytearray(2**28) for _ in range(100)]", "name 'nms' is not defined"),
    "all memory in the function": (function("return [bytearray(2**28) for _ in range(100)]"), ""),
    "endless recursion": (function("return nms(boxes, confidences, threshold)"), "RecursionError"),
    "sys.exit in the function": (function("raise SystemExit(0)"), "SystemExit"),
    "a generator that never ends": (function("while True: yield 1"), ""),
    "nothing at all": ("", "name 'nms' is not defined"),
}


@pytest.fixture(scope="module")
def troubled(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    files = {}
    for number, (text, _) in enumerate(TROUBLE.values()):
        notebook = mine(course)
        answering("nms", text)(notebook)
        files[f"trouble-{number}"] = json.dumps(notebook).encode()
    return graded(course, tmp_path_factory.mktemp("trouble"), files)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TROUBLE)), ids=TROUBLE)
def test_costs_the_second_question_and_no_other(number: int, troubled: dict[str, Graded]) -> None:
    outcome = troubled[f"trouble-{number}"].outcome
    assert points(outcome) == FULL | {"test_nms": 0.0}
    assert outcome
    assert outcome.verdict == "failed"
    seen = {score.question: score.seen for score in outcome.scores}
    _, words = list(TROUBLE.values())[number]
    assert words in seen["test_nms"]
    assert seen["test_nms"], "nothing says what happened"
    assert not any(seen[f"test_{name}"] for name in TESTS if name != "nms")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("an endless wait in the cell", "ran longer than it may"),
        ("os._exit in the cell", "ended its process"),
        ("a crash in the cell", "ended its process"),
    ],
)
def test_the_outcome_says_which_cell_was_stopped_and_why(kind: str, words: str, troubled: dict[str, Graded]) -> None:
    outcome = troubled[f"trouble-{list(TROUBLE).index(kind)}"].outcome
    assert outcome
    assert words in outcome.stopped_by
    assert "nms" in outcome.stopped_by or "cell" in outcome.stopped_by.lower()


def test_a_crash_in_a_function_costs_only_the_calls_that_crash(course: Course, tmp_path: Path) -> None:
    """The visible assert would pass, the hidden one crashes; what comes after runs as if nothing had happened."""
    notebook = mine(course)
    answering("precision", "import os\ndef precision(hits, n):\n    return 0.5 if hits == 1 else os._exit(0)")(notebook)
    outcome = graded(course, tmp_path, {"ada": json.dumps(notebook).encode()})["ada"].outcome
    assert points(outcome) == FULL | {"test_precision": 0.0}


def test_names_of_earlier_cells_live_on_after_a_crash(course: Course, tmp_path: Path) -> None:
    notebook = mine(course)
    crash = {"cell_type": "code", "source": "import os\nos._exit(3)", "metadata": {}, "outputs": []}
    notebook["cells"].insert(at(notebook, "nms"), crash)  # nms needs iou, iou needs area: both came before
    outcome = graded(course, tmp_path, {"ada": json.dumps(notebook).encode()})["ada"].outcome
    assert points(outcome) == FULL


def test_written_answers_count_whatever_the_code_did(course: Course, tmp_path: Path) -> None:
    notebook = mine(course)
    for name in TESTS:
        answering(name, "import os\nos._exit(0)")(notebook)
    outcome = graded(course, tmp_path, {"ada": json.dumps(notebook).encode()})["ada"].outcome
    assert outcome
    assert points(outcome) == {f"test_{name}": 0.0 for name in TESTS} | {"why": None}
    assert outcome.to_mark
    assert MY_ANSWERS["why"] in outcome.executed.decode()
