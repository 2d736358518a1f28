"""The charts of the data sets: how often each class occurs, and averages per image."""

from collections.abc import Mapping, Set
from typing import Any

import pandas as pd

BLUE, ORANGE = "#0072B2", "#E69F00"
Figure = dict[str, Any]


def counts(table: pd.DataFrame, examples: int, here: Set[str]) -> Figure:
    """How often each class occurs; those of the example on show are hatched."""
    names = list(table["class"])
    data = []
    for name, colour, shape, inside in (
        ("in this example", ORANGE, "/", True),
        ("not in this example", BLUE, "", False),
    ):
        values = [
            int(times) if (each in here) == inside else 0 for each, times in zip(names, table["times"], strict=True)
        ]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": names, "x": values},
                "text": [
                    str(value) if (each in here) == inside else "" for each, value in zip(names, values, strict=True)
                ],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#111111"},
                },
                "hovertemplate": f"%{{y}}, {name}: %{{x}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 90 + 26 * len(names),
            "barmode": "stack",
            "margin": {"l": 8, "r": 36, "t": 8, "b": 8},
            "xaxis": {"title": {"text": f"times in the first {examples} examples"}, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def averages(means: Mapping[str, float]) -> Figure:
    """How many of each an image has on average."""
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": list(means), "x": list(means.values())},
                **{"text": [f"{mean:,.1f}" for mean in means.values()], "textposition": "outside"},
                **{"cliponaxis": False, "marker": {"color": BLUE}},
                "hovertemplate": "%{y}: %{text} per image<extra></extra>",
            }
        ],
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 40, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "per image"}, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }
