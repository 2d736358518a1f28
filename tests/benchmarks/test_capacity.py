"""A small crowd on two processes, and the report that says what carried it."""

from benchmarks.capacity import carried, report
from benchmarks.serve import COMPARED


def test_visitors_are_shared_out_and_all_their_moves_count() -> None:
    one, two = carried(1, 6, seconds=4), carried(2, 6, seconds=4)
    assert [load.sessions for load in one.loads] == [6]
    assert [load.sessions for load in two.loads] == [3, 3]
    assert len(two.milliseconds) == sum(len(load.moves) for load in two.loads) > 0
    section = report((one, two), (one, two))
    assert section.rows[0].what.startswith("6 visitors of light labs, 3 s of thought, 2 processes")
    for row in section.rows:
        assert (row.ours.values, row.theirs and row.theirs.values) == (two.milliseconds, one.milliseconds)
    assert section.notes[0] == f"The labs: {', '.join(COMPARED)}."
    assert section.notes[1].startswith("6 visitors, 1 process: ")
