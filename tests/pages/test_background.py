"""Work beside the page: it reports, it stops when asked, and a process takes on only so much of it."""

import threading
from collections.abc import Iterator

import pytest

from core.errors import CoreError
from core.learning.train import Progress
from pages._kit import background
from pages._kit.background import AT_ONCE, start


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
