"""The hall of all labs: its report says what one process and two made of the same crowd."""

from benchmarks.capacity import Carried
from benchmarks.load import report
from benchmarks.serve import Usage
from benchmarks.websocket import Load, Move


def load(sessions: int, seconds: float, *, changed: bool) -> Load:
    """A crowd whose moves all took so long; the server took 8 s of processor for them and kept 4 MB."""
    moves = tuple(Move(seconds, 50_000, changed) for _ in range(200))
    before, opened, after = Usage(0, 10**9), Usage(2, 10**9), Usage(10, 10**9 + 4 * 10**6)
    return Load(sessions, moves, 60.0, 3.0, before, opened, after)


def test_two_processes_stand_beside_one() -> None:
    one, two = load(4, 2.0, changed=True), load(2, 0.25, changed=True)
    section = report(Carried((one,)), Carried((two, load(2, 0.5, changed=False))), ["cam", "pose"])
    latency, memory = section.rows
    assert set(latency.ours.values) == {250, 500}
    assert latency.theirs is not None
    assert set(latency.theirs.values) == {2000}
    assert memory.ours.values == (1.0,)
    assert section.notes[0] == "2 labs: cam, pose."
    assert section.notes[1].endswith("no error. 40.0 CPU-milliseconds of the server for a move.")
    assert section.notes[2].endswith("50% of the moves changed a picture; 50 kB each.")
