"""The charts of the overlap of boxes, and the curves they show."""

from typing import Any

import numpy as np

from core.detect.boxes import intersection_over_union
from core.detect.forms import last_pixels
from core.types import Floats

BLUE, VERMILLION, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A8F98"
Figure = dict[str, Any]
SHARE = {"range": [0, 1.04], "dtick": 0.25, "fixedrange": True, "title": {"text": "IoU"}}


def sideways(box: Floats, other: Floats, side: float) -> tuple[Floats, Floats]:
    """IoU while the other box slides over the whole picture: (4,), (4,) -> its shifts (S,), the IoU at each (S,)."""
    shifts = np.arange(-other[0], side - other[2] + 1e-9)
    slid = other + shifts[:, None] * np.array([1.0, 0.0, 1.0, 0.0])
    return shifts, intersection_over_union(box[None], slid)[0]


def small(sides: Floats) -> Floats:
    """IoU of a square with itself, if its last pixels were read as its edges: sides (S,) -> (S,)."""
    squares = np.stack([np.zeros_like(sides), np.zeros_like(sides), sides, sides], axis=1)
    return np.diag(intersection_over_union(squares, last_pixels(squares))).copy()


def slide(shifts: Floats, values: Floats, now: float, threshold: float) -> Figure:
    """IoU against how far box B is moved; the dot is where it lies now."""
    return _curve(shifts, values, 0.0, now, threshold, "B moved to the right by, in pixels")


def ends(sides: Floats, values: Floats, side: int) -> Figure:
    """IoU against the side of a square whose ends are misread."""
    return _curve(sides, values, side, float(values[side - 1]), 0.5, "side of the object in pixels")


def _curve(x: Floats, y: Floats, at: float, now: float, threshold: float, title: str) -> Figure:
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "x": x, "y": y, "line": {"color": BLUE, "width": 2.5}},
                "hovertemplate": "%{x:.0f}: %{y:.3f}<extra></extra>",
            },
            {
                **{"type": "scatter", "mode": "markers", "x": [at], "y": [now], "hoverinfo": "skip"},
                "marker": {"color": VERMILLION, "size": 11, "symbol": "diamond"},
            },
        ],
        "layout": {
            "height": 220,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "xaxis": {"title": {"text": title}, "fixedrange": True, "zeroline": False, "automargin": True},
            "yaxis": {**SHARE, "automargin": True},
            "shapes": [
                {
                    **{"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": threshold, "y1": threshold},
                    "line": {"color": GREY, "width": 1.5, "dash": "dash"},
                }
            ],
        },
    }
