"""The figures of the volumes lab: the chain as a drawing, one cell worked out, and scores as probabilities."""

from html import escape
from math import log2
from typing import Any

import numpy as np
import pandas as pd

from core.nets.layers import INPUT, Activation, Conv, Dense, Dropout, Pool
from core.nets.trace import Row, Trace
from core.types import Floats, Shape
from core.units.cell import Cell

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
STYLE = """<style>
.cell-grids { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: flex-end; margin: 4px 0 8px; }
.cell-grids table { border-collapse: collapse; font-size: 0.8rem; font-variant-numeric: tabular-nums; }
.cell-grids caption { caption-side: top; text-align: left; font-size: 0.8rem; padding-bottom: 3px; }
.cell-grids td { border: 1px solid color-mix(in srgb, currentColor 30%, transparent); padding: 3px 6px;
  text-align: right; min-width: 2.6em; }
</style>"""


def label(shape: Shape) -> str:
    """A volume as the lectures write it.

    >>> label((8, 128, 128)), label((256,))
    ('8@128x128', '1x256')
    """
    return f"{shape[0]}@{shape[1]}x{shape[2]}" if len(shape) == 3 else f"1x{shape[0]}"


def stations(traced: Trace) -> list[tuple[str, Shape, Row | None]]:
    """What the drawing shows: the input and every row that makes a volume of a new shape."""
    rows = [row for row in traced.rows if not isinstance(row.operation, Activation | Dropout)]
    return [(INPUT, traced.input, None), *((row.name, row.shape, row) for row in rows)]


def chain(traced: Trace, chosen: str) -> dict[str, Any]:
    """Volumes from left to right as piles of maps; the pile shrinks with the maps and grows with their number."""
    shown = stations(traced)
    order = [INPUT, *(row.name for row in traced.rows)]
    chosen = [name for name, _, _ in shown if order.index(name) <= order.index(chosen)][
        -1
    ]  # an activation works in place
    largest = log2(1 + max(shape[1] for _, shape, _ in shown if len(shape) == 3))
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    hover: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    for place, (name, shape, row) in enumerate(shown):
        now = name == chosen
        colour = VERMILLION if now else BLUE if len(shape) == 3 else GREEN
        if len(shape) == 3:
            side = 0.62 * log2(1 + shape[1]) / largest
            sheets = min(shape[0], 10)
            for sheet in range(sheets):
                off = 0.035 * (sheet - (sheets - 1) / 2)
                shapes.append(_box(place + off - side / 2, off - side / 2, side, side, colour))
        else:
            tall = 0.085 * log2(1 + shape[0])
            shapes.append(_box(place - 0.06, -tall / 2, 0.12, tall, colour))
        high = 0.78 if place % 2 == 0 else 0.62
        notes.append(_note(place, high, f"<b>{label(shape)}</b>" if now else label(shape)))
        told = "" if row is None else f"<br>{row.parameters:,}" if row.parameters else "<br>-"
        notes.append(_note(place, -0.66 if place % 2 == 0 else -0.9, f"{name}{told}"))
        hover["x"].append(place)
        hover["y"].append(0)
        hover["text"].append(f"{name}: {label(shape)}, {row.parameters if row else 0:,} parameters")
    points = {
        "type": "scatter",
        **hover,
        **{"mode": "markers", "marker": {"size": 36, "opacity": 0}, "hovertemplate": "%{text}<extra></extra>"},
    }
    return {
        "data": [points],
        "layout": {
            "height": 240,
            "margin": {"l": 2, "r": 2, "t": 2, "b": 2},
            "shapes": shapes,
            "annotations": notes,
            "showlegend": False,
            "xaxis": {"visible": False, "range": [-0.6, len(shown) - 0.4], "fixedrange": True},
            "yaxis": {"visible": False, "range": [-1.1, 0.95], "fixedrange": True},
        },
    }


def _box(x: float, y: float, wide: float, high: float, colour: str) -> dict[str, Any]:
    corners = {"x0": x, "x1": x + wide, "y0": y, "y1": y + high}
    return {"type": "rect", **corners, "fillcolor": colour, "opacity": 0.85, "line": {"color": "white", "width": 1}}


def _note(x: float, y: float, text: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}}


def chain_alt(traced: Trace) -> str:
    """The chain in words."""
    told = ", ".join(f"{name} {label(shape)}" for name, shape, _ in stations(traced))
    return f"{traced.network.name} as a chain of volumes: {told}. {traced.parameters:,} parameters."


def chain_table(traced: Trace) -> pd.DataFrame:
    """Every row: volume, values and parameters."""
    shown = stations(traced)
    columns = {
        "volume": [label(shape) for _, shape, _ in shown],
        "values": [f"{int(np.prod(shape)):,}" for _, shape, _ in shown],
        "parameters": [f"{row.parameters:,}" if row else "" for _, _, row in shown],
        "how many": [row.formula if row else "" for _, _, row in shown],
    }
    return pd.DataFrame(columns, index=pd.Index([name for name, _, _ in shown], name="layer"))


def grids(found: Cell, kept: int) -> str:
    """Window, kernel and products of one input map, as three small tables."""
    tables = [_table("What it reads", found.window[kept])]
    if found.kernel is not None:
        tables += [_table("times the kernel", found.kernel[kept]), _table("gives", found.products[kept])]
    return f'{STYLE}<div class="cell-grids">{"".join(tables)}</div>'


def _table(caption: str, values: Floats) -> str:
    rows = "".join(
        f"<tr>{''.join(f'<td>{round(value, 2) + 0.0:.2f}</td>' for value in row)}</tr>" for row in values.tolist()
    )
    return f"<table><caption>{escape(caption)}</caption><tbody>{rows}</tbody></table>"


def formula(row: Row, found: Cell) -> str:
    """The sum of a cell with its numbers, in one line."""
    match row.operation:
        case Conv() if found.kernel is not None:
            shown = " + ".join(map(_signed, found.products.sum(axis=(1, 2)).tolist()))
            return f"{shown} + bias {_signed(found.bias)} = **{found.value:.4f}**"
        case Pool(how=how):
            values = ", ".join(f"{value:.3f}" for value in found.window.ravel())
            return f"the {'largest' if how == 'max' else 'mean'} of {values} = **{found.value:.4f}**"
        case Dense():
            span = f"from {found.products.min():.2f} to {found.products.max():.2f}"
            return f"{found.window.size} products, {span}, + bias {_signed(found.bias)} = **{found.value:.4f}**"
    return f"max(0, {found.window.item():.4f}) = **{found.value:.4f}**"


def _signed(value: float) -> str:
    return f"({value:.3f})" if value < 0 else f"{value:.3f}"


def code(row: Row, found: Cell, place: tuple[int, ...]) -> str:
    """The cell as numpy."""
    depth = place[0]
    rows, columns = (f"{first}:{last + 1}" for first, last in (found.rows, found.columns))
    match row.operation:
        case Conv(padding=padding):
            ahead, name = "", "volume"
            if any(padding):
                edges = f"(0, 0), {(padding[0],) * 2}, {(padding[1],) * 2}"
                ahead = f"padded = np.pad(volume, ({edges}))\n"
                name = "padded"
            spans = zip((found.rows, found.columns), padding, strict=True)
            down, across = (f"{first + edge}:{last + edge + 1}" for (first, last), edge in spans)
            return (
                f"{ahead}window = {name}[:, {down}, {across}]  # {found.window.shape}\n"
                f"(kernel[{depth}] * window).sum() + bias[{depth}]  # {found.value:.4f}"
            )
        case Pool(how=how):
            return f"volume[{depth}, {rows}, {columns}].{'max' if how == 'max' else 'mean'}()  # {found.value:.4f}"
        case Dense():
            return f"weights[{depth}] @ vector + bias[{depth}]  # {found.value:.4f}"
    return f"max(0, volume[{', '.join(map(str, place))}])  # {found.value:.4f}"


def answers(scores: Floats, shares: Floats) -> dict[str, Any]:
    """Ten scores on the left, ten probabilities on the right."""
    names, best = [str(digit) for digit in range(len(scores))], int(shares.argmax())
    colours = [VERMILLION if digit == best else BLUE for digit in range(len(scores))]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            **{"y": names, "x": values, "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False},
            **{"text": texts, "textposition": "outside", "cliponaxis": False, "marker": {"color": colours}},
            "hovertemplate": "%{y}: %{text}<extra></extra>",
        }
        for values, axis, texts in (
            (scores, "", [f"{value:.1f}" for value in scores]),
            (100 * shares, "2", [f"{share:.1%}" for share in shares]),
        )
    ]
    reach = 1.4 * float(np.abs(scores).max() or 1)
    flip = {"autorange": "reversed", "fixedrange": True, "type": "category"}
    return {
        "data": data,
        "layout": {
            "height": 330,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"domain": [0, 0.46], "range": [-reach, reach], "title": {"text": "score"}, "fixedrange": True},
            "xaxis2": {
                **{"domain": [0.54, 1], "range": [0, 128], "title": {"text": "probability, %"}, "fixedrange": True},
                "anchor": "y2",
            },
            "yaxis": flip,
            "yaxis2": {**flip, "anchor": "x2", "showticklabels": False},
        },
    }


def findings(traced: Trace) -> str:
    """How height, width and depth go along the chain."""
    volumes = [shape for _, shape, _ in stations(traced) if len(shape) == 3]
    sides, maps = [shape[1] for shape in volumes], [shape[0] for shape in volumes]
    return (
        f"From {label(volumes[0])} to {label(volumes[-1])}: the side goes {', '.join(map(str, sides))} and the depth "
        f"{', '.join(map(str, maps))}. Height and width shrink, depth grows."
    )
