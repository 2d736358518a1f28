"""The charts of the lab: how many boxes stay at every threshold, and what becomes of the scores."""

from collections.abc import Sequence
from typing import Any

from core.types import Floats

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
Figure = dict[str, Any]
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}


def staying(thresholds: Floats, counts: Sequence[int], things: int, now: float) -> Figure:
    """How many boxes the hard rule keeps, against its threshold; the line lies at the things that are there."""
    most = max([*counts, things, 1])
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "x": thresholds, "y": list(counts)},
                "line": {"color": BLUE, "width": 2.5, "shape": "hv"},
                "hovertemplate": "threshold %{x:.2f}: %{y} stay<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 210, "margin": MARGIN, "showlegend": False},
            "xaxis": {"title": {"text": "threshold"}, "range": [0, 1], "dtick": 0.25, "fixedrange": True},
            "yaxis": {"title": {"text": "boxes that stay"}, "range": [0, most + 0.6], "fixedrange": True, "nticks": 6},
            "shapes": [
                _line({"xref": "paper", "x0": 0, "x1": 1, "y0": things, "y1": things}, GREY, "dash"),
                _line({"yref": "paper", "y0": 0, "y1": 1, "x0": now, "x1": now}, VERMILLION, "dot"),
            ],
        },
    }


def scores(names: Sequence[str], before: Floats, after: Floats) -> Figure:
    """The score of every box as the detector gave it, and as it is now."""
    bars = []
    for name, values, colour, shape in (("from the detector", before, GREY, "/"), ("now", after, BLUE, "")):
        pattern = {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"}
        bars.append(
            {
                **{"type": "bar", "name": name, "x": list(names), "y": values},
                "marker": {"color": colour, "pattern": pattern},
                "hovertemplate": "box %{x}: %{y:.3f}<extra></extra>",
            }
        )
    return {
        "data": bars,
        "layout": {
            **{"height": 230, "margin": MARGIN, "barmode": "group"},
            "xaxis": {"type": "category", "title": {"text": "box"}, "fixedrange": True},
            "yaxis": {"range": [0, 1.02], "dtick": 0.25, "title": {"text": "score"}, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def _line(where: dict[str, Any], colour: str, dash: str) -> dict[str, Any]:
    return {"type": "line", **where, "line": {"color": colour, "width": 1.5, "dash": dash}}
