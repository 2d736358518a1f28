"""What stands before the network, as a visitor uses it, without a browser."""

from functools import partial

from streamlit.testing.v1 import AppTest

from tests.pages import boards

opened = partial(boards.opened, "input_layers")


def pictures(page: AppTest) -> str:
    """The pictures on the page, as HTML with their alternative texts."""
    return "".join(html.proto.body for html in page.get("html") if "<img" in html.proto.body)


def test_layers_rest_when_the_model_is_used() -> None:
    page = opened()
    assert "**another image each time**" in page.markdown[2].value
    page = opened(mode="when it is used")
    assert "**the same each time**" in page.markdown[2].value
    assert pictures(page).count("120x120 pixels") == 4


def test_a_random_crop_keeps_its_size_in_use() -> None:
    page = opened(mode="when it is used", layers="RandomCrop")
    assert pictures(page).count("72x72 pixels") == 4


def test_shows_what_comes_in_from_outside() -> None:
    page = opened(view="Ranges and fill", fill="wrap", rotation="90")
    assert "image 6 of 6, filled by wrap" in pictures(page)
    tables = "".join(html.proto.body for html in page.get("html"))
    assert "a b c d | a b c d | a b c d" in tables


def test_numbers_the_classes_by_their_folders() -> None:
    page = opened(view="Folders")
    assert "**3 classes, 5 images.** `{'Bird': 0, 'cat': 1, 'dog': 2}`" in page.markdown[2].value
    page.text_area(key="files").set_value("train/ape/kong.jpg\ntrain/cat/mia.jpg").run()
    assert "`{'ape': 0, 'cat': 1}`" in page.markdown[2].value
    page.text_area(key="files").set_value("nothing here").run()
    assert not page.exception
    assert page.info
