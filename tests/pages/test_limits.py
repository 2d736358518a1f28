"""What augmentation misses, as a visitor sees it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from pages._parts.limits import views
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "limits")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_blurs_the_scene_of_the_address_and_asks_the_network() -> None:
    page = opened(stress="out of focus", strength="0.5", scene="3")
    assert "2 pixels of blur" in pictures(page).lower()
    assert alts(page)[0].startswith("A square: before, square with")
    page.slider(key="strength").set_value(0.0).run()
    before, after = alts(page)[0].split(": before, ")[1].split("; after, ")
    assert before == after.rstrip(".")


def test_measures_on_scenes_nobody_learned_from(monkeypatch) -> None:
    monkeypatch.setattr(views, "SCENES", 12)
    monkeypatch.setattr(views, "STRENGTHS", (0.0, 1.0))
    views.shelf().clear()
    page = opened(stress="too dark")
    assert page.info
    page.button(key="measure").click().run()
    page.session_state["_job-limits"].wait(60)
    page.run()
    assert not page.exception
    assert not page.info
    measured = views.shelf()["too dark"]
    assert measured[0.0] > 0.9
    assert measured[1.0] < 0.6
    page.selectbox(key="stress").set_value("out of focus").run()
    assert any("Not yet measured: out of focus." in text.value for text in page.caption)
    page.selectbox(key="stress").set_value("too dark").run()
    assert not any("Not yet measured" in text.value for text in page.caption)
    views.shelf().clear()
