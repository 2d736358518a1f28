"""The lab on numbers as answers as a visitor uses it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from core.learning import regression
from core.learning.train import Recipe
from tests.pages.figures import alts

PAGE = Path(__file__).parents[2] / "pages" / "regression.py"


def test_trains_and_shows_what_the_network_says(monkeypatch) -> None:
    monkeypatch.setitem(regression.learn_discs.__kwdefaults__, "recipe", Recipe(epochs=1, batch=32, rate=0.02))
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.query_params["count"], page.query_params["hidden"] = "50", "0.5"
    page.run()
    assert not page.exception
    assert page.info
    page.button(key="train").click().run()
    assert page.session_state["_job-discs"].wait(60)
    page.run()
    assert not page.exception
    assert alts(page)[0].startswith("After epoch 1 the numbers of 200 new discs, with 50% of each hidden, are")
    assert any(text.value.startswith("- It ends") for text in page.markdown)
    page.slider(key="hidden").set_value(0.0).run()
    assert alts(page)[0].startswith("After epoch 1 the numbers of 200 new discs, whole, are")
    page.slider(key="seed").set_value(1).run()
    assert page.info  # another setting is another training
