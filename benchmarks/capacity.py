"""How many visitors a machine carries: on one process of the app, and on two.

Real websocket sessions on three light labs move a control after a pause of three seconds on average, drawn from an
exponential distribution; a move is answered when the script has finished. 240 visit one process; then 400 visit one
process, and 400 two, half of them each, as a proxy that keeps a browser at its process would share them out. The bound
on open pages is lifted for this. Servers and visitors share the machine's cores.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import COMPARED, Server, fovea
from benchmarks.websocket import Load, crowd

FEW, MANY, PROCESSES, THINK = 240, 400, 2, 3.0


@dataclass(frozen=True)
class Carried:
    """What all the visitors of one or several processes met."""

    loads: tuple[Load, ...]

    @property
    def milliseconds(self) -> tuple[float, ...]:
        """Every move's latency."""
        return tuple(each for load in self.loads for each in load.milliseconds)

    def __str__(self) -> str:
        sessions, moves = sum(load.sessions for load in self.loads), sum(len(load.moves) for load in self.loads)
        took = sum((load.after.cpu - load.opened.cpu) / load.seconds for load in self.loads)
        own = self.loads[0].own_cpu / self.loads[0].seconds  # of all visitors: they are one process
        seconds = max(load.seconds for load in self.loads)
        processes = f"{len(self.loads)} process{'es' if len(self.loads) > 1 else ''}"
        return (
            f"{sessions} visitors, {processes}: {moves / seconds:.0f} moves a second, {took:.0%} of a core for the app "
            f"and {own:.0%} for the visitors; no error."
        )


def measure(*, quick: bool) -> Section:
    """Three crowds, one after the other."""
    seconds = 10.0 if quick else 60.0
    few = carried(1, 30 if quick else FEW, seconds=seconds)
    one = carried(1, 40 if quick else MANY, seconds=seconds)
    two = carried(PROCESSES, 40 if quick else MANY, seconds=seconds)
    return report(few, one, two)


def report(few: Carried, one: Carried, two: Carried) -> Section:
    """The rows of all three."""
    labs = ", ".join(COMPARED)
    rows = (
        Row(
            f"{_sessions(few)} visitors of light labs, {THINK:.0f} s of thought, one process: latency of a move",
            Series(few.milliseconds, "ms"),
            goals=(Goal("p95", 500),),
        ),
        Row(
            f"{_sessions(two)} visitors of light labs, {len(two.loads)} processes: latency of a move",
            Series(two.milliseconds, "ms"),
            "one process",
            Series(one.milliseconds, "ms"),
        ),
    )
    return Section("capacity", __doc__ or "", rows, (f"The labs: {labs}.", *map(str, (few, one, two))))


def _sessions(found: Carried) -> int:
    return sum(load.sessions for load in found.loads)


def carried(processes: int, sessions: int, *, seconds: float) -> Carried:
    """So many visitors, shared out over so many new servers."""

    def visited(server: Server, seed: int) -> Load:
        share = sessions // processes
        return crowd(server, COMPARED, sessions=share, think=THINK, seconds=seconds, seed=seed)

    with ExitStack() as running, ThreadPoolExecutor(processes) as beside:
        bound = {"FOVEA_SESSIONS": "0"}
        servers = [running.enter_context(fovea(warm_up="full", environment=bound)) for _ in range(processes)]
        for server in servers:
            crowd(server, COMPARED, sessions=len(COMPARED), think=0.5, seconds=5)
        return Carried(tuple(beside.map(visited, servers, range(processes))))
