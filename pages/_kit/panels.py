"""Maps side by side in one figure: each a grid of values under a title, in one colour scale or its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.types import Floats

# Blue below 0, grey at 0, orange above: readable in both themes and for the colour-blind.
DIVERGING = [[0, "#0072B2"], [0.5, "#D9DCE0"], [1, "#D55E00"]]
SCALES = {"ink": "Cividis", "signs": DIVERGING, "grey": [[0, "#000000"], [1, "#FFFFFF"]]}


@dataclass(frozen=True)
class Panel:
    """One map (H, W) and how it is coloured: ink or grey from 0 up, or signs around 0."""

    title: str
    values: Floats
    colours: Literal["ink", "signs", "grey"] = "ink"
    most: float | None = None  # the value of the strongest colour; the largest of the map if None


def panels(shown: Sequence[Panel], *, height: int = 300, columns: int | None = None) -> dict[str, Any]:
    """A plotly figure of maps in rows of `columns`, all in one row if None."""
    wide = columns or len(shown)
    rows = -(-len(shown) // wide)
    gap, top = 0.06 if wide < 4 else 0.02, 28 / height
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {"height": height, "margin": {"l": 4, "r": 4, "t": 4, "b": 4}, "annotations": []}
    for place, panel in enumerate(shown):
        row, column = divmod(place, wide)
        across = (1 - gap * (wide - 1)) / wide
        left = column * (across + gap)
        right = min(left + across, 1.0)
        ceiling = 1 - row / rows - top
        floor = 1 - (row + 1) / rows + (0.01 if row < rows - 1 else 0)
        name = "" if place == 0 else str(place + 1)
        most = panel.most or float(np.abs(panel.values).max()) or 1.0
        data.append(
            {
                "type": "heatmap",
                "z": np.asarray(panel.values, dtype=np.float32),
                "xaxis": f"x{name}",
                "yaxis": f"y{name}",
                "colorscale": SCALES[panel.colours],
                "zmin": -most if panel.colours == "signs" else 0,
                "zmax": most,
                "showscale": False,
                "xgap": 1 if panel.values.size <= 200 else 0,
                "ygap": 1 if panel.values.size <= 200 else 0,
                "hovertemplate": f"row %{{y}}, column %{{x}}: %{{z:.3f}}<extra>{panel.title}</extra>",
            }
        )
        bare = {"visible": False, "fixedrange": True, "constrain": "domain"}
        layout[f"xaxis{name}"] = {**bare, "domain": [left, right], "anchor": f"y{name}"}
        layout[f"yaxis{name}"] = {
            **bare,
            **{"domain": [floor, ceiling], "anchor": f"x{name}", "autorange": "reversed", "scaleanchor": f"x{name}"},
            "constraintoward": "top",
        }
        layout["annotations"].append(
            {
                "text": panel.title,
                **{"xref": "paper", "yref": "paper", "x": (left + right) / 2, "y": ceiling},
                **{"xanchor": "center", "yanchor": "bottom", "showarrow": False},
            }
        )
    return {"data": data, "layout": layout}
