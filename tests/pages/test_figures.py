"""Figures: plotly itself, which checks nothing while the app runs, finds nothing wrong with any figure of any lab.

Those that our own component draws use no word that it does not know.
"""

import json
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from plotly.basedatatypes import BaseFigure
from plotly.io import to_json
from streamlit.testing.v1 import AppTest

from pages._kit import lab as frame
from pages._kit.as_said import AsSaid
from pages._kit.discovery import open_to_all
from pages._kit.plot import unknown

SETTINGS = {
    "receptive_field": [{}, {"effective": "true", "draws": "1"}, {"stack": "conv 3 dilation 2 padding 4, pool 2"}],
    "parameters": [{}, {"log": "true"}],
    "activations": [{}, {"view": "Feature map"}, {"view": "Dying units"}],
    "backprop": [{"steps": "9"}],
    "connectivity": [{"edges_kind": "shared", "edges_output": "3"}],
    "fractal": [{"drop": "columns I choose", "column": "2"}],
    "gap": [{"gradient": "maximum"}, {"view": "As a matrix"}, {"view": "Images of any size"}],
    "tasks": [
        {"task": "Detection"},
        {"task": "Instance segmentation"},
        {"task": "Motion estimation"},
        {"task": "Depth estimation"},
        {"task": "Feature detection and description"},
    ],
    "timeline": [{}, {"hidden": "true", "below": "Parameters"}],
    "upsampling": [{"up_way": "transposed"}],
    "volumes": [{"layer": "softmax1"}],
}
CASES = [
    pytest.param(lab.path, settings, id=f"{lab.name} {settings}")
    for lab in open_to_all()
    for settings in SETTINGS.get(lab.name, [{}])
]


@pytest.mark.parametrize(("path", "settings"), CASES)
def test_passes_the_checks_of_plotly(path: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, ours, draw = [], [], frame.chart
    monkeypatch.setattr(frame, "chart", lambda figure, **more: (drawn.append(figure), draw(figure, **more)))
    monkeypatch.setattr(frame, "plot", lambda figure, **_: ours.append(figure))
    page = AppTest.from_file(str(path), default_timeout=60)
    for key, value in settings.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    assert len(drawn) == len(page.get("plotly_chart")) + len(ours)
    assert [unknown(figure) for figure in ours] == [set()] * len(ours)
    for figure in drawn:
        assert set(figure) == {"data", "layout"}
        go.Figure(figure)  # raises at the first word that plotly does not know
        assert any(figure is each for each in ours) or sent(AsSaid(figure)) == sent(go.Figure(figure, _validate=False))


def sent(figure: BaseFigure) -> Any:
    return json.loads(to_json(figure.to_dict(), validate=False))
