"""The figures of the activations lab: curves and slopes, units that die, the templates of a net without activations."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.types import Floats
from core.units.activations import Curve

REACH = 5.0
LOOKS = {
    "ReLU": ("#0072B2", "solid"),
    "leaky ReLU": ("#D55E00", "dash"),
    "tanh": ("#009E73", "solid"),
    "sigmoid": ("#CC79A7", "solid"),
    "sigmoid as printed": ("#E69F00", "dash"),
    "linear": ("#8A8F98", "dot"),
}


def curves(shown: Sequence[Curve], x: float) -> dict[str, Any]:
    """Values above, slopes below, over the same sums, with a point on each curve at `x`."""
    line = np.linspace(-REACH, REACH, 401)
    data: list[dict[str, Any]] = []
    for each in shown:
        colour, dash = LOOKS[each.name]
        for part, axis in ((each.value, "y"), (each.slope, "y2")):
            data.append(
                {
                    "type": "scatter",
                    **{"x": line.astype(np.float32), "y": part(line).astype(np.float32), "yaxis": axis},
                    "mode": "lines",
                    "line": {"color": colour, "dash": dash, "width": 3},
                    **{"name": each.name, "legendgroup": each.name, "showlegend": axis == "y"},
                    "hovertemplate": f"x = %{{x:.2f}}: %{{y:.4f}}<extra>{each.name}</extra>",
                }
            )
        here = np.array([x])
        data.append(
            {
                "type": "scatter",
                **{"x": [x, x], "y": [each.value(here)[0], None], "mode": "markers", "showlegend": False},
                "marker": {"size": 11, "color": colour, "line": {"color": "white", "width": 1.5}},
                "hoverinfo": "skip",
            }
        )
        data.append(
            {
                "type": "scatter",
                **{"x": [x], "y": [each.slope(here)[0]], "yaxis": "y2", "mode": "markers", "showlegend": False},
                "marker": {"size": 11, "color": colour, "line": {"color": "white", "width": 1.5}},
                "hoverinfo": "skip",
            }
        )
    upright = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x}
    titles = (("<b>f(x)</b>, what goes on", 1.0), ("<b>f'(x)</b>, what the gradient is multiplied by", 0.4))
    return {
        "data": data,
        "layout": {
            "height": 560,
            "margin": {"l": 8, "r": 8, "t": 70, "b": 8},
            "shapes": [{**upright, "line": {"color": "#8A8F98", "width": 1, "dash": "dot"}}],
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.07, "yanchor": "bottom"},
            "xaxis": {"range": [-REACH, REACH], "anchor": "y2", "title": {"text": "x, the sum"}, "fixedrange": True},
            "yaxis": {"domain": [0.5, 0.97], "range": [-1.4, 3.2], "fixedrange": True},
            "yaxis2": {"domain": [0, 0.37], "range": [-0.08, 1.15], "fixedrange": True},
            "annotations": [
                {
                    **{"text": text, "xref": "paper", "yref": "paper", "x": 0, "y": y, "xanchor": "left"},
                    **{"yanchor": "bottom" if y == 1 else "middle", "showarrow": False, "yshift": -8 if y == 1 else 0},
                }
                for text, y in titles
            ],
        },
    }


def curves_table(shown: Sequence[Curve], x: float) -> pd.DataFrame:
    """Every curve at `x`: value, slope and how both are written."""
    here = np.array([x])
    return pd.DataFrame(
        {
            "f": [each.name for each in shown],
            "f(x)": [f"{each.value(here)[0]:.4f}" for each in shown],
            "f'(x)": [f"{each.slope(here)[0]:.4f}" for each in shown],
            "written": [each.formula for each in shown],
            "slope": [each.slope_formula for each in shown],
        }
    ).set_index("f")


def curves_alt(shown: Sequence[Curve], x: float) -> str:
    """The curves in words."""
    here = np.array([x])
    told = "; ".join(f"{c.name} {c.value(here)[0]:.3f}, slope {c.slope(here)[0]:.3f}" for c in shown)
    return f"Curves of {len(shown)} activations and their slopes from -5 to 5. At x = {x:g}: {told}."


def firing(sums: Floats, bias: float) -> dict[str, Any]:
    """Every unit as a tile: the share of digits that reach it; dead ones crossed out. Sums are (N, units)."""
    shares = (sums + bias > 0).mean(axis=0)
    grid = shares.reshape(-1, 8)
    gone = np.argwhere(grid == 0)
    tiles = {
        "type": "heatmap",
        "z": (100 * grid).astype(np.float32),
        **{"colorscale": "Cividis", "zmin": 0, "zmax": 100, "xgap": 2, "ygap": 2},
        "colorbar": {"title": {"text": "% of digits"}, "thickness": 12},
        "hovertemplate": "unit in row %{y}, column %{x}: %{z:.0f} % of the digits<extra></extra>",
    }
    crosses = {
        "type": "scatter",
        **{"x": gone[:, 1], "y": gone[:, 0], "mode": "markers", "showlegend": False, "hoverinfo": "skip"},
        "marker": {"symbol": "x-thin", "size": 16, "line": {"color": "#E69F00", "width": 3}},
    }
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": [tiles, crosses],
        "layout": {
            "height": 230,
            "margin": {"l": 4, "r": 4, "t": 8, "b": 4},
            "xaxis": bare,
            "yaxis": {**bare, "autorange": "reversed"},
        },
    }


def dying(biases: Floats, shares: dict[str, Floats], bias: float) -> dict[str, Any]:
    """The share of dead units as the bias is lowered, one line per activation."""
    data = [
        {
            "type": "scatter",
            **{"x": biases, "y": 100 * each, "mode": "lines", "name": name},
            "line": {"color": LOOKS[name][0], "dash": LOOKS[name][1], "width": 3},
            "hovertemplate": f"bias %{{x:.2f}}: %{{y:.0f}} % dead<extra>{name}</extra>",
        }
        for name, each in shares.items()
    ]
    return {
        "data": data,
        "layout": {
            "height": 230,
            "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
            "shapes": [
                {
                    **{"type": "line", "x0": bias, "x1": bias, "yref": "paper", "y0": 0, "y1": 1},
                    "line": {"color": "#8A8F98", "width": 2, "dash": "dot"},
                }
            ],
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "bias of all units"}, "fixedrange": True},
            "yaxis": {"title": {"text": "dead units, %"}, "range": [-4, 104], "fixedrange": True},
        },
    }
