"""The figure of the levels lab: a photo, and beside it what one channel makes of it."""

from typing import Any

from core.types import Heatmap

Figure = dict[str, Any]


def over(photo: str, values: Heatmap) -> Figure:
    """A photo, given as a data address, and a channel's map (H, W) of it beside it."""
    side = len(values)
    hidden = {"visible": False, "fixedrange": True, "constrain": "domain"}
    image = {
        **{"source": photo, "xref": "x", "yref": "y", "x": -0.5, "y": -0.5, "sizex": side, "sizey": side},
        **{"sizing": "stretch", "layer": "below"},
    }
    return {
        "data": [
            {
                **{"type": "scatter", "mode": "markers", "x": [0], "y": [0], "opacity": 0, "hoverinfo": "skip"},
                "showlegend": False,
            },
            {
                **{
                    "type": "heatmap",
                    "z": values.round(3).tolist(),
                    "colorscale": "Cividis",
                    "xaxis": "x2",
                    "yaxis": "y2",
                },
                "hovertemplate": "row %{y}, column %{x}: %{z:.2f}<extra></extra>",
                "colorbar": {"thickness": 10},
            },
        ],
        "layout": {
            **{"height": 290, "margin": {"l": 4, "r": 4, "t": 4, "b": 4}, "images": [image]},
            "xaxis": {"domain": [0, 0.46], "range": [-0.5, side - 0.5], **hidden},
            "xaxis2": {"domain": [0.5, 1], **hidden},
            "yaxis": {"range": [side - 0.5, -0.5], "scaleanchor": "x", **hidden},
            "yaxis2": {"autorange": "reversed", "scaleanchor": "x2", "anchor": "x2", **hidden},
        },
    }
