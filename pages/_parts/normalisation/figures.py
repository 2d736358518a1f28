"""The figures of the normalisation lab: the maps at one place before and after, and AlexNet with and without."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.nets.layers import LocalNorm
from core.nets.shapes import drawn
from core.nets.trace import Trace
from core.types import Floats
from core.units.normalise import grounds, neighbours

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"


def bars(before: Floats, after: Floats, looked_at: int, span: range) -> dict[str, Any]:
    """Values of all maps at one place, (C,), before and after; the neighbours of one map are framed."""
    places = list(range(len(before)))
    data = [
        {
            **{"type": "bar", "orientation": "h", "x": values, "y": places, "name": name},
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
            },
            **{"text": [f"{value:.2f}" for value in values], "textposition": "outside", "cliponaxis": False},
            "hovertemplate": f"map %{{y}}: %{{x:.3f}}<extra>{name}</extra>",
        }
        for name, values, colour, shape in (("before", before, GREY, "/"), ("after", after, BLUE, ""))
    ]
    frame = {
        **{"type": "rect", "y0": span.start - 0.5, "y1": span.stop - 0.5, "xref": "paper", "x0": 0, "x1": 1},
        "line": {"color": VERMILLION, "width": 2, "dash": "dash"},
    }
    return {
        "data": data,
        "layout": {
            "height": 90 + 40 * len(before),
            "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
            "barmode": "group",
            "shapes": [frame],
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"title": {"text": f"value; dashed: what map {looked_at} is compared with"}, "fixedrange": True},
                **{"type": "log", "range": [-2, 2.2], "tickvals": [0.01, 0.1, 1, 10, 100]},
                "ticktext": ["0.01", "0.1", "1", "10", "100"],
            },
            "yaxis": {
                **{"tickvals": places, "ticktext": [f"map {place}" for place in places], "fixedrange": True},
                **{"range": [len(before) - 0.5, -0.5], "showgrid": False, "zeroline": False},
            },
        },
    }


def worked_out(before: Floats, after: Floats, place: int, *, size: int, alpha: float, beta: float, k: float) -> str:
    """The rule with the numbers of one map, before and after, (C,)."""
    span = neighbours(len(before), size)[place]
    squares = " + ".join(f"{value:g}²" for value in before[span.start : span.stop])
    ground = grounds(before[:, None, None], size=size, alpha=alpha, k=k)[place, 0, 0]
    return (
        "Every value is divided by (k + alpha / n · the sum of the squares in its neighbourhood), raised to beta. "
        f"Map {place}: {before[place]:g} / ({k:g} + {alpha:g} / {size} · ({squares}))^{beta:g} = {before[place]:g} / "
        f"{ground:.4g}^{beta:g} = **{after[place]:.4g}**"
    )


def statistics(named: Sequence[tuple[str, Floats]]) -> dict[str, list[str]]:
    """Mean, spread, largest value, and how unequal the maps are, for each volume (C, H, W)."""
    volumes = [values for _, values in named]
    strongest = [values.max(axis=0).sum() / max(values.sum(), 1e-12) for values in volumes]
    return {
        "": [name for name, _ in named],
        "mean": [f"{values.mean():.4f}" for values in volumes],
        "standard deviation": [f"{values.std():.4f}" for values in volumes],
        "largest": [f"{values.max():.4f}" for values in volumes],
        "share of the strongest map": [f"{share:.1%}" for share in strongest],
    }


def compared(with_: Trace, without: Trace) -> dict[str, list[str]]:
    """Every row of a network with its normalisations, beside the same without: shapes and parameters."""
    others = {row.name: row for row in without.rows}
    rows = [row for row in with_.rows if row.parameters or isinstance(row.operation, LocalNorm)]
    return {
        "row": [row.name for row in rows],
        "output": [drawn(row.shape) for row in rows],
        "parameters": [f"{row.parameters:,}" for row in rows],
        "parameters without": [f"{others[row.name].parameters:,}" if row.name in others else "gone" for row in rows],
    }


def told(before: Floats, after: Floats) -> str:
    """The bars in words."""
    pairs = ", ".join(f"{b:.2f} to {a:.2f}" for b, a in zip(before, after, strict=True))
    return f"Values of {len(before)} maps at one place, before and after normalisation: {pairs}."


def loud(maps: int, place: int, value: float) -> Floats:
    """One loud map among quiet ones, (maps, 1, 1)."""
    volume = np.ones((maps, 1, 1))
    volume[place] = value
    return volume


def as_csv(before: Floats, after: Floats) -> str:
    """Every value before and after, map by map."""
    pairs = zip(before.ravel(), after.ravel(), strict=True)
    return "before,after\n" + "".join(f"{one:.6g},{other:.6g}\n" for one, other in pairs)
