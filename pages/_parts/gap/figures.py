"""The figures of the pooling heads: two maps, their scores, a pooling as a matrix, parameters, errors of four heads."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.blocks.heads import HEADS, Epoch, Head
from core.types import FeatureMap, Floats, Heatmap

BLUE, VERMILLION, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A8F98"
LOOKS: dict[Head, tuple[str, str]] = {
    "dense": (VERMILLION, "circle"),
    "dense, dropout": ("#E69F00", "square"),
    "average": (BLUE, "diamond"),
    "maximum": (PURPLE, "triangle-up"),
}
TITLES: dict[Head, str] = {
    "dense": "flatten, dense",
    "dense, dropout": "flatten, dense, dropout",
    "average": "global average",
    "maximum": "global maximum",
}
Figure = dict[str, Any]


def two_maps(maps: Sequence[Heatmap], shares: Sequence[Heatmap] | None, names: Sequence[str]) -> Figure:
    """Two maps beside each other with their numbers; frames around the pixels that a gradient reaches."""
    most = max(float(map_.max()) for map_ in maps) or 1.0
    data, shapes, notes = [], [], []
    for place, (map_, name) in enumerate(zip(maps, names, strict=True)):
        suffix = "" if place == 0 else "2"
        data.append(
            {
                **{"type": "heatmap", "z": map_, "zmin": 0, "zmax": most, "colorscale": "Cividis", "showscale": False},
                **{"xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "xgap": 1, "ygap": 1},
                "text": [[f"{value:g}" if value else "" for value in row] for row in map_],
                "texttemplate": "%{text}",
                "hovertemplate": f"{name}, row %{{y}}, column %{{x}}: %{{z:g}}<extra></extra>",
            }
        )
        notes.append(
            {
                **{"text": f"<b>{name}</b>", "showarrow": False, "xref": f"x{suffix} domain", "x": 0.5},
                **{"yref": f"y{suffix} domain", "y": 1.02, "yanchor": "bottom"},
            }
        )
        if shares is not None:
            for row, column in zip(*np.nonzero(shares[place]), strict=True):
                shapes.append(
                    {
                        **{"type": "rect", "xref": f"x{suffix}", "yref": f"y{suffix}", "layer": "above"},
                        **{"x0": column - 0.42, "x1": column + 0.42, "y0": row - 0.42, "y1": row + 0.42},
                        "line": {"color": VERMILLION, "width": 3},
                    }
                )
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "data": data,
        "layout": {
            "height": 330,
            "margin": {"l": 4, "r": 4, "t": 28, "b": 4},
            "annotations": notes,
            "shapes": shapes,
            "xaxis": {"domain": [0, 0.47], **hidden},
            "xaxis2": {"domain": [0.53, 1], **hidden},
            "yaxis": {"autorange": "reversed", "scaleanchor": "x", **hidden},
            "yaxis2": {"autorange": "reversed", "scaleanchor": "x2", "anchor": "x2", **hidden},
        },
    }


def scores(values: Mapping[str, tuple[float, float]], names: Sequence[str]) -> Figure:
    """What each pooling makes of the two maps, each pooling on a scale of its own."""
    data = []
    for place, (name, colour, shape) in enumerate(zip(names, (BLUE, "#E69F00"), ("", "/"), strict=True)):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": list(values)},
                "x": [pair[place] / (max(pair) or 1) for pair in values.values()],
                "text": [f"{pair[place]:.3g}" for pair in values.values()],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{y}}: %{{text}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 210,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"visible": False, "range": [0, 1.18], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def matrix(entries: Floats, volume: FeatureMap) -> Figure:
    """A pooling as a matrix: the unrolled volume above, a column for each of its values; the outputs on the left."""
    maps, (rows, columns) = len(volume), entries.shape
    pixels, unrolled, few = columns // maps, volume.ravel(), columns <= 20 and rows <= 20
    look = {"type": "heatmap", "colorscale": "Cividis", "showscale": False, "xgap": 0.5, "ygap": 0.5}
    written = {"texttemplate": "%{text}", "textfont": {"size": 10}}
    height = int(np.clip(150 + 34 * rows, 220, 560))
    strip = 60 / (height - 60)  # share of the volume's own row
    return {
        "data": [
            {
                **{**look, "z": entries.astype(np.float32), "zmin": 0, "zmax": 1},
                **({"text": [[_entry(value) for value in row] for row in entries], **written} if few else {}),
                "hovertemplate": "output %{y}, value %{x}: weight %{z:.4g}<extra></extra>",
            },
            {
                **{**look, "z": [unrolled.tolist()], "zmin": 0, "zmax": 9, "yaxis": "y2"},
                **({"text": [[f"{value:g}" for value in unrolled]], **written} if few else {}),
                "hovertemplate": "value %{x} of the unrolled volume: %{z:g}<extra></extra>",
            },
        ],
        "layout": {
            "height": height,
            "margin": {"l": 8, "r": 8, "t": 26, "b": 8},
            "xaxis": {"title": {"text": "value of the unrolled volume"}, "fixedrange": True, "constrain": "domain"},
            "yaxis": {
                **{"domain": [0, 0.96 - strip], "autorange": "reversed", "fixedrange": True, "automargin": True},
                "tickvals": list(range(rows)) if few else list(range(0, rows, 8)),
                "ticktext": [f"{value:.3g} =" for value in (entries @ unrolled)[:: 1 if few else 8]],
            },
            "yaxis2": {"domain": [1 - strip, 1], "tickvals": [0], "ticktext": ["volume"], "fixedrange": True},
            "shapes": [
                {
                    **{"type": "line", "x0": pixels * each - 0.5, "x1": pixels * each - 0.5, "yref": "paper"},
                    **{"y0": 0, "y1": 1, "line": {"color": VERMILLION, "width": 2}},
                }
                for each in range(1, maps)
            ],
            "annotations": [
                {
                    **{"text": f"map {each + 1}", "showarrow": False, "x": pixels * (each + 0.5) - 0.5},
                    **{"yref": "paper", "y": 1.0, "yanchor": "bottom"},
                }
                for each in range(maps)
            ],
        },
    }


def costs(parameters: Mapping[str, int]) -> Figure:
    """Parameters of heads, on a logarithmic scale: they differ by factors."""
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": list(parameters), "x": list(parameters.values())},
                "text": [f"{count:,}" for count in parameters.values()],
                **{"textposition": "inside", "insidetextanchor": "start", "marker": {"color": BLUE}},
                "hovertemplate": "%{y}: %{x:,} parameters<extra></extra>",
            }
        ],
        "layout": {
            "height": 220,
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {
                **{"type": "log", "title": {"text": "parameters of the head"}, "fixedrange": True, "dtick": 1},
                "range": [2, 8.4],
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def curves(found: Mapping[Head, Sequence[Epoch]], epochs: int) -> Figure:
    """The errors of every head after every round: solid on images nobody learned from, dotted on those learned."""
    data = []
    for kind, (colour, symbol) in LOOKS.items():
        seen = found.get(kind, ())
        for dash, values in (("solid", [each.held_out for each in seen]), ("dot", [each.training for each in seen])):
            held = dash == "solid"
            data.append(
                {
                    **{"type": "scatter", "mode": "lines+markers", "legendgroup": kind, "showlegend": held},
                    **{"x": [each.number for each in seen], "y": [100 * value for value in values]},
                    "name": TITLES[kind],
                    "line": {"color": colour, "dash": dash, "width": 2.5 if held else 1.5},
                    "marker": {"symbol": symbol, "size": 7, "maxdisplayed": 8},
                    "hovertemplate": f"{TITLES[kind]}, round %{{x}}: %{{y:.1f}} % wrong "
                    f"{'on new images' if held else 'on those learned'}<extra></extra>",
                }
            )
    return {
        "data": data,
        "layout": {
            "height": 420,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "round of training"}, "range": [0, epochs + 1], "fixedrange": True},
            "yaxis": {"title": {"text": "wrong, %"}, "range": [0, 92], "fixedrange": True, "zeroline": False},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def last(found: Mapping[Head, Sequence[Epoch]], parameters: Mapping[Head, int]) -> pd.DataFrame:
    """Where every head ended."""
    done = [kind for kind in HEADS if found.get(kind)]
    return pd.DataFrame(
        {
            "head": [TITLES[kind] for kind in done],
            "parameters": [f"{parameters[kind]:,}" for kind in done],
            "rounds": [found[kind][-1].number for kind in done],
            "wrong on those learned, %": [f"{100 * found[kind][-1].training:.1f}" for kind in done],
            "wrong on new images, %": [f"{100 * found[kind][-1].held_out:.1f}" for kind in done],
        }
    )


def _entry(value: float) -> str:
    return f"1/{round(1 / value)}" if 0 < value < 1 else f"{value:.0f}"
