"""The figures of the lab on regions: a region over a map, what each way makes of it, its cost, and the pyramid."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from core.detect.regions.roi import How, pooled_spans, pyramid_spans, sample_places
from core.detect.regions.roi_rounding import Rounding
from core.types import Floats, Heatmap, Pair

BLUE, VERMILLION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#8A8F98"
PURPLE, SKY = "#CC79A7", "#56B4E9"
PALE = [[0, "#F2F4F7"], [1, "#9AA4B2"]]  # lines of any colour stand out on it, and dark digits can be read
LOOKS: Mapping[How, tuple[str, str, str]] = {
    "pool": ("RoI pooling", BLUE, "solid"),
    "align": ("RoI Align", GREEN, "dash"),
}
STRIDES = {
    32: (PURPLE, "dot", "diamond"),
    16: (BLUE, "solid", "circle"),
    8: (ORANGE, "dash", "square"),
    4: (SKY, "dot", "x"),
}
LEVELS = (VERMILLION, BLUE, GREEN, PURPLE, ORANGE)
Figure = dict[str, Any]


def numbers(values: Heatmap, suffix: str = "", *, most: float, size: int = 11) -> dict[str, Any]:
    """A map as a grid of its numbers; cell (row, column) lies from (column, row) to (column + 1, row + 1)."""
    return {
        **{"type": "heatmap", "z": values, "x0": 0.5, "dx": 1, "y0": 0.5, "dy": 1, "zmin": 0, "zmax": most},
        **{"colorscale": PALE, "showscale": False, "xgap": 1, "ygap": 1, "xaxis": f"x{suffix}", "yaxis": f"y{suffix}"},
        "text": [[f"{value:.3g}" for value in row] for row in values],
        **{"texttemplate": "%{text}", "textfont": {"color": "#14161A", "size": size}},
        "hovertemplate": "%{z:.4g}<extra></extra>",
    }


def box(x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 2, **more: Any) -> dict[str, Any]:
    """A frame in cells of the map."""
    line = {"color": colour, "width": width, "dash": more.pop("dash", "solid")}
    return {"type": "rect", "x0": x1, "y0": y1, "x1": x2, "y1": y2, "line": line, "layer": "above", **more}


def over(
    how: How, map_: Heatmap, region: Floats, size: Pair, pooled: Heatmap, *, sampling: int, aligned: bool
) -> Figure:
    """A map with the region on it, in cells, how one way reads it, and below it what comes out."""
    side, most, (x1, y1, x2, y2) = len(map_), float(map_.max()), region.tolist()
    shapes = [box(x1, y1, x2, y2, VERMILLION, width=3, dash="dash", xref="x", yref="y")]
    data = [numbers(map_, most=most), numbers(pooled, "2", most=most, size=12 if max(size) < 4 else 10)]
    if how == "pool":
        rows, columns = pooled_spans(y1, y2, size[0], side), pooled_spans(x1, x2, size[1], side)
        for (top, bottom), (left, right) in product(rows.tolist(), columns.tolist()):
            if bottom > top and right > left:  # a little inside, so that cells that overlap can be told apart
                shapes.append(box(left + 0.08, top + 0.08, right - 0.08, bottom - 0.08, BLUE, xref="x", yref="y"))
    else:
        for share in range(1, size[1]):
            x = x1 + share * (x2 - x1) / size[1]
            shapes.append({**box(x, y1, x, y2, GREEN, xref="x", yref="y"), "type": "line"})
        for share in range(1, size[0]):
            y = y1 + share * (y2 - y1) / size[0]
            shapes.append({**box(x1, y, x2, y, GREEN, xref="x", yref="y"), "type": "line"})
        down, across = (
            sample_places(start, end, cells, sampling=sampling, aligned=aligned).ravel() + 0.5
            for start, end, cells in ((y1, y2, size[0]), (x1, x2, size[1]))
        )
        places = [(x, y) for y, x in product(down.tolist(), across.tolist())]
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "showlegend": False},
                **{"x": [x for x, _ in places], "y": [y for _, y in places]},
                "marker": {"size": 6, "color": GREEN, "symbol": "circle", "line": {"color": "#FFFFFF", "width": 1}},
                "hovertemplate": "looks at (%{x:.2f}, %{y:.2f})<extra></extra>",
            }
        )
    bare = {"visible": False, "fixedrange": True, "constrain": "domain"}
    down_ = {**bare, "constraintoward": "top"}
    return {
        "data": data,
        "layout": {
            "height": 460,
            "margin": {"l": 2, "r": 2, "t": 2, "b": 2},
            "shapes": shapes,
            "xaxis": {**bare, "range": [-0.6, side + 0.6]},
            "yaxis": {**down_, "domain": [0.3, 1], "range": [side + 0.6, -0.6], "scaleanchor": "x"},
            "xaxis2": {**bare, "anchor": "y2", "range": [0, size[1]]},
            "yaxis2": {**down_, "domain": [0, 0.26], "range": [size[0], 0], "scaleanchor": "x2", "anchor": "x2"},
        },
    }


def glide(edges: Sequence[float], means: Mapping[How, Sequence[float]], now: float, last: float) -> Figure:
    """The mean of what comes out while the region moves to the right; a line where it is now.

    It is grey where the region reaches beyond the map: before a left edge of 0, and behind the `last` that fits.
    """
    data = [
        {
            **{"type": "scatter", "mode": "lines", "name": name, "x": list(edges), "y": list(means[how])},
            "line": {"color": colour, "width": 3, "dash": dash, "shape": "hv" if how == "pool" else "linear"},
            "hovertemplate": f"{name}, left edge %{{x}}: %{{y:.3f}}<extra></extra>",
        }
        for how, (name, colour, dash) in LOOKS.items()
    ]
    high = {"yref": "paper", "y0": 0, "y1": 1}
    grey = {**high, "fillcolor": GREY, "opacity": 0.2, "line": {"width": 0}, "layer": "below"}
    beyond = [(edges[0], 0.0), (last, edges[-1])] if edges[0] < 0 else []
    shapes: list[dict[str, Any]] = [{"type": "rect", "x0": start, "x1": end, **grey} for start, end in beyond]
    if edges[0] <= now <= edges[-1]:
        line = {"color": GREY, "width": 2, "dash": "dot"}
        shapes.append({"type": "line", "x0": now, "x1": now, **high, "line": line})
    return {
        "data": data,
        "layout": {
            "height": 240,
            "margin": {"l": 8, "r": 12, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "left edge of the region (pixels)"}, "fixedrange": True, "dtick": 16},
            "yaxis": {"title": {"text": "mean of the grid"}, "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": shapes,
        },
    }


def overlaps(found: Mapping[int, Sequence[Rounding]], stride: int) -> Figure:
    """How much of a region is still right behind the rounding, by its side, a line for each stride."""
    data: list[dict[str, Any]] = []
    for each, (colour, dash, symbol) in STRIDES.items():
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": f"pooling, stride {each}"},
                **{"x": [one.side for one in found[each]], "y": [one.overlap for one in found[each]]},
                "line": {"color": colour, "dash": dash, "width": 4 if each == stride else 2},
                "marker": {"symbol": symbol, "size": 8},
                "hovertemplate": f"stride {each}, side %{{x}}: IoU %{{y:.2f}}<extra></extra>",
            }
        )
    sides = [one.side for one in found[stride]]
    data.append(
        {
            **{"type": "scatter", "mode": "lines", "name": "Align, any stride", "x": sides, "y": [1.0] * len(sides)},
            "line": {"color": GREEN, "dash": "dash", "width": 2},
        }
    )
    return {
        "data": data,
        "layout": {
            "height": 340,
            "margin": {"l": 8, "r": 12, "t": 56, "b": 8},
            "xaxis": {
                **{"type": "log", "title": {"text": "side of the region (pixels)"}, "fixedrange": True},
                **{"tickvals": sides, "ticktext": [f"{side:g}" for side in sides]},
            },
            "yaxis": {
                **{"title": {"text": "IoU of asked and read"}, "range": [0, 1.05], "fixedrange": True},
                "automargin": True,
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def grids(map_: Heatmap, levels: Sequence[int]) -> Figure:
    """The same map once for each level, with the cells of the level framed."""
    rows, columns = map_.shape
    data, shapes, notes, layout = [], [], [], dict[str, Any]()
    gap = 0.04
    wide = (1 - gap * (len(levels) - 1)) / len(levels)
    for place, level in enumerate(levels):
        suffix = "" if place == 0 else str(place + 1)
        drawn = numbers(map_, suffix, most=9, size=9 if columns <= 10 else 7)
        data.append(drawn if columns * len(levels) <= 24 else {**drawn, "texttemplate": ""})
        for (top, bottom), (left, right) in product(
            pyramid_spans(rows, level).tolist(), pyramid_spans(columns, level).tolist()
        ):
            inside = (left + 0.1, top + 0.1, right - 0.1, bottom - 0.1)
            shapes.append(box(*inside, LEVELS[place % len(LEVELS)], xref=f"x{suffix}", yref=f"y{suffix}"))
        start = place * (wide + gap)
        bare = {"visible": False, "fixedrange": True, "constrain": "domain"}
        layout[f"xaxis{suffix}"] = {
            **bare,
            **{"domain": [start, min(1.0, start + wide)], "anchor": f"y{suffix}", "range": [-0.2, columns + 0.2]},
        }
        layout[f"yaxis{suffix}"] = {
            **bare,
            **{"domain": [0, 0.9], "anchor": f"x{suffix}", "scaleanchor": f"x{suffix}", "constraintoward": "top"},
            "range": [rows + 0.2, -0.2],
        }
        notes.append(
            {
                **{"text": f"<b>{level}x{level}</b>", "showarrow": False, "xref": "paper", "x": start + wide / 2},
                **{"yref": "paper", "y": 0.92, "yanchor": "bottom"},
            }
        )
    sides = {"height": 240, "margin": {"l": 2, "r": 2, "t": 2, "b": 2}, "shapes": shapes, "annotations": notes}
    return {"data": data, "layout": {**sides, **layout}}


def vector(values: Floats, levels: Sequence[int]) -> Figure:
    """The concatenated vector, the part of each level in its colour."""
    data, start = [], 0
    for place, level in enumerate(levels):
        end = start + level**2
        data.append(
            {
                **{"type": "bar", "name": f"{level}x{level}", "x": list(range(start, end)), "y": values[start:end]},
                "marker": {"color": LEVELS[place % len(LEVELS)]},
                "hovertemplate": f"{level}x{level}, number %{{x}}: %{{y:g}}<extra></extra>",
            }
        )
        start = end
    return {
        "data": data,
        "layout": {
            "height": 190,
            "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "place in the vector"}, "fixedrange": True, "range": [-0.8, len(values) - 0.2]},
            "yaxis": {"range": [0, 9.5], "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
