"""Pictures and charts of the lab on scores for every pixel: heat, peaks against the truth, and curves by threshold."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from core.detect.single.counting import Peaks
from core.detect.single.pixelwise import Judged, Tally
from core.models.pixel_net import NAMES, STEP
from core.types import Floats
from pages._kit.shots import Shot
from pages._kit.veil import Frame, Veiled
from pages._parts.pixel_detection.answers import Answer

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
FOUND, MISSED, FALSE = "#56B4E9", "#E69F00", "#CC79A7"
LEGEND = "Blue frame: found. Dashed orange frame: missed. Small squares are peaks: blue right, dashed pink false."
Figure = dict[str, Any]


def heat(known: Answer, label: int) -> Veiled:
    """The scores of one class over the picture."""
    scores = known.scores[label]
    name, side = NAMES[label], scores.shape[0]
    most = float(scores.max())
    return Veiled(
        known.image,
        f"The scores of class {name} over the picture, {side}x{side} cells, the highest {most:.0%}.",
        caption=f"Class {name}: {side}x{side} scores, the highest {most:.0%}.",
        heat=scores,
        place=(0, 0, STEP * scores.shape[1], STEP * scores.shape[0]),
    )


def against(known: Answer, found: Peaks, result: Judged) -> Veiled:
    """Peaks and things: which belong together, which are alone."""
    right, hit = set(result.pairs[:, 0].tolist()), set(result.pairs[:, 1].tolist())
    frames = []
    for place, (x1, y1, x2, y2) in enumerate(known.boxes.tolist()):
        there = place in hit
        frames.append(Frame((x1, y1, x2 - x1, y2 - y1), FOUND if there else MISSED, dashed=not there))
    half = STEP / 3
    for place, (x, y) in enumerate(found.places.tolist()):
        frames.append(
            Frame(
                (x - half, y - half, 2 * half, 2 * half),
                FOUND if place in right else FALSE,
                dashed=place not in right,
            )
        )
    alt = (
        f"{len(hit)} of {len(known.boxes)} things are found and {len(result.missed)} missed; "
        f"{len(result.false)} of {len(found.places)} peaks are false."
    )
    return Veiled(known.image, alt, caption=LEGEND, frames=frames)


def listed(known: Answer, found: Peaks, result: Judged) -> pd.DataFrame:
    """Every peak and what it stands for, then what was missed."""
    partner = {int(peak): int(thing) for peak, thing in result.pairs}
    rows = list[tuple[str, str, str, str, str]]()
    for place, (x, y) in enumerate(found.places.tolist()):
        verdict = "false"
        if place in partner:
            off = float(np.hypot(*(found.places[place] - known.places[partner[place]])))
            verdict = f"found, {off:.1f} pixels off"
        rows.append((NAMES[found.labels[place]], f"{x:.1f}", f"{y:.1f}", f"{found.confidences[place]:.2f}", verdict))
    for place in result.missed.tolist():
        x, y = known.places[place]
        rows.append((NAMES[known.labels[place]], f"{x:.1f}", f"{y:.1f}", "", "missed"))
    index = pd.RangeIndex(1, len(rows) + 1, name="number")
    return pd.DataFrame(rows, columns=["class", "x", "y", "score", "verdict"], index=index)


def curves(counts: Mapping[int, Tally], threshold: int) -> Figure:
    """Precision, recall and F1 over the threshold, in per cent."""
    looks = (("precision", BLUE, "solid"), ("recall", VERMILLION, "dash"), ("f1", GREEN, "dot"))
    data = [
        {
            **{"type": "scatter", "mode": "lines+markers", "name": "F1" if name == "f1" else name},
            **{"x": list(counts), "y": [round(100 * getattr(each, name), 2) for each in counts.values()]},
            **{"line": {"color": colour, "width": 2, "dash": dash}, "marker": {"size": 5, "symbol": symbol}},
            "hovertemplate": f"threshold %{{x}} %: {name} %{{y:.1f}} %<extra></extra>",
        }
        for (name, colour, dash), symbol in zip(looks, ("circle", "square", "diamond"), strict=True)
    ]
    line = {"color": GREY, "width": 2, "dash": "dot"}
    return {
        "data": data,
        "layout": {
            "height": 260,
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "threshold, %"}, "range": [8, 97], "fixedrange": True},
            "yaxis": {"range": [0, 103], "fixedrange": True, "automargin": True, "title": {"text": "%"}},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [
                {
                    **{"type": "line", "x0": threshold, "x1": threshold},
                    **{"yref": "paper", "y0": 0, "y1": 1, "line": line},
                }
            ],
        },
    }


def curve_table(counts: Mapping[int, Tally]) -> pd.DataFrame:
    """The numbers behind the curves."""
    rows = {
        f"{each}%": (one.found, one.false, one.missed, round(one.precision, 3), round(one.recall, 3), round(one.f1, 3))
        for each, one in counts.items()
    }
    columns = ["found", "false", "missed", "precision", "recall", "F1"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return table.rename_axis("threshold")


def small_map(values: Floats, number: int) -> Shot:
    """One map of a level (H, W), its largest value white."""
    most, share = float(values.max()), float((values > 0).mean())
    grey = values / most if most > 0 else values
    side = values.shape[0]
    alt = f"Map {number + 1}, {side}x{side} values, the largest {most:.2g}; {share:.0%} of them are above 0."
    return Shot(grey[..., None], alt, caption=f"Map {number + 1}, {share:.0%} lit", sharp=True)
