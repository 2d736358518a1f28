"""How many things the network names right the worse their pictures get."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from core.augment.limits import SCALES, STRESSES, Stress

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
            "xaxis": {"title": {"text": "how much"}, "range": [-0.03, 1.03], "fixedrange": True, "zeroline": False},
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
