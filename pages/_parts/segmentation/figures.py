"""The charts of the segmentation studio."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.measure.confusion import Counts, precisions, recalls
from core.measure.segmentation import Binary, dice_of_iou, dices, f1, ious
from pages._kit.shots import COLOURS

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
MARKS = ("circle", "square", "triangle-up", "diamond", "x")
PALE = [[0, "#F1F3F5"], [1, "#0072B2"]]
Figure = dict[str, Any]
BARE = {"fixedrange": True, "showgrid": False, "zeroline": False}
SHARE = {"range": [0, 1.02], "dtick": 0.2, "fixedrange": True}


def per_class(counts: Counts, names: Sequence[str]) -> pd.DataFrame:
    """Everything about every class, as a table."""
    values = {"recall": recalls(counts), "precision": precisions(counts), "IoU": ious(counts), "Dice": dices(counts)}
    table = pd.DataFrame({"true pixels": counts.sum(axis=1), "answered": counts.sum(axis=0)}, index=list(names))
    for name, each in values.items():
        table[name] = ["none" if np.isnan(value) else f"{value:.3f}" for value in each]
    return table.rename_axis("class")


def taken_for(counts: Counts, classes: Sequence[str]) -> Figure:
    """The table of counts; a cell is as dark as its share of its row."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    places, names = list(range(len(classes))), list(classes)
    axis = {**BARE, "tickvals": places, "ticktext": names}
    return {
        "data": [
            {
                **{"type": "heatmap", "z": shares, "zmin": 0, "zmax": 1, "colorscale": PALE, "showscale": False},
                **{"xgap": 2, "ygap": 2, "text": [[f"{n:,}" if n else "" for n in row] for row in counts.tolist()]},
                **{
                    "texttemplate": "%{text}",
                    "hovertemplate": "%{text} pixels, %{z:.1%} of their class<extra></extra>",
                },
            }
        ],
        "layout": {
            "height": 50 + 38 * len(places),
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": {**axis, "side": "top"},
            "yaxis": {**axis, "autorange": "reversed"},
        },
    }


def scores_of_classes(counts: Counts, names: Sequence[str]) -> Figure:
    """IoU and Dice of the classes that are there."""
    found, other = ious(counts), dices(counts)
    there = [place for place in range(len(names)) if not np.isnan(found[place])]
    data = []
    for name, values, colour, shape in (("Dice", other, GREY, "/"), ("IoU", found, BLUE, "")):
        numbers = [float(values[place]) for place in there]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "x": numbers, "y": [names[each] for each in there]},
                **{"text": [f"{value:.2f}" for value in numbers], "textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name} of %{{y}}: %{{x:.3f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 70 + 42 * len(there),
            "barmode": "group",
            "margin": {"l": 8, "r": 40, "t": 8, "b": 8},
            "xaxis": {**SHARE, "range": [0, 1.1]},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def four(table: Binary, name: str, chosen: str) -> Figure:
    """The four counts of one class; the chosen one is framed."""
    cells = (("TP", "FN"), ("FP", "TN"))
    row, column = next((r, c) for r in range(2) for c in range(2) if cells[r][c] == chosen)
    words = [[f"<b>{each}</b><br>{getattr(table, each.lower()):,}" for each in line] for line in cells]
    frame = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    axes = [{**BARE, "tickvals": [0, 1], "ticktext": [f"{way} {name}", f"{way} another"]} for way in ("called", "is")]
    return {
        "data": [
            {
                **{"type": "heatmap", "z": [[1.0, 0.0], [0.0, 0.6]], "zmin": 0, "zmax": 1.6, "colorscale": PALE},
                **{"showscale": False, "xgap": 3, "ygap": 3, "text": words, "texttemplate": "%{text}"},
                **{"textfont": {"size": 14, "color": "#14161A"}, "hovertemplate": "%{text}<extra></extra>"},
            }
        ],
        "layout": {
            "height": 220,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": {**axes[0], "side": "top"},
            "yaxis": {**axes[1], "autorange": "reversed"},
            "shapes": [{"type": "rect", **frame, "line": {"color": VERMILLION, "width": 3}}],
        },
    }


def dice_curve(counts: Counts, names: Sequence[str]) -> Figure:
    """Dice against IoU, and where the classes stand on it."""
    line = np.linspace(0, 1, 101)
    data = [
        _line("Dice = 2 IoU / (1 + IoU)", line, dice_of_iou(line), BLUE, "solid"),
        _line("equal", line, line, GREY, "dash"),
        *_dots(names, ious(counts), dices(counts), "IoU %{x:.3f}, Dice %{y:.3f}"),
    ]
    return {"data": data, "layout": _square("IoU", "Dice")}


def f1_surface(counts: Counts, names: Sequence[str], own: tuple[float, float]) -> Figure:
    """F1 over precision and recall as a surface seen from above, the classes, and the visitor's own point."""
    side = np.linspace(0, 1, 51)
    precision, recall = own
    surface = {
        **{"type": "heatmap", "z": f1(side[:, None], side[None, :]), "x0": 0, "dx": 0.02, "y0": 0, "dy": 0.02},
        **{"zmin": 0, "zmax": 1, "colorscale": "Cividis", "showscale": False},
        "hovertemplate": "F1 %{z:.2f}<extra></extra>",
    }
    mine = {
        **{"type": "scatter", "mode": "markers", "name": "your point", "x": [recall], "y": [precision]},
        "marker": {"symbol": "circle", "size": 15, "color": "#FFFFFF", "line": {"color": VERMILLION, "width": 3}},
        "hovertemplate": "recall %{x:.2f}, precision %{y:.2f}<extra>yours</extra>",
    }
    ridges = [_level(level) for level in (0.2, 0.4, 0.6, 0.8)]
    dots = _dots(names, recalls(counts), precisions(counts), "recall %{x:.3f}, precision %{y:.3f}")
    return {"data": [surface, *ridges, *dots, mine], "layout": _square("recall", "precision")}


def over_scenes(each: Sequence[float], pooled: float, averaged: float) -> Figure:
    """The mean IoU of every scene, their average, and the one of all pixels together."""
    places = list(range(len(each)))
    dots = {
        **{"type": "scatter", "mode": "markers", "name": "one scene", "x": places, "y": list(each)},
        **{"marker": {"size": 9, "color": GREY}, "hovertemplate": "scene %{x}: %{y:.3f}<extra></extra>"},
    }
    ends = np.array([-0.5, len(each) - 0.5])
    lines = [
        _line(f"averaged per scene: {averaged:.3f}", ends, np.full(2, averaged), VERMILLION, "dash"),
        _line(f"pooled: {pooled:.3f}", ends, np.full(2, pooled), BLUE, "solid"),
    ]
    return {
        "data": [dots, *lines],
        "layout": {
            "height": 320,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "scene"}, "dtick": 1, **BARE, "range": [-0.6, len(each) - 0.4]},
            "yaxis": {**SHARE, "title": {"text": "mean IoU"}, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def _line(name: str, x: Any, y: Any, colour: str, dash: str) -> Figure:
    look = {"color": colour, "width": 2.5, "dash": dash}
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": look, "hoverinfo": "skip"}


def _level(level: float) -> Figure:
    """Where F1 has one value: precision over recall."""
    recall = np.linspace(level / (2 - level), 1, 60)
    precision = level * recall / (2 * recall - level)
    look = {"color": "#FFFFFF", "width": 1, "dash": "dot"}
    return {
        **{"type": "scatter", "mode": "lines", "x": recall, "y": precision, "line": look},
        **{"name": f"F1 = {level}", "showlegend": False, "hoverinfo": "skip"},
    }


def _dots(names: Sequence[str], x: Any, y: Any, told: str) -> list[Figure]:
    """One dot for every class that has both numbers, in the class' colour and with a shape of its own."""
    looks: Mapping[str, tuple[str, str]] = {
        names[0]: (GREY, "square-open"),
        **{name: (COLOURS[place], MARKS[place]) for place, name in enumerate(names[1:])},
    }
    found = []
    for place, (name, (colour, symbol)) in enumerate(looks.items()):
        if np.isnan(x[place]) or np.isnan(y[place]):
            continue
        edge = {"color": "#FFFFFF", "width": 1}
        marker = {"size": 12, "color": colour, "symbol": symbol, **({"line": edge} if place else {})}
        found.append(
            {
                **{"type": "scatter", "mode": "markers", "name": name, "x": [float(x[place])], "y": [float(y[place])]},
                **{"marker": marker, "hovertemplate": f"{told}<extra>{name}</extra>"},
            }
        )
    return found


def _square(across: str, up: str) -> Figure:
    return {
        "height": 440,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "xaxis": {**SHARE, "range": [-0.01, 1.01], "title": {"text": across}, "constrain": "domain"},
        "yaxis": {**SHARE, "range": [-0.01, 1.01], "title": {"text": up}, "scaleanchor": "x", "constrain": "domain"},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
    }
