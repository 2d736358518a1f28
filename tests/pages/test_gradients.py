"""The gradients lab as a visitor uses it, without a browser."""

import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "gradients.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def shares(page: AppTest) -> list[float]:
    """Of the plain, the residual and the dense network."""
    told = next(text.value for text in page.markdown if text.value.startswith("Of the gradient"))
    return [float(each) for each in re.findall(r"\*\*([\d.e+-]+)\*\*", told)]


def test_vanishes_without_shortcuts() -> None:
    page = opened()
    plain, residual, dense = shares(page)
    assert plain < 1e-9
    assert min(residual, dense) > 0.1
    page.selectbox(key="curve").set_value("tanh").run()
    assert shares(page)[0] > 0.1


def test_tells_of_dead_units() -> None:
    page = opened(curve="ReLU", depth="30")
    assert any("Dead units" in text.value for text in page.markdown)
    page = opened(curve="ReLU", depth="10", bias="-4.0")
    assert any("nothing reaches the first layer" in text.value for text in page.markdown)
    assert shares(page)[0] == 0
