"""A small crowd on two processes, and the report that says what carried it."""

import pytest

from benchmarks.capacity import Carried, carried, report
from benchmarks.results import Section
from benchmarks.serve import COMPARED, Usage
from benchmarks.websocket import Load, Move

FIRST, LATER = Usage(cpu=10.0, resident=0), Usage(cpu=12.0, resident=0)


def visited(*seconds: float) -> Load:
    """Three visitors whose moves took so long, while the app took half a core and they a quarter of one."""
    moves = tuple(Move(each, bytes=1, new_picture=True) for each in seconds)
    return Load(sessions=3, moves=moves, seconds=4.0, own_cpu=1.0, before=FIRST, opened=FIRST, after=LATER)


def tells_of(section: Section, one: Carried, two: Carried) -> None:
    assert section.rows[0].what.startswith("6 visitors of light labs, 3 s of thought, 2 processes")
    for row in section.rows:
        assert (row.ours.values, row.theirs and row.theirs.values) == (two.milliseconds, one.milliseconds)
    assert section.notes[0] == f"The labs: {', '.join(COMPARED)}."
    assert section.notes[1].startswith("6 visitors, 1 process: ")


def test_a_move_counts_whoever_answered_it() -> None:
    one = Carried((Load(6, visited(0.25, 0.5, 0.125).moves, 4.0, 1.0, FIRST, FIRST, LATER),))
    two = Carried((visited(0.25, 0.5), visited(0.125)))
    assert two.milliseconds == (250.0, 500.0, 125.0)
    section = report((one, two), (one, two))
    tells_of(section, one, two)
    took = "1 moves a second, 100% of a core for the app and 25% for the visitors; no error."
    assert section.notes[2] == f"6 visitors, 2 processes: {took}"


@pytest.mark.slow
def test_visitors_are_shared_out_and_all_their_moves_count() -> None:
    one, two = carried(1, 6, seconds=4), carried(2, 6, seconds=4)
    assert [load.sessions for load in one.loads] == [6]
    assert [load.sessions for load in two.loads] == [3, 3]
    assert len(two.milliseconds) == sum(len(load.moves) for load in two.loads) > 0
    tells_of(report((one, two), (one, two)), one, two)
