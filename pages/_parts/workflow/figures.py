"""The figure and the table of the workflow lab: what every layer hands on, in the words of both libraries."""

from math import log2
from typing import Any

import pandas as pd

from core.learning.workflow import keras_layer, keras_shape, torch_layer, torch_shape
from core.nets.layers import Activation, Dropout
from core.nets.shapes import drawn
from core.nets.trace import Trace

LOOKS = {"input": "#8A8F98", "conv": "#0072B2", "pool": "#56B4E9", "dense": "#D55E00", "other": "#CC79A7"}
Figure = dict[str, Any]


def volumes(traced: Trace) -> Figure:
    """What every layer hands on, as a box: as high as its maps, as wide as there are many of them (on a log scale)."""
    shown = [("input", "input", traced.input)]
    shown += [
        (row.name, _family(row.kind), row.shape)
        for row in traced.rows
        if not isinstance(row.operation, Activation | Dropout)
    ]
    left, shapes, notes, places = 0.0, list[Figure](), list[Figure](), list[tuple[float, str]]()
    for name, family, shape in shown:
        high = (log2(shape[1]) + 1 if len(shape) == 3 else log2(shape[0] + 1)) / 2
        wide = (log2(shape[0]) + 1) / 5 if len(shape) == 3 else 0.25
        middle, wide = left + max(wide, 0.7) / 2, max(wide, 0.2)
        box = {"type": "rect", "x0": middle - wide / 2, "x1": middle + wide / 2, "y0": -high / 2, "y1": high / 2}
        shapes.append(
            {**box, "fillcolor": LOOKS[family], "opacity": 0.75, "line": {"color": LOOKS[family], "width": 1}}
        )
        word = {"showarrow": False, "x": middle, "xref": "x", "yref": "y", "font": {"size": 11}, "xanchor": "center"}
        size = drawn(shape).replace("x", "<br>")
        notes.append({**word, "text": size, "y": -high / 2 - 0.15, "yanchor": "top"})
        places.append((middle, f"{name}: {drawn(shape)}"))
        left = middle + max(wide, 0.7) / 2 + 0.25
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "markers", "showlegend": False, "x": [x for x, _ in places]},
                **{"y": [0.0] * len(places), "text": [told for _, told in places]},
                "marker": {"size": 6, "color": "white", "symbol": "circle"},
                "hovertemplate": "%{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": 270,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "shapes": shapes,
            "annotations": notes,
            "xaxis": {**bare, "range": [-0.3, left]},
            "yaxis": {**bare, "range": [-6.2, 4.2]},
        },
    }


def pairs(traced: Trace) -> pd.DataFrame:
    """Layer by layer: in Keras, what it hands on there, in PyTorch, and there, and the parameters."""
    rows = traced.rows
    return pd.DataFrame(
        {
            "Keras": [keras_layer(row) for row in rows],
            "output shape": [keras_shape(row.shape) for row in rows],
            "PyTorch": [torch_layer(row) for row in rows],
            "shape": [torch_shape(row.shape) for row in rows],
            "parameters": [f"{row.parameters:,}" for row in rows],
        },
        index=pd.Index([row.name for row in rows], name="layer"),
    )


def _family(kind: str) -> str:
    return next((family for family in ("conv", "pool", "dense") if family in kind), "other")
