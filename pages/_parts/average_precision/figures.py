"""The charts of average precision: curves, how a rule reads them, overlaps, classes, and tables of confusion."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.measure.coco.records import RECALLS, THRESHOLDS
from core.measure.confusion import Counts
from core.measure.detection import ELEVEN, Rule, at_recalls, envelope
from core.types import Floats
from pages._parts.average_precision.names import stand

BLUE, VERMILLION, GREEN, PURPLE, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#8A8F98"
Figure = dict[str, Any]
GRID = 240  # bars that fill an area
MARK, RING = 10, 20  # pixels
ROOM = np.array([[0.0, -0.03], [1.225, 1.12]])  # where names may stand: up to the edge of the chart, and beside 0
MARGIN = {"l": 8, "r": 8, "t": 8, "b": 8}
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}


def _share(title: str) -> dict[str, Any]:
    return {
        **{"title": {"text": title}, "range": [-0.02, 1.05], "dtick": 0.2, "fixedrange": True},
        **{"zeroline": False, "automargin": True},
    }


def _curve_layout(height: int) -> dict[str, Any]:
    return {
        **{"height": height, "margin": MARGIN, "legend": LEGEND},
        **{"xaxis": _share("recall"), "yaxis": _share("precision")},
    }


def curve(precision: Floats, recall: Floats, names: Sequence[str], at: int) -> Figure:
    """The curve, detection by detection, its envelope, and the point of a score threshold (-1: before the first)."""
    hits = np.diff(recall, prepend=0.0) > 0
    x, y = _stairs(recall, envelope(precision))
    data = [
        {
            **{"type": "scatter", "mode": "lines", "x": x, "y": y, "name": "envelope"},
            **{"line": {"color": GREEN, "width": 2, "dash": "dash"}, "hoverinfo": "skip"},
        },
        {
            **{"type": "scatter", "mode": "lines", "x": recall, "y": precision, "showlegend": False},
            **{"line": {"color": BLUE, "width": 2}, "hoverinfo": "skip"},
        },
    ]
    for right, name, symbol, colour in ((True, "right", "circle", BLUE), (False, "wrong", "x", VERMILLION)):
        chosen = np.flatnonzero(hits == right)
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "x": recall[chosen], "y": precision[chosen]},
                **{"name": name, "marker": {"symbol": symbol, "size": MARK, "color": colour}},
                "text": [names[each] for each in chosen],
                "hovertemplate": f"%{{text}}, {name}: recall %{{x:.2f}}, precision %{{y:.2f}}<extra></extra>",
            }
        )
    if at >= 0:
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "x": [recall[at]], "y": [precision[at]], "showlegend": False},
                "marker": {"symbol": "circle-open", "size": RING, "color": ORANGE, "line": {"width": 3}},
                "hoverinfo": "skip",
            }
        )
    data.append(_named(np.column_stack([recall, precision]), np.column_stack([x, y]), names, at))
    layout = _curve_layout(380)
    layout["xaxis"]["range"] = [-0.02, 1.16]  # room for the name beside a point at recall 1
    layout["yaxis"]["range"] = [-0.02, 1.12]  # and for what stands above the first points
    return {"data": data, "layout": layout}


def _named(points: Floats, envelope: Floats, names: Sequence[str], at: int) -> dict[str, Any]:
    """The names of detections (M, 2) where there is room; the surest choose first."""
    ringed = np.all(points == points[at], axis=1) if at >= 0 else np.zeros(len(points), dtype=np.bool_)
    sizes = np.where(ringed, RING, MARK).tolist()
    standing = stand(points, names, sizes, lines=[points, envelope], room=ROOM)
    x, y = points[[each.point for each in standing]].T
    return {
        **{"type": "scatter", "mode": "text", "x": x, "y": y, "showlegend": False, "hoverinfo": "skip"},
        **{"text": [each.text for each in standing], "textposition": [each.side for each in standing]},
        "marker": {"size": [sizes[each.point] for each in standing]},
    }


def reading(precision: Floats, recall: Floats, rule: Rule) -> Figure:
    """How a rule reads a curve: the points that it takes the mean of, or the area that it takes."""
    line = {"type": "scatter", "mode": "lines+markers", "x": recall, "y": precision, "name": "curve"}
    data: list[dict[str, Any]] = [
        {**line, "line": {"color": BLUE, "width": 1.5}, "marker": {"size": 6 if len(recall) < 40 else 2}}
    ]
    if rule in ("11 points", "101 points"):
        levels = ELEVEN if rule == "11 points" else RECALLS
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "x": levels, "y": at_recalls(precision, recall, levels)},
                **{"name": "read here", "hovertemplate": "recall %{x:.2f}: %{y:.3f}<extra></extra>"},
                "marker": {"color": VERMILLION, "symbol": "diamond", "size": 10 if rule == "11 points" else 5},
            }
        )
    else:
        grid = (np.arange(GRID) + 0.5) / GRID
        data.insert(
            0,
            {
                **{"type": "bar", "x": grid, "y": _height(precision, recall, rule, grid), "width": 1 / GRID},
                **{"name": "this area", "marker": {"color": VERMILLION}, "opacity": 0.35, "hoverinfo": "skip"},
            },
        )
    return {"data": data, "layout": _curve_layout(340)}


def _height(precision: Floats, recall: Floats, rule: Rule, at: Floats) -> Floats:
    """How high the area of a rule is at some recalls."""
    if rule == "trapezoid":
        return np.interp(at, recall, precision, left=0.0, right=0.0) if len(recall) else np.zeros(len(at))
    steps = envelope(precision) if rule == "all points" else precision
    hits = np.flatnonzero(np.diff(recall, prepend=0.0) > 0)  # a wrong detection has no width
    return np.append(steps[hits], 0.0)[np.searchsorted(recall[hits], at)]


def bars(values: Mapping[str, float], chosen: str, *, most: float = 1.0) -> Figure:
    """One bar for each rule or class, the chosen one hatched."""
    names = list(values)
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": names, "x": [values[name] for name in names]},
                **{"text": [_number(values[name]) for name in names], "textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": [VERMILLION if name == chosen else BLUE for name in names],
                    "pattern": {"shape": ["/" if name == chosen else "" for name in names], "size": 6, "solidity": 0.3},
                },
                "hovertemplate": "%{y}: %{x:.4f}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 46 + 30 * len(names), "margin": MARGIN},
            "xaxis": {"visible": False, "range": [0, 1.2 * most], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def over_overlap(values: Mapping[str, Floats]) -> Figure:
    """AP at the ten overlaps, a line for each class and one for their mean."""
    looks = zip(
        values, (BLUE, VERMILLION, GREEN), ("circle", "square", "diamond"), ("solid", "dot", "dash"), strict=False
    )
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines+markers", "name": name, "x": THRESHOLDS, "y": values[name]},
                **{"line": {"color": colour, "dash": dash, "width": 2.5}, "marker": {"symbol": symbol, "size": 8}},
                "hovertemplate": f"{name}, IoU %{{x:.2f}}: AP %{{y:.3f}}<extra></extra>",
            }
            for name, colour, symbol, dash in looks
        ],
        "layout": {
            **{"height": 340, "margin": MARGIN, "legend": LEGEND, "yaxis": _share("AP")},
            "xaxis": {
                **{"title": {"text": "IoU from which one counts"}, "fixedrange": True},
                **{"zeroline": False, "tickvals": [0.5, 0.6, 0.7, 0.8, 0.9], "tickformat": ".1f"},
            },
        },
    }


def apart(values: Mapping[str, float]) -> Figure:
    """How far numbers lie from COCO's, on a logarithmic scale; one that is the same has no bar."""
    names, least = list(values), 1e-6
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": names},
                "x": [max(abs(values[name]), least) for name in names],
                "text": [f"{values[name]:+.6f}" if abs(values[name]) > least else "the same" for name in names],
                **{"textposition": "outside", "cliponaxis": False, "marker": {"color": BLUE}},
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 60 + 32 * len(names), "margin": MARGIN},
            "xaxis": {
                **{"type": "log", "range": [-6, 0.3], "fixedrange": True, "dtick": 1, "exponentformat": "power"},
                "title": {"text": "difference from COCO's AP"},
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }


def taken_for(counts: Counts, names: Sequence[str]) -> Figure:
    """What was taken for what, each row as shares of itself; the last column is what was missed."""
    whole = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, whole, out=np.zeros(counts.shape), where=whole > 0)
    few = len(counts) <= 13
    ticks = {"fixedrange": True, "automargin": True, "tickvals": list(range(len(counts))) if few else []}
    return {
        "data": [
            {
                **{"type": "heatmap", "z": shares.astype(np.float32), "zmin": 0, "zmax": 1, "showscale": False},
                **{"colorscale": "Cividis", "xgap": 1 if few else 0, "ygap": 1 if few else 0, "text": counts},
                **({"texttemplate": "%{text}"} if few else {}),
                "hovertemplate": "row %{y}, column %{x}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": int(np.clip(110 + 32 * len(counts), 240, 620)), "margin": MARGIN},
            "xaxis": {"side": "top", "ticktext": [*names, "missed"], **ticks},
            "yaxis": {"autorange": "reversed", "ticktext": [*names, "nothing"], **ticks},
        },
    }


def _stairs(recall: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Each height from the recall before to its own: (M,), (M,) -> (2M,), (2M,)."""
    x = np.repeat(np.concatenate([[0.0], recall]), 2)[1:-1]
    return x, np.repeat(height, 2)


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else "none"
