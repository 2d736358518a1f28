"""The figures of the lab on training with pixels: shares of classes, losses of many masks, and how far steps vary."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.types import Floats

Figure = dict[str, Any]
LOOKS = (("#E69F00", "/"), ("#0072B2", ""))


def shares(names: Sequence[str], groups: Mapping[str, Floats]) -> Figure:
    """Bars of the shares of every class, a group for each way to count."""
    data = []
    for (name, values), (colour, shape) in zip(groups.items(), LOOKS, strict=True):
        data.append(
            {
                **{"type": "bar", "name": name, "x": list(names), "y": (100 * values).round(2)},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{x}}: %{{y:.1f}} %<extra></extra>",
            }
        )
    return _barred(data, "share, %")


def losses_of_masks(values: Floats, full: float) -> Figure:
    """How often which loss came out, over many masks; a line at the full loss."""
    counts, edges = np.histogram(values, bins=24)
    middles = (edges[1:] + edges[:-1]) / 2
    figure = _barred(
        [
            {
                **{"type": "bar", "x": middles, "y": counts, "marker": {"color": "#56B4E9"}},
                "hovertemplate": "loss about %{x:.3f}: %{y} masks<extra></extra>",
            }
        ],
        "masks",
    )
    figure["layout"]["xaxis"]["title"] = {"text": "loss; the line is the full loss"}
    figure["layout"]["shapes"] = [
        {
            **{"type": "line", "x0": full, "x1": full, "yref": "paper", "y0": 0, "y1": 1},
            "line": {"color": "#D55E00", "width": 3},
        }
    ]
    figure["layout"]["showlegend"] = False
    return figure


def spreads(values: Mapping[str, float]) -> Figure:
    """How far each kind of step varies, in the size of the step of all pixels."""
    return {
        "data": [
            {
                **{
                    "type": "bar",
                    "orientation": "h",
                    "y": list(values),
                    "x": [round(each, 4) for each in values.values()],
                },
                "text": [f"{each:.2f}" for each in values.values()],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {"color": "#0072B2"},
                "hovertemplate": "%{y}: %{x:.3f}<extra></extra>",
            }
        ],
        "layout": {
            "height": 190,
            "margin": {"l": 8, "r": 40, "t": 8, "b": 8},
            "xaxis": {
                "title": {"text": "spread, in the length of the full step"},
                **{"rangemode": "tozero", "fixedrange": True},
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def _barred(data: list[dict[str, Any]], title: str) -> Figure:
    return {
        "data": data,
        "layout": {
            "height": 240,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"fixedrange": True, "automargin": True},
            "yaxis": {"title": {"text": title}, "rangemode": "tozero", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
