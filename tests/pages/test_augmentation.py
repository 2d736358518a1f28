"""Augmentation as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "augmentation")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_says_whether_the_label_is_still_true() -> None:
    page = opened(picture="digit", turn="180")
    assert "reads as a 9 now, and its label still says 6" in page.warning[0].value
    page.slider(key="turn").set_value(10).run()
    assert not page.warning
    assert "still reads as a 6" in page.success[0].value


def test_moves_the_box_of_the_cats_eye_and_makes_it_larger() -> None:
    def width(page: AppTest) -> float:
        box = pictures(page).split("after: right eye at ")[1].split(";")[0]
        x1, _, x2, _ = (float(value) for value in box.split(", "))
        return x2 - x1

    straight, turned = opened(picture="cat", turn="0"), opened(picture="cat", turn="45")
    assert width(turned) > 1.25 * width(straight)


def test_keeps_every_setting_in_the_address_and_shows_the_matrix() -> None:
    page = opened(picture="clock", turn="0", right="25", over="boxes")
    tables = "".join(html.proto.body for html in page.get("html") if "scrolling" in html.proto.body)
    assert "<td>1</td><td>0</td><td>40</td>" in tables  # a quarter of 160 pixels to the right
    assert "1 of 1 in the picture" in pictures(page)


def test_changes_values_and_draws_their_histogram() -> None:
    page = opened(view="Values", noise="0", brightness="0.4")
    alt = alts(page)[0]
    before, after = (float(word.rstrip(".;,")) for word in alt.split("goes from ")[1].split(";")[0].split(" to "))
    assert after > before + 0.25


def test_warns_where_a_warp_folds() -> None:
    assert not opened(view="Smooth warp").warning
    assert "folds over itself" in opened(view="Smooth warp", strength="20", smoothness="3").warning[0].value


def test_explains_a_setting_that_cannot_be() -> None:
    page = opened(size="0.5", side="0.8", right="-50", fill="wrap", shear="45", turn="0")
    assert [warning.value for warning in page.warning if "impossible" in warning.value]
