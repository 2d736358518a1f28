"""The figure of the nearest-neighbour lab: accuracy against the number of examples, two spaces, three distances."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from core.features.neighbours import METRICS, Metric

BLUE, VERMILLION = "#0072B2", "#D55E00"
DASHES: dict[Metric, str] = {"l1": "solid", "l2": "dash", "cosine": "dot"}
SYMBOLS: dict[Metric, str] = {"l1": "circle", "l2": "square", "cosine": "diamond"}
Curves: TypeAlias = Mapping[tuple[str, Metric], Sequence[float]]  # (space, distance) -> accuracy for each size


def accuracy(found: Curves, sizes: Sequence[int], *, now: int, chance: float) -> dict[str, Any]:
    """Six curves; a line where the chosen number of examples is, and one at chance."""
    spaces = list(dict.fromkeys(space for space, _ in found))
    data = []
    for (space, metric), values in found.items():
        colour = VERMILLION if space == spaces[0] else BLUE
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": f"{space}, {metric}"},
                **{"x": list(sizes), "y": list(values), "line": {"color": colour, "dash": DASHES[metric], "width": 2}},
                "marker": {"color": colour, "symbol": SYMBOLS[metric], "size": 7},
                "hovertemplate": f"{space}, {metric}, %{{x}} examples: %{{y:.1%}}<extra></extra>",
            }
        )
    line = {"type": "line", "xref": "x", "yref": "y"}
    return {
        "data": data,
        "layout": {
            **{"height": 400, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "examples to be near to"}, "fixedrange": True, "range": [0, max(sizes) * 1.03]},
            "yaxis": {"title": {"text": "right"}, "tickformat": ".0%", "fixedrange": True, "range": [0, 1.03]},
            "shapes": [
                {**line, "x0": now, "x1": now, "y0": 0, "y1": 1.03, "line": {"color": "#8A8F98", "width": 1.5}},
                {
                    **{**line, "x0": 0, "x1": max(sizes) * 1.03, "y0": chance, "y1": chance},
                    "line": {"color": "#8A8F98", "width": 1.5, "dash": "dot"},
                },
            ],
            "annotations": [
                {
                    **{"text": "chance", "x": max(sizes), "y": chance, "xref": "x", "yref": "y"},
                    **{"xanchor": "right", "yanchor": "bottom", "showarrow": False},
                }
            ],
        },
    }


def alt(found: Curves, at: int, now: int) -> str:
    """The curves in words."""
    told = ", ".join(f"{space} by {metric} {values[at]:.1%}" for (space, metric), values in found.items())
    return f"Share of test pictures named right by their nearest neighbours. With {now} examples: {told}."


def table(found: Curves, sizes: Sequence[int]) -> pd.DataFrame:
    """The numbers behind the curves."""
    columns = {f"{space}, {metric}": [f"{value:.1%}" for value in values] for (space, metric), values in found.items()}
    return pd.DataFrame(columns, index=pd.Index(list(sizes), name="examples"))


def best(found: Curves, space: str, at: int) -> tuple[Metric, float]:
    """The distance that does best in a space."""
    metric = max(METRICS, key=lambda each: found[space, each][at])
    return metric, found[space, metric][at]
