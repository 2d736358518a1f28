"""What the doctor says of a course: whom it trusts, its Pythons, its ledger, its disk; and it changes nothing."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from classroom.store.sql import open_classroom
from grading import doctor
from grading.course import Course
from grading.doctor import diagnose, sentences
from grading.ledger.sql import open_ledger
from tests.grading.small_course import write

ROOT = Path(__file__).resolve().parents[2]


def course(folder: Path, settings: str = "") -> Course:
    return Course.open(write(folder / "course", settings=settings))


def words(found: doctor.Diagnosis) -> str:
    return "\n".join(sentences(found))


def ledger(folder: Path) -> Path:
    path = folder / "ledger.sqlite"
    open_ledger(path).close()
    return path


def test_a_course_in_order_has_no_problems(tmp_path: Path) -> None:
    found = diagnose(course(tmp_path), ledger(tmp_path))
    assert (found.problems, found.ledger.state, found.strict, found.trusting) == ((), "ready", ("ps",), ())
    assert found.free_bytes > 0
    assert "TRUST" not in words(found)


def test_trust_is_said_first_and_loudly_and_for_whom(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", settings="[assignments.ps2]\ntrust_students = true")
    shutil.copytree(folder / "source/ps", folder / "source/ps2")
    found = diagnose(Course.open(folder), tmp_path / "ledger.sqlite")
    assert (found.trusting, found.strict) == (("ps2",), ("ps",))
    assert next(sentences(found)).startswith("TRUST: ps2 trust")


# -- its Python


def test_packages_that_cannot_be_imported_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", settings="")
    (folder / "fovea.toml").write_text('preload = ["statistics", "no_such_package", "json.nothing"]')
    found = diagnose(Course.open(folder), tmp_path / "ledger.sqlite")
    assert [one.missing for one in found.interpreters] == [("no_such_package", "json.nothing")]
    assert "The Python of ps cannot import no_such_package, json.nothing: install it there." in found.problems


def program(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_courses_own_python_is_asked_not_ours(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", settings='python = "own/python"')
    (folder / "own").mkdir()
    program(folder / "own/python", f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')  # without any packages
    found = diagnose(Course.open(folder), tmp_path / "ledger.sqlite")
    (one,) = found.interpreters
    assert one.python == str((folder / "own/python").resolve())
    assert {"IPython", "numpy"} <= set(one.missing)
    assert "the course's own Python does not serve" in words(found)
    assert found.python is None, "the sandbox is not tried with a Python that does not serve"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("#!/bin/sh\nexit 3\n", "cannot be started"),
        ("#!/bin/sh\necho hello\n", "cannot be started"),
        ("no program at all", "cannot be started"),
        ("#!/bin/sh\necho '[[3, 9], []]'\n", "is 3.9; 3.11 is needed"),
    ],
    ids=["fails", "is another program", "is none", "is too old"],
)
def test_a_python_that_does_not_serve_is_said(tmp_path: Path, script: str, says: str) -> None:
    folder = write(tmp_path / "course", settings='python = "own-python"')
    program(folder / "own-python", script)
    found = diagnose(Course.open(folder), tmp_path / "ledger.sqlite")
    assert any(says in problem for problem in found.problems)
    assert found.python is None


def test_a_python_that_is_not_there_is_said(tmp_path: Path) -> None:
    found = diagnose(course(tmp_path, 'python = "nowhere/python"'), tmp_path / "ledger.sqlite")
    assert any("there is no such file" in problem for problem in found.problems)


# -- its ledger


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    found = diagnose(course(tmp_path), tmp_path / "deep" / "ledger.sqlite")
    assert (found.ledger.state, found.problems) == ("not made yet", ())
    assert not (tmp_path / "deep").exists()


def form(path: Path, number: str) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger_form SET version_num = ?", (number,))
    connection.close()
    return path


def test_an_older_ledger_is_said_and_stays_as_it_is(tmp_path: Path) -> None:
    path = form(ledger(tmp_path), "0001")
    before = path.read_bytes()
    found = diagnose(course(tmp_path), path)
    assert (found.ledger.state, found.problems) == ("older", ())
    assert "brought up to date" in words(found)
    assert path.read_bytes() == before


def test_a_newer_ledger_is_a_problem(tmp_path: Path) -> None:
    found = diagnose(course(tmp_path), form(ledger(tmp_path), "9999"))
    assert found.ledger.state == "newer"
    assert any("Update Fovea" in problem for problem in found.problems)


def test_another_programs_database_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
    connection.close()
    found = diagnose(course(tmp_path), path)
    assert found.ledger.state == "not ours"
    assert any("gradebook.db" in problem for problem in found.problems)


def test_a_course_whose_people_came_before_any_hand_in_is_no_other_program(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_classroom(str(path)).close()
    assert diagnose(course(tmp_path), path).ledger.state == "not made yet"


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    found = diagnose(course(tmp_path), path)
    assert (found.ledger.state, found.ledger.usable) == ("unreachable", False)


@pytest.mark.parametrize("address", ["postgresql://ada:hunter2@127.0.0.1:1/course", "mysql://ada:hunter2@host/x"])
def test_a_database_that_does_not_answer_is_a_problem_without_its_address(tmp_path: Path, address: str) -> None:
    found = diagnose(course(tmp_path), address)
    assert found.ledger.state == "unreachable"
    assert "hunter2" not in words(found) + str(found)
    assert "127.0.0.1" not in words(found)


# -- its disk


def test_little_room_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage(5 << 20))
    found = diagnose(course(tmp_path), tmp_path / "ledger.sqlite")
    assert any("Only 5 MiB" in problem for problem in found.problems)


# -- on the command line


def fovea(folder: Path, *more: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    plain = {name: value for name, value in os.environ.items() if name != "FOVEA_LEDGER"}
    command = [sys.executable, "-m", "fovea", "doctor", "--course", str(folder), *more]
    return subprocess.run(
        command, cwd=ROOT, env={**plain, **environment}, capture_output=True, text=True, timeout=300, check=False
    )


def test_it_looks_at_the_ledger_that_the_environment_names(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", settings="trust_students = true")
    other = form(ledger(tmp_path), "9999")
    ran = fovea(folder, "--json", FOVEA_LEDGER=str(other))
    found: dict[str, Any] = json.loads(ran.stdout)
    assert ran.returncode == 1
    assert found["course"]["ledger"]["state"] == "newer"
    assert found["course"]["trusting"] == ["ps"]
    assert isinstance(found["missing"], list)
    assert not (folder / "ledger.sqlite").exists()


def test_it_says_in_words_what_the_course_will_do(tmp_path: Path) -> None:
    ran = fovea(write(tmp_path / "course", settings="trust_students = true"))
    assert "TRUST: ps trust their students" in ran.stdout
    assert "Ledger (ledger.sqlite): not made yet." in ran.stdout
    assert "Submissions may run here." in ran.stdout
    assert ran.returncode == 0
