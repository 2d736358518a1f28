"""The figures of the FCN lab: label maps over their picture, scores level by level, and bars of three nets."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from core.models.segmenters import NAMES, Labels
from core.segment.fcn import FINEST, Finest
from core.types import Floats, Mask
from pages._kit.panels import DIVERGING
from pages._kit.shots import COLOURS, Shot
from pages._parts.fcn.work import Sums

Figure = dict[str, Any]
BARS = (("#8A8F98", "x"), ("#56B4E9", "/"), ("#0072B2", ""))  # of FCN-32s, 16s and 8s
WRONG = "#14161A"  # no class has it


def name_of(finest: Finest) -> str:
    """Such as FCN-8s."""
    return f"FCN-{finest}s"


def paled(image: Floats) -> Floats:
    """The picture in light grey, so that colours over it can be told apart: (H, W, 3) -> (H, W, 3)."""
    grey = image.mean(axis=2, keepdims=True)
    return np.repeat(0.6 + 0.38 * grey, 3, axis=2)


def label_shot(image: Floats, labels: Labels, *, alt: str, caption: str) -> Shot:
    """The labels as colours over the pale picture."""
    masks = np.stack([labels == place for place in range(1, len(NAMES))])
    return Shot(paled(image), alt, caption, masks=masks)


def mistake_shot(image: Floats, wrong: Mask, *, alt: str, caption: str) -> Shot:
    """The pixels that are wrong in one colour, the rest of the picture pale."""
    painted = paled(image)
    painted[wrong] = [int(WRONG[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return Shot(painted, alt, caption)


def grid_shot(image: Floats, stride: int, *, alt: str, caption: str) -> Shot:
    """The picture with a line every `stride` pixels: one score for each square."""
    side = len(image)
    lines = [np.array([(at, 0), (at, side)], dtype=float) for at in range(stride, side, stride)]
    lines += [line[:, ::-1] for line in lines]
    return Shot(image, alt, caption, lines=lines)


def legend(names: Sequence[str] = NAMES[1:]) -> str:
    """Which colour is which class, as HTML."""
    marks = "".join(
        f'<span style="white-space: nowrap"><span aria-hidden="true" style="display: inline-block; width: 0.8em; '
        f'height: 0.8em; border-radius: 2px; background: {colour}; margin-right: 0.35em"></span>{escape(name)}</span>'
        for name, colour in zip(names, COLOURS, strict=False)
    )
    return f'<div style="display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.875rem">{marks}</div>'


def bars(values: Mapping[Finest, Sequence[float]], names: Sequence[str], *, title: str = "IoU") -> Figure:
    """One group of three bars for each name; what has no score has no bar."""
    data = []
    for finest, (colour, shape) in zip(FINEST, BARS, strict=True):
        data.append(
            {
                **{"type": "bar", "name": name_of(finest), "x": list(names)},
                "y": [None if np.isnan(value) else round(float(value), 4) for value in values[finest]],
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name_of(finest)}, %{{x}}: %{{y:.3f}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 270,
            "barmode": "group",
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"fixedrange": True, "automargin": True},
            "yaxis": {"title": {"text": title}, "range": [0, 1.02], "fixedrange": True, "automargin": True},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def steps(found: Sums, label: int) -> list[list[Shot]]:
    """The scores of one class on their way up: two rows, each so far, twice as large, + new scores, = sum."""
    most = max(float(np.abs(each[label]).max()) for group in (found.scores, found.sums) for each in group.values())
    rows = []
    for coarse, fine in ((32, 16), (16, 8)):
        shown = {
            "stride 32" if coarse == 32 else "sum so far": found.sums[coarse][label],
            "twice as large": found.twice[fine][label],
            f"+ stride {fine}": found.scores[fine][label],
            "= sum": found.sums[fine][label],
        }
        rows.append([_scores_shot(title, values, most) for title, values in shown.items()])
    return rows


def _scores_shot(title: str, values: Floats, most: float) -> Shot:
    """One small map of scores in the colours of signs, its squares sharp."""
    caption = f"{title}, {len(values)}x{len(values)}"
    colours = np.array([[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)] for _, colour in DIVERGING])
    painted = np.stack([np.interp(values / most, (-1, 0, 1), channel) for channel in colours.T], axis=2)
    return Shot(painted, f"{caption}: scores from {values.min():.1f} to {values.max():.1f}.", caption, sharp=True)


def words_of(labels: Labels) -> str:
    """What a label map holds, in shares of its pixels.

    >>> words_of(np.array([[0, 0], [0, 1]]))
    'ground 75 %, circle 25 %'
    """
    shares = np.bincount(labels.ravel(), minlength=len(NAMES)) / labels.size
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in zip(NAMES, shares, strict=True) if share > 0)
