"""The figures of the residual lab: an image on its way through blocks, two kinds of block, and curves of training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.learning.train import Epoch
from core.nets.layers import Conv
from core.nets.trace import Trace
from core.types import Floats
from pages._kit.block_drawing import Box, Figure, Link, drawing

GLYPH = (".#####..", "......#.", ".....#..", "....##..", "......#.", "......#.", ".#####..", "........")
IMAGE = np.array([[1.0 if dot == "#" else 0.0 for dot in row] for row in GLYPH])  # a three
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
Story = Sequence[tuple[str, Epoch]]


def walk(residual: Sequence[Floats], plain: Sequence[Floats]) -> Figure:
    """The image after some of the blocks, with shortcuts above and without below; each on its own scale."""
    last = len(residual) - 1
    stops = sorted({0, last, *(round(last * part) for part in (0.25, 0.5, 0.75))})
    data, axes, notes = list[dict[str, Any]](), dict[str, Any](), list[dict[str, Any]]()
    for line, (images, word, top) in enumerate(((residual, "with shortcuts", 0.94), (plain, "without", 0.42))):
        notes.append(_note(f"<b>{word}</b>", 0, top, "left", "bottom", 12))
        for place, stop in enumerate(stops):
            number = line * len(stops) + place + 1
            name = "" if number == 1 else str(number)
            wide = 1 / max(4, len(stops))
            most = float(images[stop].max())
            data.append(
                {
                    **{"type": "heatmap", "z": images[stop].round(6), "zmin": 0, "zmax": most or 1, "showscale": False},
                    **{"colorscale": "Cividis", "xaxis": f"x{name}", "yaxis": f"y{name}"},
                    "hovertemplate": "%{z:.3g}<extra>" + f"after {stop} blocks, {word}</extra>",
                }
            )
            axes[f"xaxis{name}"] = {
                **{"domain": [place * wide, (place + 0.94) * wide], "anchor": f"y{name}"},
                **{"visible": False, "fixedrange": True},
            }
            axes[f"yaxis{name}"] = {
                **{"domain": [top - 0.33, top], "anchor": f"x{name}", "autorange": "reversed"},
                **{"visible": False, "fixedrange": True},
            }
            told = f"after {stop}<br>up to {f'{most:.2g}' if most < 100 else f'{most:,.0f}'}"
            notes.append(_note(told, (place + 0.47) * wide, top - 0.34, "center", "top", 11))
    layout = {"height": 430, "margin": {"l": 4, "r": 4, "t": 4, "b": 4}, "annotations": notes, **axes}
    return {"data": data, "layout": layout}


def walk_alt(residual: Sequence[Floats], plain: Sequence[Floats]) -> str:
    """The walk in words."""
    same = np.allclose(residual[0], residual[-1])
    return (
        f"A digit after {len(residual) - 1} blocks. With shortcuts it {'is unchanged' if same else 'is changed'}, its "
        f"largest value {residual[-1].max():.3g}; without shortcuts the largest value is {plain[-1].max():.3g}."
    )


def kept(images: Sequence[Floats]) -> float | None:
    """How alike the last image is to the first: the cosine of both; None where nothing is left."""
    first, last = images[0].ravel(), images[-1].ravel()
    length = float(np.linalg.norm(last))
    return float(first @ last) / (float(np.linalg.norm(first)) * length) if length > 0 else None


def blocks(basic: Trace, bottleneck: Trace) -> Figure:
    """Both blocks side by side, with the parameters of every convolution."""
    boxes, links = list[Box](), list[Link]()
    for place, traced in enumerate((basic, bottleneck)):
        x, own = 2.2 * place, [row for row in traced.rows if isinstance(row.operation, Conv)]
        name = traced.network.name
        boxes.append(Box(name, f"<b>{name}</b>: x, {traced.input[0]} maps", x, 0, "input"))
        below = name
        for step, row in enumerate(own):
            side = row.operation.kernel[0] if isinstance(row.operation, Conv) else 0
            level = (1 + step) if len(own) == 3 else 1.4 + 1.2 * step
            label = f"<b>{side}x{side}</b>, {row.shape[0]}<br>{row.parameters:,}"
            boxes.append(Box(row.name, label, x, level, "look" if side > 1 else "narrow", row.formula))
            links.append(Link(below, row.name))
            below = row.name
        boxes.append(Box(f"{name} sum", "<b>F(x) + x</b>, then relu", x, 4, "meet"))
        links.append(Link(below, f"{name} sum"))
        bend = x + 0.95
        links.append(Link(name, f"{name} sum", ((bend, 0.5), (bend, 3.5)), strong=True))
    return drawing(boxes, links, height=380, room=0.8)


def blocks_alt(basic: Trace, bottleneck: Trace) -> str:
    """Both blocks in words."""
    said = []
    for traced in (basic, bottleneck):
        own = ", ".join(row.formula for row in traced.rows if isinstance(row.operation, Conv))
        said.append(f"{traced.network.name}: {own}; {traced.parameters:,} parameters with normalisation")
    return f"Two blocks on {basic.input[0]} maps. {'; '.join(said)}. In both a shortcut adds the input to the end."


def by_name(story: Story) -> dict[str, list[Epoch]]:
    """The epochs of every network."""
    found: dict[str, list[Epoch]] = {}
    for name, epoch in story:
        found.setdefault(name, []).append(epoch)
    return found


def curves(story: Story, names: Sequence[str], *, epochs: int, hint: bool) -> Figure:
    """Errors over epochs, plain networks above and residual ones below; full lines in training, dotted ones in test."""
    found, depths = by_name(story), sorted({int(name.split()[-1]) for name in names})
    data = list[dict[str, Any]]()
    for panel, kind in enumerate(("plain", "residual")):
        for depth, colour, symbol in zip(depths, COLOURS, SYMBOLS, strict=False):
            own = found.get(f"{kind} {depth}", [])
            for which, dash in (("train", "solid"), ("test", "dot")):
                data.append(
                    {
                        "type": "scatter",
                        "name": f"{depth} layers, {which}",
                        "legendgroup": f"{depth} {which}",
                        "showlegend": panel == 0,
                        "x": [epoch.number for epoch in own] or [None],
                        "y": [getattr(epoch, f"{which}_error") for epoch in own] or [None],
                        "yaxis": "y" if panel == 0 else "y2",
                        "mode": "lines+markers" if which == "train" else "lines",
                        "line": {"color": colour, "dash": dash, "width": 2.5},
                        "marker": {"symbol": symbol, "size": 8},
                        "hovertemplate": f"{kind} {depth}, {which}: %{{y:.1%}}<extra></extra>",
                    }
                )
    axis = {"range": [0, 1], "tickformat": ".0%", "fixedrange": True, "nticks": 4}
    return {
        "data": data,
        "layout": {
            "height": 470,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.06, "yanchor": "bottom"},
            "xaxis": {
                **{"range": [-0.2, epochs + 0.2], "anchor": "y2", "fixedrange": True, "dtick": 1 if epochs < 9 else 2},
                "title": {"text": "epoch"},
            },
            "yaxis": {**axis, "domain": [0.55, 1], "title": {"text": "wrong"}},
            "yaxis2": {**axis, "domain": [0, 0.45], "title": {"text": "wrong"}},
            "annotations": [
                _note("<b>plain</b>", 1, 1.0, "right", "bottom", 12),
                _note("<b>residual</b>", 1, 0.45, "right", "bottom", 12),
                *(
                    []
                    if story or not hint
                    else [_note("Press Train: the curves grow here.", 0.5, 0.75, "center", "middle", 14)]
                ),
            ],
        },
    }


def curves_alt(story: Story) -> str:
    """The curves in words."""
    if not story:
        return "Two empty charts, for the errors of plain and of residual networks; nothing is trained yet."
    last = [(name, epochs[-1]) for name, epochs in by_name(story).items()]
    each = [
        f"{name}: {epoch.train_error:.1%} wrong in training, {epoch.test_error:.1%} in test" for name, epoch in last
    ]
    return f"After {min(epoch.number for _, epoch in last)} epochs. {'; '.join(each)}."


def gradients(story: Story, *, newest: bool) -> Figure:
    """The length of each layer's gradient, from the image up: before the first step, or the newest epoch's mean."""
    found = by_name(story)
    depths = sorted({int(name.split()[-1]) for name in found})
    data = []
    for name, epochs in found.items():
        place = depths.index(int(name.split()[-1]))
        norms = epochs[-1 if newest else 0].gradients
        data.append(
            {
                "type": "scatter",
                "name": name,
                "x": list(range(1, len(norms) + 1)),
                "y": [norm or None for norm in norms],  # no logarithm of zero
                "connectgaps": True,
                "mode": "lines+markers",
                "line": {
                    "color": COLOURS[place],
                    "dash": "solid" if name.startswith("residual") else "dot",
                    "width": 2,
                },
                "marker": {"symbol": SYMBOLS[place], "size": 5},
                "hovertemplate": f"{name}, layer %{{x}}: %{{y:.2g}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 320,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "layer, from the image up"}, "fixedrange": True},
            "yaxis": {
                "title": {"text": "gradient"},
                "type": "log",
                "dtick": 1,
                "exponentformat": "power",
                "fixedrange": True,
            },
        },
    }


def gradient_alt(story: Story, *, newest: bool) -> str:
    """The gradients in words."""
    norms = {name: epochs[-1 if newest else 0].gradients for name, epochs in by_name(story).items()}
    each = [f"{name}: first layer {own[0]:.2g}, last layer {own[-1]:.2g}" for name, own in norms.items()]
    when = "mean of the newest epoch" if newest else "before the first step"
    return f"Length of the gradient by layer, {when}. {'; '.join(each)}."


def record(story: Story) -> pd.DataFrame:
    """Every network's newest numbers."""
    last = {name: epochs[-1] for name, epochs in by_name(story).items()}
    return pd.DataFrame(
        {
            "network": list(last),
            "epoch": [epoch.number for epoch in last.values()],
            "train": [f"{epoch.train_error:.1%}" for epoch in last.values()],
            "test": [f"{epoch.test_error:.1%}" for epoch in last.values()],
            "gradient of layer 1": [f"{epoch.gradients[0]:.2g}" for epoch in last.values()],
        }
    )


def _note(text: str, x: float, y: float, across: str, up: str, size: int) -> dict[str, Any]:
    return {
        **{"text": text, "showarrow": False, "xref": "paper", "yref": "paper", "x": x, "y": y},
        **{"xanchor": across, "yanchor": up, "font": {"size": size}},
    }
