"""Test-time augmentation as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "test_time")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_puts_a_wrong_answer_right() -> None:
    page = opened(digit="2")
    alt = alts(page)[0]
    assert alt.startswith("A 3. One look says 8 with")
    assert "16 views together say 3" in alt
    assert pictures(page).count("<img") == 16


def test_one_view_is_one_look() -> None:
    page = opened(views="1")
    alt = alts(page)[0]
    one, together = alt.split("One look says ")[1].split("; 1 views together say ")
    assert one == together.rstrip(".")
    assert "costs 1 pass through" in "".join(text.value for text in page.markdown)


def test_asks_about_all_digits_beside_the_page() -> None:
    page = opened(taught="upright digits", noise="0.0")
    page.button(key="ask").click().run()
    page.session_state["_job-all"].wait(60)
    page.run()
    assert not page.exception
    alt = alts(page)[1]
    shares = [float(part.split("%")[0].split()[-1]) for part in alt.split(": ")[1].split(", ")]
    assert shares[0] > 98
    assert shares[-1] < 40  # views this reader was never taught
    page.slider(key="turn").set_value(10).run()
    assert any("asked with another setting" in text.value for text in page.caption)
