"""The figures of the parcel lab: two features against each other with the lines between kinds, curves, pipelines."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.parcels import KINDS, Kind
from core.features.thresholds import Measured, Thresholds, evenness, slimness
from core.learning.train import Epoch
from core.types import Floats, Mask
from pages._kit.block_drawing import Box, Link, drawing

LOOKS: dict[Kind, tuple[str, str]] = {
    "box": ("#0072B2", "square"),
    "bag": ("#D55E00", "circle"),
    "tube": ("#009E73", "triangle-up"),
    "envelope": ("#CC79A7", "diamond"),
    "pair": ("#E69F00", "x"),
}
GREY = "#8A8F98"
HEAT = [[0.0, "#00224E"], [0.33, "#575D6D"], [0.67, "#A59C74"], [1.0, "#FDE838"]]
ROOM = {"height": 420, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}}
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
HAND, MAP = "measured features", "CNN on the height map"


def plane(measured: Sequence[Measured], kinds: Sequence[Kind], lines: Thresholds, swapped: NDArray[np.bool_]) -> Any:
    """How slim and how even every parcel is; envelopes are told by height, so they are faint here."""
    xs, ys = np.array([slimness(each) for each in measured]), np.array([evenness(each) for each in measured])
    flat = np.array([each["mean height"] < lines.flat for each in measured])
    data = [
        {
            **{"type": "scatter", "mode": "markers", "name": "another answer now", "x": xs[swapped].tolist()},
            **{"y": ys[swapped].tolist(), "hoverinfo": "skip"},
            "marker": {"symbol": "circle-open", "size": 16, "color": GREY, "line": {"width": 2.5}},
        }
    ]
    for kind in KINDS:
        mine = np.array([each == kind for each in kinds])
        colour, symbol = LOOKS[kind]
        for low in (False, True):
            chosen = mine & (flat == low)
            data.append(
                {
                    **{"type": "scatter", "mode": "markers", "name": kind, "showlegend": low == (kind == "envelope")},
                    **{"x": xs[chosen].round(3).tolist(), "y": ys[chosen].round(3).tolist()},
                    "marker": {"color": colour, "symbol": symbol, "size": 8, "opacity": 0.25 if low else 0.9},
                    "hovertemplate": f"{kind}: slim %{{x:.2f}}, even %{{y:.2f}}<extra></extra>",
                }
            )
    far = max(5.0, float(xs.max()) * 1.03)
    line = {"type": "line", "line": {"color": GREY, "width": 2}}
    words = {"showarrow": False, "font": {"size": 13}, "bgcolor": "rgba(128, 128, 128, 0.25)", "borderpad": 2}
    return {
        "data": data,
        "layout": {
            **ROOM,
            "legend": LEGEND,
            "xaxis": {"title": {"text": "slim: diagonal² / (2 area)"}, "range": [0.9, far], "fixedrange": True},
            "yaxis": {"title": {"text": "even: low / high height"}, "range": [0, 1.04], "fixedrange": True},
            "shapes": [
                {**line, "x0": lines.slim, "x1": lines.slim, "y0": 0, "y1": 1.04},
                {**line, "x0": 0.9, "x1": lines.slim, "y0": lines.round, "y1": lines.round},
                {**line, "x0": 0.9, "x1": lines.slim, "y0": lines.step, "y1": lines.step},
            ],
            "annotations": [
                {**words, "text": "tube", "x": (lines.slim + far) / 2, "y": 0.06},
                {**words, "text": "bag", "x": 1.0, "y": lines.round / 2, "xanchor": "left"},
                {**words, "text": "pair", "x": 1.0, "y": (lines.round + lines.step) / 2, "xanchor": "left"},
                {**words, "text": "box", "x": 1.0, "y": (lines.step + 1.04) / 2, "xanchor": "left"},
            ],
        },
    }


def curves(found: Mapping[str, Sequence[Epoch]], lengths: Mapping[str, int]) -> dict[str, Any]:
    """Errors of both on the same parcels, against the share of their training; dotted where they learned from them."""
    data = []
    for name, colour in ((HAND, "#D55E00"), (MAP, "#0072B2")):
        for what, dash in (("test_error", "solid"), ("train_error", "dot")):
            story = found.get(name, ())
            data.append(
                {
                    **{"type": "scatter", "mode": "lines", "name": name, "showlegend": dash == "solid"},
                    "x": [each.number / lengths[name] for each in story] or [None],
                    "y": [getattr(each, what) for each in story] or [None],
                    "line": {"color": colour, "dash": dash, "width": 2.5},
                    "hovertemplate": f"{name}, {'new' if dash == 'solid' else 'learned'} parcels: %{{y:.1%}}"
                    "<extra></extra>",
                }
            )
    return {
        "data": data,
        "layout": {
            **{**ROOM, "height": 340},
            "legend": LEGEND,
            "xaxis": {
                **{"title": {"text": "share of its training"}, "tickformat": ".0%", "range": [0, 1.02]},
                "fixedrange": True,
            },
            "yaxis": {"title": {"text": "wrong"}, "tickformat": ".0%", "range": [0, 0.9], "fixedrange": True},
        },
    }


def ends(found: Mapping[str, Sequence[Epoch]], parameters: Mapping[str, int]) -> pd.DataFrame:
    """Where each of them ended."""
    rows = [
        {
            **{"classifier": name, "parameters": f"{parameters[name]:,}"},
            **{"wrong, new parcels": f"{story[-1].test_error:.1%}", "wrong, learned": f"{story[-1].train_error:.1%}"},
        }
        for name, story in found.items()
        if story
    ]
    columns = ["classifier", "parameters", "wrong, new parcels", "wrong, learned"]
    return pd.DataFrame(rows, columns=columns).set_index("classifier")


def pipelines(features: Sequence[str], hidden: int) -> dict[str, Any]:
    """Both ways from a height map to a kind: what is learned is coloured, what somebody designed is grey."""
    measured = f"{len(features)} measured<br>{'feature' if len(features) == 1 else 'features'}"
    boxes = [
        Box("map", "height map<br>32 x 48", 0.5, 0, "input", "the same parcels for both"),
        Box("measure", "measure<br>(designed)", 0, 1, "quiet", ", ".join(features)),
        Box("vector", measured, 0, 2, "quiet"),
        Box("hidden", f"dense {hidden}<br>(learned)", 0, 3, "look"),
        Box("convs", "3 convolutions<br>(learned)", 1, 1.5, "look"),
        Box("dense", "dense<br>(learned)", 1, 3, "look"),
        Box("kind", "one of 5 kinds", 0.5, 4, "input"),
    ]
    ways = [
        *(("map", "measure"), ("measure", "vector"), ("vector", "hidden"), ("hidden", "kind")),
        *(("map", "convs"), ("convs", "dense"), ("dense", "kind")),
    ]
    return drawing(boxes, [Link(start, end) for start, end in ways], height=360)


def coloured(heights: Floats, most: float, missing: Mask | None = None) -> Floats:
    """A height map in colours from 0 to 1: (H, W) -> (H, W, 3), grey where a cell is missing."""
    stops = np.array([place for place, _ in HEAT])
    colours = np.array([_rgb(word) for _, word in HEAT])
    share = np.clip(heights / max(most, 1e-9), 0, 1)
    shown = np.stack([np.interp(share, stops, colours[:, channel]) for channel in range(3)], axis=-1)
    if missing is not None:
        shown[missing] = _rgb(GREY)
    return shown


def thumbnail(heights: Floats, most: float = 30.0) -> NDArray[np.uint8]:
    """A small height map: (32, 48) -> (48, 48, 3), with a black strip above and below."""
    shown = coloured(heights, most)
    shown[heights == 0] = 0
    return np.pad(np.rint(255 * shown), ((8, 8), (0, 0), (0, 0))).astype(np.uint8)


def _rgb(word: str) -> tuple[float, ...]:
    return tuple(int(word[at : at + 2], 16) / 255 for at in (1, 3, 5))
