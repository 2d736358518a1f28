"""The lab on fakes as a visitor uses it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.learning import spoof
from core.learning.train import Recipe
from tests.pages.figures import alts

PAGE = Path(__file__).parents[2] / "pages" / "spoof.py"


def test_trains_and_moves_the_threshold(monkeypatch) -> None:
    monkeypatch.setitem(spoof.learn_spoofs.__kwdefaults__, "recipe", Recipe(epochs=1, batch=32, rate=0.05))
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params["count"], page.query_params["known"] = "50", "screen only"
    page.run()
    assert not page.exception
    assert page.info
    page.button(key="train").click().run()
    assert page.session_state["_job-spoof"].wait(60)
    page.slider(key="threshold").set_value(0.0).run()
    assert not page.exception
    (alt,) = alts(page)
    assert "0% of the live prints are kept out, 100% of the fakes on paper are let in and 100% of those" in alt
    assert any("as large a share of the live" in text.value for text in page.markdown)
    page.slider(key="effort").set_value(0.5).run()
    assert not page.info  # the same network is asked again
    page.slider(key="seed").set_value(1).run()
    assert page.info  # another setting is another training
