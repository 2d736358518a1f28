"""How many visitors a machine of two cores carries: with one process of the app, and with one for each core.

Real websocket sessions on three light labs move a control after a pause of three seconds on average, drawn from an
exponential distribution; a move is answered when the script has finished. First 240 visit, then 400: all of them one
process, then half of them each of two, as a proxy that keeps a browser at its process would share them out. The bound
on open pages is lifted for this. Servers and visitors share the machine's cores.
"""

from collections.abc import Sequence
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
    """Both crowds on both, one after the other."""
    seconds = 10.0 if quick else 60.0
    found = [
        (carried(1, sessions, seconds=seconds), carried(PROCESSES, sessions, seconds=seconds))
        for sessions in ((30, 40) if quick else (FEW, MANY))
    ]
    return report(found[0], found[1])


def report(few: tuple[Carried, Carried], many: tuple[Carried, Carried]) -> Section:
    """A row for each crowd: two processes beside one."""
    rows = (_row(*few, (Goal("p95", 500),)), _row(*many, ()))
    return Section("capacity", __doc__ or "", rows, (f"The labs: {', '.join(COMPARED)}.", *map(str, (*few, *many))))


def _row(one: Carried, two: Carried, goals: tuple[Goal, ...]) -> Row:
    sessions = sum(load.sessions for load in two.loads)
    what = f"{sessions} visitors of light labs, {THINK:.0f} s of thought, {len(two.loads)} processes: latency of a move"
    return Row(what, Series(two.milliseconds, "ms"), "one process", Series(one.milliseconds, "ms"), goals)


def carried(processes: int, sessions: int, *, seconds: float, labs: Sequence[str] = COMPARED) -> Carried:
    """So many visitors of these labs, shared out over so many new servers."""
    share = sessions // processes

    def visited(server: Server, number: int) -> Load:
        first = number * share % len(labs)
        shown = [*labs[first:], *labs[:first]]
        return crowd(server, shown, sessions=share, think=THINK, seconds=seconds, seed=number)

    with ExitStack() as running, ThreadPoolExecutor(processes) as beside:
        bound = {"FOVEA_SESSIONS": "0"}
        servers = [running.enter_context(fovea(warm_up="full", environment=bound)) for _ in range(processes)]
        for server in servers:
            crowd(server, labs, sessions=len(labs), think=0.5, seconds=5)
        return Carried(tuple(beside.map(visited, servers, range(processes))))
