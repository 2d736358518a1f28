"""The figures of the transfer lab: which parts learn, how the runs go, and what a cut leaves of a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.learning.train import Epoch
from core.models.cuts import Cut

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
BLUE, GREY, ORANGE = "#0072B2", "#8A8F98", "#D55E00"
Figure = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run by name: what learned, and the phase of every epoch with what is known after it."""

    name: str
    look: int
    learned: int  # parameters
    epochs: Sequence[tuple[int, Epoch]]

    @property
    def right(self) -> list[float]:
        """The share of right answers on pictures nobody learned from, epoch by epoch."""
        return [1 - epoch.test_error for _, epoch in self.epochs]


def split(names: Sequence[str], parameters: Sequence[int], frozen: int) -> Figure:
    """Every part of the network as a bar: hatched grey if it is frozen, blue if it learns."""
    learns = [place >= frozen for place in range(len(names))]
    return {
        "data": [
            {
                **{"type": "bar", "x": list(names), "y": list(parameters), "name": "parameters"},
                "marker": {
                    "color": [BLUE if each else GREY for each in learns],
                    "pattern": {"shape": ["" if each else "/" for each in learns]},
                },
                "customdata": ["learns" if each else "frozen" for each in learns],
                "hovertemplate": "%{x}: %{y:,} parameters, %{customdata}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 220, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "showlegend": False},
            "xaxis": {"fixedrange": True, "tickangle": -40, "type": "category"},
            "yaxis": {"fixedrange": True, "type": "log", "title": {"text": "parameters"}, "dtick": 1},
        },
    }


def curves(runs: Sequence[Run], *, chance: float, border: float | None, epochs: int) -> Figure:
    """Right answers of every run over the epochs; what guessing gets; where the newest run changes what learns."""
    data: list[dict[str, Any]] = [
        {
            **{"type": "scatter", "mode": "lines", "name": "guessing", "x": [0, epochs], "y": [chance, chance]},
            **{"line": {"color": GREY, "dash": "dot"}, "hovertemplate": "guessing: %{y:.0%}<extra></extra>"},
        }
    ]
    for run in runs:
        colour = COLOURS[run.look % len(COLOURS)]
        data.append(
            {
                **{"type": "scatter", "mode": "lines+markers", "name": run.name},
                **{"x": list(range(len(run.epochs))), "y": run.right, "line": {"color": colour, "width": 2.5}},
                "marker": {"symbol": SYMBOLS[run.look % len(SYMBOLS)], "size": 7, "color": colour},
                "hovertemplate": "epoch %{x}: %{y:.0%} right<extra></extra>",
            }
        )
    line = {
        **{"type": "line", "x0": border, "x1": border, "y0": 0, "y1": 1, "yref": "paper"},
        "line": {"color": GREY, "width": 1.5, "dash": "dash"},
    }
    word = {
        **{"x": border, "y": 0.02, "yref": "paper", "text": " the second phase", "showarrow": False},
        **{"xanchor": "left", "yanchor": "bottom"},
    }
    hint = {
        **{"text": "Press Train: the first curve<br>takes a few seconds.", "showarrow": False, "font": {"size": 14}},
        **{"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.49},  # between two lines of the grid
    }
    return {
        "data": data,
        "layout": {
            **{"height": 340, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "epochs"}, "range": [-0.3, epochs + 0.3], "fixedrange": True},
            "yaxis": {"title": {"text": "right"}, "tickformat": ".0%", "range": [0, 1.02], "fixedrange": True},
            "shapes": [] if border is None else [line],
            "annotations": ([] if runs else [hint]) + ([] if border is None else [word]),
        },
    }


def curves_alt(runs: Sequence[Run]) -> str:
    """The curves in words."""
    if not runs:
        return "An empty chart for right answers over epochs; nothing is trained yet."
    told = "; ".join(f"{run.name}: {run.right[0]:.0%} at first, {run.right[-1]:.0%} at the end" for run in runs)
    return f"Share of right answers on pictures nobody learned from. {told}."


def record(runs: Sequence[Run]) -> pd.DataFrame:
    """Where every run ended."""
    return pd.DataFrame(
        {
            "run": [run.name for run in runs],
            "parameters that learned": [f"{run.learned:,}" for run in runs],
            "epochs": [len(run.epochs) - 1 for run in runs],
            "right at the end": [f"{run.right[-1]:.0%}" for run in runs],
            "right on what it learned": [f"{1 - run.epochs[-1][1].train_error:.0%}" for run in runs],
        }
    )


def story(runs: Sequence[Run]) -> str:
    """Every epoch of every run as comma separated values."""
    rows = [
        {"run": run.name, "epoch": place, "phase": phase + 1, "right": 1 - epoch.test_error, "loss": epoch.test_loss}
        for run in runs
        for place, (phase, epoch) in enumerate(run.epochs)
    ]
    return str(pd.DataFrame(rows).to_csv(index=False))


def places(found: Sequence[Cut], lengths: Sequence[int], chosen: int) -> Figure:
    """For every place to cut: how many numbers reach the head, and how many parameters are kept below."""
    names = [f"{cut.layer}<br>{'x'.join(map(str, cut.shape))}" for cut in found]
    data = []
    for title, values, colour, shape in (
        ("numbers that reach the head", list(lengths), ORANGE, "/"),
        ("parameters kept below the cut", [cut.parameters for cut in found], BLUE, ""),
    ):
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": title, "y": names, "x": values},
                "marker": {
                    **{"color": colour, "pattern": {"shape": shape}},
                    "opacity": [1.0 if place == chosen else 0.35 for place in range(len(names))],
                },
                "hovertemplate": f"{title}: %{{x:,}}<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            **{"height": 90 + 62 * len(names), "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "barmode": "group"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"type": "log", "dtick": 1, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "type": "category"},
        },
    }
