"""What happens in the demo course: always the same, never in the future, within the dates of its assignment."""

from datetime import UTC, datetime, timedelta

import pytest

from classroom.demo.answers.warmup import WARMUP
from classroom.demo.people import FIRST, LAST, everybody, students
from classroom.demo.plan import NIGHT, SETS, Planned, events
from classroom.roles import Role

MOMENTS = [datetime(2026, 3, 2, hour, 30, tzinfo=UTC) for hour in (0, 9, 23)]
CLASS = students(24)


@pytest.mark.parametrize("now", MOMENTS, ids=lambda now: f"at {now:%H:%M}")
@pytest.mark.parametrize("planned", SETS, ids=lambda planned: planned.name)
def test_everything_lies_between_the_opening_and_now(planned: Planned, now: datetime) -> None:
    opened, _ = planned.moments(now)
    happened = events(planned, CLASS, now)
    assert list(happened) == sorted(happened, key=lambda one: (one.at, one.student.key))
    assert all(opened <= one.at <= now for one in happened)
    assert events(planned, CLASS, now) == happened


def test_some_hand_in_again_some_only_type_and_some_do_nothing() -> None:
    now = MOMENTS[1]
    found = {planned.name: events(planned, CLASS, now) for planned in SETS}
    for name in ("warmup", "ps1"):
        who = [one.student.key for one in found[name]]
        assert len(who) > len(set(who)) >= 15
    running = found["ps2"]
    assert {one.typed for one in running} == {True, False}
    assert len({one.student.key for one in running}) < len(CLASS)


def test_hand_ins_are_spread_over_the_past_two_weeks() -> None:
    days = {one.at.date() for planned in SETS for one in events(planned, CLASS, MOMENTS[1])}
    assert len(days) >= 8
    assert MOMENTS[1] - timedelta(days=15) < datetime.combine(min(days), MOMENTS[1].timetz()) <= MOMENTS[1]


def test_first_hand_ins_come_by_day() -> None:
    first = {}
    for one in events(SETS[0], CLASS, MOMENTS[1]):
        first.setdefault(one.student.key, one.at.hour)
    assert min(first.values()) >= NIGHT


def test_the_people_are_made_up_and_all_different() -> None:
    people = everybody(24)
    assert len(FIRST) == len(LAST) == 24
    assert len({one.key for one in people}) == len({one.name for one in people}) == 26
    assert all(one.email.endswith("@example.org") for one in CLASS)
    assert {one.section for one in CLASS} == {"Tuesday", "Thursday"}
    assert [one.role for one in people[-2:]] == [Role.ASSISTANT, Role.INSTRUCTOR]


def test_answers_in_words_are_nobodys_to_call_wrong() -> None:
    assert WARMUP["explain"].wrong == ()
