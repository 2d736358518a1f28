"""The figures of the receptive field lab: the cone of a neuron, what it sees of a photo, how much each pixel counts."""

import base64
import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.nets.effective import shares
from core.nets.layers import Conv, Layer
from core.nets.receptive import Patch, View, chain, views
from core.nets.stack import steps
from core.types import Heatmap, Mask, Pair

BLUE, SKY, VERMILLION, ORANGE, GREY = "#0072B2", "#56B4E9", "#D55E00", "#E69F00", "#8A8F98"
CROWD = 1200  # lines between two volumes; where there are more, the outer ones stand for all
Picture = NDArray[np.uint8]  # (H, W, 3)
Figure = dict[str, Any]  # plotly's own form: data and layout, for `lab.chart`


def cone(layers: Sequence[Layer], image: int, neuron: Pair) -> Figure:
    """A side view, one row of dots per volume: what the neuron reads of each on its way down to the image.

    Only columns are drawn; every dot stands above the middle of the pixels it sees. Bars: how much each pixel counts.
    """
    volumes, taken = views(layers, image), steps(layers, image)
    seen = [columns for _, columns in chain(layers, image, neuron)]
    left, right = volumes[-1].columns.patch(neuron[1])
    margin = max(2, round(0.12 * (right - left + 1)))
    span = (left - margin - 0.5, right + margin + 0.5)
    drawn: list[dict[str, Any]] = []
    edges: dict[str, list[float | None]] = {"x": [], "y": []}
    padding: dict[str, list[float]] = {"x": [], "y": []}
    for height, step in enumerate(taken, 1):
        below, above = volumes[height - 1], volumes[height]
        lost, crowded = set(), len(seen[height]) * step.columns.kernel > CROWD
        for column in (seen[height][0], seen[height][-1]) if crowded else seen[height]:
            reads = step.columns.reads(column)
            for read in (reads[0], reads[-1]) if crowded else reads:
                edges["x"] += [_middle(above, column), _middle(below, read), None]
                edges["y"] += [height, height - 1, None]
                if not 0 <= read < below.sides[1]:
                    lost.add(read)
        padding["x"] += [_middle(below, read) for read in lost]
        padding["y"] += [height - 1] * len(lost)
    line = {"color": SKY, "width": 1}
    drawn.append(_scatter(**edges, mode="lines", line=line, opacity=0.75, hoverinfo="skip", showlegend=False))
    drawn += _rows_of_dots(volumes, seen, span)
    size = _dot(1, span)
    if padding["x"]:
        drawn.append(
            _scatter(
                **padding,
                mode="markers",
                name="padding",
                marker={"symbol": "square-open", "size": size, "color": GREY},
                hovertemplate="padding: nobody's pixel<extra></extra>",
            )
        )
    drawn.append(
        _scatter(
            x=[_middle(volumes[-1], neuron[1])],
            y=[len(taken)],
            mode="markers",
            name="the neuron",
            marker={"symbol": "diamond", "size": 16, "color": VERMILLION, "line": {"color": "white", "width": 1}},
            hovertemplate=f"the neuron: column {neuron[1]} of {volumes[-1].name}<extra></extra>",
        )
    )
    share = 100 * shares(layers, image, neuron)[0][1]
    drawn.append(
        {
            "type": "bar",
            "x": np.arange(image),
            "y": share,
            "yaxis": "y2",
            "marker": {"color": BLUE, "line": {"width": 0}},
            "showlegend": False,
            "hovertemplate": "pixel %{x}: %{y:.2f} % of the influence<extra></extra>",
        }
    )
    return {"data": drawn, "layout": _cone_layout(volumes, span, float(share.max() or 1))}


def _cone_layout(volumes: Sequence[View], span: tuple[float, float], most: float) -> dict[str, Any]:
    """Volumes above each other, and the bars below them."""
    rows = len(volumes)
    return {
        "height": min(190 + 46 * rows, 900),
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "xaxis": {
            "anchor": "y2",
            "range": span,
            "title": {"text": "column of the image"},
            "zeroline": False,
            "showgrid": False,
            "fixedrange": True,
        },
        "yaxis": {
            "domain": [0.9 / (rows + 1), 1],
            "range": [-0.45, rows - 0.55],
            "tickvals": list(range(rows)),
            "ticktext": [f"{view.name}<br>sees {view.columns.size}" for view in volumes],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        "yaxis2": {
            "domain": [0, 0.6 / (rows + 1)],
            "range": [0, 1.1 * most],
            "tickvals": [0.55 * most],
            "ticktext": ["counts"],
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "anchor": "x",
        },
        "bargap": 0.1,
        "legend": {
            "itemsizing": "constant",
            "orientation": "h",
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0.5,
            "xanchor": "center",
        },
    }


def cone_alt(volumes: Sequence[View], depth: int, neuron: Pair) -> str:
    """The cone in words."""
    fields = ", ".join(f"{view.name} {view.columns.size}" for view in volumes[1 : depth + 1])
    first, last = volumes[depth].columns.patch(neuron[1])
    return (
        f"Side view of the stack. Columns of the image that one value sees, layer by layer: {fields}. "
        f"The chosen neuron of {volumes[depth].name} sees columns {first} to {last}."
    )


def lessons(layers: Sequence[Layer], volumes: Sequence[View], patch: Patch, mask: Mask) -> list[str]:
    """What there is to notice in this stack."""
    last, fields = volumes[-1], ", ".join(str(view.columns.size) for view in volumes[1:])
    windows = [layer.operation for layer in layers if isinstance(layer.operation, Conv)]
    weights = sum(window.kernel[0] * window.kernel[1] for window in windows)
    dilated = any(max(window.dilation) > 1 for window in windows)
    said = [
        f"From the image up, the field is {fields} pixels wide: each layer adds (its side - 1) times its dilation "
        "times the jump of the volume below it."
    ]
    map_ = f"{last.sides[0]}x{last.sides[1]}"
    if last.columns.jump > 1:
        said.append(
            f"Strides multiply: neighbours of {last.name} look {last.columns.jump} pixels apart. Growth is geometric; "
            f"the price is the map, now {map_}."
        )
    elif not dilated:
        said.append(
            f"No stride, no pooling: growth is linear (2n + 1 after n layers of 3x3), and the map is still {map_}, so "
            "every layer is expensive. Add a pooling: the layers after it count double."
        )
    if dilated:
        said.append(
            f"Dilation widens the window without a stride: the map is {map_}. It is one remedy for a small field; the "
            "other is to pool, look far, and bring the detail back over skip connections."
        )
    on_image = patch.within((mask.shape[0], mask.shape[1]))
    if mask.sum() < on_image.pixels:
        said.append(
            f"Only {mask.sum():,} of the {on_image.pixels:,} pixels in the field are read. Equal dilations leave a "
            "grid of gaps; growing ones (1, 2, 4, ...) fill it."
        )
    if on_image != patch:
        said.append(
            f"The field hangs over the edge: {on_image.pixels:,} of its {patch.pixels:,} places are on the image."
        )
    if len(windows) > 1 and len(windows) == len(layers) and mask.sum() == patch.pixels:
        said.append(
            f"{len(windows)} windows with {weights} weights (per pair of maps) see as much as one {patch.sides[0]}x"
            f"{patch.sides[1]} window with {patch.pixels:,}, and leave room for {len(windows)} nonlinearities."
        )
    said.append(
        "The bars below the cone count paths: the middle reaches the neuron along many, the rim along few. "
        "With depth the bump widens like the square root of the number of layers. Try: conv 3 same times 20."
    )
    return said


def _scatter(**look: Any) -> dict[str, Any]:
    return {"type": "scatter", **look}


def _rows_of_dots(
    volumes: Sequence[View], seen: Sequence[tuple[int, ...]], span: tuple[float, float]
) -> list[dict[str, Any]]:
    """Seen, skipped and unseen positions: filled, crossed out, and faint."""
    kinds: dict[str, list[tuple[float, int, str, float]]] = {"seen": [], "skipped": [], "not seen": []}
    for height, (view, columns) in enumerate(zip(volumes, seen, strict=True)):
        reached = set(columns)
        from_, to = (math.floor((edge - _middle(view, 0)) / view.columns.jump) for edge in span)
        for column in range(max(0, from_ + 1), min(to + 1, view.sides[1])):
            middle = _middle(view, column)
            if column in reached:
                kind = "seen"
            else:
                kind = "skipped" if columns and columns[0] < column < columns[-1] else "not seen"
            kinds[kind].append((middle, height, f"{view.name}, column {column}: {kind}", _dot(view.columns.jump, span)))
    looks = {
        "seen": {"symbol": "circle", "opacity": 1, "color": BLUE, "line": {"color": SKY, "width": 1}},
        "skipped": {"symbol": "x-thin", "opacity": 1, "color": ORANGE, "line": {"color": ORANGE, "width": 2}},
        "not seen": {"symbol": "circle-open", "color": GREY, "opacity": 0.45},
    }
    drawn = []
    for kind, dots in kinds.items():
        if dots:
            x, y, text, sizes = (list(values) for values in zip(*dots, strict=True))
            marker = {**looks[kind], "size": sizes}
            hover = "%{text}<extra></extra>"
            drawn.append(_scatter(x=x, y=y, text=text, name=kind, mode="markers", marker=marker, hovertemplate=hover))
    return drawn


def _middle(view: View, column: int) -> float:
    first, last = view.columns.patch(column)
    return (first + last) / 2


def _dot(jump: int, span: tuple[float, float]) -> float:
    """As large as neighbours allow on a narrow screen."""
    return float(np.clip(230 * jump / (span[1] - span[0]), 2, 12))


def on_photo(photo: Picture, mask: Mask, patch: Patch, *, core: Patch | None = None) -> Figure:
    """The photo (H, W, 3) with what the neuron sees in colour and the rest grey; frames around field and core."""
    grey = photo[:, :, 1:2] // 2 + 20  # green alone is close enough to brightness
    shown = np.where(mask[:, :, None], photo, grey)
    picture = {"type": "image", "source": _address(shown), "hovertemplate": "row %{y}, column %{x}<extra></extra>"}
    height, width = mask.shape
    room = 0.02 * max(height, width)
    layout = _square(
        x=(min(0, patch.columns[0]) - 0.5 - room, max(width - 1, patch.columns[1]) + 0.5 + room),
        y=(max(height - 1, patch.rows[1]) + 0.5 + room, min(0, patch.rows[0]) - 0.5 - room),
    )
    frames = [(patch, VERMILLION, "solid")] + ([(core, SKY, "dash")] if core else [])
    layout["shapes"] = [_frame(*frame) for frame in frames]
    layout["annotations"] = [_label(patch, f"field {patch.sides[1]}x{patch.sides[0]}")]
    return {"data": [picture], "layout": layout}


def bump(heat: Heatmap, patch: Patch, core: Patch) -> Figure:
    """How much each pixel counts (H, W), with the frame of the field and of the part that holds most of it."""
    seen = patch.within((heat.shape[0], heat.shape[1]))
    rows, columns = slice(seen.rows[0], seen.rows[1] + 1), slice(seen.columns[0], seen.columns[1] + 1)
    map_ = {
        "type": "heatmap",
        "z": (100 * heat[rows, columns]).astype(np.float32),
        "x0": seen.columns[0],
        "y0": seen.rows[0],
        "colorscale": "Cividis",
        "showscale": False,
        "hovertemplate": "row %{y}, column %{x}: %{z:.3f} %<extra></extra>",
    }
    room = 0.06 * max(patch.sides)
    layout = _square(
        x=(patch.columns[0] - 0.5 - room, patch.columns[1] + 0.5 + room),
        y=(patch.rows[1] + 0.5 + room, patch.rows[0] - 0.5 - room),
    )
    layout["shapes"] = [_frame(patch, VERMILLION, "solid"), _frame(core, "white", "dash")]
    layout["annotations"] = [
        _label(patch, f"field {patch.sides[1]}x{patch.sides[0]}"),
        _label(core, f"95 %: {core.sides[1]}x{core.sides[0]}"),
    ]
    return {"data": [map_], "layout": layout}


def _frame(patch: Patch, colour: str, dash: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "x0": patch.columns[0] - 0.5,
        "x1": patch.columns[1] + 0.5,
        "y0": patch.rows[0] - 0.5,
        "y1": patch.rows[1] + 0.5,
        "line": {"color": colour, "width": 3, "dash": dash},
    }


def _label(patch: Patch, text: str) -> dict[str, Any]:
    return {
        "x": (patch.columns[0] + patch.columns[1]) / 2,
        "y": patch.rows[0] - 0.5,
        "text": f"<b>{text}</b>",
        "showarrow": False,
        "yanchor": "bottom",
        "font": {"color": "white", "size": 12},
        "bgcolor": "rgba(20, 20, 20, 0.75)",
    }


def _square(*, x: tuple[float, float], y: tuple[float, float]) -> dict[str, Any]:
    """Pixels as squares, no axes, as large as the column allows."""
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "height": 360,
        "margin": {"l": 0, "r": 0, "t": 22, "b": 0},
        "xaxis": {"range": x, **hidden},
        "yaxis": {"range": y, "scaleanchor": "x", **hidden},
    }


def _address(picture: Picture) -> str:
    """The picture as a PNG in a data address."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=1)  # the network costs less than the processor
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
