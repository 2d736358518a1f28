"""What moving one control takes from the server, beside a stock Streamlit.

Ten websocket visitors with three seconds of thought use one lab, first on our server, then on a stock one, in turns.
The CPU time of the server's process during a turn, divided by the moves of the turn, is one value; everything that
runs in the process counts, our slow garbage collector too. Both processes hold the same modules (torch, scikit-learn,
plotly, pandas), because a collection costs what there is to walk over. The stock server shows a few of the labs: its
overhead is the same everywhere. The latency in the last row is that of the visitors of these, as they met it.
"""

from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import COMPARED, STOCK, fovea, stock
from benchmarks.websocket import Load, crowd
from classroom.roles import Role
from pages._kit.discovery import discover

SESSIONS = 10
THINK = 3.0


def measure(*, quick: bool) -> Section:
    """A row per lab, and the latency over all."""
    turns, seconds = (1, 8.0) if quick else (3, 12.0)
    rows: list[Row] = []
    everything: tuple[list[Load], list[Load]] = ([], [])  # ours, theirs
    with fovea(warm_up="full") as ours, stock() as theirs:
        for lab in (lab for lab in discover() if lab.role == Role.VISITOR):
            found: tuple[list[Load], list[Load]] = ([], [])
            name, compared = f"CPU of one move: {lab.title}", lab.name in COMPARED
            for turn in range(turns if compared else 1):
                for server, kept in zip((ours, theirs) if compared else (ours,), found, strict=False):
                    kept.append(crowd(server, [lab.name], sessions=SESSIONS, think=THINK, seconds=seconds, seed=turn))
            mine, peers = (tuple(load.cpu_per_move for load in loads) for loads in found)
            if not compared:
                rows.append(Row(name, Series(mine, "CPU-ms")))
                continue
            beside = Series(peers, "CPU-ms")
            rows.append(Row(name, Series(mine, "CPU-ms"), STOCK, beside, goals=(Goal("ratio", 0.1),)))
            for kept, loads in zip(everything, found, strict=True):
                kept.extend(loads)
    mine, peers = (Series(tuple(time for load in loads for time in load.milliseconds), "ms") for loads in everything)
    rows.append(Row(f"{SESSIONS} visitors, {THINK:.0f} s of thought: latency of a move", mine, STOCK, peers))
    return Section("reruns", __doc__ or "", tuple(rows))
