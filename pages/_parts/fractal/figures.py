"""The figures of the fractal lab: the expanded fractal with its live paths lit, and the depths of its paths."""

from collections.abc import Sequence
from typing import Any

from core.blocks.fractal import Kept, alive, meetings, path_depths, places, whole, width
from core.nets.layers import Conv, Layer
from pages._kit.block_drawing import BLUE, GREY, VERMILLION, Figure


def fractal_graph(layers: Sequence[Layer], kept: Kept) -> Figure:
    """Convolutions as squares in their columns, meetings as bars; what lies on a live path is filled and thick."""
    at, columns = places(layers), width(layers)
    lit = {name for link in alive(layers, kept) for name in link}
    deep = max(end for _, _, end in at.values())
    lines: dict[bool, list[tuple[int, int, int]]] = {True: [], False: []}
    for name, place in at.items():
        lines[name in lit].append(place)
    bars = [_bar(1, columns, 0, True)]
    for name, of in ((name, whole(layers)[name]) for name in meetings(layers)):
        bars.append(_bar(columns - len(of) + 1, columns, end_of(layers, at, of[-1]), name in lit))
    data = [_lines(lines[False], GREY, 1.5, "dot"), _lines(lines[True], VERMILLION, 4, "solid")]
    data += [_squares(at, lit, live) for live in (False, True)]
    return {
        "data": data,
        "layout": {
            "height": 170 + 24 * deep,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": bars,
            "annotations": [
                _label(1, columns, -0.02, "input", "bottom"),
                _label(
                    1, columns, deep + 0.02, "answer: the mean of what meets here" if columns > 1 else "answer", "top"
                ),
            ],
            "xaxis": {"visible": False, "range": [0.4, columns + 0.6], "fixedrange": True},
            "yaxis": {"visible": False, "range": [deep * 1.08 + 0.35, -deep * 0.08 - 0.35], "fixedrange": True},
        },
    }


def fractal_alt(layers: Sequence[Layer], kept: Kept) -> str:
    """The fractal in words."""
    live, every = path_depths(layers, kept), path_depths(layers)
    convolutions = sum(isinstance(layer.operation, Conv) for layer in layers)
    return (
        f"Fractal of order {width(layers)} with {convolutions} layers. {sum(live.values()):,} of "
        f"{sum(every.values()):,} paths are live, {min(live)} to {max(live)} layers deep."
    )


def depths(layers: Sequence[Layer], kept: Kept) -> Figure:
    """How many paths have which depth: all, and those that are live."""
    every, live = path_depths(layers), path_depths(layers, kept)
    data = [
        {
            "type": "bar",
            "name": name,
            "x": list(every),
            "y": [counts.get(depth, 0) for depth in every],
            "width": 0.8,
            "marker": {"color": colour, "line": {"width": 0}, "pattern": {"shape": shape, "size": 6, "solidity": 0.3}},
            "hovertemplate": "%{y:,} paths of %{x} layers<extra>" + name + "</extra>",
        }
        for name, counts, colour, shape in (("all", every, GREY, "/"), ("live", live, VERMILLION, ""))
    ]
    return {
        "data": data,
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barmode": "overlay",
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"title": {"text": "layers on the path"}, "fixedrange": True, "range": [0.4, max(every) + 0.6]},
                "dtick": 1 if max(every) < 9 else 2,
            },
            "yaxis": {"title": {"text": "paths"}, "fixedrange": True, "rangemode": "tozero"},
        },
    }


def findings(layers: Sequence[Layer], kept: Kept, *, live_parameters: int, parameters: int) -> list[str]:
    """What there is to notice in this fractal."""
    every, live, order = path_depths(layers), path_depths(layers, kept), width(layers)
    counts = [1]
    while len(counts) < order:
        counts.append(counts[-1] ** 2 + 1)
    said = [
        f"The number of paths is squared with each order, and one is added: {', '.join(f'{n:,}' for n in counts)}. "
        "Two fractals in a row give every pair of their paths, and the layer beside them one more.",
        f"The longest path doubles, to {max(every)}; the shortest stays {min(every)}. One way "
        "is always a single layer long, so gradients reach the input without any identity connection.",
    ]
    if live != every:
        are = "is" if sum(live.values()) == 1 else "are"
        said.append(
            f"{sum(live.values()):,} of {sum(every.values()):,} paths {are} live, with {live_parameters:,} of "
            f"{parameters:,} weights. The next batch draws others, so no layer can rely on those it is averaged with."
        )
    said.append(
        "While training, paths are dropped, half of the time at each meeting and half of the time all columns but one. "
        "At test time the full network answers. In the paper its deepest column alone then answers nearly as well."
    )
    return said


def end_of(layers: Sequence[Layer], at: dict[str, tuple[int, int, int]], name: str) -> int:
    """The step at which the convolution that a row comes from ends."""
    while name not in at:
        (name,) = whole(layers)[name]
    return at[name][2]


def _lines(at: Sequence[tuple[int, int, int]], colour: str, wide: float, dash: str) -> dict[str, Any]:
    """From where each convolution begins to where it ends."""
    x: list[float | None] = []
    y: list[float | None] = []
    for column, start, end in at:
        x += [column, column, None]
        y += [start, end, None]
    line = {"color": colour, "width": wide, "dash": dash}
    return {"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "hoverinfo": "skip", "showlegend": False}


def _squares(at: dict[str, tuple[int, int, int]], lit: set[str], live: bool) -> dict[str, Any]:
    """The convolutions, in the middle of their lines."""
    own = {name: place for name, place in at.items() if (name in lit) == live}
    look = {"color": BLUE, "line": {"color": VERMILLION, "width": 2}} if live else {"color": GREY}
    return {
        "type": "scatter",
        "name": "live layer" if live else "dropped layer",
        "x": [column for column, _, _ in own.values()],
        "y": [(start + end) / 2 for _, start, end in own.values()],
        "text": [f"column {column}, {'live' if live else 'dropped'}" for column, _, _ in own.values()],
        "mode": "markers",
        "marker": {"symbol": "square" if live else "square-open", "size": 15, **look},
        "hovertemplate": "%{text}<extra></extra>",
    }


def _bar(left: int, right: int, row: float, live: bool) -> dict[str, Any]:
    """Where columns meet."""
    line = {"color": VERMILLION if live else GREY, "width": 6 if live else 3}
    return {"type": "line", "x0": left - 0.18, "x1": right + 0.18, "y0": row, "y1": row, "line": line}


def _label(left: int, right: int, row: float, text: str, anchor: str) -> dict[str, Any]:
    return {
        "x": (left + right) / 2,
        "y": row,
        "text": text,
        "showarrow": False,
        "yanchor": anchor,
        "yshift": 4 if anchor == "bottom" else -4,
    }
