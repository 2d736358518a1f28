"""Pictures and charts of the corner lab: heat with its corners, boxes against the truth, and tags on a line."""

from typing import Any

import numpy as np
import pandas as pd

from core.data.scenes import CLASSES
from core.detect.corner.corners import Corners
from core.types import Floats
from pages._kit.veil import Frame, Veiled
from pages._parts.cornernet.answers import Answer

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
FOUND, MISSED, FALSE = "#56B4E9", "#E69F00", "#CC79A7"
NAMES = ("top left", "bottom right")
LEGEND = "Blue frame: right. Dashed pink frame: wrong place or class. Dashed orange frame: missed."
Figure = dict[str, Any]


def heat(known: Answer, maps: Floats, corner: int) -> Veiled:
    """The heat of all classes over the picture, the largest of each cell, and the corners that were taken."""
    taken = (known.first, known.second)[corner]
    side = maps.shape[1]
    frames = [Frame((x - 2, y - 2, 4, 4), FOUND if corner == 0 else MISSED) for x, y in taken.places.tolist()]
    count = f"{len(taken)} {NAMES[corner]} {'corner' if len(taken) == 1 else 'corners'}"
    alt = f"Heat of {NAMES[corner]} corners over the picture, {side}x{side} cells: {count} reach the threshold."
    most = known.scene.image.shape[0]
    return Veiled(
        *(known.scene.image.astype(np.float64), alt, f"{count[0].upper()}{count[1:]}"),
        heat=maps.max(axis=0),
        place=(0, 0, most, most),
        frames=frames,
    )


def boxes(known: Answer) -> Veiled:
    """The boxes that pairs make, against the truth."""
    frames = []
    for place in known.missed.tolist():
        x1, y1, x2, y2 = known.scene.targets[place].box
        frames.append(Frame((x1, y1, x2 - x1, y2 - y1), MISSED, dashed=True))
    for (x1, y1, x2, y2), right in sorted(
        zip(known.boxes.boxes.tolist(), known.right.tolist(), strict=True), key=lambda each: not each[1]
    ):
        frames.append(Frame((x1, y1, x2 - x1, y2 - y1), FOUND if right else FALSE, dashed=not right))
    things, count = len(known.scene.targets), len(known.boxes)
    alt = (
        f"{count} {'box' if count == 1 else 'boxes'} on a picture of {things} {'thing' if things == 1 else 'things'}: "
        f"{int(known.right.sum())} right, {known.false} for nothing, {len(known.missed)} missed."
    )
    return Veiled(known.scene.image.astype(np.float64), alt, LEGEND, frames=frames)


def tags(known: Answer) -> Figure:
    """Every corner at its tag, in a row for its class; a line joins two that make a pair."""
    joined_x, joined_y = list[float | None](), list[float | None]()
    for one, two in known.pairs.tolist():
        joined_x += [known.first.tags[one], known.second.tags[two], None]
        joined_y += [_row(known.first, one, 0), _row(known.second, two, 1), None]
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines", "name": "a pair", "x": joined_x, "y": joined_y},
            **{"line": {"color": GREY, "width": 2, "dash": "dot"}, "hoverinfo": "skip"},
        }
    ]
    for corner, (seen, colour, symbol) in enumerate(
        ((known.first, FOUND, "square"), (known.second, MISSED, "diamond"))
    ):
        data.append(
            {
                **{"type": "scatter", "mode": "markers", "name": f"{NAMES[corner]} corner"},
                **{"x": seen.tags, "y": [_row(seen, place, corner) for place in range(len(seen))]},
                "text": [f"{CLASSES[label]}, score {score:.2f}" for label, score in zip(seen.labels, seen.scores)],  # noqa: B905
                "marker": {"color": colour, "size": 11, "symbol": symbol, "line": {"color": "#14161A", "width": 1}},
                "hovertemplate": f"{NAMES[corner]}, %{{text}}: tag %{{x:.2f}}<extra></extra>",
            }
        )
    every = np.concatenate([known.first.tags, known.second.tags, [-1.0, 1.0]])
    return {
        "data": data,
        "layout": {
            "height": 270,
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {
                **{"title": {"text": "tag"}, "fixedrange": True, "zeroline": False},
                "range": [float(every.min()) - 0.4, float(every.max()) + 0.4],
            },
            "yaxis": {
                **{"tickvals": list(range(len(CLASSES))), "ticktext": list(CLASSES), "range": [-0.6, 4.6]},
                **{"fixedrange": True, "automargin": True, "zeroline": False},
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def _row(seen: Corners, place: int, corner: int) -> float:
    """The row of a corner: its class, top-left ones a little above bottom-right ones."""
    return int(seen.labels[place]) + (0.14 if corner == 0 else -0.14)


def corner_table(known: Answer) -> pd.DataFrame:
    """Every corner with its numbers."""
    rows = [
        (
            *(NAMES[corner], CLASSES[seen.labels[place]], f"{seen.places[place, 0]:.1f}"),
            *(f"{seen.places[place, 1]:.1f}", f"{seen.scores[place]:.2f}", f"{seen.tags[place]:.2f}"),
        )
        for corner, seen in enumerate((known.first, known.second))
        for place in range(len(seen))
    ]
    index = pd.RangeIndex(1, len(rows) + 1, name="number")
    return pd.DataFrame(rows, columns=["corner", "class", "x", "y", "score", "tag"], index=index)


def box_table(known: Answer) -> pd.DataFrame:
    """Every box with its verdict."""
    rows = [
        (CLASSES[label], *(f"{value:.1f}" for value in box), f"{score:.2f}", "right" if right else "for nothing")
        for box, label, score, right in zip(
            *(known.boxes.boxes, known.boxes.labels, known.boxes.scores, known.right), strict=True
        )
    ]
    index = pd.RangeIndex(1, len(rows) + 1, name="number")
    return pd.DataFrame(rows, columns=["class", "x1", "y1", "x2", "y2", "score", "verdict"], index=index)
