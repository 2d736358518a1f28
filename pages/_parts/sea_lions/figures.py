"""The charts of the counting: how many of every type there are and were counted, and the error over all thresholds."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.data.aerial import KINDS
from core.detect.single.counting import Labels

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
Figure = dict[str, Any]


def per_type(table: pd.DataFrame) -> Figure:
    """True and counted numbers of every type."""
    data = []
    for column, colour, shape in (("there are", GREY, "/"), ("counted", BLUE, "")):
        values = [int(value) for value in table[column]]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": column, "y": list(table["type"]), "x": values},
                **{"text": [str(value) for value in values], "textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"%{{y}}, {column}: %{{x}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 270,
            "barmode": "group",
            "margin": {"l": 8, "r": 30, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "animals"}, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def over_thresholds(thresholds: Sequence[float], counted: Sequence[int], true: int, chosen: float) -> Figure:
    """How many are counted at every threshold, the truth, and where the slider stands."""
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines+markers", "name": "counted"},
                **{"x": list(thresholds), "y": list(counted), "line": {"color": BLUE, "width": 2.5}},
                "marker": {"size": 6, "symbol": "circle", "color": BLUE},
                "hovertemplate": "threshold %{x}: %{y} counted<extra></extra>",
            },
            {
                **{"type": "scatter", "mode": "lines", "name": f"there are {true}"},
                **{"x": [0, 1], "y": [true, true], "line": {"color": VERMILLION, "width": 2, "dash": "dash"}},
                "hovertemplate": f"there are {true}<extra></extra>",
            },
        ],
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "threshold"}, "range": [0, 1], "fixedrange": True},
            "yaxis": {"title": {"text": "animals counted"}, "rangemode": "tozero", "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": chosen, "x1": chosen, "yref": "paper", "y0": 0, "y1": 1},
                    "line": {"color": GREY, "width": 2, "dash": "dot"},
                }
            ],
        },
    }


def types(confusion: Labels) -> pd.DataFrame:
    """What became of the animals of every type: (6, 6) with background first."""
    rows = []
    for place, kind in enumerate(KINDS, start=1):
        right, true, counted = confusion[place, place], confusion[place].sum(), confusion[:, place].sum()
        rows.append((kind, true, counted, right, true - right - confusion[place, 0], confusion[place, 0]))
    names = ["type", "there are", "counted", "right", "as another type", "missed"]
    return pd.DataFrame(rows, columns=names)
