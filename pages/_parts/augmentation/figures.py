"""What stands below the pictures: a matrix, histograms, the boxes as numbers, the lines of a grid."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.augment.example import Example
from core.types import Floats

RED, GREEN, BLUE, GREY = "#D55E00", "#009E73", "#0072B2", "#8A8F98"
CHANNELS = (("red", RED, "solid"), ("green", GREEN, "dash"), ("blue", BLUE, "dot"))
Figure = dict[str, Any]


def matrix_table(matrix: Floats) -> pd.DataFrame:
    """Nine numbers, with what each row gives."""
    rows = ["x' · w", "y' · w", "w"]
    words = [[f"{value + 0.0:.4g}" if abs(value) > 1e-9 else "0" for value in row] for row in matrix]
    return pd.DataFrame(words, index=rows, columns=["times x", "times y", "plus"])


def box_table(example: Example) -> pd.DataFrame:
    """The boxes after the change; an object that left has none."""
    rows = [
        {
            "object": label,
            "x1": round(box[0], 1),
            "y1": round(box[1], 1),
            "x2": round(box[2], 1),
            "y2": round(box[3], 1),
        }
        for label, box, seen in zip(example.labels, example.boxes, example.seen, strict=True)
        if seen
    ]
    return pd.DataFrame(rows, columns=["object", "x1", "y1", "x2", "y2"])


def histograms(before: NDArray[np.int64], after: NDArray[np.int64]) -> Figure:
    """How many pixels of each channel have each value, (C, B): before as grey bars, after as three lines."""
    bins = before.shape[1]
    middles = (np.arange(bins) + 0.5) / bins
    most = float(np.sort(np.concatenate([before.ravel(), after.ravel()]))[-4])  # a few tall bars at the ends are cut
    data: list[dict[str, Any]] = [
        {
            **{"type": "bar", "name": "before, all channels", "x": middles, "y": before.mean(axis=0)},
            "marker": {"color": GREY},
            "hovertemplate": "before, %{x:.2f}: %{y:.0f} pixels<extra></extra>",
        }
    ]
    for (name, colour, dash), counts in zip(CHANNELS, after, strict=True):
        data.append(
            {
                **{"type": "scatter", "mode": "lines", "name": f"after, {name}", "x": middles, "y": counts},
                "line": {"color": colour, "dash": dash, "width": 2.5, "shape": "hvh"},
                "hovertemplate": f"after, {name}, %{{x:.2f}}: %{{y}} pixels<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 240,
            "bargap": 0,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "value, from black to white"}, "range": [0, 1], "fixedrange": True},
            "yaxis": {"range": [0, 1.08 * max(most, 1.0)], "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        },
    }


def histogram_table(before: NDArray[np.int64], after: NDArray[np.int64]) -> pd.DataFrame:
    """The same in eight steps."""
    eight = [counts.reshape(len(counts), 8, -1).sum(axis=2) for counts in (before, after)]
    steps = [f"{place / 8:.3g} to {(place + 1) / 8:.3g}" for place in range(8)]
    columns = {"value": steps, "before": eight[0].mean(axis=0).round().astype(int)}
    return pd.DataFrame({**columns, **{name: eight[1][place] for place, (name, *_) in enumerate(CHANNELS)}})


def grid_lines(sides: tuple[int, int], *, count: int = 9) -> list[Floats]:
    """Lines across and down an image (H, W), each (M, 2)."""
    height, width = sides
    along = np.linspace(0, 1, 41)
    lines = list[Floats]()
    for share in np.linspace(0, 1, count):
        lines.append(np.stack([along * width, np.full_like(along, share * height)], axis=1))
        lines.append(np.stack([np.full_like(along, share * width), along * height], axis=1))
    return lines
