"""The figures of the rare classes: one map of each class, the recalls of five trainings, what was taken for what."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from core.data.wafers import DEFECTS, Defect, Wafer
from core.learning.remedies import COMMON, REMEDIES, Taught
from core.measure.confusion import accuracy, recalls

Figure = dict[str, Any]
MEAN = "mean"


def one_of_each(maps: Sequence[Wafer], rare: int) -> str:
    """A strip of maps, how many there are of each class below; drawn as points, as they are kept."""
    shown = []
    for each in maps:
        count = COMMON if each.label == "no pattern" else rare
        points = "".join(f'<circle cx="{x:.2f}" cy="{-y:.2f}" r="0.025"/>' for x, y in each.points)
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.06 -1.06 2.12 2.12" fill="#D55E00">'
            f'<circle r="1.03" fill="none" stroke="#8A8F98" stroke-width="0.02"/>{points}</svg>'
        )
        shown.append(
            f'<figure><img class="shot" src="data:image/svg+xml,{quote(drawing)}" alt="A wafer map, {each.label}: '
            f'{len(each.points)} failures" width="104" height="104">'
            f"<figcaption>{each.label}<br><b>{count}</b> {'map' if count == 1 else 'maps'}</figcaption></figure>"
        )
    return (
        "<style>.wafers { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; } .wafers figure { margin: 0; "
        "width: 6.5rem; text-align: center; } .wafers figcaption { font-size: 0.875rem; line-height: 1.35; "
        f'padding-top: 0.25rem; }}</style><div class="wafers">{"".join(shown)}</div>'
    )


def table(found: Mapping[str, Taught]) -> pd.DataFrame:
    """Recall of every class, their mean, and the share of right answers where classes come as in the maps."""
    rows = []
    for remedy, lesson in found.items():
        each = recalls(lesson.counts)
        rows.append({"remedy": remedy, **dict(zip(DEFECTS, each, strict=True)), MEAN: float(each.mean())})
    return pd.DataFrame(rows, columns=["remedy", *DEFECTS, MEAN]).round(3)


def recall_board(found: Mapping[str, Taught]) -> Figure:
    """One row a remedy, one column a class, and their mean: the share of the test maps that was recognised."""
    values = np.full((len(REMEDIES), len(DEFECTS) + 1), np.nan)
    for row, remedy in enumerate(REMEDIES):
        if remedy in found:
            each = recalls(found[remedy].counts)
            values[row] = [*each, each.mean()]
    words = [["" if np.isnan(value) else f"{value:.0%}" for value in row] for row in values]
    return _cells(values, words, [*DEFECTS, MEAN], list(REMEDIES), most=1.0, height=290, side="recall")


def confusion_board(lesson: Taught) -> Figure:
    """What the test maps of every class were taken for."""
    counts = lesson.counts
    words = [[str(value) if value else "" for value in row] for row in counts]
    most = float(counts.sum(axis=1).max())
    return _cells(counts.astype(float), words, list(DEFECTS), list(DEFECTS), most=most, height=300, side="maps")


def recall_alt(found: Mapping[str, Taught]) -> str:
    """The board in words."""
    if not found:
        return "An empty board: nothing is trained yet."
    parts = [f"{remedy}: {recalls(lesson.counts).mean():.0%}" for remedy, lesson in found.items()]
    return f"Mean recall of the five classes after training. {'; '.join(parts)}."


def confusion_alt(lesson: Taught) -> str:
    """Where the mistakes went, in words."""
    counts = lesson.counts.copy()
    right = accuracy(counts)
    np.fill_diagonal(counts, 0)
    row, column = np.unravel_index(int(counts.argmax()), counts.shape)
    worst = f"; most often {DEFECTS[row]} was taken for {DEFECTS[column]}, {counts[row, column]} times"
    return f"{right:.0%} of the test maps are recognised{worst if counts.any() else ''}."


def named(counts: Any) -> pd.DataFrame:
    """A table of counts with the names of the classes."""
    return pd.DataFrame(counts, columns=list(DEFECTS)).assign(map=list(DEFECTS)).set_index("map").reset_index()


def share(label: Defect, rare: int) -> float:
    """Which share of the maps to learn from a class is."""
    total = COMMON + rare * (len(DEFECTS) - 1)
    return (COMMON if label == "no pattern" else rare) / total


def _cells(
    values: Any, words: list[list[str]], columns: list[str], rows: list[str], *, most: float, height: int, side: str
) -> Figure:
    axis = {"type": "category", "fixedrange": True, "showgrid": False}
    across, down = ({"tickvals": names, "ticktext": [_broken(name) for name in names]} for names in (columns, rows))
    return {
        "data": [
            {
                **{"type": "heatmap", "z": values, "x": columns, "y": rows, "zmin": 0, "zmax": most},
                **{"colorscale": "Cividis", "showscale": False, "xgap": 2, "ygap": 2},
                **{"text": words, "texttemplate": "%{text}"},
                "hovertemplate": f"%{{y}}, %{{x}}: %{{text}} ({side})<extra></extra>",
            }
        ],
        "layout": {
            "height": height,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": {"side": "top", "automargin": True, **across, **axis},
            "yaxis": {"autorange": "reversed", "automargin": True, **down, **axis},
        },
    }


def _broken(name: str) -> str:
    """A name in two lines, if it has several words: on a phone the cells need the room."""
    words = name.split()
    half = (len(words) + 1) // 2
    return "<br>".join(" ".join(part) for part in (words[:half], words[half:]) if part)
