"""The map of the anchors lab: how well the best anchor of every cell fits, and where there are positive ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.types import Floats

VERMILLION, INK = "#D55E00", "#14161A"
PALE = [[0, "#F1F3F5"], [1, "#0072B2"]]
FEW = 12  # cells in a row into which a number still fits
Figure = dict[str, Any]


def cells(best: Floats, positive: NDArray[np.int64], chosen: tuple[int, int]) -> Figure:
    """Best IoU of every cell (H, W) as shade, its positive anchors (H, W) framed and counted, and the chosen cell."""
    columns, (row, column) = best.shape[1], chosen
    numbers = [[str(count) if count else "" for count in line] for line in positive.tolist()]
    frames = [_frame(x, y, INK, 1.5) for y, x in np.argwhere(positive).tolist()]
    bare = {"showgrid": False, "zeroline": False, "fixedrange": True, "nticks": 7}
    return {
        "data": [
            {
                **{"type": "heatmap", "z": best, "zmin": 0, "zmax": 1, "colorscale": PALE, "showscale": False},
                **{"xgap": 1, "ygap": 1, "hovertemplate": "row %{y}, column %{x}: best IoU %{z:.2f}<extra></extra>"},
                **{"text": numbers, "texttemplate": "%{text}", "textfont": {"size": 11 if columns > FEW else 13}},
            }
        ],
        "layout": {
            "height": 330,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**bare, "title": {"text": "column"}, "constrain": "domain"},
            "yaxis": {**bare, "title": {"text": "row"}, "autorange": "reversed", "scaleanchor": "x"},
            "shapes": [*frames, _frame(column, row, VERMILLION, 3.5)],
        },
    }


def _frame(column: int, row: int, colour: str, width: float) -> dict[str, Any]:
    return {
        **{"type": "rect", "x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5},
        "line": {"color": colour, "width": width},
    }
