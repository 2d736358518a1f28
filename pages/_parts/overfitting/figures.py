"""The figures of the overfitting lab: the fit through the points, the errors of every degree, and the weights."""

from typing import Any

import numpy as np
import pandas as pd

from core.learning.polynomial import Points, value
from core.types import Floats

BLUE, ORANGE, GREEN, GREY, PINK = "#0072B2", "#D55E00", "#009E73", "#8A8F98", "#CC79A7"
FLOOR = 1e-5  # errors below are drawn there
Figure = dict[str, Any]


def fit(learned: Points, unseen: Points, weights: Floats, other: Floats | None) -> Figure:
    """Points, the parabola they come from, the fit, and another fit that is exact as well where there is one."""
    across = np.linspace(-1, 1, 301)
    data = [
        _line(across, np.square(across), "the truth, x²", GREY, "dot", 2),
        {
            **{"type": "scatter", "mode": "markers", "name": "other points", "x": unseen.x, "y": unseen.y},
            **{"marker": {"symbol": "x", "size": 5, "color": GREY}, "opacity": 0.55, "hoverinfo": "skip"},
        },
        _line(across, np.clip(value(weights, across), -9, 9), "the fit", BLUE, "solid", 3),
    ]
    if other is not None:
        data.append(_line(across, np.clip(value(other, across), -9, 9), "another exact fit", PINK, "dash", 2.5))
    data.append(
        {
            **{"type": "scatter", "mode": "markers", "name": "learned from", "x": learned.x, "y": learned.y},
            "marker": {"symbol": "circle", "size": 11, "color": ORANGE, "line": {"color": "white", "width": 1.5}},
            "hovertemplate": "%{x:.2f}: %{y:.3f}<extra></extra>",
        }
    )
    return {
        "data": data,
        "layout": {
            "height": 400,
            "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"range": [-1.05, 1.05], "fixedrange": True, "zeroline": False, "title": {"text": "x"}},
            "yaxis": {"range": [-1, 2], "fixedrange": True, "zeroline": False, "title": {"text": "y"}},
        },
    }


def errors(found: Floats, degree: int, noise: float) -> Figure:
    """Mean squared error of every degree, on what was learned from and on other points: (degrees, 2)."""
    shown = np.clip(found, FLOOR, None)
    degrees = np.arange(len(found))
    data = []
    for column, name, colour, dash, symbol in ((0, "learned from", ORANGE, "dash", "square"),
                                               (1, "other points", BLUE, "solid", "circle")):  # fmt: skip
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": name, "x": degrees, "y": shown[:, column]},
                "line": {"color": colour, "dash": dash, "width": 2.5},
                "marker": {"symbol": symbol, "size": 7, "color": colour},
                "hovertemplate": f"degree %{{x}}, {name}: %{{y:.3g}}<extra></extra>",
            }
        )
    most = float(np.ceil(np.log10(max(1.0, shown.max())) + 0.2))
    upright = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": degree, "x1": degree}
    shapes = [{**upright, "line": {"color": GREY, "width": 2, "dash": "dot"}}]
    if noise > 0:
        level = noise**2
        flat = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": level, "y1": level}
        shapes.append({**flat, "line": {"color": GREEN, "width": 1.5, "dash": "dot"}})
    return {
        "data": data,
        "layout": {
            "height": 300,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "shapes": shapes,
            "xaxis": {"title": {"text": "degree"}, "fixedrange": True, "dtick": 1, "range": [-0.3, len(found) - 0.7]},
            "yaxis": {
                **{"type": "log", "range": [-5.1, most], "exponentformat": "power", "dtick": 1, "fixedrange": True},
                "title": {"text": "mean squared error"},
            },
        },
    }


def table(found: Floats) -> pd.DataFrame:
    """The errors of every degree."""
    columns = {"learned from": found[:, 0], "other points": found[:, 1]}
    shown = {name: [f"{each:.2e}" if each < 1e-3 else f"{each:.4f}" for each in part] for name, part in columns.items()}
    return pd.DataFrame(shown, index=pd.RangeIndex(len(found), name="degree"))


def _line(x: Floats, y: Floats, name: str, colour: str, dash: str, width: float) -> Figure:
    return {
        **{"type": "scatter", "mode": "lines", "name": name, "x": x.round(4), "y": y.round(4)},
        **{"line": {"color": colour, "dash": dash, "width": width}},
        "hovertemplate": f"{name}, %{{x:.2f}}: %{{y:.3f}}<extra></extra>",
    }
