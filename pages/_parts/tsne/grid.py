"""The honesty panel: the same pictures over perplexities and seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.features.sets import CLASSES, PIXELS, SetName
from core.features.tsne.descent import Frame
from pages._parts.tsne.work import NOISE, Setting, judged, labels_of

PERPLEXITIES, SEEDS = (2, 10, 30), (1, 2, 3)
KINDS = {"features": "", "pixels": PIXELS, "pure noise": NOISE}
COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A8F98", "#A6761D", "#9467BD", "#7A9A01"),
)
SYMBOLS = (
    *("circle", "square", "triangle-up", "diamond", "x", "circle-open", "square-open", "circle", "square", "diamond"),
)


def settings(name: SetName, count: int, space: str) -> tuple[Setting, ...]:
    """All maps of the grid, row by row."""
    return tuple(
        Setting(name, count, space, perplexity, "random", seed) for perplexity in PERPLEXITIES for seed in SEEDS
    )


def figure(found: Mapping[Setting, Frame], kept: pd.DataFrame | None = None) -> dict[str, Any]:
    """The maps as a grid of scatter charts, with the trust of each; a class has its colour and its symbol."""
    data: list[dict[str, Any]] = []
    layout: dict[str, Any] = {
        **{"height": 720, "margin": {"l": 4, "r": 4, "t": 4, "b": 4}, "annotations": [], "shapes": []},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.01, "yanchor": "top"},
    }
    labels = labels_of(next(iter(found)))
    for place, (each, frame) in enumerate(found.items()):
        row, column = divmod(place, len(SEEDS))
        name = "" if place == 0 else str(place + 1)
        for label, word in enumerate(CLASSES[each.name]):
            mine = frame.coordinates[labels == label]
            data.append(
                {
                    **{"type": "scatter", "mode": "markers", "name": word, "showlegend": place == 0},
                    **{"x": mine[:, 0].round(2).tolist(), "y": mine[:, 1].round(2).tolist()},
                    **{"xaxis": f"x{name}", "yaxis": f"y{name}"},
                    "marker": {"size": 4, "color": COLOURS[label], "symbol": SYMBOLS[label]},
                    "hovertemplate": f"{word}<extra></extra>",
                }
            )
        left, right = column / len(SEEDS) + 0.01, (column + 1) / len(SEEDS) - 0.01
        ceiling, floor = 1 - row / len(PERPLEXITIES) - 0.035, 1 - (row + 1) / len(PERPLEXITIES) + 0.01
        frame_of = {"showticklabels": False, "showgrid": False, "zeroline": False, "fixedrange": True}
        layout[f"xaxis{name}"] = {**frame_of, "domain": [left, right], "anchor": f"y{name}"}
        layout[f"yaxis{name}"] = {**frame_of, "domain": [floor, ceiling], "anchor": f"x{name}"}
        layout["shapes"].append(
            {
                **{"type": "rect", "xref": "paper", "yref": "paper", "line": {"color": "#8A8F98", "width": 1}},
                **{"x0": left, "x1": right, "y0": floor, "y1": ceiling},
            }
        )
        if column == 0:
            layout["annotations"].append(_word(f"<b>perplexity {each.perplexity}</b>", left, ceiling + 0.016))
        if kept is not None:
            layout["annotations"].append(_word(f"trust {kept['trust'].iloc[place]}", left + 0.008, floor + 0.018))
    return {"data": data, "layout": layout}


def _word(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        **{"text": text, "x": x, "y": y, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "middle"},
        **{"showarrow": False, "font": {"size": 12}},
    }


@st.cache_data(show_spinner=False, max_entries=40)
def table(chosen: tuple[Setting, ...], _frames: Sequence[Frame]) -> pd.DataFrame:
    """What each map keeps and what it tears apart."""
    rows = []
    for each, frame in zip(chosen, _frames, strict=True):
        _, shown, trust, torn = judged(each, frame.coordinates)
        rows.append(
            {
                "map": f"perplexity {each.perplexity}, seed {each.seed}",
                **{"KL": f"{frame.kl:.3f}", "purity": f"{shown:.1%}"},
                **{"trust": f"{trust:.3f}", "continuity": f"{torn:.3f}"},
            }
        )
    return pd.DataFrame(rows).set_index("map")


def alt(found: pd.DataFrame) -> str:
    """The grid in words."""
    told = "; ".join(f"{name}: trust {row.trust}, continuity {row.continuity}" for name, row in found.iterrows())
    return f"Nine maps of the same pictures. {told}."
