"""What an instructor reads about the server: for instructors alone, and red where somebody has to do something."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from classroom.errors import NotAllowed
from classroom.keeping.backup import backup
from classroom.operation import OLD, SLOW, Finding, Process, look_over, try_sandbox
from classroom.pulse import STILL
from grading.errors import SandboxError
from grading.limits import GIB, MIB
from grading.sandbox import selftest
from tests.classroom.conftest import BEN, IVA
from tests.classroom.course import SmallCourse, small
from tests.classroom.test_overview import judged
from tests.classroom.test_work import EVERYBODY

WELL = Process(inside=3, bound=400, memory=300 * MIB, free_memory=4 * GIB, keeps_grader=True)


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def course(database: str, tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, database) as opened:
        yield opened.published()


@pytest.fixture
def sqlite_course(tmp_path: Path) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        yield opened.published()


def found(course: SmallCourse, process: Process = WELL) -> dict[str, Finding]:
    return {one.what: one for one in look_over(course.desk, IVA, process)}


def state(course: SmallCourse, what: str, process: Process = WELL) -> str:
    one = found(course, process)[what]
    assert (one.state == "fine") == (one.do == ""), one  # what is not fine says what to do
    return one.state


@pytest.mark.parametrize("role", EVERYBODY)
def test_is_for_instructors(sqlite_course: SmallCourse, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def examined() -> None:
        raise SandboxError("It could not be built.")

    monkeypatch.setattr(selftest, "examine", examined)
    for service in (
        lambda who: look_over(sqlite_course.desk, who, WELL),
        lambda who: try_sandbox(sqlite_course.desk, who),
    ):
        if EVERYBODY[role] == IVA:
            assert service(IVA)
        else:
            with pytest.raises(NotAllowed):
                service(EVERYBODY[role])


def test_a_new_course_on_a_good_machine_is_fine(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(90 * GIB, 1, 89 * GIB))
    assert {one.state for one in found(course).values()} == {"fine"}
    sqlite = "sqlite" in str(course.desk.ledger.engine.url)  # type: ignore[attr-defined]
    assert found(course)["Database"].says.startswith("SQLite, " if sqlite else "Postgres")


def test_a_queue_without_a_grader_is_red_until_somebody_grades(course: SmallCourse) -> None:
    course.hand_in()
    assert state(course, "Graders") == "fine"
    course.now += STILL
    assert state(course, "Graders") == "act"
    assert state(course, "Queue") == "fine"
    course.now += SLOW
    assert state(course, "Queue") == "look"
    judged(course)
    assert (state(course, "Graders"), state(course, "Queue")) == ("fine", "fine")
    assert found(course)["Outcomes"].says == "1, of them 0 undecided at first"
    assert found(course)["Graders"].at == course.now


def test_a_grader_beside_that_does_not_work_is_red(sqlite_course: SmallCourse) -> None:
    one = found(sqlite_course, replace(WELL, trouble="No seccomp here."))["Graders"]
    assert (one.state, one.says) == ("act", "No seccomp here.")
    assert "fovea doctor" in one.do


def test_a_backup_is_asked_for_once_there_is_something_to_lose(course: SmallCourse) -> None:
    assert state(course, "Last backup") == "fine"
    course.hand_in(BEN)
    judged(course)
    assert state(course, "Last backup") == "look"
    backup(course.desk, IVA)
    assert state(course, "Last backup") == "fine"
    assert found(course)["Last backup"].at == course.now
    course.now += OLD + timedelta(seconds=1)
    assert state(course, "Last backup") == "look"


@pytest.mark.parametrize(("free", "expected"), [(GIB - 1, "act"), (GIB, "look"), (5 * GIB, "fine")])
def test_a_disk_that_fills_is_said(
    sqlite_course: SmallCourse, monkeypatch: pytest.MonkeyPatch, free: int, expected: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(100 * GIB, 0, free))
    assert state(sqlite_course, "Disk") == expected


@pytest.mark.parametrize(
    ("inside", "bound", "expected"), [(80, 100, "fine"), (81, 100, "look"), (100, 100, "act"), (9999, 0, "fine")]
)
def test_a_full_server_is_said(sqlite_course: SmallCourse, inside: int, bound: int, expected: str) -> None:
    assert state(sqlite_course, "Open pages", replace(WELL, inside=inside, bound=bound)) == expected


@pytest.mark.parametrize(
    ("free", "expected"), [(256 * MIB - 1, "act"), (GIB - 1, "look"), (GIB, "fine"), (None, "fine")]
)
def test_a_machine_without_memory_is_said(sqlite_course: SmallCourse, free: int | None, expected: str) -> None:
    assert state(sqlite_course, "Memory", replace(WELL, free_memory=free)) == expected


def test_a_sandbox_that_cannot_be_built_is_red(sqlite_course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    def failed() -> None:
        raise SandboxError("It did not answer.")

    monkeypatch.setattr(selftest, "examine", failed)
    (one,) = try_sandbox(sqlite_course.desk, IVA)
    assert (one.state, one.says) == ("act", "It did not answer.")


def test_the_sandbox_of_this_machine_is_tried(sqlite_course: SmallCourse) -> None:
    tried = try_sandbox(sqlite_course.desk, IVA)
    assert {one.what for one in tried} == {"Sandbox"}
    if tried[0].state == "fine":
        assert "attempts to get out were stopped" in tried[0].says
        assert "seccomp" in tried[0].says
    else:
        assert all(one.do for one in tried)


def test_nothing_shown_is_an_address(course: SmallCourse, tmp_path: Path) -> None:
    told = " ".join(f"{one.says} {one.do}" for one in found(course).values())
    assert str(tmp_path) not in told
    assert "://" not in told
