"""The figures of the connectivity lab: two rows of neurons, the count of a whole image, and shifts as numbers."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from typing import Any

import numpy as np

from core.filters.arithmetic import output_side
from core.filters.connections import KINDS, Connections, Kind, connect
from core.filters.grids import Words
from core.filters.shifts import Comparison, shift
from core.nets.costs import parameters
from core.nets.layers import Conv, Dense, Local
from core.types import Floats
from pages._kit.stepper import TIMES, short

TINTS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B4B8A")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "solid", "dash")
BARS = {
    "dense": {
        "color": "#D55E00",
        "pattern": {"shape": "/", "size": 6, "solidity": 0.25, "bgcolor": "#D55E00", "fgcolor": "#FFFFFF"},
    },
    "local": {
        "color": "#E69F00",
        "pattern": {"shape": "x", "size": 6, "solidity": 0.2, "bgcolor": "#E69F00", "fgcolor": "#FFFFFF"},
    },
    "shared": {"color": "#0072B2"},
}
WORDS = {"dense": "dense", "local": "locally connected", "shared": "convolution"}
STYLE = """<style>
.plain { overflow-x: auto; }
.plain table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
.plain caption { text-align: left; padding: 0 0 0.4rem; }
.plain th, .plain td {
  padding: 0.3rem 0.7rem; text-align: right;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
@media (max-width: 480px) { .plain table { font-size: 0.8rem; } .plain th, .plain td { padding: 0.3rem 0.2rem; } }
.plain th:first-child { text-align: left; font-weight: 600; }
.plain .chosen { background: color-mix(in srgb, #0072B2 16%, transparent); }
.plain .off { font-weight: 700; background: color-mix(in srgb, #D55E00 22%, transparent); }
</style>"""


def weights_of(layer: Connections, taps: Sequence[float]) -> Floats:
    """Numbers for the weights of a layer: the kernel's where they are shared, else drawn ones, none of them 0."""
    if layer.kind == "shared":
        return np.array(taps[: layer.weights], dtype=np.float64)
    drawn = np.random.default_rng(1).integers(1, 4, layer.weights) * np.random.default_rng(2).choice(
        [-1, 1], layer.weights
    )
    return drawn.astype(np.float64)


def graph(layer: Connections, chosen: int | None) -> dict[str, Any]:
    """Inputs below, outputs above; shared weights have a colour and a dash each. The chosen output stands out."""
    middle = (layer.inputs - layer.outputs) / 2
    data: list[dict[str, Any]] = []
    shared = layer.kind == "shared"
    for weight in range(layer.weights if shared else 1):
        for lit in (False, True):
            edges = [
                edge
                for edge in layer.edges
                if (not shared or edge.weight == weight) and (chosen is None or edge.target == chosen) == lit
            ]
            x = [end for edge in edges for end in (edge.source, edge.target + middle, None)]
            y = [end for _ in edges for end in (0, 1, None)]
            look = {
                "color": TINTS[weight % 7] if shared else "#0072B2",
                "dash": DASHES[weight % 7],
                "width": 4 if lit else 1,
            }
            if not shared:
                look["width"] = 2.5 if lit else 1
            used = sum(edge.weight == weight for edge in layer.edges)
            name = f"weight {weight + 1}, used {used} times" if shared else f"{layer.weights} weights, each used once"
            data.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": x,
                    "y": y,
                    "line": look,
                    "opacity": 1 if lit else 0.22,
                    "name": name,
                    "legendgroup": str(weight),
                    "showlegend": lit,
                    "hoverinfo": "skip",
                }
            )
    for row, (count, offset, what) in enumerate(((layer.inputs, 0.0, "input"), (layer.outputs, middle, "output"))):
        reach = [sum((edge.source, edge.target)[row] == place for edge in layer.edges) for place in range(count)]
        data.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": what,
                "x": [place + offset for place in range(count)],
                "y": [row] * count,
                "text": [str(place + 1) for place in range(count)],
                "customdata": reach,
                "marker": {
                    "size": 30,
                    "color": ["#E69F00" if row and place == chosen else "#FFFFFF" for place in range(count)],
                    "line": {"color": "#5B6470", "width": 2},
                },
                "textfont": {"color": "#111111", "size": 14},
                "showlegend": False,
                "hovertemplate": f"{what} %{{text}}: %{{customdata}} connections<extra></extra>",
            }
        )
    axis = {"visible": False, "fixedrange": True, "zeroline": False}
    return {
        "data": data,
        "layout": {
            "height": 330,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {**axis, "range": [-0.5, layer.inputs - 0.5]},
            "yaxis": {**axis, "range": [-0.22, 1.3]},
            "annotations": [
                {"x": 0, "xref": "paper", "xanchor": "left", "y": at, "text": f"<b>{name}</b>", "showarrow": False}
                for at, name in ((1.19, "outputs"), (-0.2, "inputs"))
            ],
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        },
    }


def lit_by(pick: object, lit: int) -> int:
    """Which output to light after a click on a point: that one, none if it was lit (0), no other for an input.

    >>> lit_by({"name": "output", "point": 2}, 0), lit_by({"name": "output", "point": 2}, 3), lit_by(None, 3)
    (3, 0, 3)
    """
    if not isinstance(pick, Mapping) or pick.get("name") != "output":
        return lit
    chosen = int(pick["point"]) + 1
    return 0 if chosen == lit else chosen


def graph_alt(layer: Connections, chosen: int | None) -> str:
    """The graph in words."""
    told = (
        f"{layer.inputs} inputs and {layer.outputs} outputs with {len(layer.edges)} connections and {layer.weights} "
        f"different weights ({WORDS[layer.kind]})."
    )
    if chosen is None:
        return told
    reads = [str(edge.source + 1) for edge in layer.edges if edge.target == chosen]
    return f"{told} Output {chosen + 1} reads input {', '.join(reads)}."


def counts(side: int, kernel: int, chosen: Kind) -> str:
    """The three layers side by side, as a table."""
    rows = []
    for kind in KINDS:
        layer = connect(side, kind=kind, kernel=kernel, padding=kernel // 2)
        cells = (len(layer.edges), layer.weights, layer.biases, layer.parameters)
        marked = ' class="chosen" aria-current="true"' if kind == chosen else ""
        told = "".join(f"<td>{value}</td>" for value in cells)
        rows.append(f'<tr{marked}><th scope="row">{WORDS[kind]}</th>{told}</tr>')
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Layer", "Connections", "Weights", "Biases", "Parameters")
    )
    return _table(f"{side} inputs, {side} outputs, windows of {kernel}", heads, "".join(rows))


def image_counts(side: int, maps: int, kernel: int, filters: int) -> dict[Kind, tuple[int, str]]:
    """Parameters of the three layers from an image to the same volume, each with its sum."""
    out = output_side(side, kernel)
    taken, values = (maps, side, side), filters * out * out
    return {
        "dense": parameters(Dense(values), (maps * side * side,)),
        "local": parameters(Local(filters, (kernel, kernel)), taken),
        "shared": parameters(Conv(filters, (kernel, kernel)), taken),
    }


def image_bars(found: dict[Kind, tuple[int, str]], chosen: Kind) -> tuple[dict[str, Any], str]:
    """The three counts as bars on a logarithmic axis, and in words."""
    names = list(reversed(KINDS))
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [WORDS[kind]],
                "x": [found[kind][0]],
                "text": [f"{found[kind][0]:,}"],
                "textposition": "outside",
                "cliponaxis": False,
                "textfont": {"size": 15},
                "marker": {**BARS[kind], "line": {"width": 3 if kind == chosen else 0, "color": "#5B6470"}},
                "hovertemplate": escape(found[kind][1]) + "<extra></extra>",
                "showlegend": False,
            }
            for kind in names
        ],
        "layout": {
            "height": 200,
            "margin": {"l": 8, "r": 90, "t": 8, "b": 8},
            "xaxis": {
                "type": "log",
                "range": [
                    0,
                    log10(max(count for count, _ in found.values())) + 0.2,
                ],  # from 1 on, so that lengths compare
                "fixedrange": True,
                "title": {"text": "parameters (each line is ten times more)"},
                "dtick": 1,
            },
            "yaxis": {"fixedrange": True, "automargin": True},
        },
    }
    return figure, "Parameters: " + "; ".join(f"{WORDS[kind]} {found[kind][1]}" for kind in KINDS) + "."


def shift_table(signal: Floats, by: int, found: Comparison) -> str:
    """Both orders of shifting and filtering as rows of numbers; what differs is marked."""
    moved = shift(signal, (0, by))
    rows = (
        ("Input", signal, None),
        ("Input, shifted", moved, None),
        ("Shift, then layer", found.shifted_first, found.filtered_first),
        ("Layer, then shift", found.filtered_first, found.shifted_first),
    )
    body = ""
    for name, values, other in rows:
        cells = []
        for place, value in enumerate(values[0].tolist()):
            off = other is not None and abs(value - other[0, place]) > 1e-9
            cells.append(f'<td class="off">{short(value)} \N{NOT EQUAL TO}</td>' if off else f"<td>{short(value)}</td>")
        body += f'<tr><th scope="row">{name}</th>{"".join(cells)}</tr>'
    head = "".join(f'<th scope="col">{place}</th>' for place in ("Neuron", *range(1, signal.shape[1] + 1)))
    return _table(
        f"Shifted by {by}. Values that differ between the two orders are marked with \N{NOT EQUAL TO}.", head, body
    )


def findings(layer: Connections, kernel: int, counted: dict[Kind, tuple[int, str]], off: float, by: int) -> list[str]:
    """What to notice, in the numbers of this setting."""
    all_ = {kind: connect(layer.inputs, kind=kind, kernel=kernel, padding=kernel // 2) for kind in KINDS}
    dense, local, shared = (all_[kind] for kind in KINDS)
    places = kernel * layer.outputs
    said = [
        f"**Two savings, one after the other.** Reading a window only: {len(dense.edges)} connections become "
        f"{len(local.edges)}. Sharing: {local.weights} weights become {shared.weights}, and all biases one.",
        f"At the border windows hang over the edge: of {kernel} {TIMES} {layer.outputs} = {places} places "
        f"{len(local.edges)} meet a neuron. The others would only ever be multiplied by zeros.",
        f"On the image: {counted['dense'][0]:,} against {counted['local'][0]:,} against {counted['shared'][0]:,}. The "
        "layer in the middle has windows of its own at every place; it is locally connected, not a perceptron.",
    ]
    if by == 0:
        said.append("Shift the input: does the output shift with it?")
    elif off < 1e-9:
        said.append(f"Shifted by {by}, the output is the same output, shifted: the layer is **equivariant** here.")
    elif layer.kind == "shared":
        said.append(
            f"Shifted by {by}, something left over the edge, so the two orders differ there (by up to {short(off)}). "
            "Away from the edge a convolution is equivariant."
        )
    else:
        said.append(
            f"Shifted by {by}, the output is another one (up to {short(off)} apart): every place has weights of its "
            "own, so a pattern learned here means nothing there."
        )
    return said


def answer(counted: dict[Kind, tuple[int, str]]) -> str:
    """The counts of the question and those on screen."""
    return (
        "25 weights and 5 biases dense, 13 and 5 local, 3 and 1 shared. Your image: "
        + ", ".join(f"{counted[kind][0]:,} {WORDS[kind]}" for kind in KINDS)
        + "."
    )


def edges_csv(layer: Connections) -> str:
    """The connections as comma-separated values."""
    lines = ["input,output,weight", *(f"{edge.source + 1},{edge.target + 1},{edge.weight + 1}" for edge in layer.edges)]
    return "\n".join(lines) + "\n"


def one_row(words: Words, inputs: int) -> Words:
    """The first row, cut or filled with zeros to as many values as there are inputs."""
    return ((*words[0][:inputs], *("0",) * (inputs - len(words[0]))),)


def _table(caption: str, head: str, body: str) -> str:
    return (
        f'{STYLE}<div class="plain" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
