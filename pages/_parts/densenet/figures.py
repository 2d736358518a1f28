"""The figures of the lab on dense connections: who reads whom as arcs, and the maps that every layer reads."""

from math import cos, pi, sin
from typing import Any

from core.blocks.dense import connections
from core.nets.layers import Conv
from core.nets.trace import Trace
from pages._kit.block_drawing import BLUE, GREY, VERMILLION, Figure
from pages._parts.parameters.figures import amount

HATCH = {"shape": "/", "size": 6, "solidity": 0.3, "bgcolor": VERMILLION, "fgcolor": "#FFFFFF"}
STEPS = 8  # points of a drawn arc; it is smooth between them


def reads(traced: Trace) -> list[int]:
    """Maps that every layer of the block reads."""
    return [row.taken[0] for row in traced.rows if row.name.endswith("_bn1")]


def arcs(traced: Trace, *, growth: int, chosen: int) -> Figure:
    """Input and layers on a line, an arc for every direct link; below, the maps that each layer reads."""
    taken = reads(traced)
    layers, first = len(taken), traced.input[0]
    quiet: list[tuple[int, int]] = [(a, b) for b in range(1, layers + 1) for a in range(b) if b != chosen]
    strong = [(a, chosen) for a in range(chosen)]
    names = ["input", *(str(place) for place in range(1, layers + 1))]
    data = [_arcs(quiet, layers, GREY, 1, 0.55), _arcs(strong, layers, VERMILLION, 3, 1)]
    data.append(
        {
            "type": "scatter",
            "x": list(range(layers + 1)),
            "y": [0] * (layers + 1),
            "mode": "markers",
            "marker": {
                "size": 15,
                "symbol": ["square", *["circle"] * layers],
                "color": ["#3F4854", *[VERMILLION if place == chosen else BLUE for place in range(1, layers + 1)]],
                "line": {"color": "#FFFFFF", "width": 1},
            },
            "text": [
                f"input: {first} maps",
                *(f"layer {n} reads {m} maps, adds {growth}" for n, m in enumerate(taken, 1)),
            ],
            "hovertemplate": "%{text}<extra></extra>",
            "showlegend": False,
        }
    )
    for name, values, look in (
        ("from the input", [first] * layers, {"color": "#767C85"}),
        (
            "from earlier layers",
            [maps - first for maps in taken],
            {
                "color": BLUE,
                "pattern": {"shape": "/", "size": 6, "solidity": 0.25, "bgcolor": BLUE, "fgcolor": "#FFFFFF"},
            },
        ),
    ):
        data.append(
            {
                "type": "bar",
                "name": name,
                "x": list(range(1, layers + 1)),
                "y": values,
                "yaxis": "y2",
                "marker": {**look, "line": {"width": 0}},
                "hovertemplate": "layer %{x}: %{y} maps<extra>" + name + "</extra>",
            }
        )
    marked = [layers] if chosen == layers else [chosen, layers]
    return {
        "data": data,
        "layout": {
            "height": 470,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barmode": "stack",
            "bargap": 0.3,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 0.36,
                "yanchor": "bottom",
                "traceorder": "normal",
            },
            "xaxis": {
                **{
                    "range": [-0.7, layers + 0.7],
                    "tickvals": list(range(layers + 1)),
                    "ticktext": names,
                    "anchor": "y2",
                },
                **{"fixedrange": True, "zeroline": False, "showgrid": False, "title": {"text": "layer"}},
            },
            "yaxis": {"domain": [0.46, 1], "range": [-0.1, 1.05], "visible": False, "fixedrange": True},
            "yaxis2": {
                **{"domain": [0, 0.33], "anchor": "x", "fixedrange": True, "nticks": 4, "title": {"text": "maps read"}},
                "range": [0, max(taken) * 1.25],
            },
            "annotations": [
                {
                    **{"x": place, "y": taken[place - 1], "yref": "y2", "yanchor": "bottom"},
                    **{"text": f"{taken[place - 1]}", "showarrow": False},
                }
                for place in marked
            ],
        },
    }


def arcs_alt(traced: Trace, *, growth: int) -> str:
    """The figure in words."""
    taken = reads(traced)
    return (
        f"Dense block of {len(taken)} layers: {connections(len(taken))} arcs, one from everything made before to every "
        f"layer. The layers read {', '.join(map(str, taken))} maps and add {growth} each; {traced.rows[-1].shape[0]} "
        "maps leave the block."
    )


def costs(block: Trace, chain: Trace) -> Figure:
    """Parameters of every convolution: the block's and the chain's."""
    data: list[dict[str, Any]] = []
    for name, traced, look in (
        ("dense block", block, {"color": BLUE}),
        (
            "plain chain",
            chain,
            {
                "color": VERMILLION,
                "pattern": HATCH,
            },
        ),
    ):
        own = [row for row in traced.rows if isinstance(row.operation, Conv)]
        data.append(
            {
                "type": "bar",
                "name": f"{name}: {amount(traced.parameters)}",
                "x": list(range(1, len(own) + 1)),
                "y": [row.parameters for row in own],
                "text": [row.formula for row in own],
                "textposition": "none",
                "marker": {**look, "line": {"width": 0}},
                "hovertemplate": "convolution %{x}: %{text}<extra>" + name + "</extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barmode": "group",
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "convolution"}, "fixedrange": True, "nticks": 10},
            "yaxis": {"title": {"text": "parameters"}, "tickformat": "~s", "nticks": 4, "fixedrange": True},
        },
    }


def findings(block: Trace, chain: Trace, *, growth: int) -> list[str]:
    """What there is to notice, in the numbers of this block."""
    taken = reads(block)
    layers, first, made = len(taken), block.input[0], block.rows[-1].shape[0]
    area, several = block.input[1] * block.input[2], f"1 + 2 + ... + {layers} = " if layers > 2 else ""
    return [
        f"Layer l reads {first} + {growth}·(l - 1) maps: {taken[0]} for the first, {taken[-1]} for the last. "
        f"{first} + {growth}·{layers} = {made} leave the block. Depth grows by addition, not by doubling.",
        f"Direct links: {several}{layers}·{layers + 1}/2 = {connections(layers)}. A chain of as many layers has "
        f"{layers}. So the loss reaches every layer over a short way, and every map can be used again.",
        f"Maps that are used again need not be made again: a few new ones per layer do. The block has "
        f"{block.parameters:,} parameters, a chain with {made} maps throughout {chain.parameters:,}, "
        f"{chain.parameters / block.parameters:.1f} times as many.",
        f"The price is memory: of the {block.activations:,} values that the block keeps, only "
        f"{layers * growth * area:,} are new maps. The rest are piles of the same maps and normalised copies of them, "
        "unless these are computed anew.",
    ]


def _arcs(links: list[tuple[int, int]], layers: int, colour: str, wide: float, opacity: float) -> dict[str, Any]:
    """Half circles in the width, as high as they are long."""
    x: list[float | None] = []
    y: list[float | None] = []
    for start, end in links:
        middle, half = (start + end) / 2, (end - start) / 2
        for step in range(STEPS + 1):
            turn = pi * step / STEPS
            x.append(round(middle - half * cos(turn), 4))
            y.append(round(sin(turn) * (0.06 + 0.9 * (end - start) / layers), 4))
        x.append(None)
        y.append(None)
    line = {"color": colour, "width": wide, "shape": "spline"}
    return {
        **{"type": "scatter", "x": x, "y": y, "mode": "lines", "line": line, "opacity": opacity},
        **{"hoverinfo": "skip", "showlegend": False},
    }
