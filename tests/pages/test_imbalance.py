"""The lab on rare classes as a visitor uses it, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.learning import remedies
from core.learning.train import Recipe
from tests.pages.figures import alts

PAGE = Path(__file__).parents[2] / "pages" / "imbalance.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize(("rare", "share"), [("2", "96%"), ("200", "20%")])
def test_says_what_a_lazy_answer_is_worth(rare: str, share: str) -> None:
    assert any(f"right on **{share}**" in text.value for text in opened(rare=rare).markdown)


def test_trains_five_ways_and_tells_what_came_out(monkeypatch) -> None:
    monkeypatch.setitem(remedies.learn_with.__kwdefaults__, "recipe", Recipe(epochs=1))
    page = opened(rare="4", chosen="turned copies")
    assert page.info
    page.button(key="train").click().run()
    assert page.session_state["_job-remedies"].wait(120)
    page.run()
    assert not page.exception
    assert len(page.session_state["_job-remedies"].found) == 5 * 2
    assert any(text.value.startswith("- With nothing done") for text in page.markdown)
    confused, recalled = sorted(alts(page))
    assert "turned copies: " in recalled
    assert "of the test maps are recognised" in confused
    page.select_slider(key="rare").set_value(8).run()
    assert any("with 4 maps of each pattern" in text.value for text in page.caption)
