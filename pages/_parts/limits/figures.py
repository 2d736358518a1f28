"""What the network says of one scene, and how many it names right the worse things get."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.augment.limits import SCALES, STRESSES, Stress
from core.types import Floats

BLUE, ORANGE = "#0072B2", "#E69F00"
LOOKS: dict[Stress, tuple[str, str, str]] = dict(
    zip(
        STRESSES,
        (
            ("#0072B2", "circle", "solid"),
            ("#D55E00", "square", "dash"),
            ("#009E73", "diamond", "dot"),
            ("#CC79A7", "triangle-up", "dashdot"),
            ("#E69F00", "x", "longdash"),
        ),
        strict=True,
    )
)
Figure = dict[str, Any]


def bars(classes: Sequence[str], before: Floats, after: Floats) -> Figure:
    """The answer to the scene as it is and as it has become, (5,) each."""
    data = [
        {
            **{"type": "bar", "name": name, "x": list(classes), "y": values},
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
            },
            "hovertemplate": f"{name}, %{{x}}: %{{y:.1%}}<extra></extra>",
        }
        for name, values, colour, shape in (("before", before, ORANGE, "/"), ("after", after, BLUE, ""))
    ]
    return {
        "data": data,
        "layout": {
            "height": 220,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"fixedrange": True, "automargin": True},
            "yaxis": {"range": [0, 1.02], "tickformat": ".0%", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        },
    }


def bar_table(classes: Sequence[str], before: Floats, after: Floats) -> pd.DataFrame:
    """The same as numbers."""
    return pd.DataFrame({"class": list(classes), "before": before.round(3), "after": after.round(3)})


def curves(found: Mapping[Stress, Mapping[float, float]], chosen: Stress) -> Figure:
    """The share named right against the strength, one line for each stress that was measured."""
    data = []
    for name, shares in found.items():
        colour, symbol, dash = LOOKS[name]
        data.append(
            {
                **{
                    "type": "scatter",
                    "mode": "lines+markers",
                    "name": name,
                    "x": list(shares),
                    "y": list(shares.values()),
                },
                "line": {"color": colour, "dash": dash, "width": 4 if name == chosen else 2},
                "marker": {"symbol": symbol, "size": 9},
                "text": [SCALES[name].spoken(strength) for strength in shares],
                "hovertemplate": f"{name}, %{{text}}: %{{y:.0%}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 290,
            "showlegend": True,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "how much"}, "range": [-0.03, 1.03], "fixedrange": True},
            "yaxis": {
                **{"range": [0, 1.05], "tickformat": ".0%", "fixedrange": True, "automargin": True},
                "title": {"text": "named right"},
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": -0.03, "x1": 1.03, "y0": 0.2, "y1": 0.2},
                    "line": {"color": "#8A8F98", "width": 1.5, "dash": "dot"},
                }
            ],
            "annotations": [
                {
                    **{"text": "guessing", "x": 0.0, "y": 0.2, "showarrow": False},
                    **{"xanchor": "left", "yanchor": "bottom"},
                }
            ],
        },
    }


def curve_table(found: Mapping[Stress, Mapping[float, float]]) -> pd.DataFrame:
    """Every measurement: what went wrong, how much, and the share named right."""
    rows = [
        {"what": name, "how much": SCALES[name].spoken(strength), "named right": f"{share:.0%}"}
        for name, shares in found.items()
        for strength, share in shares.items()
    ]
    return pd.DataFrame(rows, columns=["what", "how much", "named right"])
