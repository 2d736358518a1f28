"""Pictures and charts of the lab on the R-CNN family: where the time goes, where boxes go, and how losses fall."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.scenes import CLASSES, JOINTS
from core.detect.found import Found
from core.detect.regions.family import STEPS, Walk
from core.detect.regions.region_losses import FOUR, NAMES
from core.types import Floats
from pages._kit.shots import Shot

COLOURS = ("#E69F00", "#0072B2", "#56B4E9", "#009E73", "#CC79A7", "#D55E00")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
FEW = 5  # things that a caption lists
PATTERNS = ("", "/", "x", "-", "+")
SAYS = dict(zip(STEPS, ("propose regions", "trunk", "cut regions out", "heads", "suppress and move"), strict=True))
Figure = dict[str, Any]


def found_shot(image: Floats, found: Found, title: str) -> Shot:
    """What one pipeline found."""
    names = [CLASSES[label] for label in found.labels]
    told = ", ".join(f"{name} {score:.0%}" for name, score in zip(names[:FEW], found.scores, strict=False)) or "nothing"
    told += f" and {len(names) - FEW} more" if len(names) > FEW else ""
    joints = found.joints if len(found.joints) and found.joints.shape[1] == len(JOINTS) else None
    masks = found.masks >= 0.5 if len(found.masks) else None
    return Shot(
        image,
        f"{title}: {told}.",
        caption=f"{title}: {told}.",
        boxes=found.boxes,
        labels=names,
        masks=masks,
        joints=joints,
    )


def boxes_shot(image: Floats, boxes: Floats, caption: str, labels: Sequence[str] = ()) -> Shot:
    """Boxes over a picture."""
    return Shot(image, f"{len(boxes)} boxes. {caption}", caption=caption, boxes=boxes, labels=labels)


def times(walks: Mapping[str, Walk]) -> Figure:
    """Where the time goes, step by step, one bar for each pipeline."""
    names = list(walks)
    data = [
        {
            **{"type": "bar", "orientation": "h", "name": SAYS[step], "y": names},
            "x": [round(1000 * walks[name].cost.seconds[step], 3) for name in names],
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
            },
            "hovertemplate": f"%{{y}}, {SAYS[step]}: %{{x:.1f}} ms<extra></extra>",
        }
        for step, colour, shape in zip(STEPS, COLOURS, PATTERNS, strict=False)
    ]
    return {
        "data": data,
        "layout": {
            "height": 300,
            "barmode": "stack",
            "margin": {"l": 8, "r": 16, "t": 56, "b": 8},
            "xaxis": {"title": {"text": "ms of one processor"}, "fixedrange": True, "rangemode": "tozero"},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def costs(walks: Mapping[str, Walk]) -> pd.DataFrame:
    """What each pipeline did."""
    rows = {
        name: {
            "passes of the trunk": walk.cost.passes,
            "pixels seen by it": f"{walk.cost.pixels:,}",
            "regions": walk.cost.regions,
            **{f"{SAYS[step]}, ms": f"{1000 * walk.cost.seconds[step]:.1f}" for step in STEPS},
            "all, ms": f"{1000 * walk.cost.total:.1f}",
            "found": len(walk.found.above(0.5)),
        }
        for name, walk in walks.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("pipeline")


def recovered(shifts: Sequence[int], before: Floats, after: Floats, chosen: float) -> Figure:
    """IoU with the thing before and after the move, by how far the proposal lies to the right."""
    data = [
        {
            **{"type": "scatter", "mode": "lines+markers", "name": name, "x": list(shifts)},
            **{"y": [round(float(each), 4) for each in values]},
            **{"line": {"color": colour, "width": 2, "dash": dash}, "marker": {"size": 6, "symbol": symbol}},
            "hovertemplate": f"{name}, %{{x}} %: IoU %{{y:.2f}}<extra></extra>",
        }
        for name, values, colour, dash, symbol in (
            ("proposal", before, "#D55E00", "dash", "square"),
            ("moved by the detector", after, "#0072B2", "solid", "circle"),
        )
    ]
    line = {"color": "#8A8F98", "width": 2, "dash": "dot"}
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "moved right, % of the width"}, "fixedrange": True},
            "yaxis": {"title": {"text": "IoU"}, "range": [0, 1.03], "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": chosen, "x1": chosen},
                    **{"yref": "paper", "y0": 0, "y1": 1, "line": line},
                }
            ],
        },
    }


def falling(story: Sequence[Mapping[str, float]], steps: int, *, all_six: bool) -> Figure:
    """Every loss from step to step, as the mean of the last ten."""
    shown = NAMES if all_six else FOUR
    data = []
    for name, colour, dash in zip(shown, COLOURS, DASHES, strict=False):
        there = [(step, each[name]) for step, each in enumerate(story, start=1) if each[name] > 0]
        values = np.array([value for _, value in there])  # without anybody in a batch there are no joints to be wrong
        smooth = [float(values[max(0, place - 9) : place + 1].mean()) for place in range(len(values))]
        data.append(
            {
                **{"type": "scatter", "mode": "lines", "name": name, "x": [step for step, _ in there]},
                **{"y": [round(each, 4) for each in smooth], "line": {"color": colour, "width": 2, "dash": dash}},
                "hovertemplate": f"{name}, step %{{x}}: %{{y:.2f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 320,
            "margin": {"l": 8, "r": 16, "t": 56, "b": 8},
            "xaxis": {"title": {"text": "step"}, "range": [0, steps], "fixedrange": True},
            "yaxis": {"title": {"text": "loss"}, "rangemode": "tozero", "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def not_fallen(story: Sequence[Mapping[str, float]]) -> list[str]:
    """Losses whose mean of the last ten steps is no less than that of the first ten.

    >>> not_fallen([dict.fromkeys(NAMES, 1.0) | {"mask": 1 / step} for step in range(1, 21)])
    ['objectness', 'anchor offsets', 'label', 'box offsets', 'joints']
    """
    found = list[str]()
    for name in NAMES:
        first, last = ([each[name] for each in part if each[name] > 0] for part in (story[:10], story[-10:]))
        if first and last and np.mean(last) >= np.mean(first):
            found.append(name)
    return found


def losses_table(story: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """The losses of the first ten steps and of the last ten, in the mean of those in which there is something."""

    def means(part: Sequence[Mapping[str, float]]) -> list[str]:
        every = [[each[name] for each in part if each[name] > 0] for name in NAMES]
        return [f"{np.mean(values):.3f}" if values else "" for values in every]

    columns = {"first steps": means(story[:10]), "last steps": means(story[-10:])}
    return pd.DataFrame(columns, index=pd.Index(NAMES, name="loss"))
