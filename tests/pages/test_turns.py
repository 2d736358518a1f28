"""Who is drawn when: few at a time, in the order of asking, and nobody waits for a long computation."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from pages._kit.turns import LONG, Turns
from tests.pages.test_beside import until

PAGES = 12


class Crowd:
    """Pages that are drawn for as long as the test says."""

    def __init__(self, turns: Turns, threads: ThreadPoolExecutor) -> None:
        self.turns, self.threads = turns, threads
        self.begun: list[int] = []
        self.may_end = [Event() for _ in range(PAGES)]

    def comes(self, number: int) -> "Future[None]":
        """One more asks, and has its place in the line when this returns."""
        before = self.turns.asked
        coming = self.threads.submit(self._drawn, number)
        assert until(lambda: self.turns.asked > before)
        return coming

    def _drawn(self, number: int) -> None:
        with self.turns.mine():
            self.begun.append(number)
            assert self.may_end[number].wait(60)


@contextmanager
def crowd(few: int, *, clock: list[float]) -> Iterator[Crowd]:
    """Its clock stands still unless the test moves it."""
    with ThreadPoolExecutor(PAGES) as threads:
        found = Crowd(Turns(few, clock=lambda: clock[0]), threads)
        try:
            yield found
        finally:
            for each in found.may_end:
                each.set()


@pytest.mark.parametrize("few", [1, 2, 5])
def test_few_are_drawn_at_once_and_the_others_in_the_order_of_asking(few: int) -> None:
    with crowd(few, clock=[0.0]) as pages:
        coming = [pages.comes(number) for number in range(PAGES)]
        for number in range(PAGES):
            most = min(number + few, PAGES)
            assert until(lambda most=most: len(pages.begun) == most)  # type: ignore[misc]
            assert sorted(pages.begun) == list(range(most))
            pages.may_end[number].set()
            coming[number].result(60)
        assert pages.turns.asked == 0


def test_who_is_at_it_for_long_keeps_nobody_waiting() -> None:
    clock = [0.0]
    with crowd(1, clock=clock) as pages:
        pages.comes(0)
        pages.comes(1)
        pages.comes(2)
        assert until(lambda: pages.begun == [0])
        clock[0] = 2 * LONG
        assert until(lambda: pages.begun == [0, 1])
        assert pages.turns.asked == 3  # the third waits for the second, which has only begun
        pages.may_end[0].set()
        assert until(lambda: pages.turns.asked == 2)
        assert pages.begun == [0, 1]
        pages.may_end[1].set()
        assert until(lambda: pages.begun == [0, 1, 2])


def test_who_steps_aside_lets_the_next_one_in() -> None:
    turns, aside, may_end = Turns(1, clock=lambda: 0.0), Event(), Event()

    def first() -> None:
        with turns.mine():
            aside.wait(60)
            turns.step_aside()
            may_end.wait(60)

    with ThreadPoolExecutor(1) as thread:
        drawn = thread.submit(first)
        assert until(lambda: turns.asked == 1)
        aside.set()
        with turns.mine():
            turns.step_aside()
            assert turns.asked == 2
        may_end.set()
        drawn.result(60)
    turns.step_aside()  # who draws nothing has nothing to give
    assert turns.asked == 0


@pytest.mark.parametrize("raised", [ValueError, SystemExit, KeyboardInterrupt])
def test_a_page_that_fails_or_is_stopped_gives_its_turn_back(raised: type[BaseException]) -> None:
    turns = Turns(1)
    with pytest.raises(raised), turns.mine():
        raise raised
    assert turns.asked == 0
    with turns.mine():
        assert turns.asked == 1
