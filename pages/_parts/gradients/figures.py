"""The figures of the gradients lab: what reaches each layer of three networks, and how many of their units are dead."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.learning.vanishing import Depths, fades

LOOKS = {
    "plain": ("#D55E00", "dash", "square"),
    "residual": ("#0072B2", "solid", "circle"),
    "dense": ("#009E73", "dot", "diamond"),
}
FLOOR = 1e-30
Figure = dict[str, Any]


def lengths(found: Mapping[str, Depths]) -> Figure:
    """Length of the gradient by layer, on a logarithmic scale."""
    figure = _lines(
        {kind: [max(each, FLOOR) for each in own.gradients] for kind, own in found.items()}, "%{y:.2g}", 380
    )
    every = [max(each, FLOOR) for own in found.values() for each in own.gradients]
    low, high = np.log10(min(every)), np.log10(max(every))
    tick = next(step for step in (1, 2, 5, 10, 20) if (high - low) / step <= 8)
    figure["layout"]["yaxis"] = {
        **{"type": "log", "exponentformat": "power", "dtick": tick, "fixedrange": True},
        **{"range": [min(low - 0.4, -1.5), max(high + 0.4, 0.5)], "title": {"text": "length of the gradient"}},
    }
    return figure


def silent(found: Mapping[str, Depths]) -> Figure:
    """Share of units by layer that no image wakes."""
    figure = _lines({kind: list(own.dead) for kind, own in found.items()}, "%{y:.0%}", 240)
    figure["layout"]["yaxis"] = {
        **{"range": [-0.03, 1.03], "tickformat": ".0%", "fixedrange": True, "title": {"text": "dead units"}},
    }
    return figure


def table(found: Mapping[str, Depths]) -> pd.DataFrame:
    """First and last layer of every network, and the factor from layer to layer."""
    rows = {
        kind: (f"{own.gradients[0]:.2g}", f"{own.gradients[-1]:.2g}", f"{fades(own):.3f}", f"{np.mean(own.dead):.0%}")
        for kind, own in found.items()
    }
    names = ("first layer", "last layer", "factor per layer", "dead units")
    return pd.DataFrame.from_dict(rows, orient="index", columns=names).rename_axis("network")


def by_layer(found: Mapping[str, Depths]) -> str:
    """Every layer of every network, as CSV."""
    lines = ["network,layer,gradient,dead,signal"]
    for kind, own in found.items():
        rows = zip(own.gradients, own.dead, own.signals, strict=True)
        lines += [f"{kind},{layer},{a:.6g},{b:.4g},{c:.6g}" for layer, (a, b, c) in enumerate(rows, 1)]
    return "\n".join(lines) + "\n"


def _lines(values: Mapping[str, list[float]], hover: str, height: int) -> Figure:
    data = []
    for kind, own in values.items():
        colour, dash, symbol = LOOKS[kind]
        data.append(
            {
                **{
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": kind,
                    "x": list(range(1, len(own) + 1)),
                    "y": own,
                },
                "line": {"color": colour, "dash": dash, "width": 2.5},
                "marker": {"symbol": symbol, "size": 7, "color": colour},
                "hovertemplate": f"{kind}, layer %{{x}}: {hover}<extra></extra>",
            }
        )
    most = max(len(own) for own in values.values())
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"title": {"text": "layer, from the image up"}, "range": [0.5, most + 0.5], "fixedrange": True},
                "zeroline": False,
            },
        },
    }
