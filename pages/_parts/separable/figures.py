"""The figures of the lab on 1x1 and separable convolutions: maps and their mix, and the cost of two ways."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.blocks.pointwise import ratio
from core.filters.grids import Words
from core.nets.layers import Conv
from core.nets.trace import Trace
from core.types import FeatureMap, Floats, Pair
from pages._kit.block_drawing import Figure
from pages._kit.stepper import short
from pages._parts.parameters.figures import amount

MAPS = np.array(  # a bar, a beam and a ramp: small enough to read, different enough to tell apart
    [
        [[0, 9, 0, 0], [0, 9, 0, 0], [0, 9, 0, 0], [0, 9, 0, 0]],
        [[0, 0, 0, 0], [6, 6, 6, 6], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6]],
    ],
    dtype=float,
)
EXAMPLES = {
    "Mean of all maps: 3 to 1": "1/3 1/3 1/3",
    "First less second: 3 to 1": "1 -1 0",
    "Two mixes: 3 to 2": "1 1 0; 0 -1 1",
    "Swapped: 3 to 3": "0 0 1; 1 0 0; 0 1 0",
    "Every pair: 3 to 4": "1 1 0; 1 0 1; 0 1 1; 1 1 1",
}
MOST_OUT = 4
PATTERN = {"shape": "/", "size": 6, "solidity": 0.3, "bgcolor": "#E69F00", "fgcolor": "#5C3D00"}
SIDES = {1: "solid", 3: "solid", 5: "dash", 7: "dot"}


def mixing(maps: FeatureMap, weights: Floats, mixed: FeatureMap, pixel: Pair) -> Figure:
    """Input maps, the matrix, output maps, each with its numbers; one pixel framed in all of them."""
    data, axes, notes, shapes = list[dict[str, Any]](), dict[str, Any](), list[dict[str, Any]](), list[dict[str, Any]]()
    most = float(max(np.abs(maps).max(), np.abs(mixed).max(), 1))
    rows = ((maps, "map", 1.0, 0.60), (mixed, "mix", 0.36, -0.04))
    for volume, word, top, bottom in rows:
        for place, one in enumerate(volume):
            number = len(data) + 1
            name = "" if number == 1 else str(number)
            wide = 1 / MOST_OUT
            data.append(_grid(one, most, f"x{name}", f"y{name}"))
            axes[f"xaxis{name}"] = _axis([place * wide + 0.01, (place + 1) * wide - 0.01], anchor=f"y{name}")
            axes[f"yaxis{name}"] = _axis([max(0, bottom), top - 0.04], anchor=f"x{name}", turned=True)
            notes.append(_title(f"<b>{word} {place + 1}</b>", (place + 0.5) * wide, top - 0.035))
            shapes.append(_frame(pixel, f"x{name}", f"y{name}"))
    notes.append(_title(f"<b>1x1 weights:</b> {_spelt(weights)}", 0, 0.46, left=True))
    layout = {"height": 470, "margin": {"l": 4, "r": 4, "t": 6, "b": 4}, "annotations": notes, "shapes": shapes, **axes}
    return {"data": data, "layout": layout}


def mixing_alt(maps: FeatureMap, weights: Floats, mixed: FeatureMap, pixel: Pair) -> str:
    """The maps in words, at the framed pixel."""
    before = ", ".join(short(float(one[pixel])) for one in maps)
    after = ", ".join(short(float(one[pixel])) for one in mixed)
    return (
        f"{len(maps)} maps of {maps.shape[1]}x{maps.shape[2]} become {len(mixed)} of the same size. At row {pixel[0]}, "
        f"column {pixel[1]} the values {before} become {after}, with the weights {_spelt(weights)}."
    )


def sums(maps: FeatureMap, weights: Floats, words: Words, mixed: FeatureMap, pixel: Pair) -> list[str]:
    """Every output at one pixel, as the sum that makes it."""
    told = []
    for number, (row, out) in enumerate(zip(words, mixed, strict=True), 1):
        terms = [
            f"{f'({word})' if word.startswith('-') else word}·{short(float(one[pixel]))}"
            for word, one in zip(row, maps, strict=True)
        ]
        told.append(f"mix {number}: {' + '.join(terms)} = **{short(float(out[pixel]))}**")
    return told


def costs(standard: Trace, separable: Trace) -> Figure:
    """Parameters and multiply-accumulates of both ways, as stacked bars."""
    data, notes, axes = list[dict[str, Any]](), list[dict[str, Any]](), dict[str, Any]()
    (whole,), (depth, point) = standard.rows, separable.rows
    labels = ["one standard", "two in turn"]
    for panel, (title, field) in enumerate((("Parameters", "parameters"), ("Multiply-accumulates", "macs"))):
        one, first, second = (getattr(row, field) for row in (whole, depth, point))
        axis = "" if panel == 0 else "2"
        for name, values, marker in (
            ("standard", [one, 0], {"color": "#D55E00"}),
            ("depthwise", [0, first], {"color": "#E69F00", "pattern": PATTERN}),
            ("pointwise", [0, second], {"color": "#0072B2"}),
        ):
            data.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "name": name,
                    "legendgroup": name,
                    "showlegend": panel == 0,
                    "x": values,
                    "y": labels,
                    "xaxis": f"x{axis}",
                    "yaxis": f"y{axis}",
                    "text": [amount(value) for value in values],
                    "textposition": "none",
                    "marker": {**marker, "line": {"width": 0}},
                    "hovertemplate": "%{text}<extra>" + name + "</extra>",
                }
            )
        top = 0.92 if panel == 0 else 0.38
        notes.append(_title(f"<b>{title}</b>", 0, top + 0.08, left=True))
        for label, value in zip(labels, (one, first + second), strict=True):
            notes.append(
                {
                    **{"x": value, "y": label, "xref": f"x{axis}", "yref": f"y{axis}"},
                    **{"text": amount(value), "showarrow": False, "xanchor": "left", "xshift": 5},
                }
            )
        axes[f"xaxis{axis}"] = {
            **{"range": [0, 1.3 * max(one, first + second)], "anchor": f"y{axis}", "tickformat": "~s"},
            **{"nticks": 5, "fixedrange": True, "showticklabels": False, "zeroline": False, "showgrid": False},
        }
        axes[f"yaxis{axis}"] = {
            **{"domain": [top - 0.32, top], "anchor": f"x{axis}", "autorange": "reversed"},
            **{"fixedrange": True, "automargin": True},
        }
    layout = {
        "height": 330,
        "margin": {"l": 8, "r": 8, "t": 34, "b": 4},
        "barmode": "stack",
        "bargap": 0.25,
        "annotations": notes,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.1,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        **axes,
    }
    return {"data": data, "layout": layout}


def costs_alt(standard: Trace, separable: Trace) -> str:
    """The bars in words."""
    depth, point = separable.rows
    return (
        f"Standard: {standard.parameters:,} parameters, {standard.macs:,} multiply-accumulates. Depthwise and "
        f"pointwise: {depth.parameters:,} + {point.parameters:,} parameters, {depth.macs:,} + {point.macs:,} "
        "multiply-accumulates."
    )


def floors(kernel: int, filters: int) -> Figure:
    """What remains of the work over the number of filters, one line per kernel, and where this layer stands."""
    span = [2**power for power in range(11)]
    data = []
    for side, colour in zip(
        sorted({1, 3, 5, 7, kernel}), ("#737373", "#0072B2", "#D55E00", "#009E73", "#CC79A7"), strict=False
    ):
        data.append(
            {
                "type": "scatter",
                "name": f"{side}x{side}",
                "x": span,
                "y": [ratio(each, side) for each in span],
                "mode": "lines",
                "line": {"color": colour, "width": 4 if side == kernel else 2, "dash": SIDES.get(side, "dashdot")},
                "hovertemplate": "%{x} filters: %{y:.3f}<extra>" + f"{side}x{side}</extra>",
            }
        )
    data.append(
        {
            "type": "scatter",
            "name": "this layer",
            "x": [filters],
            "y": [ratio(filters, kernel)],
            "mode": "markers",
            "marker": {"symbol": "diamond", "size": 15, "color": "#D55E00", "line": {"color": "#FFFFFF", "width": 1}},
            "hovertemplate": "%{x} filters: %{y:.4f}<extra>this layer</extra>",
        }
    )
    return {
        "data": data,
        "layout": {
            "height": 300,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "shapes": [
                {
                    "type": "line",
                    "x0": 0,
                    "x1": 1,
                    "xref": "paper",
                    "y0": 1,
                    "y1": 1,
                    "line": {"color": "#8A8F98", "width": 1},
                }
            ],
            "xaxis": {"type": "log", "title": {"text": "filters"}, "tickvals": span[::2], "fixedrange": True},
            "yaxis": {
                "title": {"text": "share of the work"},
                "type": "log",
                "tickvals": [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
                "fixedrange": True,
            },
        },
    }


def findings(standard: Trace, separable: Trace) -> list[str]:
    """What there is to notice about the two ways, in the numbers of this layer."""
    (whole,), (depth, point) = standard.rows, separable.rows
    operation = whole.operation
    if not isinstance(operation, Conv):
        raise TypeError(whole.kind)
    side = operation.kernel[0]
    said = [
        f"**Parameters:** {whole.formula} against {depth.formula} and {point.formula}.",
        f"The depthwise step looks around and never mixes maps, the pointwise step mixes maps and never looks around. "
        f"Most of what is left, {point.macs / separable.macs:.0%} of the operations, is the mixing.",
    ]
    if separable.macs < standard.macs:
        said.append(
            f"More filters cannot push the share below 1/{side}² = {1 / side**2:.3f}: the depthwise step is free then, "
            "and each mix still costs one product in place of as many as the window has places."
        )
    else:
        said.append(
            "Here two steps cost at least as much as one. A window of one pixel has nothing to split, and with a "
            "single filter there is no second mix that could share the depthwise step."
        )
    said.append(
        "Two steps can do less than one: all filters use the same window on a map and differ only in its weight. "
        "`merged` writes them as the standard convolution that they are."
    )
    return said


def _spelt(weights: Floats) -> str:
    return "; ".join(" ".join(short(float(value)) for value in row) for row in weights)


def _grid(one: Sequence[Any] | Floats, most: float, x: str, y: str) -> dict[str, Any]:
    values = np.asarray(one)
    return {
        "type": "heatmap",
        "z": values,
        "zmin": -most,
        "zmax": most,
        "colorscale": [[0, "#D55E00"], [0.5, "#EEF1F4"], [1, "#56B4E9"]],
        "showscale": False,
        "xaxis": x,
        "yaxis": y,
        "text": [[short(float(value)) for value in row] for row in values],
        "texttemplate": "%{text}",
        "textfont": {"color": "#111111", "size": 11},
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "row %{y}, column %{x}: %{text}<extra></extra>",
    }


def _axis(domain: list[float], *, anchor: str, turned: bool = False) -> dict[str, Any]:
    return {
        "domain": domain,
        "anchor": anchor,
        "visible": False,
        "fixedrange": True,
        **({"autorange": "reversed"} if turned else {}),
    }


def _title(text: str, x: float, y: float, *, left: bool = False) -> dict[str, Any]:
    return {
        **{"text": text, "showarrow": False, "xref": "paper", "yref": "paper"},
        **{"x": x, "y": y, "xanchor": "left" if left else "center", "yanchor": "bottom"},
    }


def _frame(pixel: Pair, x: str, y: str) -> dict[str, Any]:
    row, column = pixel
    return {
        **{"type": "rect", "xref": x, "yref": y, "line": {"color": "#111111", "width": 3}},
        **{"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5},
    }
