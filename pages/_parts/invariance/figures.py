"""Answers against the angle: the share read right by each reader, and all ten probabilities for one digit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.models.recipes.turned import Taught
from core.types import Floats

BLUE, VERMILLION, ORANGE, GREY = "#0072B2", "#D55E00", "#E69F00", "#8A8F98"
LOOKS: dict[Taught, tuple[str, str, str]] = {
    "upright": (VERMILLION, "dot", "upright digits"),
    "a little": (ORANGE, "dash", "turned by up to 30"),
    "any way": (BLUE, "solid", "turned any way"),
}
TICKS = [-180, -90, 0, 90, 180]
Figure = dict[str, Any]


def accuracies(angles: Sequence[int], found: Mapping[Taught, Floats], angle: int) -> Figure:
    """The share of the held-out digits read right when all of them are turned by an angle."""
    data = [
        {
            **{"type": "scatter", "mode": "lines", "name": name, "x": list(angles), "y": found[taught]},
            "line": {"color": colour, "dash": dash, "width": 3},
            "hovertemplate": f"{name}, %{{x}} degrees: %{{y:.1%}}<extra></extra>",
        }
        for taught, (colour, dash, name) in LOOKS.items()
    ]
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {
                **{"title": {"text": "all digits turned by, in degrees"}, "tickvals": TICKS, "fixedrange": True},
                "zeroline": False,
            },
            "yaxis": {"range": [0, 1.03], "tickformat": ".0%", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "shapes": [_marker(angle, 1.03)],
        },
    }


def answers(angles: Sequence[int], said: Floats, angle: int) -> Figure:
    """How probable each digit is at every angle, (A, 10): a row for each digit."""
    return {
        "data": [
            {
                **{"type": "heatmap", "z": said.T.astype(np.float32), "x0": angles[0], "dx": angles[1] - angles[0]},
                **{"y0": 0, "dy": 1, "colorscale": "Cividis", "zmin": 0, "zmax": 1, "showscale": False},
                "hovertemplate": "turned by %{x}: %{y} with %{z:.0%}<extra></extra>",
            }
        ],
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {
                **{"title": {"text": "this digit turned by, in degrees"}, "tickvals": TICKS, "fixedrange": True},
                **{"showgrid": False, "zeroline": False},
            },
            "yaxis": {
                **{"tickvals": list(range(10)), "autorange": "reversed", "fixedrange": True, "automargin": True},
                **{"title": {"text": "read as"}, "showgrid": False, "zeroline": False},
            },
            "shapes": [{**_marker(angle, 9.5), "y0": -0.5}],
        },
    }


def accuracy_table(angles: Sequence[int], found: Mapping[Taught, Floats]) -> pd.DataFrame:
    """The same every 30 degrees."""
    places = [place for place, angle in enumerate(angles) if angle % 30 == 0]
    columns = {LOOKS[taught][2]: [f"{found[taught][place]:.1%}" for place in places] for taught in LOOKS}
    return pd.DataFrame({"angle": [angles[place] for place in places], **columns})


def answer_table(angles: Sequence[int], said: Floats) -> pd.DataFrame:
    """What the digit is read as, every 30 degrees."""
    rows = [
        {"angle": angle, "read as": int(said[place].argmax()), "with": f"{said[place].max():.0%}"}
        for place, angle in enumerate(angles)
        if angle % 30 == 0
    ]
    return pd.DataFrame(rows)


def _marker(angle: int, top: float) -> dict[str, Any]:
    return {
        **{"type": "line", "x0": angle, "x1": angle, "y0": 0, "y1": top},
        "line": {"color": "#009E73", "width": 2, "dash": "dash"},
    }
