"""The figures of the preprocessing lab: one class on six photos, and what arrives at the network as a picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.types import Floats

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8A8F98"
LOOKS = {"-1 to 1": (BLUE, "circle"), "0 to 1": ("#E69F00", "diamond"), "0 to 255": (ORANGE, "x")}
Figure = dict[str, Any]


def collapse(photos: Sequence[str], confidence: Mapping[str, Sequence[float]]) -> Figure:
    """For every photo, how sure the network is of what it should say, on three scales."""
    data = [
        {
            **{"type": "scatter", "mode": "markers", "name": f"pixels {scaling}", "x": list(values), "y": list(photos)},
            "marker": {"color": LOOKS[scaling][0], "symbol": LOOKS[scaling][1], "size": 12},
            "hovertemplate": f"%{{y}}, pixels {scaling}: %{{x:.1%}}<extra></extra>",
        }
        for scaling, values in confidence.items()
    ]
    lines = [
        {
            **{"type": "line", "y0": name, "y1": name, "line": {"color": GREY, "width": 1}, "layer": "below"},
            **{"x0": min(row), "x1": max(row)},
        }
        for name, row in zip(photos, zip(*confidence.values(), strict=True), strict=True)
    ]
    return {
        "data": data,
        "layout": {
            **{"height": 80 + 34 * len(photos), "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "shapes": lines},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"range": [-0.02, 1.02], "tickformat": ".0%", "fixedrange": True, "nticks": 6},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category", "automargin": True},
        },
    }


def as_seen(inputs: Floats) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Inputs (S, S, 3) as a picture, as if they went from -1 to 1 like those the network learned from."""
    seen: np.ndarray[Any, np.dtype[np.uint8]] = np.clip((inputs + 1) * 127.5, 0, 255).round().astype(np.uint8)
    return seen
