"""The figures of the lab: both pipelines side by side, and what they multiply."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from core.detect.stages import STEPS, Kind, pipeline
from pages._kit.drawing import BLUE, CARD, GREY, INK, Drawing, arrow, lines_of, words

ORANGE = "#E69F00"
FRAMES: dict[Kind, str] = {"both": GREY, "two stages": ORANGE, "one stage": BLUE}
PARTS = ("trunk", "all places", "all regions")
ACROSS, DOWN, WIDE, HIGH = 340, 84, 316, 66


def pipelines(shown: Collection[int]) -> list[Drawing]:
    """A column of steps for each kind of detector; those not found yet have a question mark."""
    return [_pipeline(kind, shown) for kind in ("two stages", "one stage")]


def _pipeline(kind: Kind, shown: Collection[int]) -> Drawing:
    x, steps = ACROSS / 2, pipeline(kind)
    high = 48 + 6 * DOWN - (DOWN - HIGH) + 16  # both are as high as the longer one
    parts, known = [words(kind.capitalize(), x, 24, size=19)], 0
    for place, step in enumerate(steps):
        y = 48 + place * DOWN
        seen = STEPS.index(step) in shown
        known += seen
        frame = f'stroke="{FRAMES[step.of] if seen else GREY}" stroke-width="{4 if seen else 1.5}"'
        dash = "" if seen else ' stroke-dasharray="5 5"'
        parts.append(
            f'<rect x="{x - WIDE / 2}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8" fill="{CARD}" {frame}{dash}/>'
        )
        said = lines_of(step.says, 40) if seen else ["?"]
        middle = y + HIGH / 2 - 9.5 * (len(said) - 1)
        parts += [words(line, x, middle + 19 * row, size=14.5) for row, line in enumerate(said)]
        if place + 1 < len(steps):
            parts.append(arrow(np.array([x, y + HIGH]), np.array([x, y + DOWN]), colour=INK, bare=2))
    names = "; ".join(step.says for step in steps if STEPS.index(step) in shown)
    alt = f"The pipeline with {kind}: {known} of {len(steps)} steps are filled in{': ' + names if names else ''}."
    return Drawing(parts, ACROSS, high, alt)


def work(parts: Mapping[str, tuple[int, int, int]]) -> dict[str, Any]:
    """Billions of multiplications of both, in their parts."""
    data = []
    for place, (name, colour, shape) in enumerate(
        zip(PARTS, ("#0072B2", "#009E73", ORANGE), ("", "x", "/"), strict=True)
    ):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name, "y": list(parts)},
                "x": [each[place] / 1e9 for each in parts.values()],
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{y}}: %{{x:.2f}} billion<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 230,
            "barmode": "stack",
            "margin": {"l": 8, "r": 16, "t": 30, "b": 8},
            "xaxis": {"title": {"text": "billions of multiplications"}, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }
