"""The figures of the ensemble lab: error against the number of networks, and one digit they disagree about."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.types import Floats

Figure = dict[str, Any]
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"


def against_number(errors: Sequence[Floats], first: Sequence[float], *, most: int) -> Figure:
    """Errors of every choice of n networks as dots, their mean as a line, and the first n networks as squares."""
    numbers = list(range(1, len(errors) + 1))
    alone = float(errors[0].mean()) if len(errors) else None
    dots = [(size, float(error)) for size, found in zip(numbers, errors, strict=True) for error in found]
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "markers", "name": "any n of them"},
            **{"x": [size for size, _ in dots] or [None], "y": [error for _, error in dots] or [None]},
            "marker": {"color": GREY, "size": 7, "opacity": 0.45},
            "hovertemplate": "%{x} together: %{y:.1%}<extra></extra>",
        },
        {
            **{"type": "scatter", "mode": "lines", "name": "one alone, mean"},
            **{"x": [1, most] if errors else [None], "y": [alone, alone] if errors else [None]},
            "line": {"color": ORANGE, "width": 2.5, "dash": "dash"},
            "hovertemplate": "one alone: %{y:.1%}<extra></extra>",
        },
        {
            **{"type": "scatter", "mode": "lines", "name": "n together, mean"},
            **{"x": numbers or [None], "y": [float(found.mean()) for found in errors] or [None]},
            "line": {"color": BLUE, "width": 3},
            "hovertemplate": "%{x} together, in the mean: %{y:.1%}<extra></extra>",
        },
        {
            **{"type": "scatter", "mode": "markers", "name": "the first n"},
            **{"x": numbers or [None], "y": list(first) or [None]},
            "marker": {"symbol": "square-open", "size": 11, "color": GREEN, "line": {"width": 2.5}},
            "hovertemplate": "the first %{x}: %{y:.1%}<extra></extra>",
        },
    ]
    hint = {
        **{"text": "Press Train: the networks<br>come one by one.", "showarrow": False, "font": {"size": 14}},
        **{"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.58},  # between two lines of the grid
    }
    top = max((error for _, error in dots), default=0.4)
    return {
        "data": data,
        "layout": {
            "height": 380,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"title": {"text": "networks asked together, n"}, "dtick": 1, "fixedrange": True},
                "range": [0.6, most + 0.4],
            },
            "yaxis": {
                **{"title": {"text": "wrong"}, "tickformat": ".0%", "fixedrange": True, "nticks": 6},
                "range": [0, top * 1.08],
            },
            "annotations": [] if errors else [hint],
        },
    }


def against_number_alt(errors: Sequence[Floats]) -> str:
    """The curve in words."""
    if not errors:
        return "An empty chart for errors against the number of networks; nothing is trained yet."
    told = ", ".join(f"{size}: {found.mean():.1%}" for size, found in enumerate(errors, 1))
    return f"Share of wrong answers by the number of networks asked together, mean of all choices. {told}."


def by_number(errors: Sequence[Floats], first: Sequence[float]) -> pd.DataFrame:
    """The numbers behind the curve."""
    return pd.DataFrame(
        {
            "networks": range(1, len(errors) + 1),
            "choices": [len(found) for found in errors],
            "mean": [f"{found.mean():.1%}" for found in errors],
            "best": [f"{found.min():.1%}" for found in errors],
            "worst": [f"{found.max():.1%}" for found in errors],
            "the first n": [f"{error:.1%}" for error in first],
        }
    )


def disagreement(image: Floats, one: Floats, together: Floats, label: int) -> Figure:
    """A digit, and what one network and all together say about it: (H, W), (10,), (10,)."""
    classes = [f"<b>{digit}</b>" if digit == label else str(digit) for digit in range(10)]
    bars = [
        {
            **{"type": "bar", "name": name, "x": classes, "y": np.round(values, 4).tolist()},
            **{"xaxis": "x2", "yaxis": "y2", "marker": {"color": colour, "pattern": {"shape": shape}}},
            "hovertemplate": f"{name}, %{{x}}: %{{y:.1%}}<extra></extra>",
        }
        for name, values, colour, shape in (
            ("this network", one, ORANGE, "/"),
            ("all together", together, BLUE, ""),
        )
    ]
    picture = {
        **{"type": "heatmap", "z": image.round(3).tolist(), "colorscale": "Greys", "reversescale": True},
        **{"showscale": False, "hoverinfo": "skip"},
    }
    height, width = image.shape
    frame = {
        **{"type": "rect", "xref": "x", "yref": "y", "line": {"color": GREY, "width": 1}},
        **{"x0": -0.5, "x1": width - 0.5, "y0": -0.5, "y1": height - 0.5},
    }
    return {
        "data": [picture, *bars],
        "layout": {
            "shapes": [frame],
            **{"height": 260, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "barmode": "group"},
            "legend": {"orientation": "h", "x": 0.34, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"domain": [0, 0.28], "visible": False, "fixedrange": True, "constrain": "domain"},
            "yaxis": {"autorange": "reversed", "visible": False, "fixedrange": True, "scaleanchor": "x"},
            "xaxis2": {"domain": [0.4, 1], "anchor": "y2", "type": "category", "fixedrange": True},
            "yaxis2": {"anchor": "x2", "range": [0, 1.05], "tickformat": ".0%", "fixedrange": True, "nticks": 5},
        },
    }


def disagreement_alt(one: Floats, together: Floats, label: int) -> str:
    """The bars in words."""
    return (
        f"A written {label}. This network says {one.argmax()} with {one.max():.0%} and {label} with {one[label]:.0%}; "
        f"all together say {together.argmax()} with {together.max():.0%}."
    )


def probabilities(one: Floats, together: Floats) -> pd.DataFrame:
    """The numbers behind the bars."""
    return pd.DataFrame(
        {
            "digit": range(10),
            "this network": [f"{value:.1%}" for value in one],
            "all together": [f"{value:.1%}" for value in together],
        }
    )
