"""The volumes lab as a visitor uses it: without a browser, and once with one, by pointer and keyboard."""

from functools import partial

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from benchmarks.serve import Server
from tests.pages import boards
from tests.pages.visits import settle, visit

opened = partial(boards.opened, "volumes")


def texts(page: AppTest) -> str:
    return "\n".join(text.value for text in page.markdown)


@pytest.mark.parametrize(
    ("layer", "says"),
    [
        pytest.param("conv1", "+ bias", id="convolution"),
        pytest.param("relu1", "max(0, ", id="relu"),
        pytest.param("pool2", "the largest of ", id="pooling"),
        pytest.param("flatten1", "Nothing is computed here.", id="flatten"),
        pytest.param("dense1", "64 products", id="dense"),
        pytest.param("softmax1", "The net says **4**", id="softmax"),
    ],
)
def test_works_out_a_value_of_every_layer(layer: str, says: str) -> None:
    assert says in texts(opened(layer=layer))


def test_shows_the_sum_that_its_code_gives() -> None:
    page = opened(layer="conv2", map="3", row="0", column="2")
    told = next(text.value for text in page.markdown if text.value.startswith("**conv2, map 3, row 0, column 2:**"))
    value = told.split("= **")[1].strip("*")
    assert f"# {value}" in page.code[0].value
    terms = told.split(":** ")[1].split(" = ")[0].replace("bias ", "").replace("(", "").replace(")", "").split(" + ")
    assert len(terms) == 9
    assert sum(map(float, terms)) == pytest.approx(float(value), abs=0.006)


def test_reads_most_digits_right() -> None:
    right = [f"The net says **{digit}**" in texts(opened(layer="softmax1", digit=str(digit))) for digit in range(10)]
    assert sum(right) >= 9


def test_ends_where_the_dense_layer_no_longer_fits() -> None:
    page = opened(source="A photo", layer="pool2", row="99")
    assert "16@10x10 are 1,600" in texts(page)
    assert "dense1" not in page.get("button_group")[0].options


def test_keeps_a_cell_within_a_smaller_volume() -> None:
    page = opened(layer="conv1", row="7", column="7")
    page.get("button_group")[0].set_value("pool2").run()
    assert not page.exception
    assert (page.number_input(key="row").value, page.number_input(key="column").value) == (1, 1)


def test_draws_what_the_lectures_draw_and_asks_for_its_shapes() -> None:
    page = opened(source="The lectures' drawing", layer="pool2")
    assert "**pool2** makes 24@16x16 of 24@48x48" in texts(page)
    page.toggle(key="challenge").set_value(True).run()
    field = next(each for each in page.text_input if "conv1" in each.label)
    field.set_value("24x48x48").run()
    assert "1 of 6 right" in texts(page)


@pytest.mark.browser
def test_chooses_a_cell_by_pointer_and_by_keyboard(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/volumes?layer=conv1") as (page, complaints):
        picture = page.locator(".volume .pick figure").nth(5).locator("canvas")
        picture.scroll_into_view_if_needed()
        picture.click(position={"x": 5, "y": 15})
        expect(page.get_by_text("conv1, map 5, row 1, column 0:")).to_be_visible()
        settle(page)
        assert "map=5" in page.url
        page.locator(".volume .pick").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text("conv1, map 5, row 1, column 1:")).to_be_visible()
        page.keyboard.press("PageUp")
        expect(page.get_by_text("conv1, map 4, row 1, column 1:")).to_be_visible()
        assert complaints == []
