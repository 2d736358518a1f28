"""Pictures and charts of the activation lab: votes over a picture, a map in numbers, a descent, maps that forget."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.explain.cam import enlarged
from core.explain.closeness import Measured
from core.types import Floats, Heatmap
from pages._kit.panels import DIVERGING

BLUE, VERMILLION, GREEN, ORANGE, GREY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#8A8F98"
FOR = np.array([(0.72, 0.33, 0.0), (0.92, 0.55, 0.0), (1.0, 0.74, 0.22)])  # weak, strong, strongest
AGAINST = np.array([(0.0, 0.3, 0.55), (0.0, 0.447, 0.698), (0.337, 0.706, 0.914)])
Figure = dict[str, Any]


def over(pixels: NDArray[np.uint8], votes: Heatmap, *, side: int | None = None) -> Floats:
    """Votes over a picture that is grey, so that colour means votes: orange for the class, blue against it."""
    from PIL import Image

    image = Image.fromarray(pixels).convert("L")
    edge = side or image.width
    grey = np.asarray(image.resize((edge, edge)), dtype=np.float64)[..., None] / 255
    most = float(np.abs(votes).max()) or 1.0
    strength = enlarged(votes, edge) / most  # -1 to 1
    far = np.abs(strength)
    colour = np.where((strength > 0)[..., None], _ramp(far, FOR), _ramp(far, AGAINST))
    cover = 0.85 * far[..., None] ** 1.5
    painted: Floats = (0.1 + 0.7 * grey) * (1 - cover) + colour * cover
    return painted


def _ramp(far: Heatmap, colours: Floats) -> Floats:
    """From the first colour at 0 over the second to the last at 1: (H, W), (3, 3) -> (H, W, 3)."""
    return np.stack([np.interp(far, (0, 0.5, 1), channel) for channel in colours.T], axis=2)


def map_in_numbers(map_: Heatmap, name: str) -> Figure:
    """A small map with its values written in: orange votes for the class, blue against."""
    most = float(np.abs(map_).max()) or 1.0
    return {
        "data": [
            {
                **{"type": "heatmap", "z": map_, "zmin": -most, "zmax": most, "colorscale": DIVERGING},
                **{"showscale": False, "xgap": 1, "ygap": 1, "texttemplate": "%{text}"},
                "text": [[f"{value:.1f}" for value in row] for row in map_],
                "hovertemplate": f"{name}, row %{{y}}, column %{{x}}: %{{z:.3f}}<extra></extra>",
            }
        ],
        "layout": {
            "height": 300,
            "margin": {"l": 4, "r": 4, "t": 4, "b": 4},
            "xaxis": {"visible": False, "fixedrange": True, "constrain": "domain"},
            "yaxis": {
                **{"visible": False, "fixedrange": True, "constrain": "domain"},
                **{"autorange": "reversed", "scaleanchor": "x"},
            },
        },
    }


def descent(objective: Sequence[float], best: Sequence[float]) -> Figure:
    """The objective after every step, and the least until then."""
    steps = list(range(1, len(best) + 1))
    lines = (("after this step", objective, GREY, "dot", 1.5), ("least until now", best, BLUE, "solid", 3))
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "lines", "name": name, "x": steps, "y": list(values)},
                "line": {"color": colour, "dash": dash, "width": width},
                "hovertemplate": f"step %{{x}}, {name}: %{{y:.3f}}<extra></extra>",
            }
            for name, values, colour, dash, width in lines
        ],
        "layout": {
            **{"height": 260, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "xaxis": {"title": {"text": "step of the descent"}, "fixedrange": True, "zeroline": False},
            "yaxis": {"title": {"text": "objective"}, "fixedrange": True, "rangemode": "tozero"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        },
    }


def forgetting(parts: Sequence[str], alike: Sequence[float]) -> Figure:
    """How alike the map is to the first one, after each part that forgot."""
    return {
        "data": [
            {
                **{"type": "bar", "orientation": "h", "y": list(parts), "x": list(alike)},
                "text": [f"{value:.2f}" for value in alike],
                **{"textposition": "outside", "cliponaxis": False, "marker": {"color": BLUE}},
                "hovertemplate": "%{y} forgotten as well: %{x:.2f}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 70 + 26 * len(parts), "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "xaxis": {
                **{"range": [-1.15, 1.15], "fixedrange": True, "nticks": 5},
                "title": {"text": "rank correlation with the first map"},
            },
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True, "type": "category"},
        },
    }


def pairs(found: Sequence[Measured]) -> Figure:
    """Every scene as a point: how close the plain map comes, and the sharp one; above the line the sharp is closer."""
    before, after = ([getattr(each, which).correlation for each in found] for which in ("plain", "sharp"))
    least, most = min([0.0, *before, *after]) - 0.05, 1.0
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "markers", "x": before, "y": after, "showlegend": False},
                "text": [f"scene {number}" for number in range(len(found))],
                "marker": {"color": BLUE, "size": 9, "symbol": "diamond"},
                "hovertemplate": "%{text}: plain %{x:.2f}, augmented %{y:.2f}<extra></extra>",
            }
        ],
        "layout": {
            **{"height": 340, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}},
            "xaxis": {"title": {"text": "Grad-CAM: correlation with the truth"}, "range": [least, most]},
            "yaxis": {"title": {"text": "Augmented Grad-CAM"}, "range": [least, most]},
            "shapes": [
                {
                    **{"type": "line", "x0": least, "y0": least, "x1": most, "y1": most},
                    "line": {"color": GREY, "width": 1, "dash": "dash"},
                }
            ],
        },
    }
