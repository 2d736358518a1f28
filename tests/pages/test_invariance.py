"""Invariance as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "invariance")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_shows_what_a_turned_digit_is_read_as() -> None:
    page = opened(angle="180", taught="upright", digit="6")
    assert "read as 9 with" in alts(page)[1]
    assert "A 6, read as 9 with" in pictures(page)
    page.slider(key="angle").set_value(0).run()
    assert "at 0 degrees this 6 is read as 6" in alts(page)[1]


def test_compares_the_three_readers_at_the_angle() -> None:
    alt = alts(opened(angle="90"))[0]
    upright, little, anyway = (int(part.rstrip("%.").split()[-1]) for part in alt.partition(": ")[2].split("; "))
    assert upright < 20 < little + 10
    assert anyway > 90
