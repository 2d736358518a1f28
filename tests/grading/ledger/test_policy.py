"""The rules of a course: examples, edges, and the laws they keep whatever the numbers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.errors import Refusal
from grading.ledger.policy import (
    Candidate,
    Late,
    Rules,
    counting,
    days_late,
    extended,
    kept,
    lateness,
    left,
    may_hand_in,
    rules_for,
    worth,
)
from grading.ledger.records import Extension
from grading.settings import Settings

DUE = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def extension(until: datetime | None = None, attempts: int = 0) -> Extension:
    return Extension("ps1", "ada", "prof", DUE, until, attempts)


shares = st.floats(0, 1)
spans = st.timedeltas(timedelta(0), timedelta(days=100))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
lates = st.builds(Late, per_day=shares, most=shares, points_per_day=st.floats(0, 10), grace=spans)
rules_drawn = st.builds(
    Rules,
    due=st.none() | moments,
    closes=st.none() | moments,
    attempts=st.none() | st.integers(0, 9),
    cool_down=spans,
    counts=st.sampled_from(["best", "last"]),
    late=lates,
)
candidates = st.lists(st.tuples(moments, st.none() | st.floats(0, 100)), max_size=6).map(
    lambda drawn: [Candidate(number, at, points) for number, (at, points) in enumerate(drawn, 1)]
)


# -- lateness


def test_the_due_moment_itself_is_in_time() -> None:
    rules = Rules(due=DUE, late=Late(per_day=1.0))
    assert (kept(rules, DUE), kept(rules, DUE + timedelta(microseconds=1))) == (1.0, 0.0)
    assert lateness(rules, DUE + HOUR) == HOUR


def test_without_a_due_date_nothing_is_late() -> None:
    assert kept(Rules(late=Late(per_day=1.0)), DUE) == 1.0


def test_a_day_of_summer_time_is_a_day() -> None:
    from zoneinfo import ZoneInfo

    rome = ZoneInfo("Europe/Rome")
    rules = Rules(due=datetime(2026, 3, 28, 12, 0, tzinfo=rome).astimezone(UTC), late=Late(per_day=0.1))
    assert kept(rules, datetime(2026, 3, 29, 12, 0, tzinfo=rome).astimezone(UTC)) == pytest.approx(0.9)  # 23 hours
    assert kept(rules, datetime(2026, 3, 29, 13, 30, tzinfo=rome).astimezone(UTC)) == pytest.approx(0.8)


@pytest.mark.parametrize(("days", "share"), [(1, 0.9), (2, 0.8), (3, 0.7), (10, 0.5)])
def test_every_day_begun_costs_once(days: int, share: float) -> None:
    rules = Rules(due=DUE, late=Late(per_day=0.1, most=0.5))
    assert kept(rules, DUE + days * DAY) == pytest.approx(share)
    assert kept(rules, DUE + (days - 1) * DAY + SECOND) == pytest.approx(share)


@given(rules_drawn, moments)
def test_what_is_kept_is_a_share_and_never_below_the_floor(rules: Rules, at: datetime) -> None:
    assert 1 - rules.late.most <= kept(rules, at) <= 1


@given(rules_drawn, moments, spans)
def test_later_never_keeps_more(rules: Rules, at: datetime, more: timedelta) -> None:
    assert kept(rules, at + more) <= kept(rules, at)


@given(rules_drawn, moments, moments, st.integers(0, 5))
def test_an_extension_never_hurts(rules: Rules, at: datetime, until: datetime, attempts: int) -> None:
    mine = extended(rules, [extension(until, attempts)])
    assert kept(mine, at) >= kept(rules, at)
    assert (left(mine, 3) or 0) >= (left(rules, 3) or 0)


@pytest.mark.parametrize(
    "bad", [{"per_day": 1.5}, {"per_day": -0.1}, {"most": 2.0}, {"grace": -SECOND}, {"points_per_day": -1.0}]
)
def test_a_late_policy_that_makes_no_sense_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"share|grace|taken off"):
        Late(**bad)  # type: ignore[arg-type]


# -- may it be handed in


@pytest.mark.parametrize(
    ("rules", "earlier", "now", "says"),
    [
        (Rules(opens=DUE), [], DUE - SECOND, "not open yet. It opens on Monday, 9 March 2026, 22:00"),
        (Rules(closes=DUE), [], DUE + SECOND, "closed on Monday, 9 March 2026, 22:00"),
        (Rules(attempts=1), [DUE], DUE + DAY, "used your attempt for"),
        (Rules(attempts=3), [DUE, DUE, DUE], DUE + DAY, "used your 3 attempts"),
        (Rules(attempts=0), [], DUE, "used your 0 attempts"),
        (Rules(cool_down=HOUR), [DUE], DUE + HOUR - 600 * SECOND, "less than 1 hour ago. Please try again in 10 min"),
        (Rules(cool_down=90 * SECOND), [DUE], DUE + SECOND, "less than 90 seconds ago. Please try again in 89 sec"),
        (Rules(cool_down=DAY), [DUE], DUE, "less than 1 day ago. Please try again in 1 day."),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_what_to_do(rules: Rules, earlier: list[datetime], now: datetime, says: str) -> None:
    with pytest.raises(Refusal) as refusal:
        may_hand_in(rules, earlier, now)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("rules", "earlier", "now"),
    [
        (Rules(), [DUE] * 100, DUE),
        (Rules(opens=DUE), [], DUE),
        (Rules(closes=DUE), [], DUE),
        (Rules(due=DUE, late=Late(per_day=1)), [], DUE + DAY),  # late is not closed: feedback can still be had
        (Rules(attempts=3), [DUE, DUE], DUE),
        (Rules(cool_down=HOUR), [DUE], DUE + HOUR),
        (Rules(cool_down=HOUR), [], DUE),
    ],
)
def test_what_the_rules_allow_is_accepted(rules: Rules, earlier: list[datetime], now: datetime) -> None:
    may_hand_in(rules, earlier, now)


def test_the_last_extension_holds() -> None:
    rules = Rules(due=DUE, closes=DUE + DAY, attempts=2)
    mine = extended(rules, [extension(DUE + 9 * DAY, 5), extension(DUE + 3 * DAY, 1)])
    assert (mine.due, mine.closes, mine.attempts) == (DUE + 3 * DAY, DUE + 3 * DAY, 3)
    assert extended(rules, []) == rules


def test_an_extension_brings_no_limit_where_there_was_none() -> None:
    assert extended(Rules(), [extension(DUE, 4)]) == Rules()


# -- which counts


def test_nothing_handed_in_counts_nothing() -> None:
    assert counting([], Rules()) is None


def test_of_equals_the_first_counts() -> None:
    drawn = [Candidate(number, DUE, points) for number, points in ((1, 5.0), (2, 7.0), (3, 7.0))]
    assert counting(drawn, Rules(counts="best")) == drawn[1]


def test_lateness_decides_what_is_best() -> None:
    drawn = [Candidate(1, DUE, 6.0), Candidate(2, DUE + DAY, 10.0)]
    assert counting(drawn, Rules(due=DUE, late=Late(per_day=0.5))) == drawn[0]
    assert counting(drawn, Rules(due=DUE, late=Late(points_per_day=3.0))) == drawn[1]
    assert counting(drawn, Rules(due=DUE, late=Late(points_per_day=5.0))) == drawn[0]


def test_what_is_undecided_is_neither_zero_nor_best() -> None:
    zero, open_one = Candidate(1, DUE, 0.0), Candidate(2, DUE, None)
    assert counting([zero, open_one], Rules(counts="best")) == zero
    assert counting([Candidate(1, DUE, None), open_one], Rules(counts="best")) == open_one


@given(candidates, rules_drawn)
def test_one_of_them_counts_and_none_decided_is_worth_more_than_the_best(drawn: list[Candidate], rules: Rules) -> None:
    found = counting(drawn, rules)
    assert (found is None) == (not drawn)
    if found is not None:
        assert found in drawn
        if rules.counts == "best" and found.points is not None:
            most = worth(found.points, found.at, rules)
            assert all(worth(one.points, one.at, rules) <= most for one in drawn if one.points is not None)


@given(candidates, moments, st.floats(0, 100), rules_drawn)
def test_the_best_never_falls_by_handing_in_again(
    drawn: list[Candidate], at: datetime, points: float, rules: Rules
) -> None:
    rules = replace(rules, counts="best")
    before, after = counting(drawn, rules), counting([*drawn, Candidate(len(drawn) + 1, at, points)], rules)
    assert after is not None
    assert after.points is not None
    if before is not None and before.points is not None:
        assert worth(after.points, after.at, rules) >= worth(before.points, before.at, rules)


@given(rules_drawn, moments, st.floats(0, 100))
def test_lateness_neither_gives_points_nor_takes_more_than_there_are(rules: Rules, at: datetime, points: float) -> None:
    assert 0 <= worth(points, at, rules) <= points


# -- from the course's settings


@pytest.mark.parametrize(
    ("hours", "days"), [(-48, 0), (0, 0), (0.001, 1), (24, 1), (24.001, 2), (72, 3)], ids=lambda value: f"{value}"
)
def test_every_day_begun_costs_the_settings_points_until_nothing_is_accepted(hours: float, days: int) -> None:
    rules = rules_for(Settings(due=DUE, late_points=1.5, late_days=2), "ada")
    at = DUE + timedelta(hours=hours)
    assert (days_late(rules, at), worth(10.0, at, rules), accepted(rules, at)) == (days, 10.0 - 1.5 * days, days <= 2)


@given(
    due=moments,
    at=moments,
    extra=st.integers(0, 9),
    late_points=st.floats(0, 9),
    late_days=st.none() | st.integers(0, 9),
)
def test_a_later_due_date_of_ones_own_costs_nobody_points(
    due: datetime, at: datetime, extra: int, late_points: float, late_days: int | None
) -> None:
    own = {"ada": due + extra * DAY}
    settings = Settings(due=due, late_points=late_points, late_days=late_days, extensions=own)
    ada, bob = rules_for(settings, "ada"), rules_for(settings, "bob")
    assert days_late(ada, at) == max(0, days_late(bob, at) - extra)
    assert worth(100.0, at, ada) >= worth(100.0, at, bob)
    assert accepted(ada, at) >= accepted(bob, at)
    assert accepted(ada, at) == (late_days is None or days_late(ada, at) <= late_days)


@given(st.builds(Settings, late_points=st.none() | st.floats(0, 9), late_days=st.none() | st.integers(0, 9)), moments)
def test_nothing_is_late_that_was_never_due(settings: Settings, at: datetime) -> None:
    rules = rules_for(settings, "ada")
    assert (days_late(rules, at), worth(7.0, at, rules), accepted(rules, at)) == (0, 7.0, True)


def accepted(rules: Rules, at: datetime) -> bool:
    try:
        may_hand_in(rules, [], at)
    except Refusal:
        return False
    return True


def test_the_settings_limits_are_the_rules() -> None:
    rules = rules_for(Settings(attempts="last", max_attempts=3, cool_down=HOUR), "ada")
    assert (rules.counts, rules.attempts, rules.cool_down, rules.due, rules.closes) == ("last", 3, HOUR, None, None)
