"""Pictures and charts of the lab on masks and joints: cells over a region, things found, and what 14x14 keeps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.scenes import CLASSES, JOINTS, Scene
from core.detect.found import Found
from core.detect.regions.two_stage import PERSON
from core.types import Floats, Mask
from pages._kit.shots import Shot
from pages._kit.veil import Frame, Veiled

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
MARGIN = 6  # pixels around a region
Figure = dict[str, Any]


def everything(image: Floats, found: Found, threshold: float) -> Shot:
    """What is found in one picture: boxes, masks and joints."""
    labels = [f"{place + 1} {CLASSES[label]}" for place, label in enumerate(found.labels)]
    joints = found.joints[found.labels == PERSON] if len(found.joints) else None
    seen = ", ".join(f"{name} {score:.0%}" for name, score in zip(labels, found.scores, strict=True)) or "nothing"
    masks = found.masks >= threshold if len(found.masks) else None
    return Shot(
        image,
        f"Found: {seen}.",
        caption=f"Found: {seen}.",
        boxes=found.boxes,
        labels=labels,
        masks=masks,
        joints=joints,
    )


def truth(scene: Scene, image: Floats) -> Shot:
    """What is to be seen."""
    labels = [target.label for target in scene.targets]
    joints = [target.joints for target in scene.targets if target.joints is not None]
    return Shot(
        image,
        f"The truth: {', '.join(labels)}.",
        caption="The truth: what can be seen of each thing, and its class.",
        boxes=np.array([target.box for target in scene.targets]),
        labels=labels,
        masks=np.stack([target.mask for target in scene.targets]),
        joints=np.stack(joints) if joints else None,
    )


def over_region(image: Floats, box: Floats, cells: Floats, *, alt: str, caption: str, grey: bool = False) -> Veiled:
    """The region of one thing, a little around it, and its cells over it: (H, W, 3), (4,), (M, M)."""
    if grey:
        image = np.repeat(0.1 + 0.55 * image.mean(axis=2, keepdims=True), 3, axis=2)
    height, width = image.shape[:2]
    left, top = (max(0, int(value) - MARGIN) for value in box[:2])
    right, bottom = min(width, int(np.ceil(box[2])) + MARGIN), min(height, int(np.ceil(box[3])) + MARGIN)
    place = (float(box[0] - left), float(box[1] - top), float(box[2] - box[0]), float(box[3] - box[1]))
    return Veiled(image[top:bottom, left:right], alt, caption, cells, place, [Frame(place, "#FFFFFF")])


def cells_shot(cells: Floats, caption: str) -> Shot:
    """Cells as squares from black to white."""
    side, inside = len(cells), float((cells >= 0.5).mean())
    return Shot(cells[..., None], f"{side}x{side} cells, {inside:.0%} of them inside.", caption=caption, sharp=True)


def outlined(image: Floats, box: Floats, mask: Mask, *, alt: str, caption: str) -> Shot:
    """One mask over the picture, and the region it was cut from, in blue: many things are orange."""
    nothing = np.zeros((1, 4)), np.zeros_like(mask)[None]  # takes the first colour
    boxes, masks = np.concatenate([nothing[0], box[None]]), np.concatenate([nothing[1], mask[None]])
    return Shot(image, alt, caption=caption, boxes=boxes, masks=masks)


def kept(sides: Sequence[int], here: Sequence[float], mean: Sequence[float], chosen: int) -> Figure:
    """What remains of a mask by cells a side: of this one, and in the mean of all."""
    data = [
        {
            **{"type": "scatter", "mode": "lines+markers", "name": name, "x": list(sides)},
            **{"y": [round(100 * each, 2) for each in values]},
            **{"line": {"color": colour, "width": 2, "dash": dash}, "marker": {"size": 7, "symbol": symbol}},
            "hovertemplate": f"{name}, %{{x}} cells: %{{y:.1f}} %<extra></extra>",
        }
        for name, values, colour, dash, symbol in (
            ("this thing", here, BLUE, "solid", "circle"),
            ("mean of all things", mean, VERMILLION, "dash", "square"),
        )
    ]
    line = {"color": GREY, "width": 2, "dash": "dot"}
    return {
        "data": data,
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "cells a side"}, "fixedrange": True, "range": [0, max(sides) + 2]},
            "yaxis": {"title": {"text": "IoU kept, %"}, "fixedrange": True, "automargin": True, "range": [0, 103]},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": chosen, "x1": chosen},
                    **{"yref": "paper", "y0": 0, "y1": 1, "line": line},
                }
            ],
        },
    }


def shares_table(shares: Floats, cells: Floats, threshold: float) -> pd.DataFrame:
    """For every class: how likely it is, and how much of the region its mask takes."""
    return pd.DataFrame(
        {
            "share of the class": [f"{each:.1%}" for each in shares],
            "cells inside": [int((each >= threshold).sum()) for each in cells],
            "largest": [f"{each.max():.2f}" for each in cells],
        },
        index=pd.Index(CLASSES, name="class"),
    )


def joints_table(joints: Floats, true: Floats) -> pd.DataFrame:
    """Where every joint is said to be, how sure, and how far off."""
    off = np.hypot(*(joints[:, :2] - true[:, :2]).T)
    columns: Mapping[str, list[str]] = {
        "x": [f"{each:.1f}" for each in joints[:, 0]],
        "y": [f"{each:.1f}" for each in joints[:, 1]],
        "sure": [f"{each:.0%}" for each in joints[:, 2]],
        "pixels off": [f"{each:.1f}" if seen else "hidden" for each, seen in zip(off, true[:, 2], strict=True)],
    }
    return pd.DataFrame(columns, index=pd.Index(JOINTS, name="joint"))
