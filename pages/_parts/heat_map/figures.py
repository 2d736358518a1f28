"""The charts of the heat-map lab: answers as a grid, scores side by side, and what both ways cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.models.window_net import CLASSES, NOTHING
from core.types import Floats

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


def answers(shares: Floats) -> Figure:
    """The answer at every place of the map (11, OH, OW): the digit as a word, its probability as the shade."""
    named, sure = shares.argmax(axis=0), shares.max(axis=0)
    words = [["·" if each == NOTHING else CLASSES[each] for each in row] for row in named]
    high, wide = named.shape
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "data": [
            {
                **{"type": "heatmap", "z": np.where(named == NOTHING, 0.0, sure), "zmin": 0, "zmax": 1},
                **{"colorscale": "Cividis", "showscale": False, "xgap": 1, "ygap": 1},
                **{"text": words, "texttemplate": "%{text}"},
                "hovertemplate": "row %{y}, column %{x}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": int(np.clip(40 + 34 * high, 80, 420)),
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": {**hidden, "range": [-0.5, wide - 0.5]},
            "yaxis": {**hidden, "autorange": "reversed", "scaleanchor": "x"},
        },
    }


def two_ways(slid: Floats, cut: Floats) -> Figure:
    """The probabilities (11,) of one place of the map and of its window cut out."""
    data = []
    for name, values, colour, shape in (("the map there", slid, BLUE, ""), ("its window alone", cut, VERMILLION, "/")):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": list(CLASSES), "x": values.tolist()},
                "text": [f"{value:.0%}" if value >= 0.005 else "" for value in values],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{y}}: %{{x:.4f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 380,
            "barmode": "group",
            "margin": {"l": 8, "r": 34, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "probability"}, "range": [0, 1], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "type": "category"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def spoilt(layers: Sequence[tuple[str, float]]) -> Figure:
    """The share of values of one window that its surroundings change, layer by layer."""
    names = [f"{number}. {name}" for number, (name, _) in enumerate(layers, start=1)]
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": names, "x": [100 * share for _, share in layers]},
                "text": [f"{share:.0%}" for _, share in layers],
                **{"textposition": "outside", "cliponaxis": False, "marker": {"color": VERMILLION}},
                "hovertemplate": "%{y}: %{x:.0f} % of the values differ<extra></extra>",
            }
        ],
        "layout": {
            "height": 60 + 30 * len(layers),
            "margin": {"l": 8, "r": 40, "t": 8, "b": 8},
            "xaxis": {
                "title": {"text": "values that differ, %"},
                **{"range": [0, 100], "fixedrange": True, "zeroline": False},
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def costs(work: Mapping[str, int]) -> Figure:
    """Multiply-accumulates of every way, on a logarithmic scale: they differ by factors."""
    most = max(work.values())
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": list(work), "x": list(work.values())},
                "text": [spoken(value) for value in work.values()],
                **{"textposition": "inside", "insidetextanchor": "start", "textfont": {"color": "#FFFFFF"}},
                "marker": {"color": [VERMILLION, BLUE, "#006B4F"][: len(work)]},
                "hovertemplate": "%{y}: %{x:,} multiply-accumulates<extra></extra>",
            }
        ],
        "layout": {
            "height": 230,
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {
                **{"type": "log", "title": {"text": "multiply-accumulates"}, "fixedrange": True, "dtick": 1},
                "range": [4, float(np.log10(most)) + 0.3],
                "exponentformat": "power",
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def spoken(count: float) -> str:
    """A number of operations in the word that fits.

    >>> spoken(16_229_824), spoken(1.2e15)
    ('16.2 million', '1,200 trillion')
    """
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if count >= size:
            share = count / size
            return f"{share:,.0f} {word}" if share >= 100 else f"{share:.3g} {word}"
    return f"{count:,.0f}"


def bar_table(slid: Floats, cut: Floats) -> pd.DataFrame:
    """The same probabilities as a table."""
    rows = {"class": CLASSES, "the map there": slid.round(6), "its window alone": cut.round(6)}
    return pd.DataFrame(rows).set_index("class")
