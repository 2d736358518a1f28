"""A class without browsers, led on a real server; and the bench, which must not pass over a page left behind."""

from collections.abc import Iterator
from contextlib import aclosing
from itertools import pairwise

import pytest

from benchmarks import live
from benchmarks.live import EVERY, SHOWN, Followed, Follower, Heard, Presenter, follow, lecturing, places, report, told
from benchmarks.websocket import Visitor, to_the_end

MOVES = 3 * len(SHOWN)


@pytest.fixture(scope="module")
def presenter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Presenter]:
    with lecturing(tmp_path_factory.mktemp("live"), processes=2, warm_up="light") as presenter:
        yield presenter


@pytest.fixture(scope="module")
def found(presenter: Presenter) -> Followed:
    return follow(presenter, followers=3, moves=MOVES, every=0.3)


def test_three_pages_follow_to_every_setting_that_is_shown(found: Followed) -> None:
    assert len(found.delays) == 3 * MOVES
    assert all(delay > 0 for delay in found.delays)
    assert 0 <= found.skipped < 1
    assert found.runs >= round(3 * MOVES * (1 - found.skipped))
    assert found.cpu_per_run > 0


def test_the_report_is_about_the_class_that_was_led(found: Followed) -> None:
    section = report(found, found, found)
    assert section.rows[0].what.startswith(f"3 followers, a move every {EVERY:.0f} s, 2 processes")
    assert section.rows[0].ours.values == found.delays
    assert section.notes[0].startswith(f"2 processes: {MOVES} moves in ")


class Deaf(Follower):
    """One who misses all but where the class began."""

    async def listen(self) -> None:
        async with aclosing(told(self.visitor.port)) as stream:
            async for heard in stream:
                self.heard = self.heard or heard
                self.news.set()


def test_a_page_that_was_left_behind_fails_the_bench(presenter: Presenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "Follower", Deaf)
    monkeypatch.setattr(live, "REST", 0.5)
    monkeypatch.setattr(live, "PATIENCE", 20.0)
    with pytest.raises(RuntimeError, match="2 of 2 followers lost the last move"):
        follow(presenter, followers=2, moves=3, every=0.2)


def test_a_word_that_presents_no_longer_fails_the_bench(presenter: Presenter) -> None:
    elsewhere = Presenter(presenter.servers, "another", presenter.last)
    with pytest.raises(RuntimeError, match="refused: HTTP Error 409"):
        follow(elsewhere, followers=1, moves=3, every=0.2)


def test_a_page_whose_control_is_not_where_it_should_be_is_lost(presenter: Presenter) -> None:
    async def visit() -> Follower:
        visitor = Visitor(presenter.servers[0].port, "convolution")
        await visitor.open()
        await visitor.go("convolution", "stride=3")
        await visitor.close()
        return Follower(visitor, arrived=[(7, 1.0)])

    follower = to_the_end(visit())
    assert follower.lost(Heard(7, "convolution?stride=3")) == ""
    assert "shows {'stride': '3'}" in follower.lost(Heard(7, "convolution?stride=4"))
    assert "had not come" in follower.lost(Heard(8, "convolution?stride=3"))
    assert "had not come" in follower.lost(Heard(7, "parameters"))


def test_a_delay_ends_at_the_move_or_a_newer_one() -> None:
    follower = Follower(Visitor(0, "convolution"), arrived=[(1, 0.5), (2, 1.5), (4, 3.0)])
    assert list(follower.delays({2: 1.0, 3: 2.0, 4: 2.5})) == [500.0, 1000.0, 500.0]


@pytest.mark.parametrize("moves", [3, 7, 90])
def test_every_lab_is_shown_for_its_share_and_every_move_moves_something(moves: int) -> None:
    at = places(moves)
    labs = [each.partition("?")[0] for each in at]
    assert list(dict.fromkeys(labs)) == list(SHOWN)
    assert all(abs(labs.count(lab) - moves / len(SHOWN)) < 1 for lab in SHOWN)
    assert all(one != next_ for one, next_ in pairwise(at))


@pytest.mark.parametrize(("followers", "moves"), [(0, 9), (501, 9), (1, 2)])
def test_a_class_is_bounded(presenter: Presenter, followers: int, moves: int) -> None:
    with pytest.raises(ValueError, match="1 to 500 followers and 3 moves at least"):
        follow(presenter, followers=followers, moves=moves, every=1)
