"""The receptive field lab as a visitor uses it, without a browser."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import boards

opened = partial(boards.opened, "receptive_field")


def says(page: AppTest) -> str:
    return next(text.value for text in page.markdown if text.value.startswith("Neuron"))


def test_grows_to_the_predicted_field_by_three_clicks() -> None:
    page = opened()
    assert "**7x7**" in says(page)
    for _ in range(3):
        page.button(key="conv").click().run()
    assert page.text_area(key="stack").value == "conv 3 same times 6"
    assert "conv6** sees a field of **13x13** pixels and reads **169**" in says(page)


def test_undoes_buttons_and_typing() -> None:
    page = opened()
    page.button(key="pool").click().run()
    page.text_area(key="stack").set_value("conv 5").run()
    assert "conv1** sees a field of **5x5**" in says(page)
    page.button(key="undo").click().run()
    assert "pool1** sees a field of **8x8**" in says(page)
    page.button(key="undo").click().run()
    assert "conv3** sees a field of **7x7**" in says(page)
    assert page.button(key="undo").disabled


def test_opens_at_its_address() -> None:
    page = opened(stack="conv 3 same dilation 2 times 3", row="-24", column="23", side="48", torch="true")
    assert "Neuron (0, 47)" in says(page)
    assert "13x13** pixels and reads **16**" in says(page)
    assert any("Autograd **agrees**: 16 of 16 pixels" in text.value for text in page.markdown)
    assert page.selectbox(key="preset").value == "Dilation 2, 2, 2: a grid of gaps"


def test_shows_how_much_pixels_count() -> None:
    page = opened(stack="conv 3 same times 6", effective="true", draws="10")
    assert any("of the 13x13 field" in text.value for text in page.markdown)


@pytest.mark.parametrize(
    ("stack", "said"),
    [
        pytest.param("conv 3, pul 2", "'pul 2' is no layer", id="unreadable"),
        pytest.param("pool 9 times 3", "pool3", id="does-not-fit"),
        pytest.param("conv 999999", "kernel goes up to", id="absurd"),
    ],
)
def test_explains_a_stack_that_cannot_be_and_lets_it_be_mended(stack: str, said: str) -> None:
    page = opened(stack=stack)
    assert said in page.warning[0].value
    page.text_area(key="stack").set_value("conv 3").run()
    assert not page.exception
    assert "**3x3**" in says(page)


def test_refuses_what_would_take_too_long() -> None:
    page = opened(stack="conv 21 same times 30", side="128", effective="true", draws="1000")
    assert "multiplications" in page.warning[0].value
