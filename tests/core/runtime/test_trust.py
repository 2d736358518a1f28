"""Whom to ask no more for a while, and who finds out whether they are back."""

from dataclasses import dataclass, field
from threading import Barrier, Thread

import pytest

from core.runtime.trust import Trust


@dataclass
class Clock:
    """A time that passes when a test says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Doubted:
    """Somebody who failed as often as is borne, so that nobody asks them for ten seconds."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.trust = Trust(failures=3, rest=10.0, clock=self.clock)
        assert [self.trust.over(self.trust.turn(), well=False) for _ in range(3)] == [False, False, True]


def test_failures_count_only_in_a_row() -> None:
    trust = Trust(failures=2)
    for _ in range(3):
        assert not trust.over(trust.turn(), well=False)
        assert not trust.over(trust.turn(), well=True)
    assert trust.turn() is not None


def test_in_a_rest_nobody_asks_and_after_it_one_at_a_time() -> None:
    doubted = Doubted()
    assert doubted.trust.turn() is None
    doubted.clock.now += 10.0
    turns = [doubted.trust.turn() for _ in range(5)]
    assert turns[0] is not None
    assert turns[1:] == [None] * 4


def test_one_failure_after_a_rest_is_the_next_rest() -> None:
    doubted = Doubted()
    doubted.clock.now += 10.0
    assert not doubted.trust.over(doubted.trust.turn(), well=False), "that is nothing new"
    doubted.clock.now += 9.9
    assert doubted.trust.turn() is None
    doubted.clock.now += 0.1
    assert doubted.trust.turn() is not None


def test_one_answer_after_a_rest_lets_all_ask_again_and_forgets_what_was() -> None:
    doubted = Doubted()
    doubted.clock.now += 10.0
    doubted.trust.over(doubted.trust.turn(), well=True)
    turns = [doubted.trust.turn() for _ in range(3)]
    assert None not in turns
    assert [doubted.trust.over(turn, well=False) for turn in turns] == [False, False, True]


def test_who_is_interrupted_lets_the_next_one_try_and_counts_as_nothing() -> None:
    doubted = Doubted()
    doubted.clock.now += 10.0
    assert not doubted.trust.over(doubted.trust.turn(), well=None)
    assert doubted.trust.turn() is not None


def test_what_began_before_a_rest_and_fails_in_it_is_no_reason_for_another() -> None:
    clock = Clock()
    trust = Trust(failures=3, rest=10.0, clock=clock)
    turns = [trust.turn() for _ in range(8)]
    assert [trust.over(turn, well=False) for turn in turns] == [False, False, True, *[False] * 5]
    clock.now += 10.0
    tries = trust.turn()
    assert tries is not None
    assert not trust.over(turns[0], well=False)
    assert trust.turn() is None, "somebody finds out just now"


def test_an_answer_to_an_old_question_is_an_answer() -> None:
    clock = Clock()
    trust = Trust(failures=1, rest=10.0, clock=clock)
    slow, fails = trust.turn(), trust.turn()
    assert trust.over(fails, well=False)
    assert not trust.over(slow, well=True)
    assert trust.turn() is not None


@pytest.mark.parametrize("askers", [2, 16])
def test_of_many_who_come_at_once_one_finds_out(askers: int) -> None:
    doubted, together, turns = Doubted(), Barrier(askers), []
    doubted.clock.now += 10.0

    def ask() -> None:
        together.wait()
        turns.append(doubted.trust.turn())

    threads = [Thread(target=ask) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([turn for turn in turns if turn is not None]) == 1
