"""The chart of the detection studio: how many detections of each kind there are."""

from collections.abc import Mapping
from typing import Any

Figure = dict[str, Any]
COLOURS = ("#0072B2", "#E69F00", "#CC79A7")
PATTERNS = ("", "/", "x")


def kinds(counts: Mapping[str, Mapping[str, int]]) -> Figure:
    """One group of bars for each kind, a bar for each detector."""
    most = max((count for row in counts.values() for count in row.values()), default=1)
    words = list(next(iter(counts.values())))
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": words, "x": [row[word] for word in words]},
                **{"text": [str(row[word]) for word in words], "textposition": "outside", "cliponaxis": False},
                "marker": {"color": colour, "pattern": {"shape": shape, "size": 6, "solidity": 0.3}},
                "hovertemplate": f"{name}, %{{y}}: %{{x}}<extra></extra>",
            }
            for (name, row), colour, shape in zip(counts.items(), COLOURS, PATTERNS, strict=False)
        ],
        "layout": {
            "height": 70 + len(words) * (12 + 16 * len(counts)),
            "barmode": "group",
            "showlegend": len(counts) > 1,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"visible": False, "range": [0, 1.15 * max(most, 1)], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
