"""The curve of the weak boxes: mean IoU by threshold, for every kind of map."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.types import Floats, Heatmap
from pages._parts.weak_boxes.work import KINDS, MEASURES, Kind

BLUE, VERMILLION, ORANGE, GREY = "#0072B2", "#D55E00", "#E69F00", "#8A8F98"
LOOKS: dict[Kind, tuple[str, str, str]] = {
    "mean: its map": (BLUE, "solid", "circle"),
    "maximum: its map": (VERMILLION, "dash", "square"),
    "maximum: what it hears": (ORANGE, "dot", "triangle-up"),
}
Figure = dict[str, Any]


def curves(shares: Sequence[float], found: Mapping[Kind, Floats], chosen: Kind, share: float) -> Figure:
    """Mean IoU by threshold; a line at the threshold that is set."""
    data = []
    for kind, values in found.items():
        colour, dash, symbol = LOOKS[kind]
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": kind, "x": list(shares), "y": values.tolist()},
                "line": {"color": colour, "dash": dash, "width": 3 if kind == chosen else 1.5},
                "marker": {"symbol": symbol, "size": 7},
                "hovertemplate": f"{kind}, above %{{x:.0%}}: mean IoU %{{y:.3f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 330, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "xaxis": {
                **{"title": {"text": "threshold, share of the maximum"}, "tickformat": ".0%", "fixedrange": True},
                **{"range": [0, 0.95], "zeroline": False},
            },
            "yaxis": {"title": {"text": "mean IoU"}, "rangemode": "tozero", "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": share, "x1": share, "y0": 0, "y1": 1, "yref": "paper"},
                    "line": {"color": GREY, "width": 2, "dash": "dash"},
                }
            ],
        },
    }


PATTERNS: dict[Kind, str] = {"mean: its map": "", "maximum: its map": "/", "maximum: what it hears": "x"}


def endings(found: pd.DataFrame) -> Figure:
    """A group of bars for every measure of a map, a bar for every kind."""
    found = found.drop(columns=MEASURES["right"])
    data = []
    for kind in KINDS:
        colour = LOOKS[kind][0]
        data.append(
            {
                **{
                    "type": "bar",
                    "orientation": "h",
                    "name": kind,
                    "y": list(found.columns),
                    "x": found.loc[kind].tolist(),
                },
                **{"text": [f"{value:.2f}" for value in found.loc[kind]], "textposition": "outside"},
                "cliponaxis": False,
                "marker": {
                    "color": colour,
                    "pattern": {
                        **{"shape": PATTERNS[kind], "size": 6, "solidity": 0.25},
                        **{"bgcolor": colour, "fgcolor": "#FFFFFF"},
                    },
                },
                "hovertemplate": f"{kind}, %{{y}}: %{{x:.3f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 330, "barmode": "group", "margin": {"l": 8, "r": 8, "t": 20, "b": 8}},
            "xaxis": {"range": [0, 1], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "type": "category"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.06, "yanchor": "bottom"},
        },
    }


def brightness(heat: Heatmap) -> Floats:
    """A map as a grey picture (H, W, 3): black is nothing, white the maximum."""
    most = float(heat.max(initial=0.0))
    grey = np.clip(heat / most, 0, 1) if most > 0 else np.zeros_like(heat)
    return np.repeat(grey[..., None], 3, axis=2)
