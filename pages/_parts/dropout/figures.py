"""The figures of the dropout lab: a network with its silent units, and what the next unit gets from batch to batch."""

from typing import Any

import numpy as np
import pandas as pd

from core.learning.thinned import Masks, running_means
from core.types import Floats

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


def network(awake: Masks, values: Floats, scale: float, total: float) -> Figure:
    """Inputs, a layer of which some units rest, and one unit behind it; only what is awake is connected: (U,)."""
    count = len(awake)
    ladder = _ladder(count)
    inputs = _ladder(4)
    on, off = np.flatnonzero(awake), np.flatnonzero(~awake)
    data = [
        _links([(0, y, 1, ladder[u]) for u in on for y in inputs], GREY, 0.8),
        _links([(1, ladder[u], 2, 0.5) for u in on], BLUE, 2.0),
        _dots(np.zeros(4), inputs, ["" for _ in inputs], "circle", GREY, 16, "input"),
        _dots(np.ones(len(on)), ladder[on], [f"{values[u] * scale:.2f}" for u in on], "circle", BLUE, 24, "awake"),
        _dots(np.ones(len(off)), ladder[off], ["" for _ in off], "x", ORANGE, 13, "resting"),
        _dots(np.array([2.0]), np.array([0.5]), [f"{total:.2f}"], "square", GREEN, 30, "gets"),
    ]
    notes = [
        {
            **{"text": text, "x": x, "y": y, "xref": "x", "yref": "y", "showarrow": False},
            **{"xanchor": "left", "yanchor": "middle", "xshift": shift},
            **{"font": {"size": 12, "color": "#FFFFFF"}, "bgcolor": "#3A3F47", "borderpad": 1},  # no line runs through
        }
        for text, x, y, shift in (
            *((f"{values[u] * scale:.2f}", 1, float(ladder[u]), 16) for u in on),
            (f"<b>{total:.2f}</b>", 2, 0.5, 20),
        )
    ]
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": [each for each in data if len(each["x"])],
        "layout": {
            "height": 380,
            "margin": {"l": 4, "r": 4, "t": 44, "b": 4},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {**bare, "range": [-0.15, 2.4]},
            "yaxis": {**bare, "range": [-0.03, 1.03]},
            "annotations": notes,
        },
    }


def batches(sums: Floats, batch: int, used: float, expected: float) -> Figure:
    """What the unit gets in every batch so far, the mean of them, and what it gets in use."""
    seen = np.arange(1, batch + 1)
    means = running_means(sums[:batch])
    data = [
        {
            **{"type": "scatter", "mode": "markers", "name": "in one batch", "x": seen, "y": sums[:batch].round(4)},
            **{"marker": {"symbol": "circle", "size": 5, "color": BLUE}, "opacity": 0.55},
            "hovertemplate": "batch %{x}: %{y:.3f}<extra></extra>",
        },
        {
            **{"type": "scatter", "mode": "lines+markers" if batch == 1 else "lines", "name": "mean so far"},
            **{"x": seen, "y": means.round(4), "line": {"color": ORANGE, "width": 3}},
            "hovertemplate": "mean of %{x}: %{y:.3f}<extra></extra>",
        },
        {
            **{"type": "scatter", "mode": "lines", "name": "in use", "x": [0, len(sums)], "y": [used, used]},
            **{
                "line": {"color": GREEN, "width": 3, "dash": "dash"},
                "hovertemplate": "in use: %{y:.3f}<extra></extra>",
            },
        },
    ]
    top = max(float(sums.max()), used, expected)
    low = min(0.0, float(sums.min()))
    return {
        "data": data,
        "layout": {
            "height": 300,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"range": [0, len(sums) + 1], "title": {"text": "batch"}, "fixedrange": True},
            "yaxis": {
                **{"range": [low - 0.05 * top, 1.08 * top], "fixedrange": True},
                "title": {"text": "what the unit gets"},
            },
        },
    }


def table(awake: Masks, sums: Floats, batch: int) -> pd.DataFrame:
    """The last ten batches up to this one."""
    rows = range(max(0, batch - 10), batch)
    return pd.DataFrame(
        {
            "awake": ["".join("1" if each else "0" for each in awake[row]) for row in rows],
            "gets": [f"{sums[row]:.3f}" for row in rows],
            "mean so far": [f"{running_means(sums)[row]:.3f}" for row in rows],
        },
        index=pd.Index([row + 1 for row in rows], name="batch"),
    )


def _ladder(count: int) -> Floats:
    return 1 - (np.arange(count) + 0.5) / count


def _links(lines: list[tuple[float, ...]], colour: str, width: float) -> Figure:
    x = [each for x1, _, x2, _ in lines for each in (x1, x2, None)]
    y = [each for _, y1, _, y2 in lines for each in (y1, y2, None)]
    return {
        **{"type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip", "x": x, "y": y},
        **{"line": {"color": colour, "width": width}, "opacity": 0.6},
    }


def _dots(x: Floats, y: Floats, told: list[str], symbol: str, colour: str, size: int, name: str) -> Figure:
    return {
        **{"type": "scatter", "mode": "markers", "name": name, "x": x, "y": y.round(4), "text": told},
        **{"marker": {"symbol": symbol, "size": size, "color": colour}, "showlegend": name in ("awake", "resting")},
        "hovertemplate": f"{name} %{{text}}<extra></extra>",
    }
