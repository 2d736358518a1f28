"""The figure of the photo search: the surest pictures, and the threshold they must pass."""

from typing import Any

import numpy as np

from core.features.photo_search import Found

BLUE, GREY, ORANGE = "#0072B2", "#8A8F98", "#D55E00"
Figure = dict[str, Any]


def surest(found: Found, names: list[str], least: float) -> Figure:
    """The pictures with the highest confidence as bars, hatched grey below the threshold, which is a line."""
    order = np.argsort(-found.confidence, kind="stable")[:8]
    passed = [float(found.confidence[place]) >= least and bool(found.classes) for place in order]
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": [names[place] for place in order]},
                "x": [round(float(found.confidence[place]), 4) for place in order],
                "marker": {
                    "color": [BLUE if each else GREY for each in passed],
                    "pattern": {"shape": ["" if each else "/" for each in passed]},
                },
                "hovertemplate": "%{y}: %{x:.1%}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 270, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "showlegend": False},
            "xaxis": {"range": [0, 1.02], "tickformat": ".0%", "fixedrange": True, "nticks": 6},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category"},
            "shapes": [
                {
                    **{"type": "line", "x0": least, "x1": least, "y0": 0, "y1": 1, "yref": "paper"},
                    "line": {"color": ORANGE, "width": 2, "dash": "dash"},
                }
            ],
        },
    }


def surest_alt(found: Found, names: list[str], least: float) -> str:
    """The bars in words."""
    best = int(found.confidence.argmax())
    return (
        f"Confidence of the eight surest pictures; {len(found.shown)} reach {least:.0%}. The surest is {names[best]} "
        f"with {found.confidence[best]:.1%}."
    )
