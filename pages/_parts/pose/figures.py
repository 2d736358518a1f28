"""The figures of the pose lab: people with joints, errors of every joint, and a heat map laid over the picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.scenes import JOINTS
from core.types import Floats, Heatmap, Mask
from pages._kit.shots import Shot

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


def person(image: Floats, joints: Floats, caption: str, *, lines: Sequence[Floats] = (), alt: str = "") -> Shot:
    """A picture with a figure over it; lines lead from where joints are to where they are said to be."""
    seen = int(joints[:, 2].sum())
    told = alt or f"A person of sticks with {seen} of {len(JOINTS)} joints marked, on a picture of {len(image)} pixels."
    return Shot(image, told, caption=caption, joints=joints[None], lines=lines)


def squared(errors: Floats, counted: Mask, chosen: int) -> Figure:
    """The squared error of every joint; one that does not count is only outlined."""
    names = [f"<b>{name}</b>" if place == chosen else name for place, name in enumerate(JOINTS)]
    data = []
    for name, wanted, colour, solid in (("counts", True, BLUE, 1.0), ("hidden, left out", False, GREY, 0.3)):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": names},
                "x": [float(each) if bool(counts) == wanted else 0.0
                      for each, counts in zip(errors, counted, strict=True)],
                "marker": {
                    "color": colour,
                    "pattern": {
                        **{"shape": "" if wanted else "/", "size": 6, "solidity": solid},
                        **{"bgcolor": colour if wanted else "rgba(0,0,0,0)", "fgcolor": colour},
                    },
                },
                "hovertemplate": f"%{{y}}: %{{x:.1f}} square pixels, {name}<extra></extra>",
            }
        )  # fmt: skip
    return _bars(data, "squared error, pixels²")


def apart(distances: Mapping[str, Floats], near: float) -> Figure:
    """How far every joint is off, by who says so; up to the dotted line it counts as found."""
    data = []
    looks = ((BLUE, ""), (VERMILLION, "/"), (GREEN, "x"))
    for (name, values), (colour, shape) in zip(distances.items(), looks, strict=False):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": list(JOINTS), "x": np.nan_to_num(values)},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{y}}: %{{x:.1f}} pixels<extra></extra>",
            }
        )
    figure = _bars(data, "pixels off, of 64 a side")
    most = max(near, *(float(np.nanmax(values, initial=0.0)) for values in distances.values()))
    figure["layout"]["xaxis"]["range"] = [0, 1.06 * most]
    line = {"color": GREY, "width": 2, "dash": "dot"}
    figure["layout"]["shapes"] = [
        {"type": "line", "x0": near, "x1": near, "yref": "paper", "y0": 0, "y1": 1, "line": line}
    ]
    return figure


def over(image: Floats, heat: Heatmap) -> Floats:
    """A heat map from 0 to 1 over a grey picture, dark to yellow as it grows: (H, W, 3), (h, w) -> (H, W, 3)."""
    times = len(image) // len(heat)
    large = np.kron(heat.clip(0, 1), np.ones((times, times)))[..., None]
    grey = 0.35 * image.mean(axis=2, keepdims=True) + 0.1
    colour = np.array([1.0, 0.85, 0.1])
    mixed: Floats = np.repeat(grey, 3, axis=2) * (1 - large) + colour * large
    return mixed


def errors_table(columns: Mapping[str, Floats], seen: Floats) -> pd.DataFrame:
    """Pixels off, of every joint."""
    table = pd.DataFrame({name: [f"{each:.1f}" for each in values] for name, values in columns.items()}, index=JOINTS)
    table["seen"] = ["yes" if each else "no" for each in seen]
    return table.rename_axis("joint")


def _bars(data: list[Figure], title: str) -> Figure:
    return {
        "data": data,
        "layout": {
            "height": 460,
            "barmode": "group" if len(data) > 1 and "pixels off" in title else "stack",
            "margin": {"l": 8, "r": 16, "t": 36, "b": 8},
            "xaxis": {"title": {"text": title}, "fixedrange": True, "rangemode": "tozero"},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
