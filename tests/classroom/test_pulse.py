"""Whether anybody grades is read off the queue, on every database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from classroom.desk import nobody_grades
from classroom.pulse import STILL
from tests.classroom.conftest import BEN
from tests.classroom.course import SmallCourse, small


@pytest.fixture
def course(tmp_path: Path, database: str) -> Iterator[SmallCourse]:
    with small(tmp_path, database) as opened:
        yield opened.published()


def stalled_after(course: SmallCourse, passed: timedelta) -> bool:
    course.now += passed
    return nobody_grades(course.desk)


def test_an_empty_queue_is_alive_for_ever(course: SmallCourse) -> None:
    assert not nobody_grades(course.desk)
    assert not stalled_after(course, 100 * STILL)


def test_what_nobody_takes_up_is_noticed(course: SmallCourse) -> None:
    course.hand_in()
    assert not nobody_grades(course.desk)
    assert not stalled_after(course, STILL - timedelta(seconds=1))
    course.hand_in(BEN)  # one more in the queue is no sign of a grader
    assert stalled_after(course, timedelta(seconds=1))


def test_a_grader_at_work_is_a_sign_of_life_and_so_is_one_that_took_the_oldest(course: SmallCourse) -> None:
    course.hand_in()
    course.hand_in(BEN)
    assert not nobody_grades(course.desk)
    course.now += STILL
    taken = course.desk.ledger.claim("g1", now=course.now, seconds=60)
    assert taken is not None
    assert not nobody_grades(course.desk)
    assert not stalled_after(course, STILL - timedelta(seconds=1))
    course.desk.ledger.give_back(taken, now=course.now, failed=False)
    assert not nobody_grades(course.desk)


def test_a_grader_that_died_over_its_work_is_noticed(course: SmallCourse) -> None:
    course.hand_in()
    course.desk.ledger.claim("g1", now=course.now, seconds=60)
    assert not stalled_after(course, timedelta(seconds=59))
    assert not stalled_after(course, timedelta(seconds=1))  # the lease ran out: somebody else may come
    assert stalled_after(course, STILL)


def test_what_failed_and_rests_before_it_is_tried_again_is_no_sign_of_death(course: SmallCourse) -> None:
    course.hand_in()
    taken = course.desk.ledger.claim("g1", now=course.now, seconds=60)
    assert taken is not None
    course.desk.ledger.give_back(taken, now=course.now, delay=600.0)
    assert not nobody_grades(course.desk)
    assert not stalled_after(course, timedelta(seconds=599))
    assert not stalled_after(course, timedelta(seconds=1))
    assert stalled_after(course, STILL)
