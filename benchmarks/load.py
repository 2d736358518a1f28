"""A lecture hall: 150 visitors at once, each moving a control every three seconds.

Real websocket sessions with Streamlit's own messages, spread evenly over the labs, move a slider (a number field, a
select box or a toggle where a lab has no slider) to a random other value after a pause drawn from an exponential
distribution. A move is answered when the script has finished, a little after its picture has left. Server and visitors
share the machine's cores. Memory is the growth of the server's resident memory, from "every lab was shown once, all
left" to "all visitors are there and have moved for the whole time", divided by the visitors.
"""

from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import fovea
from benchmarks.websocket import crowd
from classroom.roles import Role
from pages._kit.discovery import discover

SESSIONS = 150
THINK = 3.0  # seconds between two moves of a visitor, on average


def measure(*, quick: bool) -> Section:
    """Latency and memory of one crowd."""
    pages = [lab.name for lab in discover() if lab.role == Role.VISITOR]
    with fovea(warm_up="full") as server:
        crowd(server, pages, sessions=len(pages), think=0.5, seconds=5)
        found = crowd(server, pages, sessions=SESSIONS, think=THINK, seconds=15 if quick else 60, seed=1)
    size = sum(move.bytes for move in found.moves) / len(found.moves) / 1e3
    rows = (
        Row(
            f"{SESSIONS} visitors, {THINK:.0f} s of thought: latency of a move",
            Series(found.milliseconds, "ms"),
            goals=(Goal("p95", 500),),
        ),
        Row("Memory per session", Series((found.megabytes_per_session,), "MB"), goals=(Goal("median", 1.5),)),
    )
    notes = (
        f"{len(found.moves)} moves in {found.seconds:.0f} s over {len(pages)} labs ({', '.join(pages)}); "
        f"{found.new_pictures:.0%} changed a picture; {size:.0f} kB each.",
        f"{found.cpu_per_move:.1f} CPU-milliseconds of the server for a move; the visitors themselves took "
        f"{found.own_cpu / found.seconds:.0%} of a core.",
    )
    return Section("load", __doc__ or "", rows, notes)
