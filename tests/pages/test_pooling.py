"""The pooling lab: its board, its numbers, its code; and the board itself in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serve import Server
from core.filters.grids import read_words
from pages._parts.pooling.figures import (
    BORDERS,
    EXAMPLES,
    findings,
    pool,
    pooling_scene,
    python_call,
    shift_chart,
    torch_code,
)
from tests.pages.boards import metrics, opened, sound, texts
from tests.pages.visits import settle, visit


def test_shows_the_lectures_example() -> None:
    # N46, N35
    page = opened("pooling")
    assert metrics(page) == {
        "Output": "2 x 2",
        "Values kept": "25%",
        "Values dropped": "75%",
        "Weights to learn": "0",
    }


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(("window", "stride"), [(2, 2), (2, 1), (3, 2), (1, 3)])
def test_marks_where_every_value_comes_from(name, border, window, stride) -> None:
    words = read_words(EXAMPLES[name])
    found = pool(words, window, stride, border)
    shown = sound(pooling_scene(words, found))
    flat = [float(word) for row in words for word in row]
    for place, link in enumerate(shown["links"]["max"]):
        seen = [mark[0] for mark in link["marks"]["image"] if mark[3] == "tap"]
        (winner,) = (mark[0] for mark in link["marks"]["image"] if mark[3] == "winner")
        assert flat[winner] == max(flat[cell] for cell in seen) == found.largest.ravel()[place]
        assert np.mean([flat[cell] for cell in seen]) == pytest.approx(found.mean.ravel()[place])
    assert len(texts(shown, "max")) == found.largest.shape[0]


@pytest.mark.parametrize(("window", "stride", "border"), [(2, 2, "valid"), (2, 1, "same"), (3, 2, "same")])
def test_gives_code_that_gives_the_same(window, stride, border) -> None:
    words = read_words(EXAMPLES["Lecture A's image"])
    found = pool(words, window, stride, border)
    ours, theirs = {}, {}
    exec(python_call(words, found), ours)
    exec(torch_code(found), theirs)
    np.testing.assert_allclose(ours["largest"], theirs["largest"][0])
    np.testing.assert_allclose(ours["mean"], theirs["mean"][0])


def test_says_that_stride_1_loses_a_row_without_a_border() -> None:
    # N37
    for border, told in (("valid", "Here 1 is lost."), ("same", "Here none is lost.")):
        found = pool(read_words(EXAMPLES["Lecture A's image"]), 2, 1, border)
        assert any(told in line for line in findings(found, shift_chart(found)[1]))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param({"pool_window": "4", "pool_image": "1 2; 3 4"}, "kernel side of at most 2", id="window-too-large"),
        pytest.param({"pool_image": "1 2; 3"}, "row 2 of the image has 1 number", id="unreadable"),
        pytest.param({"pool_image": "0 0; 0 0"}, "not all 0", id="nothing-to-move"),
    ],
)
def test_explains_what_cannot_be(address, said) -> None:
    assert said in opened("pooling", **address).warning[0].value


def test_loads_an_example_and_undoes_it() -> None:
    page = opened("pooling")
    page.selectbox(key="pool_example").set_value("A handwritten zero").run()
    assert metrics(page)["Output"] == "4 x 4"
    page.slider(key="pool_stride").set_value(1).run()
    assert metrics(page)["Output"] == "7 x 7"
    page.button(key="undo").click().run()
    assert metrics(page)["Output"] == "4 x 4"


@pytest.mark.browser
def test_points_walks_and_edits_on_the_board(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/pooling") as (page, complaints):

        def cell(grid: str, row: int, column: int):
            return page.locator(f'.board .cell[data-grid="{grid}"][data-row="{row}"][data-column="{column}"]')

        total = page.locator(".board .sum strong")
        expect(total).to_have_text("= 5")
        cell("max", 1, 1).hover()
        expect(total).to_have_text("= 8")
        expect(cell("image", 3, 3)).to_have_attribute("aria-label", "row 4, column 4, value 8, the largest")
        page.mouse.move(2, 2)
        expect(total).to_have_text("= 5")
        cell("average", 0, 0).focus()
        expect(total).to_have_text("= 2.75")
        page.keyboard.press("ArrowRight")
        expect(total).to_have_text("= 3")
        page.get_by_role("button", name="Last", exact=True).click()
        expect(total).to_have_text("= 8")
        page.get_by_role("button", name="First", exact=True).click()
        cell("image", 0, 0).focus()
        page.keyboard.type("9")
        page.keyboard.press("Enter")
        expect(total).to_have_text("= 9")
        settle(page)
        assert "pool_image=9" in page.url
        assert complaints == []
