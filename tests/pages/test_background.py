"""Work beside the page: it reports, it stops when asked, and a process takes on only so much of it."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from core.errors import CoreError
from core.learning.train import Progress
from core.runtime.tasks import Task, may_go
from core.runtime.tasks_elsewhere import Gone
from pages._kit import background
from pages._kit.background import AT_ONCE, LONGER, start


def three(progress: Progress) -> Iterator[int]:
    for number in range(3):
        progress(number / 3, f"number {number}")
        yield number


def test_what_it_finds_is_kept_and_what_it_reports_is_shown() -> None:
    job = start("three", three)
    assert job.wait(30)
    assert (job.setting, job.found, job.done, job.doing, job.wrong) == ("three", [0, 1, 2], 2 / 3, "number 2", None)
    assert not job.running


def test_a_sentence_of_ours_is_passed_on() -> None:
    def refuses(progress: Progress) -> Iterator[int]:
        raise CoreError("a net needs layers")
        yield 0

    job = start(None, refuses)
    assert job.wait(30)
    assert job.wrong == "a net needs layers"


def test_two_run_others_wait_and_can_be_stopped_before_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_PLACES", threading.BoundedSemaphore(AT_ONCE + 1))
    go, begun = threading.Event(), threading.Semaphore(0)

    def held(progress: Progress) -> Iterator[int]:
        begun.release()
        assert go.wait(30)
        yield 1

    running = [start(number, held) for number in range(AT_ONCE)]
    assert all(begun.acquire(timeout=30) for _ in running)
    third = start("third", held)
    assert not third.wait(0.0)
    assert third.doing == "waiting for its turn"
    refused = start("one too many", held)
    assert not refused.running
    assert refused.wrong is not None
    assert "try again in some minutes" in refused.wrong
    third.stop()
    assert third.wait(30)
    assert (third.found, third.wrong) == ([], None)
    fourth = start("fourth", three)
    go.set()
    assert all(job.wait(30) for job in (*running, fourth))
    assert fourth.found == [0, 1, 2]


@may_go
def numbers(most: int, progress: Progress) -> Iterator[int]:
    for number in range(most):
        progress(number / most, f"number {number}")
        yield number


@pytest.fixture
def elsewhere() -> Iterator[list[object]]:
    """Somebody who does tasks, and is lost after two findings."""
    asked: list[object] = []

    def lost(task: Task[int], progress: Progress) -> Iterator[int]:
        asked.append(task)
        for number, found in enumerate(task(progress)):
            if number == 2:
                raise Gone
            yield found

    background.ask_first(lost)
    yield asked
    background.ask_first(None)


def test_what_is_lost_elsewhere_is_done_here_and_nothing_comes_twice(elsewhere: list[object]) -> None:
    task = Task(numbers, (5,))
    job = start("five", task)
    assert job.wait(30)
    assert (elsewhere, job.found, job.whole, job.wrong) == ([task], [0, 1, 2, 3, 4], True, None)


def test_only_tasks_go_elsewhere(elsewhere: list[object]) -> None:
    job = start("three", three)
    assert job.wait(30)
    assert (elsewhere, job.found) == ([], [0, 1, 2])


def test_work_elsewhere_takes_no_turn_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_TURNS", threading.BoundedSemaphore(1))
    background.ask_first(lambda task, progress: task(progress))
    try:
        with background._TURNS:
            job = start("five", Task(numbers, (5,)))
            assert job.wait(30)
    finally:
        background.ask_first(None)
    assert job.found == [0, 1, 2, 3, 4]


def test_stops_when_its_visitor_is_gone_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, now, away = [True], [0.0], LONGER + 120
    runtime = SimpleNamespace(is_active_session=lambda session: session == "mine" and seen[0])
    monkeypatch.setattr(background, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="mine"))
    monkeypatch.setattr(background, "Runtime", SimpleNamespace(exists=lambda: True, instance=lambda: runtime))
    monkeypatch.setattr(background, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(background, "get_option", {"server.disconnectedSessionTTL": 120}.__getitem__)
    step, stepped = threading.Semaphore(0), threading.Semaphore(0)

    def stepwise(progress: Progress) -> Iterator[int]:
        for number in range(10):
            stepped.release()
            assert step.acquire(timeout=30)
            progress(0.0, "")
            yield number

    def go_on() -> None:
        step.release()
        stepped.acquire(timeout=30)

    job, theirs = start("mine", stepwise), start("for all", three, for_all=True)
    stepped.acquire(timeout=30)
    now[0] += 2 * away
    go_on()  # they are there all the time
    now[0] += 2 * away
    seen[0] = False
    go_on()  # a long step, and their line is away just now
    now[0] += away
    go_on()  # it may come back
    assert job.running
    seen[0] = True
    go_on()
    seen[0] = False
    go_on()
    now[0] += away + 1
    step.release()
    assert job.wait(30)
    assert (job.found, job.whole, job.wrong) == ([0, 1, 2, 3, 4], False, None)
    assert theirs.wait(30)
    assert theirs.whole
