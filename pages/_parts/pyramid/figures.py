"""The figures of the pyramid: sizes and their levels, default boxes counted, maps of every level."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.detect.dense.levels import CANONICAL, DefaultMap, level_of
from core.types import Floats

Figure = dict[str, Any]
INKS = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2", "#D55E00")
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
SIZES: Floats = np.unique(np.round(np.exp(np.linspace(np.log(8), np.log(1000), 300)), 2))


def steps(size: float, level: int, base: int, first: int, last: int) -> Figure:
    """The level of every size; the chosen box is a mark on the stairs."""
    levels = level_of(SIZES, SIZES, base=base, first=first, last=last)
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "name": "rule", "x": SIZES, "y": levels, "showlegend": False},
                "line": {"color": "#0072B2", "width": 3, "shape": "hv"},
                "hovertemplate": "%{x:.0f} pixels: level %{y}<extra></extra>",
            },
            {
                **{"type": "scatter", "mode": "markers", "name": "your box", "x": [size], "y": [level]},
                **{"showlegend": False, "marker": {"color": "#D55E00", "size": 15, "symbol": "diamond"}},
                "hovertemplate": "your box, %{x:.0f} pixels: level %{y}<extra></extra>",
            },
        ],
        "layout": {
            **{"height": 300, "margin": MARGIN},
            "xaxis": {
                **{"type": "log", "title": {"text": "square root of width times height, pixels"}, "fixedrange": True},
                **{"tickvals": [14, 28, 56, 112, CANONICAL, 448, 896], "range": [0.9, 3]},
                "ticktext": ["14", "28", "56", "112", "224", "448", "896"],
            },
            "yaxis": {
                **{"title": {"text": "level"}, "fixedrange": True, "tickvals": list(range(first, last + 1))},
                **{"range": [first - 0.5, last + 0.5], "ticktext": [f"{each}" for each in range(first, last + 1)]},
            },
        },
    }


def counts(maps: Sequence[DefaultMap], chosen: int) -> Figure:
    """How many default boxes each map has; the chosen one is hatched."""
    names = [f"{each.side}x{each.side}" for each in maps]
    values = [each.boxes for each in maps]
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": names, "x": values, "showlegend": False},
                **{"text": [f"{value:,}" for value in values], "textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": ["#D55E00" if place == chosen else "#0072B2" for place in range(len(maps))],
                    "pattern": {"shape": ["/" if place == chosen else "" for place in range(len(maps))], "size": 6},
                },
                "hovertemplate": "%{y}: %{x:,} boxes<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 60 + 34 * len(maps), "margin": {**MARGIN, "r": 56}, "bargap": 0.3},
            "xaxis": {"title": {"text": "default boxes"}, "rangemode": "tozero", "fixedrange": True, "nticks": 5},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def bright(maps: Floats) -> Floats:
    """How much there is at every place of C maps: (C, H, W) -> (H, W), the root of the mean square.

    >>> bright(np.array([[[3.0]], [[4.0]]])).round(2)
    array([[3.54]])
    """
    strength: Floats = np.sqrt((maps**2).mean(axis=0))
    return strength
