"""The figures of the softmax lab: scores and the probabilities they become, and the road from one winner to none."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.types import Floats
from core.units.activations import softmax

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
DASHES = ("solid", "dash", "dot", "dashdot")
COLDEST, HOTTEST = 0.1, 10.0


def lead(names: Sequence[str], scores: Floats) -> str:
    """Who wins, in words; with equal scores nobody does.

    >>> lead(("cat", "dog", "fox"), np.array([1.0, 2.0, 0.0])), lead(("cat", "dog", "fox"), np.array([2.0, 2.0, 0.0]))
    ('Dog wins', 'Cat and dog are equal')
    """
    first = [name for name, score in zip(names, scores, strict=True) if score == scores.max()]
    *others, last = first
    return f"{', '.join(others)} and {last} are equal".capitalize() if others else f"{last.capitalize()} wins"


def times(exponent: float) -> str:
    """How many times as probable, exp of the exponent; what has more than six digits is written with a power of ten.

    >>> times(0.5), times(100.0)
    ('1.65', '2.7 x 10^43')
    """
    factor = math.exp(exponent)
    if factor < 1e6:
        return f"{factor:,.2f}"
    digits, _, power = f"{factor:.1e}".partition("e+")
    return f"{digits} x 10^{int(power)}"


def bars(names: Sequence[str], scores: Floats, shares: Floats) -> dict[str, Any]:
    """Scores on the left, probabilities on the right, one bar for each class."""
    data = []
    for values, axis, texts in (
        (scores, "", [f"{value:g}" for value in scores]),
        (100 * shares, "2", [f"{share:.1%}" for share in shares]),
    ):
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                **{"y": list(names), "x": values, "text": texts, "textposition": "outside", "cliponaxis": False},
                **{"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False},
                "marker": {"color": list(COLOURS)},
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        )
    reach = 1.35 * max(5.0, float(np.abs(scores).max()))
    flip = {"autorange": "reversed", "fixedrange": True}
    return {
        "data": data,
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "bargap": 0.25,
            "xaxis": {"domain": [0, 0.46], "range": [-reach, reach], "title": {"text": "score"}, "fixedrange": True},
            "xaxis2": {
                **{"domain": [0.54, 1], "range": [0, 124], "title": {"text": "probability, %"}, "fixedrange": True},
                "anchor": "y2",
            },
            "yaxis": flip,
            "yaxis2": {**flip, "anchor": "x2", "showticklabels": False},
        },
    }


def road(names: Sequence[str], scores: Floats, temperature: float) -> dict[str, Any]:
    """Every probability against the temperature."""
    line = np.geomspace(COLDEST, HOTTEST, 121).round(4)
    shares = np.stack([softmax(scores, temperature=each) for each in line])
    data = [
        {
            "type": "scatter",
            **{"x": line, "y": (100 * shares[:, place]).round(2), "mode": "lines", "name": name},
            "line": {"color": COLOURS[place], "dash": DASHES[place], "width": 3},
            "hovertemplate": f"temperature %{{x:.2f}}: %{{y:.1f}} %<extra>{name}</extra>",
        }
        for place, name in enumerate(names)
    ]
    here = {"type": "line", "x0": temperature, "x1": temperature, "yref": "paper", "y0": 0, "y1": 1}
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
            "shapes": [{**here, "line": {"color": "#8A8F98", "width": 2, "dash": "dot"}}],
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"type": "log", "title": {"text": "temperature"}, "fixedrange": True},
                **{"tickvals": [0.1, 0.2, 0.5, 1, 2, 5, 10], "ticktext": ["0.1", "0.2", "0.5", "1", "2", "5", "10"]},
            },
            "yaxis": {"title": {"text": "probability, %"}, "range": [-3, 103], "fixedrange": True},
        },
    }


def table(names: Sequence[str], scores: Floats, shares: Floats, temperature: float) -> pd.DataFrame:
    """Every step from score to probability, as a person would write it."""
    powers = np.exp((scores - scores.max()) / temperature)
    return pd.DataFrame(
        {
            "class": names,
            "score s": [f"{value:g}" for value in scores],
            "exp((s - largest) / T)": [f"{value:.4f}" for value in powers],
            "divided by the sum": [f"{value:.4f}" for value in shares],
        }
    ).set_index("class")
