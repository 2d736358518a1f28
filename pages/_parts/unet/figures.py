"""The figures of the U-Net explorer: the U with its sizes, weights as colours, and a line through them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.segment.unet import Level
from core.types import Floats

Figure = dict[str, Any]
BLUE, VERMILLION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#8A8F98"
WIDE, TALL = 1.9, 0.5  # of a block
# Cividis at five places, dark to light
INK = np.array([(0, 34, 78), (59, 73, 108), (112, 113, 115), (165, 156, 116), (254, 232, 56)], dtype=np.float64) / 255


def drawing(levels: Sequence[Level], side: int, classes: int) -> Figure:
    """The U: a block for every pair of convolutions, sides and channels in it, crops on the way across."""
    depth = len(levels) - 1
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    step = 1.0 if depth < 4 else 0.78
    right = 10.0

    def block(x: float, y: float, words: str, colour: str) -> None:
        shapes.append(
            {
                **{"type": "rect", "x0": x - WIDE / 2, "x1": x + WIDE / 2, "y0": y - TALL / 2, "y1": y + TALL / 2},
                **{"fillcolor": colour, "line": {"color": colour, "width": 1}, "layer": "below"},
            }
        )
        notes.append(
            {"text": words, "x": x, "y": y, "showarrow": False, "font": {"size": 11, "color": "#FFFFFF"}, "yshift": 0}
        )

    def line(x: Sequence[float], y: Sequence[float], colour: str, dash: str = "solid") -> None:
        lines.append(
            {
                **{"type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "hoverinfo": "skip"},
                **{"line": {"color": colour, "width": 2, "dash": dash}, "showlegend": False},
            }
        )

    for level in levels:
        y = -float(level.number)
        left = level.number * step
        if level.number == depth:
            block(right / 2, y, f"{level.kept}², {level.channels}", BLUE)
            continue
        if level.number + 1 < depth:  # straight down, where this block and the next lie over each other
            way = [(left + step / 2, left + step / 2), (y - TALL / 2, y - 1 + TALL / 2)]
        else:
            way = [(left, left, (right - WIDE) / 2), (y - TALL / 2, y - 1, y - 1)]
        line(*way, GREY)
        line([right - x for x in way[0]], way[1], GREY)
        line((left + WIDE / 2, right - left - WIDE / 2), (y, y), VERMILLION, "dot")
        block(left, y, f"{level.kept}², {level.channels}", BLUE)
        block(right - left, y, f"{level.left}², {level.channels}", "#00674B")
        notes.append(
            {
                **{"text": f"crop {level.crop}, to {level.joined}²", "x": right / 2, "y": y, "yshift": 11},
                **{"showarrow": False, "font": {"size": 11}},
            }
        )
    top = levels[0]
    answer = top.left if depth else top.kept
    notes += [
        {"text": f"picture {side}²", "x": 0, "y": 0.52, "showarrow": False, "font": {"size": 12}},
        {"text": f"answer {answer}², {classes} maps", "x": right, "y": 0.52, "showarrow": False, "font": {"size": 12}},
    ]
    if depth == 0:
        notes = [note for note in notes if "answer" not in note["text"] and "picture" not in note["text"]]
        notes.append({"text": f"{side}² to {answer}²", "x": right / 2, "y": 0.52, "showarrow": False})
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": lines or [{"type": "scatter", "mode": "lines", "x": [5, 5], "y": [0, 0], "hoverinfo": "skip"}],
        "layout": {
            "height": 120 + 62 * (depth + 1),
            "margin": {"l": 2, "r": 2, "t": 2, "b": 2},
            "xaxis": {"range": [-1.15, right + 1.15], **bare},
            "yaxis": {"range": [-depth - 0.45, 0.8], **bare},
            "shapes": shapes,
            "annotations": notes,
            "showlegend": False,
        },
    }


def inked(values: Floats, *, most: float) -> Floats:
    """Values as colours, 0 dark and `most` bright: (H, W) -> (H, W, 3) from 0 to 1.

    >>> inked(np.array([[0.0, 2.0]]), most=2.0)[0, 1].round(2)
    array([1.  , 0.91, 0.22])
    """
    place = np.clip(values / most, 0, 1) * (len(INK) - 1)
    low = np.minimum(place.astype(int), len(INK) - 2)
    share = (place - low)[..., None]
    coloured: Floats = INK[low] * (1 - share) + INK[low + 1] * share
    return coloured


def profile(weights: Floats, plain: Floats, cell: Floats) -> Figure:
    """The weights along one row of the picture, and where its cells are."""
    across = list(range(len(weights)))
    traces = (
        ("w(x)", weights, {"color": VERMILLION, "width": 2.5}),
        ("w_c(x) alone", plain, {"color": BLUE, "width": 2, "dash": "dot"}),
    )
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (cell > 0).astype(int), [0]])))
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "name": name, "x": across, "y": np.asarray(values).round(3)},
                **{"line": look, "hovertemplate": f"{name} at %{{x}}: %{{y:.2f}}<extra></extra>"},
            }
            for name, values, look in traces
        ],
        "layout": {
            "height": 240,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "column, in the row through the first cell; grey is cell"}, "fixedrange": True},
            "yaxis": {"title": {"text": "weight"}, "rangemode": "tozero", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "rect", "x0": float(first) - 0.5, "x1": float(last) - 0.5, "yref": "paper"},
                    **{"y0": 0, "y1": 1, "fillcolor": GREY, "opacity": 0.25, "line": {"width": 0}, "layer": "below"},
                }
                for first, last in zip(edges[::2], edges[1::2], strict=True)
            ],
        },
    }
