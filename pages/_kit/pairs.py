"""Two answers of a network beside each other, class by class: the earlier one hatched, the later one plain."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.types import Floats

EARLIER, LATER = "#E69F00", "#0072B2"
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}


def pairs(
    classes: Sequence[str],
    answers: Mapping[str, Floats],
    *,
    height: int = 240,
    written: bool = False,
    lying: bool = False,
) -> dict[str, Any]:
    """A plotly figure of two named probabilities for every class, (K,) each; `written` puts the values at the bars."""
    places, values = ("y", "x") if lying else ("x", "y")
    data = []
    for (name, said), colour, shape in zip(answers.items(), (EARLIER, LATER), ("/", ""), strict=True):
        words = [f"{value:.2f}" if value >= 0.005 else "" for value in said]
        data.append(
            {
                **{"type": "bar", "name": name, places: list(classes), values: said.round(4)},
                **({"orientation": "h"} if lying else {}),
                **({"text": words, "textposition": "outside", "cliponaxis": False} if written else {}),
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": f"{name}, %{{{places}}}: %{{{values}:.1%}}<extra></extra>",
            }
        )
    reach = {"range": [0, 1.12 if written else 1.02], "tickformat": ".0%", "nticks": 6}
    return {
        "data": data,
        "layout": {
            **{"height": height, "barmode": "group", "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "legend": LEGEND},
            f"{places}axis": {
                **{"type": "category", "fixedrange": True, "automargin": True, "showgrid": False},
                **({"autorange": "reversed"} if lying else {}),
            },
            f"{values}axis": {**reach, "fixedrange": True, "automargin": True},
        },
    }


def pair_table(classes: Sequence[str], answers: Mapping[str, Floats], *, kind: str = "class") -> pd.DataFrame:
    """The same as numbers.

    >>> import numpy as np
    >>> pair_table(["cat"], {"before": np.array([0.25]), "after": np.array([1.0])}).to_csv(index=False).split()
    ['class,before,after', 'cat,0.25,1.0']
    """
    return pd.DataFrame({kind: list(classes), **{name: said.round(3) for name, said in answers.items()}})
