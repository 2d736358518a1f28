"""One look against many: probabilities of the ten digits, and the share of right answers by the number of views."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.types import Floats

BLUE, ORANGE, GREY = "#0072B2", "#E69F00", "#8A8F98"
Figure = dict[str, Any]


def posteriors(first: Floats, together: Floats, label: int) -> Figure:
    """The first look and all views together, digit by digit, (10,) each; the right digit is named."""
    ticks = [f"<b>{digit}</b><br>right" if digit == label else str(digit) for digit in range(10)]
    data = [
        {
            **{"type": "bar", "name": name, "x": list(range(10)), "y": values},
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
            },
            "hovertemplate": f"{name}, %{{x}}: %{{y:.3f}}<extra></extra>",
        }
        for name, values, colour, shape in (("one look", first, ORANGE, "/"), ("all views", together, BLUE, ""))
    ]
    return {
        "data": data,
        "layout": {
            "height": 250,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"tickvals": list(range(10)), "ticktext": ticks, "fixedrange": True, "automargin": True},
            "yaxis": {"range": [0, 1], "tickformat": ".0%", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        },
    }


def posterior_table(said: Floats, together: Floats) -> pd.DataFrame:
    """The first look, all views, and how many views name each digit."""
    votes = [int((said.argmax(axis=1) == digit).sum()) for digit in range(10)]
    columns = {"digit": range(10), "one look": said[0].round(3), "all views": together.round(3), "views for it": votes}
    return pd.DataFrame(columns)


def by_views(found: Mapping[int, float]) -> Figure:
    """The share read right after 1, 2, 4 ... views; the cost grows with the views."""
    counts = [str(count) for count in found]
    low = min(found.values())
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines+markers+text", "x": counts, "y": list(found.values())},
                "text": [f"{share:.1%}" for share in found.values()],
                **{"textposition": "top center", "cliponaxis": False},
                "line": {"color": BLUE, "width": 3},
                "marker": {"size": 9, "symbol": "diamond"},
                "hovertemplate": "%{x} views: %{y:.1%}<extra></extra>",
            }
        ],
        "layout": {
            "height": 240,
            "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
            "xaxis": {
                **{"type": "category", "title": {"text": "views, and passes through the network for one answer"}},
                "fixedrange": True,
            },
            "yaxis": {
                **{"range": [max(0.0, low - 0.1), 1.02], "tickformat": ".0%", "fixedrange": True},
                **{"title": {"text": "read right"}, "automargin": True},
            },
        },
    }
