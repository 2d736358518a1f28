"""The figures of the optimisers lab: two walks on a map of the loss, and the loss at every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.learning.optimisers import Walk
from core.learning.surfaces import SURFACES, level_lines, map_heights
from core.types import Floats

COLOURS, DASHES, SYMBOLS = ("#0072B2", "#D55E00"), ("solid", "dash"), ("circle", "square")
GREY, GREEN = "#8A8F98", "#009E73"
REACH = 2.0
FLOOR = 1e-6  # the least height above the lowest point that is drawn
Figure = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A walk with the name of its method."""

    name: str
    walk: Walk


def landscape(name: str, walks: Sequence[Told], step: int) -> Figure:
    """Lines of equal loss, both paths up to a step, and a ball where each is then."""
    data = [
        {
            **{"type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip", "x": x, "y": y},
            "line": {"color": GREY, "width": 1},
            "opacity": 0.7,
        }
        for x, y in [_lines(name)]
    ]
    lowest = np.array(SURFACES[name].lowest)
    data.append(
        {
            **{"type": "scatter", "mode": "markers", "name": "lowest point", "hoverinfo": "skip"},
            **{"x": lowest[:, 0], "y": lowest[:, 1]},
            "marker": {"symbol": "x", "size": 12, "color": GREEN},
        }
    )
    for told, colour, dash, symbol in zip(walks, COLOURS, DASHES, SYMBOLS, strict=False):
        path = told.walk.points[: step + 1]
        x, y = np.clip(path, -9, 9).round(4).T
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": told.name, "x": x, "y": y},
                "line": {"color": colour, "dash": dash, "width": 2},
                "marker": {"symbol": symbol, "size": 4, "color": colour},
                "hovertemplate": f"{told.name}: %{{x:.3f}}, %{{y:.3f}}<extra></extra>",
            }
        )
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "showlegend": False, "x": x[-1:], "y": y[-1:]},
                "marker": {"symbol": symbol, "size": 15, "color": colour, "line": {"color": "white", "width": 2}},
                "hoverinfo": "skip",
            }
        )
    axis = {"range": [-REACH, REACH], "fixedrange": True, "zeroline": False, "showgrid": False, "dtick": 1}
    return {
        "data": data,
        "layout": {
            "height": 470,
            "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {**axis, "title": {"text": "weight x"}},
            "yaxis": {**axis, "title": {"text": "weight y"}},
        },
    }


def descent(name: str, walks: Sequence[Told], step: int) -> Figure:
    """How far above the lowest point each walk is, step by step, on a logarithmic scale."""
    least = _least(name)
    data = []
    for told, colour, dash, symbol in zip(walks, COLOURS, DASHES, SYMBOLS, strict=False):
        above = np.clip(told.walk.losses - least, FLOOR, 1e6)  # the marker never leaves the drawing
        here = min(step, len(above) - 1)
        data.append(
            {
                **{"type": "scatter", "mode": "lines", "name": told.name, "showlegend": False},
                **{"x": np.arange(len(above)), "y": above, "line": {"color": colour, "dash": dash, "width": 2.5}},
                "hovertemplate": f"{told.name}, step %{{x}}: %{{y:.2g}}<extra></extra>",
            }
        )
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "showlegend": False, "hoverinfo": "skip"},
                **{"x": [here], "y": [above[here]]},
                "marker": {"symbol": symbol, "size": 12, "color": colour, "line": {"color": "white", "width": 2}},
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
            "xaxis": {"title": {"text": "step"}, "fixedrange": True, "rangemode": "tozero"},
            "yaxis": {"type": "log", "exponentformat": "power", "fixedrange": True, "dtick": 1},
            "annotations": [
                {
                    **{
                        "text": "<b>loss above the lowest point, down to a millionth</b>",
                        "x": 0,
                        "y": 1,
                        "xref": "paper",
                        "yref": "paper",
                    },
                    **{"xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 12}},
                }
            ],
        },
    }


def record(walks: Sequence[Told]) -> pd.DataFrame:
    """Every tenth step of both walks."""
    most = max(len(told.walk.losses) for told in walks)
    steps = [step for step in range(most) if step % 10 == 0 or step == most - 1]
    columns = {}
    for number, told in enumerate(walks):
        shown = [f"{told.walk.losses[step]:.4g}" if step < len(told.walk.losses) else "gone" for step in steps]
        columns[f"{told.name}" + " again" * (number and walks[0].name == told.name)] = shown
    return pd.DataFrame(columns, index=pd.Index(steps, name="step"))


def whole(walks: Sequence[Told]) -> str:
    """Every step of both walks, as CSV."""
    lines = ["walk,method,step,x,y,loss"]
    for number, told in enumerate(walks, 1):
        pairs = zip(told.walk.points.tolist(), told.walk.losses.tolist(), strict=True)
        lines += [
            f"{number},{told.name},{step},{x:.8g},{y:.8g},{loss:.8g}" for step, ((x, y), loss) in enumerate(pairs)
        ]
    return "\n".join(lines) + "\n"


def above(name: str, walk: Walk, step: int) -> float:
    """How far above the lowest point a walk is at a step."""
    return float(walk.losses[min(step, len(walk.losses) - 1)]) - _least(name)


def _least(name: str) -> float:
    return float(SURFACES[name].height(np.array(SURFACES[name].lowest)).min())


@st.cache_data(show_spinner=False)
def _lines(name: str) -> tuple[Floats, Floats]:
    """The map of a surface, as one line with gaps."""
    surface = SURFACES[name]
    paths = level_lines(surface, map_heights(surface))
    gap = np.full((1, 2), np.nan)
    x, y = np.concatenate([part for path in paths for part in (path[::2], path[-1:], gap)]).round(3).T
    return x, y
