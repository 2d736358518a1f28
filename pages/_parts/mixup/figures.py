"""The figures of mixup: what is asked for and what is answered, class by class, and how shares are drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.augment.mixup import share_density
from core.types import Floats

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


def targets(classes: Sequence[str], asked: Floats, said: Floats) -> Figure:
    """The mixed label beside the answer of a network that saw no mixed image while it learned."""
    data = [
        {
            **{"type": "bar", "name": name, "x": list(classes), "y": values},
            "text": [f"{value:.2f}" if value >= 0.005 else "" for value in values],
            **{"textposition": "outside", "cliponaxis": False},
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
            },
            "hovertemplate": f"{name}, %{{x}}: %{{y:.3f}}<extra></extra>",
        }
        for name, values, colour, shape in (("mixed label", asked, BLUE, ""), ("network", said, "#E69F00", "/"))
    ]
    return {
        "data": data,
        "layout": {
            "height": 250,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"fixedrange": True, "automargin": True},
            "yaxis": {"visible": False, "range": [0, 1.15], "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        },
    }


def target_table(classes: Sequence[str], asked: Floats, said: Floats) -> pd.DataFrame:
    """The same as numbers."""
    return pd.DataFrame({"class": list(classes), "mixed label": asked.round(3), "network": said.round(3)})


def shares() -> Floats:
    """Where the density is drawn: not at 0 and 1, where it may have no end."""
    return np.linspace(0.004, 0.996, 249)


def density(alpha: float, share: float) -> Figure:
    """How probable each share is, and where the chosen one lies."""
    places = shares()
    heights = share_density(places, alpha)
    most = float(min(max(heights[len(heights) // 10 : -len(heights) // 10].max() * 1.6, 1.2), 8.0))
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "x": places, "y": heights, "name": "density"},
                "line": {"color": GREEN, "width": 3},
                "hovertemplate": "share %{x:.2f}: %{y:.2f}<extra></extra>",
                "showlegend": False,
            }
        ],
        "layout": {
            "height": 210,
            "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
            "xaxis": {"title": {"text": "lambda"}, "range": [0, 1], "fixedrange": True},
            "yaxis": {"title": {"text": "density"}, "range": [0, most], "fixedrange": True, "automargin": True},
            "shapes": [
                {
                    **{"type": "line", "x0": share, "x1": share, "y0": 0, "y1": most},
                    "line": {"color": VERMILLION, "width": 2, "dash": "dash"},
                }
            ],
            "annotations": [
                {
                    **{"text": f"lambda {share:.2f}", "x": share, "y": most, "showarrow": False, "yanchor": "bottom"},
                    "xanchor": "left" if share < 0.15 else "right" if share > 0.85 else "center",
                }
            ],
        },
    }


def density_table(alpha: float) -> pd.DataFrame:
    """The density at a few shares."""
    places = np.array([0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99])
    return pd.DataFrame({"lambda": places, "density": share_density(places, alpha).round(3)})
