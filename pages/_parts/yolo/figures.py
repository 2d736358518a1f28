"""The figures of the grid: cells to point at, the numbers of one cell, the lengths of answers, speed and accuracy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.detect.dense.grid import Layout
from core.types import Floats, Mask

Figure = dict[str, Any]
BLUE, RED, GREEN = "#0072B2", "#D55E00", "#009E73"
BOXES = ("#E69F00", "#56B4E9", "#CC79A7")  # of the first, second and third box, as in the picture
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}


def cells(sure: Floats, chosen: tuple[int, int]) -> Figure:
    """The grid, each cell as full as its surest box is sure; the chosen one framed: (S, S)."""
    count = len(sure)
    rows, columns = np.divmod(np.arange(count * count), count)
    size = 168 // count
    frame = [3.5 if (row, column) == chosen else 1 for row, column in zip(rows, columns, strict=True)]
    ink = [RED if wide > 1 else "#8A8F98" for wide in frame]
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "markers", "name": "cells", "showlegend": False},
                **{"x": columns + 0.5, "y": rows + 0.5},
                "marker": {
                    **{"symbol": "square", "size": size, "color": _blues(sure.ravel())},
                    "line": {"color": ink, "width": frame},
                },
                "text": [
                    f"row {row}, column {column}: {sure[row, column]:.0%} sure"
                    for row, column in zip(rows, columns, strict=True)
                ],
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 260, "margin": MARGIN},
            "xaxis": {
                **{"range": [0, count], "title": {"text": "column"}, "fixedrange": True, "showgrid": False},
                **{"tickvals": np.arange(count) + 0.5, "ticktext": list(map(str, range(count))), "zeroline": False},
            },
            "yaxis": {
                **{"range": [count, 0], "title": {"text": "row"}, "fixedrange": True, "showgrid": False},
                **{"tickvals": np.arange(count) + 0.5, "ticktext": list(map(str, range(count))), "zeroline": False},
                **{"scaleanchor": "x", "constrain": "domain"},
            },
        },
    }


def _blues(shares: Floats) -> list[str]:
    """Nothing for 0, so that the page shows through in the light and in the dark, and blue for 1."""
    return [f"rgba(0, 114, 178, {share:.2f})" for share in np.clip(shares, 0, 1).tolist()]


def numbers(names: Sequence[str], values: Floats, boxes: int) -> Figure:
    """All numbers of one cell in their order: five for each box in its colour, then the scores of classes."""
    owners = [int(name[4]) - 1 if name.startswith("box ") else -1 for name in names]
    groups = {owner: [place for place, other in enumerate(owners) if other == owner] for owner in dict.fromkeys(owners)}
    inks = [BLUE if owner < 0 else BOXES[owner % boxes % len(BOXES)] for owner in owners]
    return {
        "data": [
            {
                **{"type": "bar", "x": list(range(len(names))), "y": values, "showlegend": False, "text": list(names)},
                **{"textposition": "none", "marker": {"color": inks}},
                "hovertemplate": "%{text}: %{y:.2f}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 220, "margin": MARGIN, "bargap": 0.2},
            "xaxis": {
                **{"title": {"text": "place in the answer"}, "fixedrange": True, "zeroline": False},
                "range": [-0.7, len(names) - 0.3],
            },
            "yaxis": {"range": [-1.3, 1.7], "fixedrange": True, "tickvals": [-1, 0, 1]},
            "annotations": [
                {
                    **{
                        "text": "classes" if owner < 0 else f"box {owner + 1}",
                        "x": sum(places) / len(places),
                        "y": 1.45,
                    },
                    **{"showarrow": False, "yanchor": "middle"},
                }
                for owner, places in groups.items()
            ],
        },
    }


def lengths(counts: Mapping[Layout, int]) -> Figure:
    """How many numbers each layout answers with."""
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": list(counts), "x": list(counts.values())},
                **{"text": [f"{count:,}" for count in counts.values()], "textposition": "inside"},
                **{"insidetextanchor": "start", "textfont": {"color": "#FFFFFF"}, "showlegend": False},
                "marker": {"color": [BLUE, "#8F4A00"], "pattern": {"shape": ["", "/"], "size": 6, "solidity": 0.2}},
                "hovertemplate": "%{y}: %{x:,} numbers<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 170, "margin": MARGIN, "bargap": 0.35},
            "xaxis": {"title": {"text": "numbers in one answer"}, "rangemode": "tozero", "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def trade(names: Sequence[str], points: Floats, front: Mask) -> Figure:
    """Milliseconds against accuracy (N, 2); those that no other beats stand on a line."""
    order = np.argsort(points[:, 0], kind="stable")
    best = order[front[order]]
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines", "name": "nothing is faster and better", "showlegend": False},
            **{"x": points[best, 0], "y": points[best, 1], "hoverinfo": "skip"},
            "line": {"color": GREEN, "width": 2, "dash": "dot", "shape": "hv"},
        }
    ]
    for label, which, ink, symbol in (("not beaten", front, GREEN, "circle"), ("beaten", ~front, RED, "x")):
        places = np.flatnonzero(which)
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "name": label},
                **{"x": points[places, 0], "y": points[places, 1]},
                "marker": {"color": ink, "symbol": symbol, "size": 11},
                "text": [names[place] for place in places.tolist()],
                "hovertemplate": "%{text}: %{x:g} ms, %{y:g}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 400, "margin": MARGIN},
            "xaxis": {"title": {"text": "ms per picture"}, "rangemode": "tozero", "fixedrange": True},
            "yaxis": {"title": {"text": "accuracy"}, "fixedrange": True},
            "annotations": [
                {
                    **{"text": names[place], "x": points[place, 0], "y": points[place, 1]},
                    **{"showarrow": False, "yanchor": "bottom", "yshift": 6, "font": {"size": 11}},
                    "xanchor": "left" if points[place, 0] < 0.7 * points[:, 0].max() else "right",
                }
                for place in best
            ],
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
