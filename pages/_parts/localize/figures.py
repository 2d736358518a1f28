"""The figures of the localizer: three boxes over one picture, their numbers, and how the model does on many."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.data.scenes import CLASSES
from core.types import Floats, Mask
from pages._kit.shots import Shot

BLUE, VERMILLION, GREY = "#0072B2", "#D55E00", "#8A8F98"
Figure = dict[str, Any]


def picture(image: Floats, boxes: Mapping[str, Floats], classes: Mapping[str, str]) -> Shot:
    """The picture with every box that is shown, under its owner's name and what it is said to hold."""
    told = [f"{owner}: {classes[owner]}, from {x1:.0f}, {y1:.0f} to {x2:.0f}, {y2:.0f}"
            for owner, (x1, y1, x2, y2) in boxes.items()]  # fmt: skip
    alt = f"A drawn picture with one thing, {len(image)} pixels a side. {'; '.join(told)}."
    return Shot(image, alt, boxes=np.stack(list(boxes.values())), labels=list(boxes))


def numbers(said: Mapping[str, Floats]) -> pd.DataFrame:
    """The five numbers of everyone who answered: owner -> x, y, h, w, label."""
    rows = {owner: [*(f"{value:.2f}" for value in five[:4]), CLASSES[round(five[4])]] for owner, five in said.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["x", "y", "h", "w", "label"])


def many(shared: Floats, right: Mask, number: int) -> Figure:
    """The model's IoU on all pictures of the lab, from the worst to the best; the one on screen is marked."""
    order = np.argsort(shared, kind="stable")
    data = []
    looks = ((True, "class right", BLUE, "circle"), (False, "class wrong", VERMILLION, "x"))
    for wanted, name, colour, symbol in looks:
        places = np.flatnonzero(right[order] == wanted)
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "name": name, "x": places + 1, "y": shared[order][places]},
                "marker": {"symbol": symbol, "size": 8, "color": colour},
                "text": [f"picture {each}" for each in order[places]],
                "hovertemplate": f"%{{text}}, {name}: IoU %{{y:.2f}}<extra></extra>",
            }
        )
    place = int(np.flatnonzero(order == number)[0]) + 1
    upright = {"type": "line", "x0": place, "x1": place, "yref": "paper", "y0": 0, "y1": 1}
    level = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5}
    return {
        "data": data,
        "layout": {
            "height": 250,
            "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "shapes": [
                {**upright, "line": {"color": GREY, "width": 2, "dash": "dot"}},
                {**level, "line": {"color": GREY, "width": 1.5, "dash": "dash"}},
            ],
            "xaxis": {"title": {"text": "test pictures, the worst first"}, "fixedrange": True, "zeroline": False},
            "yaxis": {"title": {"text": "IoU of the model"}, "range": [0, 1.04], "fixedrange": True},
        },
    }
