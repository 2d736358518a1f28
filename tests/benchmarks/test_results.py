"""Rows that know their goals, and the table they become."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.results import Goal, Row, Series, percentile, table

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@given(VALUES, st.integers(1, 100))
def test_percentile_matches_numpys_inverted_distribution(values: list[float], percent: int) -> None:
    assert percentile(values, percent) == np.percentile(values, percent, method="inverted_cdf")


@given(VALUES, st.integers(1, 100))
def test_percentile_is_a_value_that_enough_do_not_exceed(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)


@given(VALUES, st.integers(1, 99))
def test_percentile_never_falls_when_more_is_asked(values: list[float], percent: int) -> None:
    assert percentile(values, percent) <= percentile(values, percent + 1)


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_percentile_refuses_what_has_none(values: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match="0 < percent <= 100"):
        percentile(values, percent)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param((0.658,), "0.66 MB", id="one"),
        pytest.param((2.0, 1.0, 4.0), "2.0 MB (1.0 to 4.0, n = 3)", id="few"),
        pytest.param(tuple(map(float, range(1, 101))), "50 MB (p95 95, n = 100)", id="many"),
    ],
)
def test_a_series_says_no_more_than_its_values_carry(values: tuple[float, ...], said: str) -> None:
    assert str(Series(values, "MB")) == said


MANY = Series(tuple(map(float, range(1, 101))), "ms")  # median 50.5, p95 95, largest 100


@pytest.mark.parametrize(
    ("goal", "holds"),
    [
        (Goal("median", 50.5), True),
        (Goal("median", 50.4), False),
        (Goal("p95", 95), True),
        (Goal("p95", 94.9), False),
        (Goal("most", 100), True),
        (Goal("most", 99.9), False),
        (Goal("ratio", 0.1), True),
        (Goal("ratio", 0.099), False),
    ],
)
def test_a_goal_holds_up_to_its_limit(goal: Goal, holds: bool) -> None:
    assert Row("latency", MANY, "peer 1.0", Series((505.0,), "ms"), goals=(goal,)).holds is holds


def test_every_goal_must_hold() -> None:
    assert Row("latency", MANY, goals=(Goal("median", 60), Goal("p95", 60))).holds is False


def test_a_ratio_without_a_peer_is_missed_and_no_goal_is_no_verdict() -> None:
    assert Row("latency", MANY, goals=(Goal("ratio", 1),)).holds is False
    assert Row("latency", MANY).holds is None


def test_the_table_shows_what_was_measured_beside_what() -> None:
    row = Row("CPU | move", Series((10.0,), "CPU-ms"), "peer 1.0", Series((200.0,), "CPU-ms"), (Goal("ratio", 0.1),))
    missed = Row("latency", MANY, goals=(Goal("p95", 90),))
    lines = table([each.cells("python -m benchmarks load") for each in (row, missed)]).splitlines()
    assert len({line.replace("\\|", "").count("|") for line in lines}) == 1  # as many cells in every row
    assert lines[2] == (
        "| CPU \\| move | 10 CPU-ms | 200 CPU-ms, peer 1.0 | 0.050 | ratio at most 0.10 | yes "
        "| `python -m benchmarks load` |"
    )
    assert "| **no** |" in lines[3]
