"""The figures of live or spoof: a print of each source with its frequencies, and the two errors by threshold."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from core.data.prints import SOURCES, Source, print_of, spectrum
from core.measure.threshold import false_accepts, false_rejects
from core.types import Floats, Heatmap
from pages._kit.pictures import data_uri, pixels

Figure = dict[str, Any]
Found: TypeAlias = Mapping[Source, Floats]  # how live the prints of each source look, (M,)
COLOURS = {"live": "#0072B2", "paper": "#D55E00", "screen": "#E69F00"}
DASHES = {"live": "solid", "paper": "dash", "screen": "dot"}
THRESHOLDS = np.linspace(0, 1, 101)
AVERAGED = 40  # prints whose frequencies are averaged


@cache
def strip(number: int, effort: float) -> str:
    """One print of each source, and below it how strong each frequency is on average in prints of its kind."""
    shown = []
    for source in SOURCES:
        image = print_of(source, "test", number, effort=effort).image
        shown.append(
            f'<figure><img class="shot" src="{data_uri(pixels(image))}" width="150" height="150" '
            f'alt="A print, {source}">'
            f'<img class="shot" src="{data_uri(pixels(_frequencies(source, effort)))}" width="150" height="150" '
            f'alt="Its frequencies, the slow ones in the middle, mean of {AVERAGED} prints">'
            f"<figcaption>{source}</figcaption></figure>"
        )
    return (
        "<style>.prints { display: flex; flex-wrap: wrap; gap: 0.75rem; } .prints figure { margin: 0; width: 9.4rem; } "
        ".prints img { width: 100%; height: auto; display: block; margin-bottom: 0.375rem; border-radius: 0.25rem; "
        "image-rendering: pixelated; } .prints figcaption { text-align: center; } "
        "@media (max-width: 640px) { .prints figure { width: 30%; } }</style>"
        f'<div class="prints">{"".join(shown)}</div>'
    )


def shares(found: Found, threshold: float) -> Mapping[Source, float]:
    """Which share of each source is taken for wrong at a threshold."""
    at = np.array([threshold])
    return {
        source: float((false_rejects if source == "live" else false_accepts)(scores, at)[0])
        for source, scores in found.items()
    }


def errors(found: Found, threshold: float) -> Figure:
    """The two kinds of error at every threshold, each kind of fake by itself, and where the threshold is."""
    data = [
        {
            **{"type": "scatter", "mode": "lines", "x": THRESHOLDS, "y": values.round(4), "name": name},
            "line": {"color": COLOURS[source], "dash": DASHES[source], "width": 2, "shape": "hv"},
            "hovertemplate": f"{name}, threshold %{{x:.2f}}: %{{y:.0%}}<extra></extra>",
        }
        for source, name, values in curves(found)
    ]
    axis = {"fixedrange": True, "automargin": True}
    return {
        "data": data,
        "layout": {
            "height": 320,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "threshold"}, "range": [0, 1], "zeroline": False, **axis},
            "yaxis": {
                "title": {"text": "share of them"},
                "range": [-0.02, 1.02],
                "tickformat": ".0%",
                "zeroline": False,
                **axis,
            },
            "shapes": [
                {
                    **{"type": "line", "xref": "x", "yref": "y", "x0": threshold, "x1": threshold, "y0": 0, "y1": 1},
                    "line": {"color": "#8A8F98", "width": 2, "dash": "dash"},
                }
            ],
        },
    }


def curves(found: Found) -> Sequence[tuple[str, str, Floats]]:
    """Source, name and errors at every threshold."""
    return [
        ("live", "live, kept out", false_rejects(found["live"], THRESHOLDS)),
        ("paper", "paper, let in", false_accepts(found["paper"], THRESHOLDS)),
        ("screen", "screen, let in", false_accepts(found["screen"], THRESHOLDS)),
    ]


def table(found: Found) -> pd.DataFrame:
    """The errors at every tenth threshold."""
    return pd.DataFrame(
        {"threshold": THRESHOLDS[::10].round(2)} | {name: values[::10].round(3) for _, name, values in curves(found)}
    )


def _frequencies(source: Source, effort: float) -> Heatmap:
    drawn = (print_of(source, "validation", number, effort=effort).image for number in range(AVERAGED))
    mean: Heatmap = np.mean([spectrum(image) for image in drawn], axis=0)
    return np.clip((mean + 0.5) / 3, 0, 1)
