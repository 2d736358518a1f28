"""The course side's command line, as people type it: every subcommand as a process of its own on a small course.

Whatever a user does wrong is answered with one sentence on stderr and exit code 2: no trace, no path of ours.
"""

import csv
import io
import json
import os
import pty
import select
import shutil
import sqlite3
import subprocess
import sys
import termios
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grading.course import Course
from tests.grading.courses.classic import read_gradebook
from tests.grading.notebooks.detection import POINTS, TESTS, answered, at, source

ROOT = Path(__file__).resolve().parents[2]
FOVEA = (sys.executable, "-m", "fovea")
SETTINGS = 'preload = ["numpy"]\n[assignments.det]\nmax_attempts = 3\n'
OUT_OF = POINTS * len(TESTS) + 3.0
LIMIT = 180


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOVEA_")}
    return {**kept, **more}


def fovea(course: Path, command: str, *words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One subcommand on a course."""
    return subprocess.run(
        [*FOVEA, command, "--course", str(course), *map(str, words)],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def works(course: Path, command: str, *words: str | Path, **more: str) -> str:
    """A subcommand that has to succeed in silence: what it printed."""
    ran = fovea(course, command, *words, **more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stderr == ""
    return ran.stdout


def refuses(course: Path, command: str, *words: str | Path, **more: str) -> str:
    """A subcommand that has to be refused: its one sentence."""
    ran = fovea(course, command, *words, **more)
    assert ran.returncode == 2, (ran.returncode, ran.stdout, ran.stderr)
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr
    assert ran.stderr.startswith("fovea: ")
    assert len(ran.stderr.strip().splitlines()) == 1, ran.stderr
    assert str(ROOT) not in ran.stderr
    assert str(course.parent) not in ran.stderr, "a path of ours is in it"
    return ran.stderr.strip().removeprefix("fovea: ")


def laid_out(folder: Path) -> Path:
    place = folder / "source" / "det"
    place.mkdir(parents=True)
    nbformat.write(source(), place / "det.ipynb")
    (folder / "fovea.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def notebook(course: Path, **answers: str) -> bytes:
    """A correct notebook, but for these answers."""
    found = answered(Course.open(course).assignment("det").masters[0].release())
    for name, text in answers.items():
        found["cells"][at(found, name)]["source"] = text
    return json.dumps(found).encode()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "course")


@pytest.fixture
def hand_ins(tmp_path: Path, course: Path) -> Path:
    folder = tmp_path / "hand-ins"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(notebook(course))
    (folder / "bob.ipynb").write_bytes(notebook(course, recall="def recall(hits, targets):\n    return 1"))
    (folder / "cem.ipynb").write_bytes(b"%PDF-1.7")
    return folder


# -- grade


def test_grade_writes_what_every_student_has_for_every_question(course: Path, hand_ins: Path, tmp_path: Path) -> None:
    said = works(course, "grade", "det", hand_ins, "--out", tmp_path / "results.json", "--workers", "2")
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert list(found) == ["ada", "bob", "cem"]
    assert "1 passed" in said
    assert "1 failed" in said
    assert "1 refused" in said
    ada, bob, cem = found.values()
    for entry in found.values():
        assert {"outcome", "points", "out_of", "questions", "seconds", "stopped_by", "notes"} <= entry.keys()
        assert entry["out_of"] == OUT_OF
    assert (ada["outcome"], ada["points"], ada["to_mark"]) == ("passed", OUT_OF - 3, True)
    assert (bob["outcome"], bob["points"]) == ("failed", OUT_OF - 3 - POINTS)
    assert (cem["outcome"], cem["points"]) == ("refused", 0.0)
    assert cem["refusal"] == "cem.ipynb: This is a PDF, not a notebook. Hand in the .ipynb file itself."
    assert ada["questions"].keys() == {f"test_{name}" for name in TESTS} | {"why"}
    for question in ada["questions"].values():
        assert {"points", "out_of", "seen", "hint", "state"} <= question.keys()
    assert bob["questions"]["test_recall"]["points"] == 0
    assert bob["questions"]["test_recall"]["seen"]
    assert ada["isolation"]["layers"]
    assert ada["seconds"] > 0


def test_grade_prints_the_results_where_no_file_is_named_and_nothing_else(course: Path, hand_ins: Path) -> None:
    assert json.loads(works(course, "grade", "det", hand_ins))["ada"]["outcome"] == "passed"


def test_grade_reads_nbgraders_submitted_folder(course: Path, hand_ins: Path) -> None:
    for student in ("ada", "bob"):
        place = course / "submitted" / student / "det"
        place.mkdir(parents=True)
        shutil.copyfile(hand_ins / f"{student}.ipynb", place / "det.ipynb")
    found = json.loads(works(course, "grade", "det", course / "submitted"))
    assert {student: entry["outcome"] for student, entry in found.items()} == {"ada": "passed", "bob": "failed"}


def test_grade_shows_a_bar_on_a_terminal_and_only_there(course: Path, hand_ins: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    words = [*FOVEA, "grade", "--course", str(course), "det", str(hand_ins)]
    running = subprocess.Popen(words, cwd=ROOT, env=environment(TERM="xterm"), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown, end = b"", time.monotonic() + LIMIT
    with suppress(OSError):  # the terminal's other end is closed
        while time.monotonic() < end:
            if select.select([ours], [], [], 0.2)[0]:
                data = os.read(ours, 4096)
                if not data:
                    break
                shown += data
            elif running.poll() is not None:
                break
    printed, _ = running.communicate(timeout=LIMIT)
    os.close(ours)
    assert json.loads(printed)["ada"]["outcome"] == "passed"
    assert b"3/3" in shown
    assert b"hand-in" in shown


def test_grade_says_what_is_wrong_with_a_folder(course: Path, tmp_path: Path) -> None:
    assert 'There is no folder "nowhere"' in refuses(course, "grade", "det", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert 'There are no hand-ins for "det" in "empty"' in refuses(course, "grade", "det", tmp_path / "empty")
    (tmp_path / "file").write_text("x")
    assert 'There is no folder "file"' in refuses(course, "grade", "det", tmp_path / "file")


def test_grade_suggests_the_assignment_that_was_meant(course: Path, hand_ins: Path) -> None:
    assert refuses(course, "grade", "dett", hand_ins) == 'The course has no assignment "dett". Did you mean "det"?'
    assert "There are: det." in refuses(course, "grade", "something-else", hand_ins)


def test_grade_names_the_course_that_is_not_there(tmp_path: Path) -> None:
    said = refuses(tmp_path / "nowhere", "grade", "det", tmp_path)
    assert said == 'There is no course folder "nowhere".'


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_grade_refuses_a_file_that_cannot_be_read_and_grades_the_others(course: Path, hand_ins: Path) -> None:
    (hand_ins / "bob.ipynb").chmod(0)
    found = json.loads(works(course, "grade", "det", hand_ins))
    assert found["bob"]["outcome"] == "refused"
    assert found["ada"]["outcome"] == "passed"


def test_grade_refuses_what_is_no_file_and_grades_the_others(course: Path, hand_ins: Path) -> None:
    (hand_ins / "bob.ipynb").unlink()
    (hand_ins / "bob.ipynb").symlink_to("/etc/passwd")
    (hand_ins / "dan.ipynb").mkdir()
    os.mkfifo(hand_ins / "eve.ipynb")
    found = json.loads(works(course, "grade", "det", hand_ins))
    assert {student for student, entry in found.items() if entry["outcome"] == "refused"} == {
        "bob",
        "cem",
        "dan",
        "eve",
    }
    assert found["ada"]["outcome"] == "passed"


def test_grade_says_that_its_results_cannot_be_written_before_it_grades_a_thousand(
    course: Path, hand_ins: Path
) -> None:
    (hand_ins / "bob.ipynb").write_bytes(notebook(course, recall="import time\ntime.sleep(25)"))
    began = time.monotonic()
    said = refuses(course, "grade", "det", hand_ins, "--out", hand_ins / "no" / "where.json")
    assert "where.json" in said
    assert "Errno" not in said
    assert time.monotonic() - began < 22, "it said so when all the work was done"


@pytest.mark.parametrize("number", ["0", "-1"])
def test_grade_refuses_a_number_of_workers_that_is_none(course: Path, hand_ins: Path, number: str) -> None:
    ran = fovea(course, "grade", "det", hand_ins, "--workers", number)
    assert ran.returncode == 2
    assert "workers" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_grade_names_what_is_wrong_in_the_settings(course: Path, hand_ins: Path) -> None:
    (course / "fovea.toml").write_text("[limits]\ncel_seconds = 3\n", encoding="utf-8")
    assert 'Did you mean "cell_seconds"?' in refuses(course, "grade", "det", hand_ins)
    (course / "fovea.toml").write_text("preload = [", encoding="utf-8")
    assert "fovea.toml is not valid TOML" in refuses(course, "grade", "det", hand_ins)


def test_grade_names_the_cell_of_a_broken_source_notebook(course: Path, hand_ins: Path) -> None:
    (course / "source" / "det" / "det.ipynb").write_text("{", encoding="utf-8")
    assert "det/det.ipynb" in refuses(course, "grade", "det", hand_ins)


# -- check


def test_check_is_content_with_a_good_assignment(course: Path) -> None:
    assert "0 problems" in works(course, "check", "det")
    assert json.loads(works(course, "check", "det", "--json")) == []


def test_check_names_the_test_that_the_solution_does_not_pass(course: Path) -> None:
    path = course / "source" / "det" / "det.ipynb"
    path.write_text(path.read_text().replace("recall(1, 4) == 0.25", "recall(1, 4) == 0.75"), encoding="utf-8")
    ran = fovea(course, "check", "det")
    assert ran.returncode == 1
    assert "test_recall" in ran.stdout
    assert "your own solution does not pass it" in ran.stdout
    ran = fovea(course, "check", "det", "--json")
    assert ran.returncode == 1
    (problem,) = json.loads(ran.stdout)
    assert (problem["question"], problem["serious"]) == ("test_recall", True)
    assert "Traceback" not in ran.stdout + ran.stderr


def test_check_names_an_assignment_that_is_not_there(course: Path) -> None:
    assert 'Did you mean "det"?' in refuses(course, "check", "dte")


# -- submit, grader, queue


def test_submit_gives_a_receipt_and_the_place_in_the_queue(course: Path, hand_ins: Path) -> None:
    said = works(course, "submit", "det", hand_ins / "ada.ipynb", "--student", "ada")
    assert "Hand-in 1 for det, received on" in said
    assert "Its fingerprint (SHA-256) is" in said
    assert "It is graded next." in said
    assert "Before it in the queue: 1." in works(course, "submit", "det", hand_ins / "bob.ipynb", "--student", "bob")
    again = works(course, "submit", "det", hand_ins / "ada.ipynb", "--student", "ada")
    assert "You had handed in exactly this file already." in again
    state = json.loads(works(course, "queue", "--json"))
    assert (state["waiting"], state["grading"]) == (2, 0)
    assert state["oldest"]
    assert "2 waiting, the oldest since" in works(course, "queue")


def test_a_watchdog_learns_of_what_waits_and_nobody_takes(course: Path, hand_ins: Path) -> None:
    works(course, "queue", "--stalled", "0")
    works(course, "submit", "det", hand_ins / "ada.ipynb", "--student", "ada")
    works(course, "queue", "--stalled", "3600")
    ran = fovea(course, "queue", "--stalled", "0")
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("1 waiting")


def test_submit_refuses_with_a_sentence_for_the_student(course: Path, hand_ins: Path, tmp_path: Path) -> None:
    said = refuses(course, "submit", "det", hand_ins / "cem.ipynb", "--student", "cem")
    assert said == "cem.ipynb: This is a PDF, not a notebook. Hand in the .ipynb file itself."
    assert json.loads(works(course, "queue", "--json"))["waiting"] == 0
    other = tmp_path / "other.ipynb"
    other.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "1", "metadata": {}}]}))
    assert refuses(course, "submit", "det", other, "--student", "cem").startswith("other.ipynb")
    twice = json.loads(notebook(course))
    place = at(twice, "iou")
    twice["cells"].insert(place, {**twice["cells"][place], "id": "twin", "source": "def iou(a, b):\n    return 1"})
    other.write_text(json.dumps(twice))
    assert "Keep one of cells 5 and 6" in refuses(course, "submit", "det", other, "--student", "cem")


def test_submit_says_that_there_is_no_such_file(course: Path, tmp_path: Path) -> None:
    (tmp_path / "a-folder").mkdir()
    for name in ("no.ipynb", "a-folder"):
        said = refuses(course, "submit", "det", tmp_path / name, "--student", "ada")
        assert name in said
        assert "Errno" not in said


def test_submit_counts_the_attempts(course: Path, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / "ada.ipynb"
        path.write_bytes(notebook(course, recall=f"def recall(hits, targets):\n    return {number}"))
        works(course, "submit", "det", path, "--student", "ada")
    path.write_bytes(notebook(course))
    assert "3" in refuses(course, "submit", "det", path, "--student", "ada")


def test_submit_needs_to_know_whose_it_is(course: Path, hand_ins: Path) -> None:
    ran = fovea(course, "submit", "det", hand_ins / "ada.ipynb")
    assert ran.returncode == 2
    assert "--student" in ran.stderr


def test_grader_grades_what_waits_and_ends(course: Path, hand_ins: Path) -> None:
    for student in ("ada", "bob"):
        works(course, "submit", "det", hand_ins / f"{student}.ipynb", "--student", student)
    assert works(course, "grader", "--until-empty", "--workers", "2") == "2 graded\n"
    assert json.loads(works(course, "queue", "--json")) == {"waiting": 0, "grading": 0, "oldest": None, "ready": None}
    assert works(course, "queue") == "0 waiting; 0 being graded\n"
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(works(course, "export")))}
    assert (rows["ada"]["points"], rows["bob"]["points"]) == ("10", "8")
    assert works(course, "grader", "--until-empty") == "0 graded\n"


def test_the_ledger_may_lie_elsewhere(course: Path, hand_ins: Path, tmp_path: Path) -> None:
    where = {"FOVEA_LEDGER": str(tmp_path / "elsewhere.sqlite")}
    works(course, "submit", "det", hand_ins / "ada.ipynb", "--student", "ada", **where)
    assert json.loads(works(course, "queue", "--json", **where))["waiting"] == 1
    assert (tmp_path / "elsewhere.sqlite").exists()
    assert not (course / "ledger.sqlite").exists()


def test_a_ledger_that_is_none_is_left_alone(course: Path, hand_ins: Path) -> None:
    (course / "ledger.sqlite").write_text("this is no database, it is a letter to my grandmother, " * 20)
    before = (course / "ledger.sqlite").read_bytes()
    for words in (["queue"], ["export"], ["submit", "det", hand_ins / "ada.ipynb", "--student", "ada"]):
        refuses(course, *words)
    assert (course / "ledger.sqlite").read_bytes() == before


@pytest.mark.parametrize("words", [["queue"], ["export"], ["gradebook", "rebuild"], ["grader", "--until-empty"]])
def test_a_course_that_is_not_there_is_named(tmp_path: Path, words: list[str]) -> None:
    assert refuses(tmp_path / "nowhere", *words) == 'There is no course folder "nowhere".'


# -- a course with marks: regrade, export, gradebook


@pytest.fixture(scope="module")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with two graded hand-ins. Tests that change it work on a copy."""
    folder = tmp_path_factory.mktemp("graded")
    course = laid_out(folder / "course")
    (folder / "ada.ipynb").write_bytes(notebook(course))
    (folder / "bob.ipynb").write_bytes(notebook(course, recall="def recall(hits, targets):\n    return 1"))
    for student in ("ada", "bob"):
        works(course, "submit", "det", folder / f"{student}.ipynb", "--student", student)
    works(course, "grader", "--until-empty")
    return course


@pytest.fixture
def marked(graded_course: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded_course, tmp_path / "course"))


def correct_the_test(course: Path) -> None:
    """The instructor finds that both tests of `recall` were too strict."""
    path = course / "source" / "det" / "det.ipynb"
    text = path.read_text().replace("recall(1, 4) == 0.25", "True").replace("recall(1, 2) == 0.5", "recall(1, 2) <= 1")
    path.write_text(text, encoding="utf-8")


def points(course: Path) -> dict[str, str]:
    return {row["student"]: row["points"] for row in csv.DictReader(io.StringIO(works(course, "export")))}


def test_regrade_after_a_corrected_test_keeps_the_old_outcome_in_the_history(marked: Path) -> None:
    assert points(marked) == {"ada": "10", "bob": "8"}
    correct_the_test(marked)
    preview = works(marked, "regrade", "det", "--preview")
    assert "bob" in preview
    assert "ada" not in preview
    assert points(marked) == {"ada": "10", "bob": "8"}, "a preview records nothing"
    assert "2 hand-ins" in works(marked, "regrade", "det", "--reason", "the test was too strict")
    assert json.loads(works(marked, "queue", "--json"))["waiting"] == 2
    assert works(marked, "grader", "--until-empty") == "2 graded\n"
    assert points(marked) == {"ada": "10", "bob": "10"}
    with closing(sqlite3.connect(marked / "ledger.sqlite")) as ledger:
        assert ledger.execute("SELECT count(*) FROM outcomes").fetchone() == (4,)
        assert ledger.execute("SELECT count(*) FROM attempts WHERE reason LIKE '%strict%'").fetchone() == (2,)


def test_regrade_of_one_student_and_one_question_leaves_the_rest(marked: Path) -> None:
    correct_the_test(marked)
    said = works(marked, "regrade", "det", "--student", "bob", "--question", "test_recall")
    assert "1 hand-in;" in said
    works(marked, "grader", "--until-empty")
    assert points(marked) == {"ada": "10", "bob": "10"}


def test_regrade_names_what_is_not_there(marked: Path) -> None:
    assert 'no assignment "nothing"' in refuses(marked, "regrade", "nothing")
    assert "by zoe" in refuses(marked, "regrade", "det", "--student", "zoe")


def test_regrade_names_a_question_that_is_not_there(marked: Path) -> None:
    assert "test_recal" in refuses(marked, "regrade", "det", "--question", "test_recal")
    assert json.loads(works(marked, "queue", "--json"))["waiting"] == 0


@pytest.mark.parametrize("format", ["csv", "questions", "canvas", "moodle", "nbgrader"])
def test_export_knows_every_format(graded_course: Path, format: str, tmp_path: Path) -> None:
    printed = works(graded_course, "export", "--format", format)
    rows = list(csv.reader(io.StringIO(printed)))
    assert len(rows) >= 3
    assert len({len(row) for row in rows}) == 1
    assert "ada" in printed
    assert "bob" in printed
    wanted = {"questions": "0"}.get(format, "8")  # what bob has, or what he has for the question he got wrong
    assert any(wanted in row for row in rows if any("bob" in cell for cell in row)), printed
    assert works(graded_course, "export", "--format", format, "--out", tmp_path / "marks.csv") == ""
    written = (tmp_path / "marks.csv").read_bytes().decode("utf-8")
    assert written.replace("\r\n", "\n") == printed.replace("\r\n", "\n")


def test_export_takes_one_assignment_and_names_one_that_is_not_there(graded_course: Path) -> None:
    assert "det" in works(graded_course, "export", "--assignment", "det")
    assert 'Did you mean "det"?' in refuses(graded_course, "export", "--assignment", "de")
    ran = fovea(graded_course, "export", "--format", "excel")
    assert ran.returncode == 2
    assert "invalid choice" in ran.stderr


def test_export_says_that_a_file_cannot_be_written(graded_course: Path, tmp_path: Path) -> None:
    said = refuses(graded_course, "export", "--out", tmp_path / "no" / "marks.csv")
    assert "marks.csv" in said
    assert "Errno" not in said


@pytest.mark.slow
def test_gradebook_is_written_anew_and_nbgrader_reads_it(marked: Path) -> None:
    assert "gradebook.db is written anew" in works(marked, "gradebook", "rebuild")
    found = read_gradebook(marked / "gradebook.db")
    assert found["ada"]["det", "det", "test_recall"] == POINTS
    assert found["bob"]["det", "det", "test_recall"] == 0
    assert found["bob"]["det", "det", "why"] is None
    works(marked, "gradebook", "rebuild")  # a second time changes nothing
    assert read_gradebook(marked / "gradebook.db") == found


@pytest.mark.slow
def test_marks_typed_in_formgrader_are_taken_and_outlive_a_rebuild(marked: Path) -> None:
    works(marked, "gradebook", "rebuild")
    type_a_mark(marked / "gradebook.db", student="ada", question="why", points=2.5)
    assert works(marked, "gradebook", "take-marks").startswith("1 mark")
    works(marked, "gradebook", "rebuild")
    assert points(marked)["ada"] == "12.5"
    assert works(marked, "gradebook", "take-marks").startswith("0 marks")


def type_a_mark(database: Path, *, student: str, question: str, points: float) -> None:
    """What formgrader does when a person types points."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{database}") as gradebook:
        grade = gradebook.find_grade(question, "det", "det", student)
        grade.manual_score = points
        grade.needs_manual_grade = False
        gradebook.db.commit()


def test_take_marks_says_that_there_is_no_gradebook(marked: Path) -> None:
    said = refuses(marked, "gradebook", "take-marks", "--out", marked / "none.db")
    assert "none.db" in said
    assert not (marked / "none.db").exists()


# -- doctor


def test_doctor_tells_which_layers_hold_and_what_was_tried(course: Path) -> None:
    ran = fovea(course, "doctor", "--json")
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.returncode == (1 if found["refuses"] else 0)
    rows = {row["layer"]: row for row in found["standing"]["rows"]}
    assert {"seccomp", "landlock", "private root", "network namespace"} <= rows.keys()
    assert all(isinstance(row["holds"], bool) and isinstance(row["required"], bool) for row in rows.values())
    assert all(row["why"] for row in rows.values() if not row["holds"])
    assert len(found["attempts"]) >= 20
    assert all({"sentence", "contained", "stopped_by"} <= attempt.keys() for attempt in found["attempts"])
    if not found["refuses"]:
        assert all(attempt["contained"] for attempt in found["attempts"])


def test_doctor_says_the_same_in_words(course: Path) -> None:
    ran = fovea(course, "doctor")
    assert "Traceback" not in ran.stdout + ran.stderr
    verdict = "Submissions may run here." if ran.returncode == 0 else "Nothing is graded here."
    assert verdict in ran.stdout
    assert "seccomp" in ran.stdout
    assert "A test notebook reads the course's ledger: contained" in ran.stdout or ran.returncode


# -- all of them


@pytest.mark.parametrize(
    "command", ["grade", "check", "submit", "grader", "queue", "regrade", "export", "gradebook", "doctor"]
)
def test_every_subcommand_explains_itself(command: str) -> None:
    ran = subprocess.run([*FOVEA, command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0
    assert "--course" in ran.stdout
    assert f"fovea {command}" in ran.stdout.replace("fovea.py", "fovea")
