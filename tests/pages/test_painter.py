"""The component to paint labels with: what it sends is checked, and it works by mouse, finger and keyboard."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from playwright.sync_api import Browser, Page, expect

from benchmarks.serve import Server
from core.errors import CoreError, LimitError
from pages._kit import painter as kit
from pages._kit.painter import Ink, packed, painter, painting, unpacked
from tests.pages.visits import settle, visit

INKS = [Ink("ground", "#8A8F98"), Ink("circle", "#E69F00"), Ink("star", "#009E73")]
START = np.zeros((2, 3), dtype=np.uint8)


@given(labels=arrays.arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(0, 5)))
def test_what_is_packed_comes_back(labels) -> None:
    assert np.array_equal(unpacked(packed(labels), labels.shape, 6), labels)
    assert len(packed(labels)) <= kit.MOST_TEXT * labels.size


HOSTILE = {
    "nothing": None,
    "a number": 6,
    "a list": ["0x6"],
    "a dictionary": {"runs": "0x6"},
    "empty": "",
    "no run": "hello",
    "a class too many": "3x6",
    "a large class": "999x6",
    "a negative class": "-1x6",
    "too short": "0x5",
    "too long": "0x7",
    "an empty run": "0x0,1x6",
    "a huge run": "0x999999",
    "longer than any run": "0x99999999999999999999",
    "sums over the edge of a number": ",".join(["0x999999"] * 4),
    "longer than any map": "0x1," * 40 + "0x1",
    "a line at the end": "0x6\n",
    "other digits": "\u0660x\u0666",
    "an exponent": "0x6e0",
    "code": "__import__('os').abort()x6",
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_what_is_no_map(sent: object) -> None:
    with pytest.raises(CoreError, match="a painted map"):
        unpacked(sent, (2, 3), 3)


@pytest.mark.parametrize(
    "sent",
    [
        *({"base": "a", "runs": runs} for runs in HOSTILE.values()),
        *(None, 3, "0x6", [], {}, {"runs": "1x6"}, {"base": ["a"], "runs": "1x6"}, {"base": "b", "runs": "1x6"}),
    ],
)
def test_keeps_what_was_painted_when_nonsense_arrives(sent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    before = np.ones((2, 3), dtype=np.uint8)
    state = {"key": SimpleNamespace(painted=sent), "_key": ("a", before)}
    monkeypatch.setattr(kit.st, "session_state", state)
    kit._take("key", "a", START, 3)
    assert state["_key"] == ("a", before)
    assert painting("key", "a", START) is before


def test_takes_a_map_and_forgets_it_on_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"key": SimpleNamespace(painted={"base": "a", "runs": "0x2,2x4"})}
    monkeypatch.setattr(kit.st, "session_state", state)
    assert painting("key", "a", START) is START
    kit._take("key", "a", START, 3)
    assert painting("key", "a", START).tolist() == [[0, 0, 2], [2, 2, 2]]
    assert painting("key", "b", START) is START
    assert painting("key", "a", START.T).shape == (3, 2)


def test_refuses_to_paint_on_a_map_that_is_too_large() -> None:
    with pytest.raises(LimitError, match="at most 65,536 pixels, got 65,792"):
        painter(np.zeros((2, 2, 3), dtype=np.uint8), np.zeros((257, 256)), INKS, base="a", alt="", key="p")


def accuracy(page: Page) -> str:
    return page.locator("[data-testid=stMetric]").first.inner_text().split()[-1]


def runs(page: Page) -> list[str]:
    """The classes on the map, as the browser has them."""
    return page.locator(".painter").evaluate("root => [...new Set(root.painter.labels)].sort().map(String)")


@pytest.mark.browser
def test_paints_by_mouse_and_by_keyboard(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/segmentation") as (page, complaints):
        paper, told = page.locator(".painter .paper"), page.locator(".painter .told")
        page.locator(".painter").get_by_role("button", name="star").click()  # which may scroll
        paper.scroll_into_view_if_needed()
        box, first = paper.bounding_box(), accuracy(page)
        assert box
        page.mouse.move(box["x"] + 40, box["y"] + 230)  # the page's bar may cover the upper edge
        page.mouse.down()
        page.mouse.move(box["x"] + 140, box["y"] + 240, steps=4)
        page.mouse.up()
        expect(told).to_have_text("Painted with star.")
        expect(page.locator("[data-testid=stMetric]").first).not_to_contain_text(first)
        assert runs(page) == ["0", "4"]
        paper.focus()
        page.keyboard.press("Control+z")
        expect(told).to_have_text("Taken back.")
        assert runs(page) == ["0"]
        expect(page.locator("[data-testid=stMetric]").first).to_contain_text(first)
        page.keyboard.press("Control+y")
        assert runs(page) == ["0", "4"]
        for key in ("2", "ArrowRight", "Shift+ArrowDown", "Space"):
            page.keyboard.press(key)
        expect(told).to_have_text(re.compile(r"Painted square, row \d+, column \d+\."))
        assert runs(page) == ["0", "2", "4"]
        page.keyboard.press("3")
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.press("Enter")  # all the ground around both
        expect(told).to_have_text("Filled with triangle.")
        assert runs(page) == ["2", "3", "4"]
        page.locator(".painter").get_by_role("button", name="Clear").click()
        expect(told).to_have_text("Everything is erased.")
        assert runs(page) == ["0"]
        expect(page.locator("[data-testid=stMetric]").first).to_contain_text(first)
        assert complaints == []


@pytest.mark.slow  # a browser context of its own
@pytest.mark.browser
def test_paints_with_a_finger_and_keeps_it_over_a_switch(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, has_touch=True)
    page = context.new_page()
    page.goto(f"{server.address}/segmentation")
    settle(page)
    paper = page.locator(".painter .paper")
    paper.scroll_into_view_if_needed()
    paper.tap(position={"x": 60, "y": 60})
    expect(page.locator(".painter .told")).to_have_text("Painted with circle.")
    page.wait_for_timeout(500)
    settle(page)
    page.get_by_text("Paint over it").click()
    expect(page.locator(".painter")).to_have_count(0)
    settle(page)
    page.get_by_text("Paint over it").click()
    expect(page.locator(".painter .paper")).to_be_visible()
    assert runs(page) == ["0", "1"]
    context.close()
