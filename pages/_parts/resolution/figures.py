"""The charts of the resolution lab: what is lost by factor, and what a network without pooling sees and costs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.scenes import CLASSES
from core.segment.unpooled import Depth

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
# ground, then the classes in their order: colours that stay apart for the colour-blind
COLOURS = ("#23272E", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#D55E00")
NAMES = ("ground", *CLASSES)
Figure = dict[str, Any]


def painted(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """A label map in colours: (H, W) -> (H, W, 3) from 0 to 1.

    >>> painted(np.array([[0, 1]]))[0, 1].round(2).tolist()
    [0.9, 0.62, 0.0]
    """
    table = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for colour in COLOURS])
    found: NDArray[np.float64] = table[labels]
    return found


def by_factor(
    curves: Mapping[str, Sequence[float]], near: Mapping[str, Sequence[float]], factors: Sequence[int], chosen: int
) -> Figure:
    """Mean IoU of every way over the factors: solid over all pixels, dotted near borders."""
    looks = ((BLUE, "circle"), (VERMILLION, "square"), (GREEN, "diamond"), (PURPLE, "triangle-up"))
    data = []
    for (name, values), (colour, symbol) in zip(curves.items(), looks, strict=False):
        for dash, shown in (("solid", values), ("dot", near[name])):
            every = dash == "solid"
            data.append(
                {
                    **{"type": "scatter", "mode": "lines+markers", "legendgroup": name, "showlegend": every},
                    **{"name": name, "x": [str(each) for each in factors], "y": list(shown)},
                    "line": {"color": colour, "dash": dash, "width": 2.5 if every else 1.8},
                    "marker": {"symbol": symbol, "size": 8, "color": colour},
                    "hovertemplate": f"{name}, factor %{{x}}: %{{y:.3f}}"
                    f"{'' if every else ' near borders'}<extra></extra>",
                }
            )
    return {
        "data": data,
        "layout": {
            "height": 380,
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {
                **{"title": {"text": "factor"}, "type": "category", "fixedrange": True},
                "categoryarray": [str(each) for each in factors],
            },
            "yaxis": {"title": {"text": "mean IoU"}, "range": [0, 1.02], "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": str(chosen), "x1": str(chosen), "yref": "paper", "y0": 0, "y1": 1},
                    "line": {"color": "#8A8F98", "width": 2, "dash": "dot"},
                }
            ],
        },
    }


def growing(nets: Mapping[str, Sequence[Depth]], what: str, title: str, *, log: bool, chosen: int) -> Figure:
    """One number of both networks over their depth."""
    looks = {"without pooling": (VERMILLION, "circle", "solid"), "with pooling": (BLUE, "square", "dash")}
    data = []
    for name, found in nets.items():
        colour, symbol, dash = looks[name]
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": name},
                "x": [each.convolutions for each in found],
                "y": [getattr(each, what) / (2**20 if what == "bytes" else 1) for each in found],
                "line": {"color": colour, "width": 2.5, "dash": dash},
                "marker": {"symbol": symbol, "size": 6, "color": colour},
                "hovertemplate": f"{name}, %{{x}} convolutions: %{{y:,.4g}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 290,
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "convolutions of 3x3"}, "fixedrange": True},
            "yaxis": {
                **{"title": {"text": title}, "fixedrange": True},
                **({"type": "log"} if log else {"rangemode": "tozero"}),
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": chosen, "x1": chosen, "yref": "paper", "y0": 0, "y1": 1},
                    "line": {"color": "#8A8F98", "width": 2, "dash": "dot"},
                }
            ],
        },
    }
