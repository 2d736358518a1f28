"""Opening a lab in this process at an address, with every figure it draws checked by plotly itself."""

import json
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from pages._kit import lab as frame
from pages._kit.watching import EARLIER

PAGES = Path(__file__).parents[2] / "pages"


def alts(page: AppTest) -> list[str]:
    """What a screen reader says of every chart, whoever draws it; ours come last."""
    own = [
        json.loads(each.proto.json) for each in page.get("bidi_component") if each.proto.component_name == "fovea-chart"
    ]
    return [*(each.proto.alt for each in page.get("plotly_chart")), *(each["alt"] for each in own)]


def says_earlier(page: AppTest) -> bool:
    """Whether it says that what is shown belongs to an earlier setting."""
    return EARLIER in [each.value for each in page.caption]


class Visit:
    """A page, what it says, and the figures of its last run."""

    def __init__(self, name: str, monkeypatch: pytest.MonkeyPatch, address: dict[str, str | list[str]]) -> None:
        self.drawn: dict[str, dict[str, Any]] = {}
        self.alts: dict[str, str] = {}
        draw = frame.chart

        def chart(figure: dict[str, Any], *, key: str, alt: str, **more: Any) -> None:
            go.Figure(figure)  # raises at the first word that plotly does not know
            self.drawn[key], self.alts[key] = figure, alt
            draw(figure, key=key, alt=alt, **more)

        monkeypatch.setattr(frame, "chart", chart)
        self.page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
        for key, value in address.items():
            self.page.query_params[key] = value
        self.run()

    def run(self) -> None:
        """Draw it again."""
        self.page.run()
        assert not self.page.exception

    @property
    def text(self) -> str:
        """Everything written on the page."""
        return "\n".join(part.value for part in (*self.page.markdown, *self.page.caption))

    @property
    def warnings(self) -> list[str]:
        """What it says is impossible."""
        return [part.value for part in self.page.warning]

    @property
    def metrics(self) -> dict[str, str]:
        """Its large numbers."""
        return {part.label: part.value for part in self.page.metric}

    def exported(self, name: str) -> str:
        """The label of a button that gives a file; its content is made when it is pressed."""
        (button,) = [each for each in self.page.get("download_button") if each.proto.label == name]
        return str(button.proto.label)
