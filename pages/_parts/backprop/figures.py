"""The figures of the backpropagation lab: the net as a graph with everything known so far, and the loss so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.types import Floats
from core.units.backprop import Net, Pass, agreement, finite_difference, gradient, loss, run
from core.units.terms import Stage, number, parameter

BLUE, VERMILLION, GREY, UNKNOWN = "#0072B2", "#D55E00", "#8A8F98", "#5B6470"
COLUMNS = (0.0, 1.0, 2.0)
LIGHT = {  # what stands on an edge hides it, so it needs the colours of the page
    False: {"bgcolor": "#FFFFFF", "font": {"size": 12, "color": "#111111"}},
    True: {"bgcolor": "#0F1419", "font": {"size": 12, "color": "#F2F4F6"}},
}


@dataclass(frozen=True)
class Known:
    """What the steps so far have shown."""

    forward: frozenset[tuple[int, int]]
    loss: bool
    backward: frozenset[tuple[int, int]]
    now: Stage | None  # the step that was just taken


def known(stages: Sequence[Stage], steps: int) -> Known:
    """After so many steps."""
    past = stages[:steps]
    return Known(
        frozenset(each.neuron for each in past if each.neuron and not each.backward),
        any(each.neuron is None for each in past),
        frozenset(each.neuron for each in past if each.neuron and each.backward),
        past[-1] if past else None,
    )


def graph(net: Net, found: Pass, seen: Known, *, dark: bool) -> dict[str, Any]:
    """Inputs, hidden neurons and outputs from left to right; weights stand on their edges, derivatives below them."""
    heights = [_heights(net.inputs), *(_heights(len(layer)) for layer in net.layers)]
    data: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for layer, matrix in enumerate(net.layers):
        for unit, entry in np.ndindex(len(matrix), matrix.shape[1] - 1):
            start, end = (COLUMNS[layer], heights[layer][entry]), (COLUMNS[layer + 1], heights[layer + 1][unit])
            now = seen.now is not None and seen.now.neuron == (layer, unit)
            data.append(
                {
                    "type": "scatter",
                    **{"x": [start[0], end[0]], "y": [start[1], end[1]], "mode": "lines", "hoverinfo": "skip"},
                    "line": {"color": VERMILLION if now else GREY, "width": 3 if now else 1.2},
                }
            )
            along = 0.5 if start[1] == end[1] else 0.4
            place = [a + along * (b - a) for a, b in zip(start, end, strict=True)]
            text = f"{parameter((layer, unit, entry), matrix.shape[1] - 1)} = {number(matrix[unit, entry])}"
            notes.append(_note(place, text + _derivative(seen, found, layer, unit, entry)))
    for unit, (x, height) in enumerate(zip(found.x, heights[0], strict=True)):
        data.append(_node(COLUMNS[0], height, f"x{unit + 1}<br>{number(x)}", UNKNOWN, "square"))
    for layer, (name, values) in enumerate(zip("hy", found.outputs, strict=True)):
        for unit, (value, height) in enumerate(zip(values, heights[layer + 1], strict=True)):
            shown = (layer, unit) in seen.forward
            now = seen.now is not None and seen.now.neuron == (layer, unit)
            colour = VERMILLION if now else BLUE if shown else UNKNOWN
            data.append(
                _node(COLUMNS[layer + 1], height, f"{name}{unit + 1}<br>{number(value) if shown else '?'}", colour)
            )
            last = net.layers[layer].shape[1] - 1
            text = f"{parameter((layer, unit, last), last)} = {number(net.layers[layer][unit, last])}"
            text += _derivative(seen, found, layer, unit, last)
            if (layer, unit) in seen.backward:
                text += f"<br>dL/ds {number(found.blame[layer][unit])}"
            notes.append(_note([COLUMNS[layer + 1], height], text, below=34))
            if layer == len(net.layers) - 1:
                notes.append(_note([COLUMNS[-1], height], f"t{unit + 1} = {number(found.target[unit])}", below=-34))
    return {
        "data": data,
        "layout": {
            "height": 470,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "showlegend": False,
            "annotations": [{**note, **LIGHT[dark]} for note in notes],
            "xaxis": {"visible": False, "range": [-0.22, 2.3], "fixedrange": True},
            "yaxis": {"visible": False, "range": [-1.75, 1.5], "fixedrange": True},
        },
    }


def _derivative(seen: Known, found: Pass, layer: int, unit: int, entry: int) -> str:
    if (layer, unit) not in seen.backward:
        return ""
    return f"<br><b>{number(found.gradient[layer][unit, entry])}</b>"


def _heights(units: int) -> list[float]:
    return [0.0] if units == 1 else np.linspace(1, -1, units).tolist()


def _node(x: float, y: float, text: str, colour: str, symbol: str = "circle") -> dict[str, Any]:
    return {
        "type": "scatter",
        **{"x": [x], "y": [y], "mode": "markers+text", "text": [text], "textposition": "middle center"},
        "textfont": {"color": "#FFFFFF", "size": 12},
        "marker": {"size": 54, "color": colour, "symbol": symbol, "line": {"width": 0}},
        "hoverinfo": "skip",
    }


def _note(place: Sequence[float], text: str, *, below: int = 0) -> dict[str, Any]:
    note = {"x": place[0], "y": place[1], "text": text, "showarrow": False, "borderpad": 1}
    if below > 0:
        return {**note, "yanchor": "top", "yshift": -below}
    return {**note, "yanchor": "bottom", "yshift": -below if below else 2}


def graph_alt(found: Pass, seen: Known) -> str:
    """The graph in words: only what is known so far."""
    told = [f"A net with inputs {', '.join(map(number, found.x))}"]
    for layer, name in enumerate("hy"):
        shown = [(unit, value) for unit, value in enumerate(found.outputs[layer]) if (layer, unit) in seen.forward]
        told += [f"{name}{unit + 1} is {number(value)}" for unit, value in shown]
    if seen.loss:
        told.append(f"the loss is {number(found.loss)}")
    told += [
        f"dL/ds of {'hy'[layer]}{unit + 1} is {number(found.blame[layer][unit])}"
        for layer, unit in sorted(seen.backward, reverse=True)
    ]
    return ", ".join(told) + "."


def derivatives(net: Net, found: Pass) -> pd.DataFrame:
    """Every parameter with its derivative by the rule and by finite differences, for this sample."""
    rows = []
    for place in net.places():
        layer, unit, entry = place
        by_rule = float(found.gradient[layer][unit, entry])
        measured = finite_difference(net, place, found.x[None], found.target[None])
        rows.append(
            {
                "parameter": parameter(place, net.layers[layer].shape[1] - 1),
                "value": f"{net.layers[layer][unit, entry]:.4f}",
                "by the rule": f"{by_rule:.6f}",
                "finite difference": f"{measured:.6f}",
                "apart": f"{abs(by_rule - measured):.0e}",
            }
        )
    return pd.DataFrame(rows).set_index("parameter")


def samples(net: Net, x: Floats, targets: Floats) -> pd.DataFrame:
    """Every sample: its loss, the length of its gradient, and how far that points the way of the full one."""
    whole, rows = gradient(net, x, targets), []
    for place, (each, target) in enumerate(zip(x, targets, strict=True), start=1):
        found = run(net, each, target)
        rows.append(
            {
                "sample": f"{place}",
                "x": " ".join(map(number, each)),
                "target": " ".join(map(number, target)),
                "loss": f"{found.loss:.4f}",
                "length of its gradient": f"{length(found.gradient):.4f}",
                "cosine to the full one": f"{agreement(found.gradient, whole):+.2f}",
            }
        )
    total = {"sample": "sum", "x": "", "target": "", "loss": f"{loss(net, x, targets):.4f}"}
    rows.append({**total, "length of its gradient": f"{length(whole):.4f}", "cosine to the full one": "+1.00"})
    return pd.DataFrame(rows).set_index("sample")


def length(slopes: Sequence[Floats]) -> float:
    """How long a gradient is."""
    return float(np.sqrt(sum(float((each**2).sum()) for each in slopes)))


def falling(losses: Sequence[float]) -> dict[str, Any]:
    """The loss of all samples after every step that was taken."""
    line = {
        "type": "scatter",
        **{"x": list(range(len(losses))), "y": list(losses), "mode": "lines+markers" if len(losses) < 60 else "lines"},
        **{"line": {"color": BLUE, "width": 3}, "marker": {"size": 6}},
        "hovertemplate": "after step %{x}: %{y:.5f}<extra>loss</extra>",
    }
    return {
        "data": [line],
        "layout": {
            "height": 220,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "steps"}, "fixedrange": True, "rangemode": "tozero"},
            "yaxis": {"title": {"text": "loss of all samples"}, "rangemode": "tozero", "fixedrange": True},
        },
    }
