"""What runs beside the server: a grader that lives as long as it, and what pages say while nothing is graded."""

import os
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from streamlit.testing.v1 import AppTest

from benchmarks.serve import Server, fovea
from classroom import assignments
from classroom.desk import nobody_grades, open_desk
from classroom.pulse import STILL
from classroom.work import hand_in
from grading.companion import Companion
from pages._kit import beside
from pages._kit import course as kit
from tests.classroom.conftest import ADA, IVA
from tests.classroom.course import SmallCourse, small
from tests.grading import small_course
from tests.pages.test_assignments import page, said

PATIENCE = 90.0  # seconds, on a busy machine


def until(true: Callable[[], object]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(true())


def graders(server: Server) -> list[psutil.Process]:
    return [one for one in psutil.Process(server.pid).children() if not over(one) and "grader" in words(one)]


def words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # or a zombie: it ended while we looked
        return []


def over(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_server_may_leave_grading_to_others(server: Server) -> None:
    assert graders(server) == []


@pytest.mark.slow
def test_the_app_grades_and_its_grader_comes_back_and_ends_with_it(tmp_path: Path) -> None:
    folder = small_course.write(tmp_path / "course")
    where = str(tmp_path / "ledger.sqlite")
    desk = open_desk(folder, where)
    try:
        desk.classroom.keep([ADA, IVA])
        assignments.publish(desk, IVA, "ps", "open")
        own = SmallCourse(desk, datetime.now(UTC))
        with fovea(grader=True, environment={"FOVEA_COURSE": str(folder), "FOVEA_LEDGER": where}) as server:
            hand_in(desk, ADA, "ps", file="ps.ipynb", data=own.answered())
            assert until(desk.ledger.results)
            (first,) = graders(server)
            first.kill()
            assert until(lambda: graders(server) and graders(server)[0].pid != first.pid)
            hand_in(desk, ADA, "ps", file="ps.ipynb", data=own.answered(mean="def mean(xs): return 0"))
            assert until(lambda: len(desk.ledger.results()) == 2)
            (second,) = graders(server)
            os.kill(server.pid, signal.SIGKILL)
            assert until(lambda: over(second))
            assert "grader: It ended with status -9. Next try in 1 s." in server.said()
        assert [one.outcome.verdict for one in desk.ledger.results()] == ["passed", "failed"]
    finally:
        desk.close()


@pytest.mark.slow
def test_the_grader_ends_when_the_app_is_asked_to(tmp_path: Path) -> None:
    folder = small_course.write(tmp_path / "course")
    own = {"FOVEA_COURSE": str(folder), "FOVEA_LEDGER": str(tmp_path / "ledger.sqlite")}
    with fovea(grader=True, environment=own) as server:
        assert until(lambda: graders(server))
        (grader,) = graders(server)
        os.kill(server.pid, signal.SIGTERM)
        assert until(lambda: over(grader))


def drawn_notice(stalled: bool) -> None:
    from pages._kit.beside import notice

    notice(stalled=stalled)


def noticed(*, stalled: bool) -> list[str]:
    drawn = AppTest.from_function(drawn_notice, args=(stalled,)).run()
    assert not drawn.exception
    return [str(one.value) for one in drawn.warning]


def test_instructors_read_why_nothing_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert noticed(stalled=False) == []
    assert "fovea grader" in noticed(stalled=True)[0]
    broken = Companion("grader", [], trouble="Nothing holds a student's code here: no `seccomp`.")
    monkeypatch.setitem(beside._running, "grader", broken)
    assert "no \\`seccomp\\`" in noticed(stalled=False)[0]
    assert "`fovea doctor`" in noticed(stalled=True)[0]


def test_students_and_instructors_learn_that_no_grader_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db")) as course:
        monkeypatch.setattr(kit, "desk", lambda: course.desk)
        course.published().hand_in()
        assert "yours is next" in said(page(monkeypatch, ADA, set="ps", view="Results"))
        course.now += STILL
        assert nobody_grades(course.desk)
        results = said(page(monkeypatch, ADA, set="ps", view="Results"))
        assert "Waiting for the grader" in results
        assert "yours is next" not in results
        assert "no grader is at work" not in results
        assert "no grader is at work" in said(page(monkeypatch, IVA, set="ps"))
        course.grade()
        assert "no grader is at work" not in said(page(monkeypatch, IVA, set="ps"))
