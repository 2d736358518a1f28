"""What moving one control takes from the server, beside a stock Streamlit.

Ten websocket visitors with three seconds of thought use one lab, first on our server, then on a stock one, in turns.
The CPU time of the server's process during a turn, divided by the moves of the turn, is one value; everything that
runs in the process counts, our slow garbage collector too. Both processes hold the same modules (torch, scikit-learn,
plotly, pandas), because a collection costs what there is to walk over. The stock server shows a few of the labs: its
overhead is the same everywhere. Of the others each has one turn and gives one value. The latency in the last row is
that of the visitors of the first ones, as they met it.
"""

from collections.abc import Mapping

from benchmarks.results import Goal, Row, Section, Series, number
from benchmarks.serve import COMPARED, STOCK, fovea, stock
from benchmarks.websocket import Load, crowd
from classroom.roles import Role
from pages._kit.discovery import discover

SESSIONS = 10
THINK = 3.0
COSTLY = 10  # labs that are named


def measure(*, quick: bool) -> Section:
    """A row per compared lab, one for all others, and the latency of the former."""
    turns, seconds = (1, 8.0) if quick else (3, 12.0)
    rows, alone = list[Row](), dict[str, float]()
    everything: tuple[list[Load], list[Load]] = ([], [])  # ours, theirs
    with fovea(warm_up="full") as ours, stock() as theirs:
        for lab in (lab for lab in discover() if lab.role == Role.VISITOR):
            found: tuple[list[Load], list[Load]] = ([], [])
            compared = lab.name in COMPARED
            for turn in range(turns if compared else 1):
                for server, kept in zip((ours, theirs) if compared else (ours,), found, strict=False):
                    kept.append(crowd(server, [lab.name], sessions=SESSIONS, think=THINK, seconds=seconds, seed=turn))
            if not compared:
                alone[lab.title] = found[0][0].cpu_per_move
                continue
            mine, peers = (Series(tuple(load.cpu_per_move for load in loads), "CPU-ms") for loads in found)
            rows.append(Row(f"CPU of one move: {lab.title}", mine, STOCK, peers, goals=(Goal("ratio", 0.1),)))
            for kept, loads in zip(everything, found, strict=True):
                kept.extend(loads)
    rows.append(Row(f"CPU of one move: the {len(alone)} other labs", Series(tuple(alone.values()), "CPU-ms")))
    mine, peers = (Series(tuple(time for load in loads for time in load.milliseconds), "ms") for loads in everything)
    rows.append(Row(f"{SESSIONS} visitors, {THINK:.0f} s of thought: latency of a move", mine, STOCK, peers))
    return Section("reruns", __doc__ or "", tuple(rows), (costliest(alone),))


def costliest(taken: Mapping[str, float]) -> str:
    """The labs that take most, in a sentence.

    >>> costliest({"Anchors": 43.0, "Mixup": 34.2})
    'The most, in CPU-ms: Anchors 43, Mixup 34.'
    """
    most = sorted(taken.items(), key=lambda each: -each[1])[:COSTLY]
    return f"The most, in CPU-ms: {', '.join(f'{title} {number(value)}' for title, value in most)}."
