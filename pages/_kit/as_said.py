"""A figure for plotly that is sent as it was said.

Plotly's own would check, copy and search every word of it, which takes longer than all else of a chart. The tests check
instead that it would find nothing wrong, and send the same (`tests/pages/test_figures.py`).
"""

from functools import cache
from typing import Any

import numpy as np
import plotly.io
from _plotly_utils.utils import to_typed_array_spec
from plotly.basedatatypes import BaseFigure


class AsSaid(BaseFigure):  # what st.plotly_chart takes without checking it once more
    """The dictionary of data and layout, and nothing else of a figure."""

    def __init__(self, figure: dict[str, Any]) -> None:
        self._said = figure

    def to_dict(self) -> dict[str, Any]:
        """As it is sent: Streamlit's template below its layout, arrays of numbers packed."""
        layout = {"template": _template(plotly.io.templates.default), **self._said["layout"]}
        return {"data": [_packed(trace) for trace in self._said["data"]], "layout": layout}


@cache
def _template(name: str) -> dict[str, Any]:
    found: dict[str, Any] = plotly.io.templates[name].to_plotly_json()
    return found


def _packed(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _packed(value) for name, value in said.items()}
    return to_typed_array_spec(said.copy()) if isinstance(said, np.ndarray) else said
