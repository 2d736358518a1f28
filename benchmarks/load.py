"""A lecture hall in which everybody plays with something else: 150 visitors of all labs.

Real websocket sessions with Streamlit's own messages, spread evenly over the labs, move a slider (a number field, a
select box or a toggle where a lab has no slider) to a random other value after a pause of three seconds on average,
drawn from an exponential distribution. A move is answered when the script has finished, a little after its picture has
left. All of them visit one process, then half of them each of two. Servers and visitors share the machine's cores.
Memory is the growth of the one server's resident memory, from "every lab was shown once, all left" to "all visitors are
there and have moved for the whole time", divided by the visitors.
"""

from benchmarks.capacity import PROCESSES, THINK, Carried, carried
from benchmarks.results import Goal, Row, Section, Series
from pages._kit.discovery import open_to_all

SESSIONS = 150


def measure(*, quick: bool) -> Section:
    """The same crowd on one process and on two."""
    labs = [lab.name for lab in open_to_all()]
    seconds = 15.0 if quick else 60.0
    return report(*(carried(processes, SESSIONS, seconds=seconds, labs=labs) for processes in (1, PROCESSES)), labs)


def report(one: Carried, two: Carried, labs: list[str]) -> Section:
    """How long a move takes on two processes beside one, and what a visitor keeps."""
    rows = (
        Row(
            f"{SESSIONS} visitors of all labs, {THINK:.0f} s of thought, {PROCESSES} processes: latency of a move",
            Series(two.milliseconds, "ms"),
            "one process",
            Series(one.milliseconds, "ms"),
            (Goal("p95", 500),),
        ),
        Row("Memory per session", Series((one.loads[0].megabytes_per_session,), "MB"), goals=(Goal("median", 1.5),)),
    )
    moves = [move for load in two.loads for move in load.moves]
    size = sum(move.bytes for move in moves) / len(moves) / 1e3
    changed = sum(load.new_pictures * len(load.moves) for load in two.loads) / len(moves)
    notes = (
        f"{len(labs)} labs: {', '.join(labs)}.",
        f"{one} {one.loads[0].cpu_per_move:.1f} CPU-milliseconds of the server for a move.",
        f"{two} {changed:.0%} of the moves changed a picture; {size:.0f} kB each.",
    )
    return Section("load", __doc__ or "", rows, notes)
