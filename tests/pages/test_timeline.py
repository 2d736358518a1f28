"""The ImageNet timeline as a visitor uses it, without a browser."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import boards

opened = partial(boards.opened, "timeline")
PLACES = ("first", "second", "third", "fourth")


def order(page: AppTest, *names: str) -> AppTest:
    for place, name in zip(PLACES, names, strict=True):
        page.selectbox(key=place).set_value(name)
    return page.run()


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("year", ("AlexNet", "VGG", "GoogLeNet", "ResNet")),
        ("year", ("AlexNet", "GoogLeNet", "VGG", "ResNet")),  # the same year, either way round
        ("error", ("ResNet", "GoogLeNet", "VGG", "AlexNet")),
        ("layers", ("AlexNet", "VGG", "GoogLeNet", "ResNet")),
        ("parameters", ("GoogLeNet", "ResNet", "AlexNet", "VGG")),
    ],
)
def test_takes_the_right_order(by: str, names: tuple[str, ...]) -> None:
    page = order(opened(by=by), *names)
    assert page.success[0].value.startswith(f"Right: {names[0]} ")


def test_names_a_pair_that_stands_wrong_and_starts_again_for_another_order() -> None:
    page = order(opened(), "ResNet", "AlexNet", "VGG", "GoogLeNet")
    assert page.warning[0].value == "50% of the pairs stand right. For one, AlexNet belongs before ResNet."
    page = order(page, "AlexNet", "AlexNet", "VGG", "GoogLeNet")
    assert page.warning[0].value == "AlexNet stands in two places."
    page.segmented_control(key="by").set_value("layers").run()
    assert [page.selectbox(key=place).value for place in PLACES] == [None] * 4


def test_opens_at_its_address_with_names_hidden() -> None:
    page = opened(hidden="true", below="Parameters", first="VGG")
    assert page.selectbox(key="first").value == "VGG"
    assert page.get("plotly_chart")[0].proto.alt == "Errors by year, names hidden."
    shown = opened(below="Parameters").get("plotly_chart")[0].proto.alt
    assert "2015 ResNet 3.57 %" in shown
    assert "VGG 143.67 M" in shown
