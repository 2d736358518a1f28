"""The pictures of the task map: the scene, every task's answer drawn on it, and the answer as a program gets it."""

import base64
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from core.data import tasks
from core.data.shape_classifier import guess
from core.data.task_scene import KINDS, PATTERNS, Picture, Scene
from core.measure.top import top_classes

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
PALETTE = ("#E2E6EA", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
CIVIDIS = ("#00224E", "#3B496C", "#707173", "#A59C74", "#FEE838")
Figure = dict[str, Any]


def shown(scene: Scene, name: str, *, instances: bool) -> Figure:
    """The answer of a task, drawn on the scene or in its place."""
    draw: dict[str, Callable[[], Figure]] = {
        "Localization": lambda: _boxes(scene, tasks.main_object(scene)[None] if scene.targets else np.zeros((0, 5))),
        "Detection": lambda: _boxes(scene, tasks.detections(scene)),
        "Semantic segmentation": lambda: _labelled(scene, instances=instances),
        "Instance segmentation": lambda: _labelled(scene, instances=True, boxes=True),
        "Fine-grained recognition": lambda: _boxes(scene, tasks.detections(scene), names=_kinds(scene)),
        "Face detection and recognition": lambda: picture(scene.image),
        "Motion estimation": lambda: _arrows(scene),
        "Feature detection and description": lambda: _points(scene),
        "Depth estimation": lambda: _heat(tasks.depth_map(scene)),
        "Novel view synthesis": lambda: picture(tasks.other_view(scene, 45.0).image),
    }
    return draw[name]()


def answer(scene: Scene, name: str, *, instances: bool) -> tuple[str, str]:
    """The answer as a program gets it, and its shape in words."""
    height, width, _ = scene.image.shape
    count, found = len(scene.targets), tasks.detections(scene)
    listed = [f"({', '.join(f'{value:.0f}' for value in row[:4])}, {KINDS[int(row[4])]!r})" for row in found]
    if name == "Localization":
        if not count:
            return "?", "5 numbers, and no object they could speak of"
        main = tasks.main_object(scene)
        return f"({', '.join(f'{value:.0f}' for value in main[:4])}, {KINDS[int(main[4])]!r})", "5 numbers"
    if name == "Detection":
        return f"[{', '.join(listed)}]", f"a list of {count}, {5 * count} numbers"
    if name == "Semantic segmentation":
        labels = tasks.instance_map(scene) if instances else tasks.label_map(scene)
        parts = ", ".join(str(value) for value in np.unique(labels))
        kind = "numbers of objects" if instances else "labels"
        return f"array of {height}x{width} {kind}: {parts}", f"{height * width:,} {kind}"
    if name == "Instance segmentation":
        masks = [f"{row[:-1]}, {int(each.mask.sum())} pixels)" for row, each in zip(listed, scene.targets, strict=True)]
        return f"[{', '.join(masks)}]", f"a list of {count}, each with 5 numbers and a mask of {height}x{width}"
    many = len(KINDS) * len(PATTERNS)
    points = tasks.seen_corners(scene)
    return {
        "Fine-grained recognition": (str(_kinds(scene)), f"one of {many} close classes for each"),
        "Face detection and recognition": ("[]", "a list of 0: there is no face here, and that is the right answer"),
        "Motion estimation": (f"array of {height}x{width}x2", f"{2 * height * width:,} numbers"),
        "Feature detection and description": (
            f"[{', '.join(f'({x:.0f}, {y:.0f})' for x, y in points)}]",
            f"a list of {len(points)} points",
        ),
        "Depth estimation": (f"array of {height}x{width}", f"{height * width:,} distances"),
        "Novel view synthesis": (f"array of {height}x{width}x3", f"{3 * height * width:,} numbers"),
    }[name]


def bars(image: Picture, k: int) -> tuple[Figure, str]:
    """The first k classes with their probabilities and what is left for the others; the chart in words."""
    probabilities = guess(image)
    best, left = top_classes(probabilities, k)
    names = [KINDS[place] for place in best] + ["all others"] * (k < len(KINDS))
    values = [float(probabilities[place]) for place in best] + [left] * (k < len(KINDS))
    figure = {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": names, "x": [100 * value for value in values]},
                "text": [f"{value:.1%}" for value in values],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {"color": [BLUE] * len(best) + [GREY] * (k < len(KINDS))},
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"range": [0, 118], "ticksuffix": " %", "tickvals": [0, 25, 50, 75, 100], "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
        },
    }
    return figure, ", ".join(f"{name} {value:.0%}" for name, value in zip(names, values, strict=True))


def picture(image: Picture, *, shapes: Sequence[Any] = (), notes: Sequence[Any] = ()) -> Figure:
    """A picture (H, W, 3) with lines and words on it."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=1)
    source = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    height, width = image.shape[:2]
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    return {
        "data": [{"type": "image", "source": source, "hovertemplate": "x %{x}, y %{y}<extra></extra>"}],
        "layout": {
            "height": 270,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "xaxis": {"range": [-0.5, width - 0.5], **hidden},
            "yaxis": {"range": [height - 0.5, -0.5], "scaleanchor": "x", **hidden},
            "shapes": list(shapes),
            "annotations": list(notes),
        },
    }


def _boxes(scene: Scene, found: Any, *, names: Sequence[str] = ()) -> Figure:
    labels = names or [KINDS[int(row[4])] for row in found]
    shapes = [
        {
            **{"type": "rect", "x0": x - 0.5, "y0": y - 0.5, "x1": x + w - 0.5, "y1": y + h - 0.5},
            "line": {"color": VERMILLION, "width": 3},
        }
        for x, y, h, w, _ in found
    ]
    notes = [_word(name, x=row[0], y=row[1]) for name, row in zip(labels, found, strict=True)]
    return picture(scene.image, shapes=shapes, notes=notes)


def _labelled(scene: Scene, *, instances: bool, boxes: bool = False) -> Figure:
    labels = tasks.instance_map(scene) if instances else tasks.label_map(scene)
    paints = np.array([tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) for colour in PALETTE], dtype=np.uint8)
    drawn = picture(paints[labels])
    names = [f"{number} {each.label}" if instances else each.label for number, each in enumerate(scene.targets, 1)]
    notes = []
    for name, each in zip(names, scene.targets, strict=True):
        rows, columns = np.nonzero(each.mask)
        notes.append(_word(name, x=columns.mean(), y=rows.mean(), middle=True))
    drawn["layout"]["annotations"] = notes
    if boxes:
        drawn["layout"]["shapes"] = _boxes(scene, tasks.detections(scene))["layout"]["shapes"]
    return drawn


def _arrows(scene: Scene) -> Figure:
    flow, notes = tasks.flow(scene), []
    for row in range(7, scene.image.shape[0], 14):
        for column in range(7, scene.image.shape[1], 14):
            right, down = flow[row, column]
            if right or down:
                notes.append(
                    {
                        **{"x": column + right, "y": row + down, "ax": column, "ay": row, "axref": "x", "ayref": "y"},
                        **{
                            "showarrow": True,
                            "arrowhead": 3,
                            "arrowsize": 0.7,
                            "arrowwidth": 1.5,
                            "arrowcolor": "#111111",
                            "text": "",
                        },
                    }
                )
    return picture(scene.image, notes=notes)


def _points(scene: Scene) -> Figure:
    points, drawn = tasks.seen_corners(scene), picture(scene.image)
    drawn["data"].append(
        {
            **{"type": "scatter", "x": points[:, 0] - 0.5, "y": points[:, 1] - 0.5, "mode": "markers"},
            "marker": {"symbol": "circle-open", "size": 12, "color": "#111111", "line": {"width": 2.5}},
            "hovertemplate": "corner at %{x:.0f}, %{y:.0f}<extra></extra>",
        }
    )
    return drawn


def _heat(depths: Any) -> Figure:
    drawn = picture(np.zeros((*depths.shape, 3), dtype=np.uint8))
    drawn["data"] = [
        {
            **{"type": "heatmap", "z": depths.astype(np.float32), "colorscale": "Cividis", "reversescale": True},
            "colorbar": {"title": {"text": "distance"}, "thickness": 12},
            "hovertemplate": "x %{x}, y %{y}: %{z:.2f} away<extra></extra>",
        }
    ]
    return drawn


def _kinds(scene: Scene) -> list[str]:
    return [f"{target.shape.pattern} {target.label}" for target in scene.targets]


def _word(text: str, *, x: float, y: float, middle: bool = False) -> dict[str, Any]:
    return {
        **{"x": x, "y": y, "text": f"<b>{text}</b>", "showarrow": False, "bgcolor": "rgba(20, 20, 20, 0.75)"},
        **{"font": {"color": "white", "size": 12}, "borderpad": 2},
        **({} if middle else {"xanchor": "left", "yanchor": "bottom" if y > 14 else "top"}),
    }
