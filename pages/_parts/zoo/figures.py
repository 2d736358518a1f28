"""The figures of the model zoo: networks by two columns with their Pareto front, and what a pass took here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from core.data.keras_zoo import COLUMNS, Column, Entry
from core.measure.pareto import pareto_front
from core.nets.latency import Latency
from pages._parts.parameters.figures import amount
from pages._parts.zoo.names import TALL, WIDE, Named, sides

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """One network on the chart; a value that nobody has is not a number."""

    name: str
    x: float
    y: float
    bubble: float
    affordable: bool
    front: bool


def columns(macs: Mapping[str, int], measured: Mapping[str, float]) -> dict[str, Column]:
    """What networks can be compared by, by name: the lecture's columns, our count of their work, our stopwatch."""
    work = Column("Multiply-accumulates", "G", "lower", lambda entry: macs.get(entry.name, nan) / 1e9)
    here = Column("Time measured here", "ms", "lower", lambda entry: measured.get(entry.name, nan))
    return {column.name: column for column in (*COLUMNS.values(), work, *((here,) if measured else ()))}


def shown(entries: Sequence[Entry], affordable: Sequence[Entry], x: Column, y: Column, bubble: Column) -> list[Shown]:
    """Every network that has both values; the front is that of the affordable ones."""
    drawn = [entry for entry in entries if isfinite(x.of(entry)) and isfinite(y.of(entry))]
    rivals = [entry for entry in drawn if entry in affordable]
    points = np.array([[x.of(entry), y.of(entry)] for entry in rivals]).reshape(-1, 2)
    front = {
        entry.name for entry, stays in zip(rivals, pareto_front(points, (x.better, y.better)), strict=True) if stays
    }
    return [
        Shown(entry.name, x.of(entry), y.of(entry), bubble.of(entry), entry in affordable, entry.name in front)
        for entry in drawn
    ]


def scatter(points: Sequence[Shown], x: Column, y: Column, bubble: Column, *, log: bool) -> Figure:
    """Networks as bubbles; the front as a staircase, and everything beyond the budget as a grey cross."""
    looks = (
        ("on the front", VERMILLION, "diamond", [point for point in points if point.front]),
        ("beaten by another", BLUE, "circle", [point for point in points if point.affordable and not point.front]),
        ("over the budget", GREY, "x-thin", [point for point in points if not point.affordable]),
    )
    most = max((point.bubble for point in points if isfinite(point.bubble)), default=1.0)
    sizes = {point.name: 8 + 26 * (point.bubble / most) ** 0.5 if isfinite(point.bubble) else 8.0 for point in points}
    where = _sides(points, {name: size / 2 for name, size in sizes.items()}, log)
    data = [_stairs(sorted((point for point in points if point.front), key=lambda point: point.x), x, y)]
    for name, colour, symbol, own in looks:
        data.append(
            {
                "type": "scatter",
                "x": [point.x for point in own],
                "y": [point.y for point in own],
                "text": [point.name if where[point.name] else "" for point in own],
                "customdata": [(point.name, _said(point.bubble, bubble)) for point in own],
                "mode": "markers+text",
                "name": name,
                "textposition": [where[point.name] or "top center" for point in own],
                "textfont": {"size": 12 if name == "on the front" else 10},
                "cliponaxis": False,
                "marker": {
                    **{
                        "size": [sizes[point.name] for point in own],
                        "color": colour,
                        "symbol": symbol,
                        "opacity": 0.85,
                    },
                    "line": {"color": colour if symbol == "x-thin" else "white", "width": 1.5},
                },
                "hovertemplate": f"%{{customdata[0]}}<br>{x.name}: %{{x:,}} {x.unit}<br>{y.name}: %{{y:,}} {y.unit}"
                f"<br>{bubble.name}: %{{customdata[1]}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 520,
            "margin": {"l": 8, "r": 24, "t": 8, "b": 8},
            "xaxis": _axis(x, log),
            "yaxis": _axis(y, False),
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def scatter_alt(points: Sequence[Shown], x: Column, y: Column) -> str:
    """The chart in words."""
    front = sorted((point for point in points if point.front), key=lambda point: point.x)
    named = ", ".join(f"{point.name} ({_said(point.x, x)}, {_said(point.y, y)})" for point in front)
    over = sum(not point.affordable for point in points)
    return (
        f"{len(points)} networks by {x.name.lower()} and {y.name.lower()}, {over} of them over the budget. "
        f"On the front: {named or 'none'}."
    )


def table(entries: Sequence[Entry], points: Sequence[Shown], compared: dict[str, Column]) -> pd.DataFrame:
    """All networks with all their values."""
    front = {point.name for point in points if point.front}
    rows = {"network": [entry.name for entry in entries], "on the front": [entry.name in front for entry in entries]}
    for column in compared.values():
        rows[f"{column.name.lower()}, {column.unit}"] = [_plain(column.of(entry)) for entry in entries]
    return pd.DataFrame(rows)


def passes(found: Sequence[Latency], macs: Mapping[str, int]) -> Figure:
    """The median pass of every network that was measured, with the fastest and the slowest pass."""
    ordered = sorted(found, key=lambda each: each.median)
    medians = [each.median for each in ordered]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [each.name for each in ordered],
                "x": medians,
                "marker": {"color": GREEN},
                "text": [f"{each.median:,.1f} ms" for each in ordered],
                "customdata": [amount(macs[each.name]) for each in ordered],
                "textposition": "inside",
                "insidetextanchor": "start",
                "error_x": {
                    **{"type": "data", "symmetric": False, "color": GREY, "thickness": 1.5},
                    "array": [max(each.passes) - each.median for each in ordered],
                    "arrayminus": [each.median - min(each.passes) for each in ordered],
                },
                "hovertemplate": "%{y}: %{x:,.2f} ms for %{customdata} multiply-accumulates<extra></extra>",
            }
        ],
        "layout": {
            "height": 90 + 36 * len(ordered),
            "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "milliseconds for one image"}, "rangemode": "tozero", "fixedrange": True},
            "yaxis": {"automargin": True, "fixedrange": True, "autorange": "reversed"},
        },
    }


def passes_table(found: Sequence[Latency], macs: Mapping[str, int]) -> pd.DataFrame:
    """Every measurement: the median, the fastest and the slowest pass, and how much work a millisecond did."""
    return pd.DataFrame(
        {
            "network": [each.name for each in found],
            "threads": [each.threads for each in found],
            "median, ms": [round(each.median, 3) for each in found],
            "fastest, ms": [round(min(each.passes), 3) for each in found],
            "slowest, ms": [round(max(each.passes), 3) for each in found],
            "M multiply-accumulates per ms": [round(macs[each.name] / each.median / 1e6, 1) for each in found],
        }
    )


def lessons(entries: Sequence[Entry], points: Sequence[Shown], x: Column, y: Column) -> list[str]:
    """What there is to notice on this chart."""
    front = sorted((point for point in points if point.front), key=lambda point: point.x)
    said = []
    if front:
        first, last = front[0], front[-1]
        said.append(
            f"{len(front)} of the {sum(point.affordable for point in points)} networks in the budget are on the front: "
            f"from {first.name} ({_said(first.x, x)}, {_said(first.y, y)}) to {last.name} ({_said(last.x, x)}, "
            f"{_said(last.y, y)}). Every other one is beaten by one of them in both columns."
        )
    named = {entry.name: entry for entry in entries}
    vgg, mobile = named["VGG16"], named["MobileNetV2"]
    said.append(
        f"VGG16 and MobileNetV2 are right equally often ({vgg.top1} %), with {vgg.millions} and {mobile.millions} "
        f"million parameters: a factor of {vgg.millions / mobile.millions:.0f}. Size buys little by itself."
    )
    said.append(
        "More parameters do not mean more time: on their GPU VGG16 takes "
        f"{vgg.gpu_ms} ms and DenseNet121, with a {vgg.millions / named['DenseNet121'].millions:.0f}th of its "
        f"parameters, {named['DenseNet121'].gpu_ms} ms. Many thin layers wait for each other. Choose time and "
        "parameters as axes."
    )
    small, large = named["ResNet50"], named["ResNet152"]
    said.append(
        f"The last points cost most: from ResNet50 to ResNet152 the file grows from {small.megabytes} to "
        f"{large.megabytes} MB for {large.top1 - small.top1:.1f} points."
    )
    return said


def _stairs(front: Sequence[Shown], x: Column, y: Column) -> dict[str, Any]:
    first = "hv" if x.better == "lower" else "vh"
    return {
        "type": "scatter",
        "x": [point.x for point in front],
        "y": [point.y for point in front],
        "mode": "lines",
        "line": {"color": VERMILLION, "width": 2, "dash": "dot", "shape": first if x.better != y.better else "linear"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _axis(column: Column, log: bool) -> dict[str, Any]:
    arrow = "less is better" if column.better == "lower" else "more is better"
    ticks = [digit * 10.0**power for power in range(-3, 4) for digit in (1, 2, 5)]
    return {
        "title": {"text": f"{column.name}, {column.unit} ({arrow})"},
        "type": "log" if log else "linear",
        "fixedrange": True,
        "zeroline": False,
        "automargin": True,
        **({"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]} if log else {}),
    }


def _sides(points: Sequence[Shown], radii: Mapping[str, float], log: bool) -> dict[str, str | None]:
    """Where every name goes; those on the front choose first."""
    across = np.array([each.x for each in points])
    up = np.array([each.y for each in points])
    across = np.log(across) if log else across
    wide, tall = np.ptp(across) or 1.0, np.ptp(up) or 1.0
    order = sorted(range(len(points)), key=lambda place: (not points[place].front, -points[place].y))
    named = [
        Named(
            points[place].name,
            float((across[place] - across.min()) / wide) * 0.88 * WIDE + 0.06 * WIDE,
            float((up[place] - up.min()) / tall) * 0.88 * TALL + 0.06 * TALL,
            radii[points[place].name],
            12 if points[place].front else 10,
        )
        for place in order
    ]
    corners = sorted((each.x, each.y) for each, place in zip(named, order, strict=True) if points[place].front)
    walls = []  # the staircase: across first and then up, as `_stairs` draws it for a column where less is better
    for (left, low), (right, high) in pairwise(corners):
        walls += [(left, low, right, low), (right, min(low, high), right, max(low, high))]
    return {each.name: side for each, side in zip(named, sides(named, walls), strict=True)}


def _said(value: float, column: Column) -> str:
    return f"{_plain(value)} {column.unit}" if isfinite(value) else "not known"


def _plain(value: float) -> str:
    return f"{value:,.{3 if value < 10 else 4}g}" if isfinite(value) else "-"
