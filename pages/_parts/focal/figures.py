"""The figures of the focal loss: shares of the loss, the family of curves, and two detectors while they learn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core.detect.dense.focal_contest import Look
from core.detect.dense.focal_recorded import Measured
from core.learning.focal import focal_factor, focal_loss, focal_slope
from core.types import Floats

Figure = dict[str, Any]
GROUND, OBJECTS = "#0072B2", "#D55E00"
FAMILY = (0.0, 0.5, 1.0, 2.0, 5.0)
INKS = ("#0072B2", "#56B4E9", "#009E73", "#E69F00", "#CC79A7")
DASHES = ("solid", "dot", "dash", "dashdot", "longdash")
LOOKS = {"cross-entropy": ("#0072B2", "circle", "dash"), "focal loss": ("#D55E00", "square", "solid")}
RUNS = ("#0072B2", "#D55E00", "#009E73", "#56B4E9", "#E69F00")
BELOW = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
P = np.linspace(0.005, 0.995, 100)
WHAT: dict[str, tuple[Callable[[Floats, float], Floats], str, list[float]]] = {
    "Loss": (focal_loss, "loss of one example", [0, 5]),
    "Factor": (focal_factor, "factor on the cross-entropy", [0, 1.05]),
    "Pull on the score": (lambda p, gamma: -focal_slope(p, gamma), "how hard it pulls at the score", [0, 1.35]),
}


def shares(rows: Mapping[str, Floats], names: Sequence[str]) -> Figure:
    """Bars of full length, each cut into the share of the background and the share of the objects."""
    data = []
    for place, (name, colour) in enumerate(zip(names, (GROUND, OBJECTS), strict=True)):
        values = [100 * float(row[place]) for row in rows.values()]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": list(rows), "x": values},
                "marker": {"color": colour},
                "text": [
                    f"{name} {value:.1f} %" if value >= 40 else f"{value:.1f} %" if value >= 14 else ""
                    for value in values
                ],
                **{"textposition": "inside", "insidetextanchor": "middle", "textfont": {"color": "#FFFFFF"}},
                "hovertemplate": f"%{{y}}: {name} %{{x:.2f}} %<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 240, "margin": MARGIN, "barmode": "stack", "bargap": 0.35, "legend": BELOW},
            "xaxis": {"range": [0, 100], "ticksuffix": " %", "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def family(what: str, gamma: float, p: float) -> Figure:
    """The curves of five values of gamma, thin; that of the chosen one, thick, with a mark at p."""
    function, title, bounds = WHAT[what]
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines", "name": f"gamma {each:g}", "x": P, "y": function(P, each)},
            "line": {"color": ink, "dash": dash, "width": 1.5},
            "hovertemplate": f"gamma {each:g}, p = %{{x:.2f}}: %{{y:.4f}}<extra></extra>",
        }
        for each, ink, dash in zip(FAMILY, INKS, DASHES, strict=True)
    ]
    data.append(
        {
            **{"type": "scatter", "mode": "lines", "name": f"yours, {gamma:g}", "x": P, "y": function(P, gamma)},
            "line": {"color": OBJECTS, "width": 4},
            "hovertemplate": f"gamma {gamma:g}, p = %{{x:.2f}}: %{{y:.4f}}<extra></extra>",
        }
    )
    here = np.array([p])
    data.append(
        {
            **{"type": "scatter", "mode": "markers", "showlegend": False, "x": here, "y": function(here, gamma)},
            "marker": {"color": OBJECTS, "size": 13, "line": {"color": "#FFFFFF", "width": 2}},
            "hovertemplate": "p = %{x:.3f}: %{y:.4f}<extra></extra>",
        }
    )
    return {
        "data": data,
        "layout": {
            **{"height": 400, "margin": MARGIN, "legend": BELOW},
            "xaxis": {"title": {"text": "p, probability of the right answer"}, "range": [0, 1], "fixedrange": True},
            "yaxis": {"title": {"text": title}, "range": bounds, "fixedrange": True, "zeroline": False},
        },
    }


def learning(found: Mapping[str, Sequence[Look]], steps: int) -> Figure:
    """AP50 on new pictures after every look at both detectors."""
    data = []
    for name, (colour, symbol, dash) in LOOKS.items():
        seen = found.get(name, ())
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": name, "x": [each.step for each in seen]},
                "y": [100 * each.ap50 for each in seen],
                "line": {"color": colour, "dash": dash, "width": 2.5},
                "marker": {"symbol": symbol, "size": 9, "color": colour},
                "hovertemplate": f"{name}, step %{{x}}: AP50 %{{y:.1f}} %<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 340, "margin": MARGIN, "legend": BELOW},
            "xaxis": {"title": {"text": "steps"}, "range": [0, 1.02 * steps], "fixedrange": True},
            "yaxis": {
                **{"title": {"text": "AP50 on new pictures"}, "range": [0, 100], "ticksuffix": " %"},
                **{"fixedrange": True, "zeroline": False},
            },
        },
    }


def last_of_all(reached: Mapping[str, Sequence[float]]) -> Figure:
    """AP50 at the end: a bar for the mean of each way, a point for every seed."""
    names, inks = list(reached), [GROUND if name.startswith("cross") else OBJECTS for name in reached]
    means = [100 * float(np.mean(values)) for values in reached.values()]
    bars = {
        **{"type": "bar", "orientation": "h", "name": "mean", "y": names, "x": means, "showlegend": False},
        "marker": {"color": inks, "pattern": {"shape": ["", "/", "x", "", "/"], "size": 6, "solidity": 0.3}},
        "hovertemplate": "%{y}: %{x:.1f} %<extra>mean</extra>",
    }
    places = [(name, 100 * value) for name, values in reached.items() for value in values]
    points = {
        **{"type": "scatter", "mode": "markers", "name": "one seed", "showlegend": False},
        **{"y": [name for name, _ in places], "x": [value for _, value in places]},
        "marker": {"size": 10, "color": "#FFFFFF", "line": {"color": "#14161A", "width": 1.5}},
        "hovertemplate": "%{y}: %{x:.1f} %<extra>one seed</extra>",
    }
    return {
        "data": [bars, points],
        "layout": {
            **{"height": 320, "margin": MARGIN, "bargap": 0.35},
            "xaxis": {"title": {"text": "AP50"}, "range": [0, 100], "ticksuffix": " %", "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def all_runs(measured: Sequence[Measured], names: Sequence[str], steps: int) -> Figure:
    """AP50 of every training after every look: a line for each seed."""
    looks = {name: (ink, dash) for name, (ink, dash) in zip(names, zip(RUNS, DASHES, strict=False), strict=True)}
    data = []
    for name, (ink, dash) in looks.items():
        seeds = sorted({each.seed for each in measured if each.way == name})
        for seed in seeds:
            seen = [each.look for each in measured if (each.way, each.seed) == (name, seed)]
            data.append(
                {
                    **{"type": "scatter", "mode": "lines", "name": name, "legendgroup": name},
                    **{"showlegend": seed == seeds[0], "x": [each.step for each in seen]},
                    "y": [100 * each.ap50 for each in seen],
                    "line": {"color": ink, "dash": dash, "width": 2},
                    "hovertemplate": f"{name}, seed {seed}, step %{{x}}: %{{y:.1f}} %<extra></extra>",
                }
            )
    return {
        "data": data,
        "layout": {
            **{"height": 380, "margin": MARGIN, "legend": BELOW},
            "xaxis": {"title": {"text": "steps"}, "range": [0, 1.02 * steps], "fixedrange": True},
            "yaxis": {
                **{"title": {"text": "AP50 on new pictures"}, "range": [0, 100], "ticksuffix": " %"},
                **{"fixedrange": True, "zeroline": False},
            },
        },
    }
