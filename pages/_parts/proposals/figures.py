"""The figures of the lab on proposals: a picture as its regions, similarities, recall and precision by count."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.detect.windows.proposals import Search
from core.types import Floats
from pages._kit.shots import Shot
from pages._parts.proposals.measuring import COUNTS, LEVELS, WAYS, Pooled, Way

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
LOOKS: Mapping[Way, tuple[str, str]] = {
    "selective search": (BLUE, "circle"),
    "a regular grid": ("#E69F00", "square"),
    "boxes by lot": ("#CC79A7", "diamond"),
}
Figure = dict[str, Any]


def painted(image: Floats, found: Search, steps: int) -> Shot:
    """Every region in its mean colour, dark lines between them; white ones around the two that were merged last."""
    regions = found.regions(steps)
    numbers, places = np.unique(regions, return_inverse=True)
    flat = places.ravel()
    sizes = np.bincount(flat)
    means = np.stack([np.bincount(flat, image[..., channel].ravel()) / sizes for channel in range(3)], axis=1)
    drawn = means[flat].reshape(image.shape)
    edge = np.zeros(regions.shape, dtype=np.bool_)
    edge[:, 1:] |= regions[:, 1:] != regions[:, :-1]
    edge[1:] |= regions[1:] != regions[:-1]
    drawn[edge] *= 0.35
    for each in found.merged[steps - 1].tolist() if steps else ():
        mask = np.pad(found.regions(steps - 1) == each, 1)
        inner = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
        drawn[mask[1:-1, 1:-1] & ~inner] = 1.0
    caption = f"{len(numbers)} region{'' if len(numbers) == 1 else 's'} in their mean colours"
    caption += ", white lines around the two merged last" if steps else ""
    return Shot(drawn, f"The picture as {caption}.", caption=caption, sharp=True)


def proposed(image: Floats, found: Search, steps: int, true: Floats) -> Shot:
    """The picture with the box that the last merge proposes, and around each thing the best box so far."""
    first = len(found.merged) + 1
    there = found.boxes[: first + steps]
    shown, labels = list[Floats](), list[str]()
    if steps:
        shown.append(there[-1])
        labels.append("new")
    for place, (best, share) in enumerate(best_so_far(there, true)):
        shown.append(best)
        labels.append(f"thing {place + 1}: {share:.2f}")
    caption = f"{len(there)} boxes so far" + ("; the best for each thing, with its IoU" if len(true) else "")
    alt = f"{caption}: {', '.join(labels) or 'none'}."
    boxes = np.array(shown).reshape(-1, 4)
    return Shot(image, alt, caption=caption, boxes=boxes, labels=labels)


def best_so_far(boxes: Floats, true: Floats) -> list[tuple[Floats, float]]:
    """For each thing the box that holds it best, and their IoU."""
    from core.detect.boxes import intersection_over_union

    overlap = intersection_over_union(boxes, true)
    return [(boxes[int(column.argmax())], float(column.max())) for column in overlap.T]


def similarities(found: Search, steps: int) -> Figure:
    """How similar the two regions of every merge were; a line at the present step."""
    line = {"color": GREY, "width": 2, "dash": "dot"}
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "x": list(range(1, len(found.merged) + 1))},
                **{"y": found.similarities, "line": {"color": BLUE, "width": 2}},
                "hovertemplate": "merge %{x}: similarity %{y:.2f}<extra></extra>",
            }
        ],
        "layout": {
            "height": 200,
            "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "merge"}, "fixedrange": True},
            "yaxis": {
                **{"title": {"text": "similarity"}, "fixedrange": True, "automargin": True, "rangemode": "tozero"},
            },
            "shapes": [{"type": "line", "x0": steps, "x1": steps, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
        },
    }


def curves(ways: Mapping[Way, Pooled], field: str, now: int) -> Figure:
    """Recall or precision over the number of boxes: solid at an IoU of 0.5, dotted at 0.7."""
    data = []
    for way in WAYS:
        colour, symbol = LOOKS[way]
        for place, (level, dash) in enumerate(zip(LEVELS, ("solid", "dot"), strict=True)):
            if way in ways:
                data.append(
                    {
                        **{"type": "scatter", "mode": "lines+markers", "legendgroup": way, "showlegend": place == 0},
                        **{"name": way, "x": list(COUNTS), "y": 100 * getattr(ways[way], field)[:, place]},
                        "line": {"color": colour, "width": 2.5 if place == 0 else 2, "dash": dash},
                        "marker": {"symbol": symbol, "size": 7},
                        "hovertemplate": f"{way}, %{{x}} boxes, IoU {level:g}: %{{y:.1f}} %<extra></extra>",
                    }
                )
    line = {"color": GREY, "width": 2, "dash": "dot"}
    return {
        "data": data,
        "layout": {
            "height": 280,
            "margin": {"l": 8, "r": 12, "t": 30, "b": 8},
            "xaxis": {
                **{"type": "log", "title": {"text": "boxes looked at"}, "fixedrange": True},
                **{"tickvals": list(COUNTS), "ticktext": [str(count) for count in COUNTS]},
            },
            "yaxis": {"title": {"text": f"{field}, %"}, "range": [0, 104], "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
            "shapes": [{"type": "line", "x0": now, "x1": now, "yref": "paper", "y0": 0, "y1": 1, "line": line}],
        },
    }
