"""The figure of the recipe lab: validation curves of the runs that are kept, and what is said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from core.learning.train import Epoch

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
SMALL, LARGE = 0.02, 0.1  # gaps between the errors on other digits and on its own
Figure = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A run by name, with its epochs so far; number 0 is before the first step."""

    name: str
    epochs: Sequence[Epoch]

    @property
    def cuts(self) -> list[Epoch]:
        """The epochs after which the rate was divided."""
        steps = list(self.epochs[1:])
        return [before for before, after in pairwise(steps) if after.rate < before.rate]

    @property
    def best(self) -> Epoch:
        """The epoch with the fewest errors on what nobody learned from."""
        return min(self.epochs, key=lambda epoch: epoch.test_error)

    @property
    def look(self) -> int:
        """Its colour and symbol, by its name, so that they stay when others are thrown away."""
        return sum(map(ord, self.name)) % len(COLOURS)


def curves(runs: Sequence[Run], *, epochs: int) -> Figure:
    """Errors over epochs: validation of all runs, training of the newest, rings where the rate was divided."""
    data = list[dict[str, Any]]()
    for run, look in zip(runs, _looks(runs), strict=True):
        colour, ring = COLOURS[look], run.cuts
        every = {"symbol": SYMBOLS[look], "size": 8, "maxdisplayed": 12}
        data.append(
            {
                **_line(run.name, run.epochs, "test_error", colour),
                **{"mode": "lines+markers", "marker": {**every, "color": colour}},
            }
        )
        if run is runs[-1]:
            data.append(_line("its training digits", run.epochs, "train_error", colour, dash="dot"))
        if ring:
            data.append(
                {
                    **{"type": "scatter", "mode": "markers", "showlegend": False, "name": run.name},
                    **{"x": [each.number for each in ring], "y": [each.test_error for each in ring]},
                    "marker": {"symbol": "circle-open", "size": 16, "color": colour, "line": {"width": 3}},
                    "hovertemplate": "rate divided by 10 after epoch %{x}<extra></extra>",
                }
            )
    if not runs:
        data.append({"type": "scatter", "x": [None], "y": [None], "showlegend": False})
    hint = {
        **{
            "text": "Press Train: the curve grows here.<br>It takes some ten seconds.",
            "showarrow": False,
            "font": {"size": 14},
        },
        **{"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.6},
    }
    ticks = [0.02, 0.05, 0.1, 0.2, 0.5, 1]
    return {
        "data": data,
        "layout": {
            "height": 460,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"range": [-1, epochs + 1], "title": {"text": "epoch"}, "fixedrange": True},
            "yaxis": {
                **{"title": {"text": "wrong"}, "type": "log", "range": [-2, 0.05], "fixedrange": True},
                **{"tickvals": ticks, "ticktext": [f"{tick:.0%}" for tick in ticks]},
            },
            "annotations": [] if runs else [hint],
        },
    }


def curves_alt(runs: Sequence[Run]) -> str:
    """The curves in words."""
    if not runs:
        return "An empty chart for errors over epochs; nothing is trained yet."
    said = [
        f"{run.name}: {run.epochs[-1].test_error:.1%} wrong in validation and {run.epochs[-1].train_error:.1%} in "
        f"training after {run.epochs[-1].number} epochs"
        for run in runs
    ]
    return f"Errors over epochs, newest run last. {'; '.join(said)}."


def record(runs: Sequence[Run]) -> pd.DataFrame:
    """Every run's newest and best numbers."""
    return pd.DataFrame(
        {
            "run": [run.name for run in runs],
            "epochs": [run.epochs[-1].number for run in runs],
            "validation": [f"{run.epochs[-1].test_error:.1%}" for run in runs],
            "at its best": [f"{run.best.test_error:.1%}" for run in runs],
            "training": [f"{run.epochs[-1].train_error:.1%}" for run in runs],
            "rate divided after": [", ".join(str(each.number) for each in run.cuts) or "never" for run in runs],
        }
    )


def whole_story(runs: Sequence[Run]) -> str:
    """Every epoch of every run, as CSV."""
    lines = ["run,epoch,rate,train_loss,train_error,validation_loss,validation_error"]
    for run in runs:
        lines += [
            f'"{run.name}",{each.number},{each.rate:g},{each.train_loss:.6g},{each.train_error:.6g},'
            f"{each.test_loss:.6g},{each.test_error:.6g}"
            for each in run.epochs
        ]
    return "\n".join(lines) + "\n"


def of_runs(runs: Sequence[Run]) -> list[str]:
    """What the runs show, from their numbers."""
    said = []
    if runs:
        last = runs[-1].epochs[-1]
        said.append(
            f"The newest run ({runs[-1].name}) gets {last.train_error:.1%} of what it learned from wrong and "
            f"{last.test_error:.1%} of the others: " + _overfits(last)
        )
    if len(runs) > 1:
        before, after = (run.epochs[-1].test_error for run in runs[-2:])
        said.append(
            f"The run before ({runs[-2].name}) ended at {before:.1%}, this one at {after:.1%}. "
            + (
                "800 digits cannot tell these apart: try other seeds."
                if abs(before - after) < 2 * (before * (1 - before) / 800 + after * (1 - after) / 800) ** 0.5
                else "That is more than chance among 800 digits."
            )
        )
    return [
        *said,
        "Momentum and batches are about speed: without them 90 epochs do not suffice. The others are about what "
        "happens on new images, and the shifts do most for it here. Dropout and decay have little left to do in a "
        "network this small, and dropout slows it. AlexNet needed both.",
        "AlexNet: batches of 128, momentum 0.9, a rate of 0.01 divided by 10 three times, decay 0.0005, dropout 0.5, "
        "windows and mirrored copies of every image; 90 epochs in 5 to 6 days on two graphics cards. Ours takes a "
        "larger rate, since an epoch here has 4 steps and there it had more than 9,000.",
        "A digit may be moved, but not mirrored: an augmentation has to keep the label.",
    ]


def _overfits(last: Epoch) -> str:
    """What the gap between the errors on its own digits and on others says."""
    gap = last.test_error - last.train_error
    if gap > LARGE:
        return (
            f"it knows its own digits {'by heart' if last.train_error < 0.05 else 'far better'}, which is overfitting."
        )
    if gap > SMALL:
        return f"it is wrong more often on the others. A gap of {100 * gap:.1f} points is small, but it is there."
    return "it is wrong nearly as often on its own digits, so it does not overfit."


def _looks(runs: Sequence[Run]) -> list[int]:
    """A colour for each run: its own, or the next free one."""
    taken = list[int]()
    for run in runs:
        free = [(run.look + more) % len(COLOURS) for more in range(len(COLOURS))]
        taken.append(next(look for look in free if look not in taken))
    return taken


def _line(name: str, epochs: Sequence[Epoch], what: str, colour: str, *, dash: str = "solid") -> dict[str, Any]:
    return {
        **{"type": "scatter", "mode": "lines", "name": name, "line": {"color": colour, "dash": dash, "width": 2.5}},
        "x": [epoch.number for epoch in epochs],
        "y": [max(getattr(epoch, what), 0.01) for epoch in epochs],
        "customdata": [getattr(epoch, what) for epoch in epochs],
        "hovertemplate": f"{name}, epoch %{{x}}: %{{customdata:.1%}}<extra></extra>",
    }
