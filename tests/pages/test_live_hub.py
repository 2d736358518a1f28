"""What the class sees, kept up to date: it reads when something moved, wakes all who wait, and outlives bad moments."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.websocket import to_the_end
from classroom.live.lecture import digest, mark
from classroom.live.port import Lecture, Quiz
from classroom.store.lectures import SqlLectures
from classroom.store.quizzes import SqlQuizzes
from classroom.store.sql import SqlClassroom
from grading.ledger.port import LedgerBusy
from pages._kit.live import hub as module
from pages._kit.live.hub import NOTHING, Hub
from tests.classroom.conftest import classroom
from tests.pages.test_beside import until

__all__ = ["classroom"]  # the fixture
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TITLES = {"convolution": "Convolution, step by step"}
PATIENCE = 60.0  # seconds, on a busy machine


@dataclass
class Counted:
    """A memory that writes down what it is asked, and may be away."""

    lectures: SqlLectures
    quizzes: SqlQuizzes
    asked: list[str] = field(default_factory=list)
    away: bool = False

    def __call__(self) -> "tuple[Counted, SqlQuizzes]":
        return self, self.quizzes

    def __getattr__(self, name: str) -> object:
        self.asked.append(name)
        if self.away:
            raise LedgerBusy("The database is away.")
        return getattr(self.lectures, name)


@pytest.fixture
def memory(classroom: SqlClassroom) -> Counted:
    return Counted(SqlLectures(classroom.engine), SqlQuizzes(classroom.engine))


@pytest.fixture
def hub(memory: Counted) -> Hub:
    return Hub(memory, lambda: TITLES)  # type: ignore[arg-type]


@contextmanager
def running(hub: Hub) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=hub.run)
    thread.start()
    try:
        yield thread
    finally:
        hub.end()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def begun(memory: Counted, **more: object) -> Lecture:
    lecture = memory.lectures.begin(Lecture(0, "iva", NOW, word=digest("secret")))
    memory.lectures.change(lecture.id, more)
    live = memory.lectures.live()
    assert live is not None
    return live


def told(hub: Hub) -> dict[str, object]:
    said: dict[str, object] = json.loads(hub.message)
    return said


def test_says_that_nothing_is_live(hub: Hub) -> None:
    hub.look()
    assert hub.seen is None
    assert hub.message == NOTHING
    assert told(hub) == {"lecture": 0}


def test_a_server_without_a_course_sees_nothing() -> None:
    hub = Hub(lambda: None, lambda: TITLES)
    hub.look()
    assert hub.message == NOTHING


def test_says_where_the_class_is_and_what_it_is_asked(hub: Hub, memory: Counted) -> None:
    lecture = begun(memory, page="convolution", query="stride=3", spot='{"key": "stride", "x": 0, "y": 1}', source="ab")
    quiz = memory.quizzes.ask(Quiz(0, lecture.id, "Q04", "secret text", "open", 1, NOW))
    hub.look()
    assert told(hub) == {
        "lecture": lecture.id,
        "revision": lecture.revision + 1,
        "at": "convolution?stride=3",
        "title": "Convolution, step by step",
        "spot": {"key": "stride", "x": 0, "y": 1},
        "source": "ab",
        "presenter": mark("secret"),
        "quiz": f"{quiz.id} open 1",
    }
    assert "secret" not in hub.message
    assert lecture.word not in hub.message


def test_a_page_without_a_title_is_no_fault(hub: Hub, memory: Counted) -> None:
    begun(memory, page="gone")
    hub.look()
    assert (told(hub)["at"], told(hub)["title"]) == ("gone", "")


def test_reads_the_lecture_when_its_revision_has_moved_and_not_otherwise(hub: Hub, memory: Counted) -> None:
    for _ in range(3):
        hub.look()
    assert set(memory.asked) == {"revision"}
    lecture = begun(memory)
    for _ in range(5):
        hub.look()
    assert memory.asked.count("live") == 1
    memory.lectures.change(lecture.id, {"step": 1})
    for _ in range(5):
        hub.look()
    assert memory.asked.count("live") == 2
    memory.lectures.end(lecture.id, NOW)
    for _ in range(5):
        hub.look()
    assert memory.asked.count("live") == 3
    assert hub.message == NOTHING


def test_makes_the_message_once_for_all_who_listen(memory: Counted) -> None:
    asked = []
    hub = Hub(memory, lambda: asked.append(1) or TITLES)  # type: ignore[arg-type, func-returns-value]
    begun(memory)
    for _ in range(5):
        hub.look()
        assert told(hub)["lecture"]
    assert len(asked) == 1


def test_sees_that_one_lecture_took_the_place_of_another(hub: Hub, memory: Counted) -> None:
    first = memory.lectures.begin(Lecture(0, "iva", NOW))
    hub.look()
    memory.lectures.end(first.id, NOW)
    second = memory.lectures.begin(Lecture(0, "tina", NOW))
    hub.look()
    assert told(hub)["lecture"] == second.id


def test_every_step_of_a_quiz_changes_the_message(hub: Hub, memory: Counted) -> None:
    lecture = begun(memory)
    marks = []

    def noted() -> None:
        hub.look()
        marks.append(told(hub)["quiz"])

    noted()
    quiz = memory.quizzes.ask(Quiz(0, lecture.id, "Q04", "text", "open", 1, NOW)).id
    noted()
    memory.quizzes.set_state(quiz, "closed")
    noted()
    memory.quizzes.set_state(quiz, "open", round=2, until=NOW + timedelta(seconds=30))
    noted()
    memory.quizzes.set_state(quiz, "revealed")
    noted()
    memory.quizzes.ask(Quiz(0, lecture.id, "Q04", "text", "open", 1, NOW))
    noted()
    assert len(set(marks)) == len(marks) == 6
    assert marks[0] == ""


def test_wakes_listeners_of_several_loops(hub: Hub, memory: Counted) -> None:
    ready = threading.Barrier(3)

    async def listen() -> dict[str, object]:
        with hub.listening() as changed:
            await asyncio.get_running_loop().run_in_executor(None, ready.wait, PATIENCE)
            async with asyncio.timeout(PATIENCE):
                await changed.wait()
            return told(hub)

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(asyncio.run, listen()) for _ in range(2)]
        ready.wait(PATIENCE)
        assert hub.listeners == 2
        lecture = begun(memory)
        hub.look()
        assert [one.result(PATIENCE)["lecture"] for one in waiting] == [lecture.id] * 2
    assert hub.listeners == 0


def test_a_loop_that_has_ended_keeps_nobody_from_being_woken(hub: Hub, memory: Counted) -> None:
    async def left() -> None:
        listening = hub.listening()
        listening.__enter__()
        hub._left = listening  # type: ignore[attr-defined] # or the context would end with this

    to_the_end(left())
    assert hub.listeners == 1

    async def listen() -> None:
        with hub.listening() as changed:
            begun(memory)
            hub.look()
            async with asyncio.timeout(PATIENCE):
                await changed.wait()

    to_the_end(listen())
    assert hub.listeners == 0


def test_goes_on_when_the_database_is_back(
    hub: Hub, memory: Counted, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "SELDOM", 0.02)
    memory.away = True
    with caplog.at_level(logging.WARNING, "fovea"), running(hub) as thread:
        assert until(lambda: memory.asked.count("revision") >= 3)
        assert thread.is_alive()
        assert hub.seen is None
        lecture = begun(memory, page="convolution")
        memory.away = False
        assert until(lambda: hub.seen is not None)
        assert told(hub)["lecture"] == lecture.id
        memory.away = True
        tries = len(memory.asked)
        assert until(lambda: len(memory.asked) >= tries + 3)
        assert told(hub)["at"] == "convolution"  # meanwhile the class stays where it was
    assert "cannot look after the live class" in caplog.text
    assert "secret" not in caplog.text


def test_looks_at_once_when_poked(hub: Hub, memory: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SELDOM", 10 * PATIENCE)
    with running(hub):
        assert until(lambda: memory.asked == ["revision"])
        begun(memory)
        hub.poke()
        assert until(lambda: hub.seen is not None)


def test_looks_often_while_somebody_listens(hub: Hub, memory: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SELDOM", 10 * PATIENCE)

    async def listen() -> None:
        with hub.listening() as changed:
            await asyncio.get_running_loop().run_in_executor(None, begun, memory)
            async with asyncio.timeout(PATIENCE):
                await changed.wait()

    with running(hub):
        to_the_end(listen())
    assert hub.seen is not None


def test_says_how_many_listen_while_a_class_is_live(hub: Hub, memory: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr("pages._kit.live.hub.time.monotonic", lambda: moment)
    long_ago = datetime.now(UTC) - timedelta(hours=1)

    async def listen() -> list[int]:
        nonlocal moment
        counts = []
        with hub.listening(), hub.listening():
            hub.look()
            counts.append(memory.lectures.listeners(long_ago))  # nothing is live yet
            begun(memory)
            hub.look()
            counts.append(memory.lectures.listeners(long_ago))
        hub.look()
        counts.append(memory.lectures.listeners(long_ago))  # not again within a second
        moment += 1.1
        hub.look()
        counts.append(memory.lectures.listeners(long_ago))
        return counts

    assert to_the_end(listen()) == [0, 2, 2, 0]
    assert memory.asked.count("listen") == 2


def test_says_again_that_somebody_listens_before_it_is_forgotten(
    hub: Hub, memory: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = 1000.0
    monkeypatch.setattr("pages._kit.live.hub.time.monotonic", lambda: moment)
    begun(memory)

    async def listen() -> None:
        nonlocal moment
        with hub.listening():
            for _ in range(100):
                hub.look()
                moment += 1.0

    to_the_end(listen())
    assert 3 <= memory.asked.count("listen") <= 11


def test_letting_go_wakes_whoever_waits(hub: Hub) -> None:
    async def listen() -> bool:
        with hub.listening() as changed:
            hub.end()
            async with asyncio.timeout(PATIENCE):
                await changed.wait()
            return hub.over

    assert to_the_end(listen())
