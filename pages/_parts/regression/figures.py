"""The figures of the discs: images with what is true and what is said, said against true, error by epoch."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from core.data.discs import SIDE, Disc
from core.learning.lesson import Lesson
from core.types import Floats
from pages._kit.pictures import data_uri, pixels

Figure = dict[str, Any]
TRUE, SAID = "#56B4E9", "#D55E00"
DASHED = 'stroke-dasharray="1.2 0.8"'
NUMBERS = (
    ("x of the middle", "#0072B2", "circle"),
    ("y of the middle", "#E69F00", "square"),
    ("radius", "#009E73", "x"),
)


def gallery(shown: Sequence[Disc], answers: Floats | None) -> str:
    """Some discs; a dashed circle is true, a solid one is what the network says."""
    pictures = []
    for place, each in enumerate(shown):
        said = "" if answers is None else _circle(*answers[place], SAID, "")
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
            f'<image href="{data_uri(pixels(each.image))}" width="{SIDE}" height="{SIDE}" '
            'style="image-rendering: pixelated"/>'
            f"{_circle(each.x, each.y, each.radius, TRUE, DASHED)}{said}</svg>"
        )
        words = f"A disc at {each.x:.1f}, {each.y:.1f} with radius {each.radius:.1f}"
        if answers is not None:
            words += "; the network says {:.1f}, {:.1f} and {:.1f}".format(*answers[place])
        pictures.append(
            f'<img class="shot" src="data:image/svg+xml,{quote(drawing)}" alt="{words}" width="112" height="112">'
        )
    return (
        "<style>.discs { display: flex; flex-wrap: wrap; gap: 0.5rem; } .discs img { border-radius: 0.25rem; }</style>"
        f'<div class="discs">{"".join(pictures)}</div>'
    )


def said_against_true(judged: Sequence[Disc], answers: Floats) -> Figure:
    """Every number of every test disc: right is the diagonal, sure of nothing is a level line."""
    truths = np.array([[each.x, each.y, each.radius] for each in judged])
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines", "x": [0, SIDE], "y": [0, SIDE], "name": "right"},
            **{"line": {"color": "#8A8F98", "dash": "dash"}, "hoverinfo": "skip"},
        }
    ]
    for place, (name, colour, shape) in enumerate(NUMBERS):
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "name": name},
                **{"x": truths[:, place].round(2), "y": answers[:, place].round(2)},
                "marker": {"color": colour, "symbol": shape, "size": 6, "opacity": 0.75},
                "hovertemplate": f"{name}: true %{{x:.1f}}, said %{{y:.1f}}<extra></extra>",
            }
        )
    still = {"zeroline": False}
    return {
        "data": data,
        "layout": {
            "height": 360,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                "title": {"text": "true, pixels"},
                "range": [0, SIDE],
                "fixedrange": True,
                "automargin": True,
                **still,
            },
            "yaxis": {
                "title": {"text": "said, pixels"},
                "range": [-2, SIDE + 2],
                "fixedrange": True,
                "automargin": True,
                **still,
            },
        },
    }


def by_epoch(lessons: Sequence[Lesson], *, epochs: int) -> Figure:
    """How far off, epoch by epoch; the first epochs may leave the picture at the top."""
    lines = (("learned from", "#8A8F98", "dot"), ("new", "#0072B2", "solid"))
    data = [
        {
            **{"type": "scatter", "mode": "lines", "name": name, "x": [lesson.epoch for lesson in lessons]},
            "y": [round(lesson.judged if name == "new" else lesson.learned, 3) for lesson in lessons],
            "line": {"color": colour, "dash": dash, "width": 2},
            "hovertemplate": f"{name}, epoch %{{x}}: %{{y:.2f}} pixels off<extra></extra>",
        }
        for name, colour, dash in lines
    ]
    return {
        "data": data,
        "layout": {
            "height": 240,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "epoch"}, "range": [0, epochs], "fixedrange": True, "automargin": True},
            "yaxis": {"title": {"text": "pixels off"}, "range": [0, 5], "fixedrange": True, "automargin": True},
        },
    }


def record(lessons: Sequence[Lesson]) -> pd.DataFrame:
    """The errors by epoch as a table."""
    rows = [(each.epoch, round(each.learned, 3), round(each.judged, 3)) for each in lessons]
    return pd.DataFrame(rows, columns=["epoch", "pixels off, learned from", "pixels off, new"])


def answers_table(judged: Sequence[Disc], answers: Floats) -> pd.DataFrame:
    """What is true and what is said of every test disc."""
    truths = np.array([[each.x, each.y, each.radius] for each in judged])
    names = [f"{name}, {kind}" for kind in ("true", "said") for name in ("x", "y", "radius")]
    return pd.DataFrame(np.hstack([truths, answers]).round(2), columns=names)


def _circle(x: float, y: float, radius: float, colour: str, more: str) -> str:
    return (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{max(radius, 0):.2f}" fill="none" stroke="{colour}" '
        f'stroke-width="0.7" {more}/>'
    )
