"""The hour's report: what was read in its last minutes, beside what was read when all had filled."""

import pytest

from benchmarks.soak import Memory, Used, report


def used(*, grown: float) -> Used:
    """An hour in which memory rises in the first ten minutes, and by so much in the last."""
    server = [(minute, 300.0 + 10 * min(minute, 10) + (grown if minute >= 50 else 0)) for minute in range(60)]
    return Used(60, 10, Memory(server, [(minute, 500.0) for minute in range(60)]), (9.0,) * 30, (40.0,) * 30, (1.1,))


@pytest.mark.parametrize(("grown", "holds"), [(0.0, True), (19.0, True), (21.0, False)])
def test_memory_that_grows_by_more_than_a_twentieth_is_not_flat(grown: float, holds: bool) -> None:
    server, grader, *_ = report(used(grown=grown)).rows
    assert server.holds is holds
    assert server.theirs is not None
    assert (server.ours.median, server.theirs.median) == (400.0 + grown, 400.0)
    assert grader.ratio == 1.0


def test_says_how_it_felt_meanwhile() -> None:
    section = report(used(grown=0))
    assert [row.ours.median for row in section.rows[2:]] == [9.0, 40.0, 1.1]
    assert section.notes == ("30 moves, 30 followed, 1 uploads handed in and graded within 60 minutes; no error.",)
