"""Drawing a block of a network: boxes for what is done, lines for what goes where, from top to bottom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
GREY = "#8A8F98"
Figure = dict[str, Any]  # plotly's own form: data and layout, for `lab.chart`
Kind = Literal["input", "narrow", "look", "pool", "meet", "quiet"]

# White on each of these has a contrast of 4.5 or more, in the light and in the dark.
FILLS: dict[Kind, str] = {
    "input": "#3F4854",
    "narrow": "#7A5300",
    "look": BLUE,
    "pool": "#5B626D",
    "meet": "#00714F",
    "quiet": "#767C85",
}


@dataclass(frozen=True)
class Box:
    """Something done, at a place; its label may have two lines."""

    name: str
    label: str
    x: float
    y: float  # 0 is the top
    kind: Kind
    told: str = ""  # what a pointer over it reads


@dataclass(frozen=True)
class Link:
    """Values that go from one box to another; `along` bends the line through these places."""

    start: str
    end: str
    along: tuple[tuple[float, float], ...] = ()
    strong: bool = False


def drawing(boxes: Sequence[Box], links: Sequence[Link], *, height: int, room: float = 0.55) -> Figure:
    """The boxes and their links."""
    places = {box.name: (box.x, box.y) for box in boxes}
    data = [
        _line([link for link in links if link.strong == strong], places, VERMILLION if strong else GREY, strong)
        for strong in (False, True)
        if any(link.strong == strong for link in links)
    ]
    told = [box for box in boxes if box.told]
    data.append(
        {
            "type": "scatter",
            "x": [box.x for box in told],
            "y": [box.y for box in told],
            "text": [box.told for box in told],
            "mode": "markers",
            "marker": {"size": 38, "opacity": 0},
            "hovertemplate": "%{text}<extra></extra>",
            "showlegend": False,
        }
    )
    xs, ys = [box.x for box in boxes], [box.y for box in boxes]
    bends = [place for link in links for place in link.along]
    left, right = min([*xs, *(x for x, _ in bends)]), max([*xs, *(x for x, _ in bends)])
    return {
        "data": data,
        "layout": {
            "height": height,
            "margin": {"l": 4, "r": 4, "t": 6, "b": 6},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {"visible": False, "fixedrange": True, "range": [left - room, right + room]},
            "yaxis": {"visible": False, "fixedrange": True, "range": [max(ys) + 0.5, min(ys) - 0.5]},
            "annotations": [_box(box) for box in boxes],
        },
    }


def _box(box: Box) -> dict[str, Any]:
    return {
        "x": box.x,
        "y": box.y,
        "text": box.label,
        "showarrow": False,
        "font": {"color": "#FFFFFF", "size": 12},
        "bgcolor": FILLS[box.kind],
        "borderpad": 5,
        "captureevents": False,
    }


def _line(links: Sequence[Link], places: dict[str, tuple[float, float]], colour: str, strong: bool) -> dict[str, Any]:
    x, y = list[float | None](), list[float | None]()
    for link in links:
        for place in (places[link.start], *link.along, places[link.end]):
            x.append(place[0])
            y.append(place[1])
        x.append(None)
        y.append(None)
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": colour, "width": 4 if strong else 1.5, "shape": "linear"},
        "hoverinfo": "skip",
        "showlegend": False,
    }
