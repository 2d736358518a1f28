"""A small crowd on two processes, and the report that says what carried it."""

from benchmarks.capacity import carried, report
from benchmarks.serve import COMPARED


def test_visitors_are_shared_out_and_all_their_moves_count() -> None:
    one, two = carried(1, 6, seconds=4), carried(2, 6, seconds=4)
    assert [load.sessions for load in one.loads] == [6]
    assert [load.sessions for load in two.loads] == [3, 3]
    assert len(two.milliseconds) == sum(len(load.moves) for load in two.loads) > 0
    section = report(one, one, two)
    assert section.rows[1].what.startswith("6 visitors of light labs, 2 processes")
    assert section.rows[1].ours.values == two.milliseconds
    assert section.notes[0] == f"The labs: {', '.join(COMPARED)}."
    assert section.notes[2].startswith("6 visitors, 1 process: ")
