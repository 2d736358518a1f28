"""One look against many: probabilities of the ten digits, and the share of right answers by the number of views."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.types import Floats
from pages._kit.pairs import pairs

BLUE = "#0072B2"
Figure = dict[str, Any]


def posteriors(first: Floats, together: Floats, label: int) -> Figure:
    """The first look and all views together, digit by digit, (10,) each; the right digit is named."""
    names = [f"<b>{digit}</b><br>right" if digit == label else str(digit) for digit in range(10)]
    return pairs(names, {"one look": first, "all views": together}, height=250)


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
                **{"type": "category", "title": {"text": "views, each a pass through the network"}},
                "fixedrange": True,
            },
            "yaxis": {
                **{"range": [max(0.0, low - 0.1), 1.02], "tickformat": ".0%", "fixedrange": True},
                **{"title": {"text": "read right"}, "automargin": True},
            },
        },
    }
