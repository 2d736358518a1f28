"""The figures of the lab on sliding windows: their number by stride, their cost, and what is found in a scene."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.data.scenes import CLASSES, Scene
from core.detect.found import Found
from core.segment.windows import Cost
from core.types import Floats
from pages._kit.shots import Shot
from pages._kit.veil import Frame, Veiled

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
FOUND, MISSED = "#56B4E9", "#E69F00"
READABLE = 10  # names of boxes on one picture
Figure = dict[str, Any]


def spoken(count: float) -> str:
    """A large number in words.

    >>> spoken(15_470_264_320), spoken(2.17e13), spoken(950)
    ('15.5 billion', '21.7 trillion', '950')
    """
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if count >= size:
            return f"{count / size:,.3g} {word}" if count < 1000 * size else f"{count / size:,.0f} {word}"
    return f"{count:,.0f}"


def by_stride(counted: Mapping[int, int], stride: int) -> Figure:
    """Windows over stride, both on logarithmic scales; a line where the stride is now."""
    line = {"color": GREY, "width": 2, "dash": "dot"}
    shown = {each: count for each, count in counted.items() if count}
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines+markers", "x": list(shown), "y": list(shown.values())},
                **{"line": {"color": BLUE, "width": 3}, "marker": {"size": 8, "symbol": "circle"}},
                "hovertemplate": "stride %{x}: %{y:,} windows<extra></extra>",
            }
        ],
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
            "xaxis": {
                **{"type": "log", "title": {"text": "stride (pixels of the classifier's input)"}, "fixedrange": True},
                **{"tickvals": list(counted), "ticktext": [str(each) for each in counted]},
            },
            "yaxis": {
                **{"type": "log", "title": {"text": "windows"}, "fixedrange": True, "automargin": True, "dtick": 1},
            },
            "shapes": [{"type": "line", "x0": stride, "x1": stride, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
        },
    }


def work(names: Sequence[str], found: Sequence[Cost]) -> Figure:
    """Multiplications of every size and shape, crop by crop and in one pass, on a logarithmic scale."""
    ways = (("crop by crop", VERMILLION, "/", "patches"), ("over the whole picture", BLUE, "", "convolutions"))
    data = [
        {
            **{"type": "bar", "orientation": "h", "name": name, "y": list(names)},
            "x": [getattr(each, field) for each in found],
            "text": [spoken(getattr(each, field)) for each in found],
            **{"textposition": "inside", "insidetextanchor": "start", "textfont": {"color": "#FFFFFF"}},
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.2, "bgcolor": colour, "fgcolor": "#8F3E00"},
            },
            "hovertemplate": f"{name}, %{{y}}: %{{x:.3s}} multiplications<extra></extra>",
        }
        for name, colour, shape, field in ways
    ]
    least = min(each.convolutions for each in found)
    most = max(max(each.patches, each.convolutions) for each in found)
    return {
        "data": data,
        "layout": {
            "height": 96 + 46 * len(names),
            "barmode": "group",
            "margin": {"l": 8, "r": 12, "t": 30, "b": 8},
            "xaxis": {
                **{
                    "type": "log",
                    "title": {"text": "multiplications (G: billions, T: trillions)"},
                    "fixedrange": True,
                    "dtick": 1,
                },
                "range": [float(np.floor(np.log10(least))) - 1, float(np.ceil(np.log10(most)))],
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def answers(shown: Scene, found: Found, hit: Sequence[bool]) -> Shot:
    """What was found, with its class and how sure it is."""
    labels = [f"{CLASSES[label]} {score:.0%}" for label, score in zip(found.labels, found.scores, strict=True)]
    alt = f"{len(found)} detections: {', '.join(labels) or 'none'}. {sum(hit)} of {len(hit)} things are found."
    named = labels if len(labels) <= READABLE else []
    return Shot(shown.image.astype(np.float64), alt, caption=f"Found: {len(found)}", boxes=found.boxes, labels=named)


def truth(shown: Scene, hit: Sequence[bool], heat: Floats) -> Veiled:
    """What there is: blue frames were found, dashed ones missed; the heat is how little the window says background."""
    frames = [
        Frame((x1, y1, x2 - x1, y2 - y1), FOUND if there else MISSED, dashed=not there)
        for (x1, y1, x2, y2), there in zip((target.box for target in shown.targets), hit, strict=True)
    ]
    told = ", ".join(
        f"{target.label} {'found' if there else 'missed'}" for target, there in zip(shown.targets, hit, strict=True)
    )
    caption = "Blue frame: found. Dashed: missed. Heat: the surest window around each place is a thing."
    return Veiled(shown.image, f"What there is: {told}.", caption=caption, heat=heat, frames=frames)
