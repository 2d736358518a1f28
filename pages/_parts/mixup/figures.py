"""The figure of mixup: how shares are drawn."""

from typing import Any

import numpy as np
import pandas as pd

from core.augment.mixup import share_density
from core.types import Floats

VERMILLION, GREEN = "#D55E00", "#009E73"
MOST = 3.0  # where the density leaves the picture: it may have no end
Figure = dict[str, Any]


def shares() -> Floats:
    """Where the density is drawn: not at 0 and 1, where it may have no end."""
    return np.linspace(0.004, 0.996, 249)


def density(alpha: float, share: float) -> Figure:
    """How probable each share is, and where the chosen one lies."""
    places = shares()
    heights = share_density(places, alpha)
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
            "xaxis": {"title": {"text": "lambda"}, "range": [0, 1], "fixedrange": True, "zeroline": False},
            "yaxis": {"title": {"text": "density"}, "range": [0, MOST], "fixedrange": True, "automargin": True},
            "shapes": [
                {
                    **{"type": "line", "x0": share, "x1": share, "y0": 0, "y1": MOST},
                    "line": {"color": VERMILLION, "width": 2, "dash": "dash"},
                }
            ],
            "annotations": [
                {
                    **{"text": f"lambda {share:.2f}", "x": share, "y": MOST, "showarrow": False, "yanchor": "bottom"},
                    "xanchor": "left" if share < 0.15 else "right" if share > 0.85 else "center",
                }
            ],
        },
    }


def density_table(alpha: float) -> pd.DataFrame:
    """The density at a few shares."""
    places = np.array([0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99])
    return pd.DataFrame({"lambda": places, "density": share_density(places, alpha).round(3)})
