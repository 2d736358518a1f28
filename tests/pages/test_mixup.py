"""Mixup as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "mixup")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_mixes_the_label_by_the_share_in_the_address() -> None:
    page = opened(share="0.7", first="0", second="1")
    assert "The label asks for square 0.30, star 0.70" in alts(page)[0]
    page.slider(key="share").set_value(1.0).run()
    assert "asks for star 1.00." in alts(page)[0]
    assert "a blend of 1.00 and 0.00" in pictures(page)


def test_draws_a_lambda_from_the_distribution() -> None:
    page = opened(alpha="4.0", share="0.0")
    drawn = set()
    for _ in range(4):
        page.button(key="draw").click().run()
        assert not page.exception
        drawn.add(page.slider(key="share").value)
    assert len(drawn) > 1
    assert all(0.05 <= share <= 0.95 for share in drawn)  # alpha 4 mixes by halves
