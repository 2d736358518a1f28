"""The memory of where the class is, on SQLite and on Postgres: one lecture at a time, every change counted once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from classroom.live.port import Lecture, Place
from classroom.store.lectures import SqlLectures
from classroom.store.sql import SqlClassroom

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOME = Lecture(0, "iva", NOW, revision=1, word="first")
EVERYTHING = {
    "who": "tina", "page": "convolution", "query": "stride=3", "spot": '{"key": "stride"}', "source": "abc",
    "word": "second", "plan": 4, "step": 2,
}  # fmt: skip


@pytest.fixture
def lectures(classroom: SqlClassroom) -> SqlLectures:
    return SqlLectures(classroom.engine)


def at_once(what: Callable[[int], T], *, threads: int = 8) -> list[T]:
    """What every thread gets, when all begin in the same moment."""
    together = threading.Barrier(threads)

    def one(number: int) -> T:
        together.wait(30)
        return what(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def test_nothing_is_live_before_the_first_and_after_the_last(lectures: SqlLectures) -> None:
    assert (lectures.revision(), lectures.live(), lectures.lectures()) == (None, None, ())
    first = lectures.begin(SOME)
    assert (lectures.revision(), lectures.live()) == (first.revision, first)
    lectures.end(first.id, NOW)
    assert (lectures.revision(), lectures.live()) == (None, None)
    assert [one.ended for one in lectures.lectures()] == [NOW]


def test_keeps_what_it_was_begun_with(lectures: SqlLectures) -> None:
    place = Place("convolution", "image=%C3%BC&stride=3", '{"key": "stride", "x": 0, "y": 1}')
    whole = Lecture(0, "iva", NOW, None, 1, place, "abc", "word", 3, 2)
    begun = lectures.begin(whole)
    assert begun == Lecture(begun.id, "iva", NOW, None, 1, place, "abc", "word", 3, 2)


def test_the_one_that_is_live_stays_when_somebody_else_begins(lectures: SqlLectures) -> None:
    first = lectures.begin(SOME)
    assert lectures.begin(Lecture(0, "tina", NOW, revision=1, word="second")) == first
    assert lectures.lectures() == (first,)


def test_of_eight_that_begin_at_once_one_is_live(lectures: SqlLectures) -> None:
    begun = at_once(lambda number: lectures.begin(Lecture(0, f"p{number}", NOW, revision=1, word=f"w{number}")))
    assert set(begun) == {lectures.live()}
    assert len(lectures.lectures()) == 1


def test_every_change_of_many_at_once_counts_once(lectures: SqlLectures) -> None:
    lecture = lectures.begin(SOME)
    assert all(at_once(lambda number: lectures.change(lecture.id, {"step": number})))
    assert lectures.revision() == lecture.revision + 8


def test_changes_what_it_is_told_and_nothing_else(lectures: SqlLectures) -> None:
    before = lectures.begin(SOME)
    assert lectures.change(before.id, EVERYTHING)
    place = Place("convolution", "stride=3", '{"key": "stride"}')
    after = Lecture(before.id, "tina", NOW, None, before.revision + 1, place, "abc", "second", 4, 2)
    assert lectures.live() == after
    assert lectures.change(before.id, {})
    assert lectures.revision() == after.revision + 1
    assert lectures.live() == Lecture(**{**vars(after), "revision": after.revision + 1})


def test_with_anothers_word_nothing_changes(lectures: SqlLectures) -> None:
    lecture = lectures.begin(SOME)
    assert not lectures.change(lecture.id, EVERYTHING, word="another")
    assert lectures.live() == lecture
    assert lectures.change(lecture.id, {"step": 1}, word="first")
    assert lectures.change(lecture.id, {"word": "second"})
    assert not lectures.change(lecture.id, {"step": 2}, word="first")
    assert [(one.step, one.revision) for one in lectures.lectures()] == [(1, lecture.revision + 2)]


def test_what_is_over_does_not_change(lectures: SqlLectures) -> None:
    first = lectures.begin(SOME)
    lectures.end(first.id, NOW)
    over = lectures.lectures()
    second = lectures.begin(SOME)
    assert not lectures.change(first.id, EVERYTHING)
    assert not lectures.change(first.id, EVERYTHING, word="first")
    assert not lectures.change(second.id + 1, EVERYTHING)
    assert lectures.lectures() == (second, *over)


def test_ending_twice_and_ending_what_is_over_ends_nothing_else(lectures: SqlLectures) -> None:
    first = lectures.begin(SOME)
    lectures.end(first.id, NOW)
    over = lectures.lectures()
    lectures.end(first.id, NOW + timedelta(hours=1))
    assert lectures.lectures() == over
    second = lectures.begin(SOME)
    lectures.end(first.id, NOW + timedelta(hours=2))
    assert lectures.live() == second


def test_of_all_there_were_the_newest_comes_first(lectures: SqlLectures) -> None:
    begun = []
    for hour in range(3):
        begun.append(lectures.begin(Lecture(0, "iva", NOW + timedelta(hours=hour), revision=1)).id)
        lectures.end(begun[-1], NOW + timedelta(hours=hour, minutes=45))
    assert [one.id for one in lectures.lectures()] == begun[::-1]
    assert [one.began.hour for one in lectures.lectures()] == [11, 10, 9]


def test_no_two_lectures_have_a_revision_in_common(lectures: SqlLectures) -> None:
    """Or whoever looked during the first and again during the second would take them for the same."""
    first = lectures.begin(SOME)
    lectures.end(first.id, NOW)
    assert lectures.begin(SOME).revision not in range(first.revision, lectures.lectures()[-1].revision + 1)


def test_sums_the_listeners_of_all_processes_that_spoke_lately(lectures: SqlLectures) -> None:
    assert lectures.listeners(NOW) == 0
    lectures.listen("one", 70, NOW)
    lectures.listen("two", 50, NOW - timedelta(seconds=20))
    assert lectures.listeners(NOW - timedelta(seconds=30)) == 120
    assert lectures.listeners(NOW - timedelta(seconds=20)) == 120
    assert lectures.listeners(NOW - timedelta(seconds=10)) == 70
    assert lectures.listeners(NOW + timedelta(seconds=1)) == 0
    lectures.listen("one", 3, NOW + timedelta(seconds=5))
    assert lectures.listeners(NOW - timedelta(seconds=30)) == 53


def test_what_one_adapter_writes_another_reads(lectures: SqlLectures, classroom: SqlClassroom) -> None:
    elsewhere = SqlLectures(classroom.engine)
    lecture = lectures.begin(SOME)
    assert elsewhere.live() == lecture
    assert elsewhere.change(lecture.id, {"page": "layer"}, word="first")
    assert lectures.revision() == lecture.revision + 1
