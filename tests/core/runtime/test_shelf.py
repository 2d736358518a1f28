"""A shelf: one copy of everything, as many bytes as it has room for, and nothing taken from who works with it."""

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError
from core.runtime.shelf import Shelf

ASKERS = 8


def together(work: Callable[[], None]) -> None:
    threads = [Thread(target=work) for _ in range(ASKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_many_who_ask_at_the_same_time_get_one_copy() -> None:
    shelf, ready, loads = Shelf[list[int]](room=100, size=len), Barrier(ASKERS), list[int]()
    found = list[list[int]]()

    def load() -> list[int]:
        loads.append(1)
        return [7]

    def ask() -> None:
        ready.wait()
        found.append(shelf.get("seven", load))

    together(ask)
    assert len(loads) == 1
    assert all(each is found[0] for each in found)


def test_a_load_that_fails_reaches_everybody_who_waited_and_is_tried_anew() -> None:
    shelf, ready, told = Shelf[str](room=100, size=len), Barrier(ASKERS), list[str]()

    def fail() -> str:
        while shelf._places["net"].users < ASKERS:  # until all of them wait
            pass
        raise CoreError("the file is damaged")

    def ask() -> None:
        ready.wait()
        try:
            shelf.get("net", fail)
        except CoreError as error:
            told.append(str(error))

    together(ask)
    assert told == ["the file is damaged"] * ASKERS
    assert shelf.names() == ()
    assert shelf.get("net", lambda: "there") == "there"


def test_who_is_interrupted_while_loading_interrupts_nobody_else() -> None:
    shelf, found, began = Shelf[str](room=100, size=len), list[str](), Event()

    def interrupted() -> str:
        began.set()
        while shelf._places["net"].users < 4:  # until the others wait
            pass
        raise KeyboardInterrupt

    def load() -> None:
        with pytest.raises(KeyboardInterrupt):
            shelf.get("net", interrupted)

    def ask() -> None:
        assert began.wait(30)
        found.append(shelf.get("net", lambda: "there"))

    threads = [Thread(target=load), *[Thread(target=ask) for _ in range(3)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert found == ["there"] * 3
    assert shelf._places["net"].users == 0


def test_what_was_not_used_for_longest_goes_first_and_what_is_at_work_stays() -> None:
    shelf = Shelf[str](room=9, size=len)
    with shelf.lent("one", lambda: "one"):
        shelf.get("two", lambda: "two")
        shelf.get("six", lambda: "six")
        shelf.get("two", lambda: "never")
        shelf.get("ten", lambda: "ten")
        assert shelf.names() == ("one", "two", "ten")
        shelf.get("seven", lambda: "seven")
        assert shelf.names() == ("one", "seven")
    assert shelf.bytes() == 8


def test_what_is_larger_than_the_shelf_is_there_only_while_somebody_works_with_it() -> None:
    shelf = Shelf[str](room=3, size=len)
    shelf.get("one", lambda: "one")
    with shelf.lent("three", lambda: "three") as thing:
        assert thing == "three"
        assert shelf.get("three", lambda: "another") is thing
    assert shelf.names() == ()


@given(room=st.integers(1, 30), asked=st.lists(st.integers(1, 12), max_size=40))
def test_it_never_holds_more_than_its_room_and_keeps_the_last_that_fits(room: int, asked: list[int]) -> None:
    shelf = Shelf[str](room=room, size=len)
    for each in asked:
        assert shelf.get(each, lambda each=each: "x" * each) == "x" * each
        assert shelf.bytes() <= room
        assert (each in shelf.names()) == (each <= room)


def test_a_thing_that_cannot_be_measured_is_no_thing() -> None:
    def size(thing: str) -> int:
        raise CoreError("it has no size")

    with pytest.raises(CoreError, match="no size"):
        Shelf[str](room=3, size=size).get("one", lambda: "one")
