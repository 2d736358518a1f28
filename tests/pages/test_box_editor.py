"""The component to edit boxes with: what it sends is checked, and it works by mouse, finger and keyboard."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect

from benchmarks.serve import Server
from core.errors import CoreError, LimitError, ShapeError
from pages._kit import box_editor as kit
from pages._kit.box_editor import Drawn, Kind, box_editor, drawn, names, now, read, received, rows, written
from tests.pages.visits import visit

TRUTH, FOUND = Kind("truth", "#009E73", "T"), Kind("a find", "#D55E00", "D", scored=True, dashed=True)
KINDS, WORDS = (TRUTH, FOUND), ("circle", "traffic light")
SIZE = (40, 60)  # height, width
ROW = [1, 2, 5, 4.5, 1, 1, 0.5]


@st.composite
def boxes(draw) -> Drawn:
    def span(most: int) -> tuple[int, int]:
        ends = draw(st.tuples(st.integers(0, most), st.integers(0, most)).filter(lambda pair: pair[0] != pair[1]))
        return min(ends), max(ends)

    found = list[list[float]]()
    for _ in range(draw(st.integers(0, 5))):
        (x1, x2), (y1, y2), kind = span(SIZE[1]), span(SIZE[0]), draw(st.integers(0, 1))
        score = draw(st.integers(0, 100)) / 100 if kind else 1.0
        found.append([x1, y1, x2, y2, kind, draw(st.integers(0, 1)), score])
    return received(found, SIZE, 2, 2)


@given(boxes())
def test_what_is_sent_or_written_comes_back(edited: Drawn) -> None:
    sent = json.loads(json.dumps(rows(edited)))
    assert rows(received(sent, SIZE, 2, 2)) == rows(edited)
    assert rows(read(written(edited, KINDS, WORDS), SIZE, KINDS, WORDS)) == rows(edited)


HOSTILE = {
    "nothing": None,
    "a word": "1,2,5,4",
    "a dictionary": {"0": ROW},
    "a number": [7],
    "too few numbers": [ROW[:6]],
    "too many numbers": [[*ROW, 1]],
    "a word among numbers": [["1", *ROW[1:]]],
    "a truth for a number": [[True, *ROW[1:]]],
    "a list for a number": [[[1], *ROW[1:]]],
    "no number": [[float("nan"), *ROW[1:]]],
    "an endless number": [[*ROW[:2], float("inf"), *ROW[3:]]],
    "a number beyond any float": [[*ROW[:2], 10**400, *ROW[3:]]],
    "left of the picture": [[-0.5, *ROW[1:]]],
    "right of the picture": [[1, 2, 60.5, 4.5, 1, 1, 0.5]],
    "below the picture": [[1, 2, 5, 40.5, 1, 1, 0.5]],
    "turned": [[5, 2, 1, 4.5, 1, 1, 0.5]],
    "without width": [[5, 2, 5, 4.5, 1, 1, 0.5]],
    "a kind too many": [[*ROW[:4], 2, 1, 0.5]],
    "a negative kind": [[*ROW[:4], -1, 1, 0.5]],
    "half a kind": [[*ROW[:4], 0.5, 1, 0.5]],
    "a class too many": [[*ROW[:4], 1, 2, 0.5]],
    "a score above one": [[*ROW[:6], 1.01]],
    "a negative score": [[*ROW[:6], -0.01]],
    "too many": [ROW] * 61,
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_what_is_no_list_of_boxes(sent: object) -> None:
    with pytest.raises(CoreError):
        received(sent, SIZE, 2, 2)


def take(state: dict, sent: object, monkeypatch: pytest.MonkeyPatch, **more: object) -> None:
    state["key"] = SimpleNamespace(sent=sent)
    monkeypatch.setattr(kit.st, "session_state", state)
    free, field = more.get("free", True), more.get("field")
    kit._take("key", "a", drawn([[0, 0, 4, 4]]), KINDS, WORDS, SIZE, free, 60, field)


@pytest.mark.parametrize(
    "sent",
    [
        *({"base": "a", "count": 1, "boxes": table} for table in HOSTILE.values()),
        *(None, 3, [], {}, {"count": 1, "boxes": []}, {"base": "b", "count": 1, "boxes": []}),
        *({"base": "a", "count": count, "boxes": []} for count in (None, "1", 1.5, True, -1, 10**9)),
    ],
)
def test_keeps_the_boxes_when_nonsense_arrives(sent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    before = drawn([[1, 1, 9, 9]])
    state = {"_key": ("a", before)}
    take(state, sent, monkeypatch)
    assert state["_key"] == ("a", before)


def test_takes_boxes_and_forgets_them_on_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict = {}
    take(state, {"base": "a", "count": 3, "boxes": [ROW, [0, 0, 9, 9, 0, 0, 0.2]]}, monkeypatch)
    assert state["_key_count"] == 3
    start = drawn([[0, 0, 4, 4]])
    assert rows(now("key", "a", start)) == [ROW, [0, 0, 9, 9, 0, 0, 1.0]]  # a truth has no score
    assert now("key", "b", start) is start


def test_writes_to_a_text_field_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"text": ""}
    take(state, {"base": "a", "count": 3, "boxes": [ROW]}, monkeypatch, field="text")
    assert state["text"] == "1 2 5 4.5 a_find traffic_light 0.5"
    assert "_key" not in state


@pytest.mark.parametrize("table", [[], [ROW], [ROW, ROW]], ids=["gone", "of another kind", "one more"])
def test_takes_no_new_boxes_where_none_can_be_drawn(table: list, monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict = {}
    take(state, {"base": "a", "count": 3, "boxes": table}, monkeypatch, free=False)
    assert "_key" not in state


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3", "box 1 reads '1 2 3'"),
        ("0 0 4 4; 1 2 3 4 5 6", "box 2 reads"),
        ("0 0 4 4 dog", "write x1, y1, x2, y2, truth or a_find, circle or traffic_light, a score$"),
        ("0 0 4 nan", "box 1 reads"),
        ("9 9 4 4", "x1 below x2"),
        ("0 0 400 4", "lies on the picture"),
        ("0 0 4 4;" * 61, "at most 60 boxes"),
    ],
)
def test_explains_a_text_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(CoreError, match=message):
        read(text, SIZE, KINDS, WORDS)


def test_names_boxes_by_their_kind() -> None:
    mixed = drawn([[0, 0, 4, 4]] * 4, [0, 1, 1, 0])
    assert names(mixed, KINDS) == ["T1", "D1", "D2", "T2"]
    assert names(mixed, [Kind("one", "#000000", "A", numbered=False), FOUND]) == ["A", "D1", "D2", "A"]


def test_refuses_too_many_boxes_and_scores_that_do_not_fit() -> None:
    with pytest.raises(LimitError, match="at most 60 boxes on one picture, got 61"):
        box_editor(np.zeros((9, 9, 3), np.uint8), drawn([[0, 0, 4, 4]] * 61), KINDS, base="a", alt="", key="k")
    with pytest.raises(ShapeError, match="each of 1 boxes"):
        drawn([[0, 0, 4, 4]], scores=[1, 2])


@pytest.mark.browser
def test_edits_by_mouse_and_by_keyboard(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/overlap") as (page, complaints):
        field, paper = page.get_by_label("Two boxes, A and B"), page.locator(".boxes .paper")
        paper.scroll_into_view_if_needed()
        frame, number = paper.bounding_box(), page.locator("[data-testid=stMetric]").first
        assert frame
        first, pixel = number.inner_text(), frame["width"] / 160
        at = (frame["x"] + 95 * pixel, frame["y"] + 40 * pixel)  # in B alone
        page.mouse.move(*at)
        page.mouse.down()
        page.mouse.move(at[0] + 10 * pixel, at[1], steps=5)
        expect(number).not_to_have_text(first)  # it follows while the button is down
        page.mouse.move(at[0] - 10 * pixel, at[1] - 7 * pixel, steps=5)
        page.mouse.up()
        expect(field).to_have_value("48 7 87 78 truth; 48 7 92 63 answer")
        handle = paper.locator(".chosen [data-handle=e]").bounding_box()
        assert handle
        page.mouse.move(handle["x"] + 6, handle["y"] + 6)
        page.mouse.down()
        page.mouse.move(handle["x"] + 6 - 5 * pixel, handle["y"] + 30, steps=3)
        page.mouse.up()
        expect(field).to_have_value("48 7 87 78 truth; 48 7 87 63 answer")
        for _ in range(15):
            page.keyboard.press("Shift+ArrowDown")
        expect(number).to_contain_text("1.000")
        page.keyboard.press("ArrowLeft")
        expect(field).to_have_value("48 7 87 78 truth; 47 7 86 78 answer")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowUp")
        expect(field).to_have_value("48 6 87 77 truth; 47 7 86 78 answer")
        expect(page.locator(".boxes .told")).to_contain_text("A, truth")
        page.keyboard.press("Control+z")
        expect(field).to_have_value("48 7 87 78 truth; 47 7 86 78 answer")
        page.keyboard.press("Delete")  # here nothing can be removed
        assert paper.locator(".box").count() == 2
        field.fill("10 10 50 50 truth; 20 10 60 50 answer")  # and the text moves the boxes
        field.press("Enter")
        expect(number).to_contain_text("0.600")
        left = paper.locator(".box").last.evaluate("box => box.style.left")
        assert left == "12.5%"
        assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("lab", "some"),
    [
        ("anchors", {"IoU 0.81", "T1 circle", "T2 person", "T3 circle", "T4 person"}),
        ("average_precision", {"C4", "D8 circle 0.58 wrong", "D9 square 0.55"}),  # these three in one corner
    ],
    ids=("anchors", "average_precision"),
)
def test_lets_every_name_be_read(lab: str, some: set[str], server: Server, browser: Browser) -> None:
    """No frame and no other name covers the middle of one, those of boxes that are only looked at included."""
    covered = """chips => chips.filter((chip) => {
        chip.style.pointerEvents = "auto";
        const { left, top, width, height } = chip.getBoundingClientRect();
        return chip.getRootNode().elementFromPoint(left + width / 2, top + height / 2) !== chip;
    }).map((chip) => chip.textContent)"""
    with visit(browser, f"{server.address}/{lab}") as (page, complaints):
        page.locator(".boxes .paper").scroll_into_view_if_needed()
        names = page.locator(".boxes .chip")
        assert some <= set(names.all_inner_texts())
        assert names.evaluate_all(covered) == []
        assert complaints == []


@pytest.mark.browser
def test_draws_scores_and_removes(server: Server, browser: Browser) -> None:
    start = "10 10 60 60 circle 0.8"
    with visit(browser, f"{server.address}/suppression?boxes={start.replace(' ', '+')}") as (page, complaints):
        paper, kept = page.locator(".boxes .paper"), page.locator("[data-testid=stMetric]").first
        paper.scroll_into_view_if_needed()

        def drag(*corners: tuple[float, float]) -> None:
            frame = paper.bounding_box()  # typing a score may have scrolled the page
            assert frame
            pixel = frame["width"] / 160
            (x1, y1), (x2, y2) = [(frame["x"] + x * pixel, frame["y"] + y * pixel) for x, y in corners]
            page.mouse.move(x1, y1)
            page.mouse.down()
            page.mouse.move(x2, y2, steps=4)
            page.mouse.up()

        def says(text: str) -> None:
            here = "text => new URL(location).searchParams.get('boxes') === text"
            page.wait_for_function(here, arg=text)

        drag((80, 80), (120.2, 139.8))  # on empty ground
        expect(kept).to_contain_text("0 of 2")
        says(f"{start}; 80 80 120 140 circle 0.9")
        page.keyboard.type("55")  # digits go to the score
        page.keyboard.press("Enter")
        page.keyboard.press("c")
        expect(page.locator(".boxes .told")).to_contain_text("2, box, square, score 0.55")
        page.locator(".boxes").get_by_role("button", name="Draw").click()
        drag((20, 20), (50, 50))  # within a box, where a plain drag would move it
        expect(kept).to_contain_text("0 of 3")
        says(f"{start}; 80 80 120 140 square 0.55; 20 20 50 50 square 0.9")
        drag((30, 30), (34, 30))  # the smaller of two boxes moves
        page.keyboard.press("Delete")
        expect(kept).to_contain_text("0 of 2")
        expect(page.locator(".boxes .told")).to_have_text("3 is removed.")
        page.keyboard.press("Control+z")
        expect(kept).to_contain_text("0 of 3")
        says(f"{start}; 80 80 120 140 square 0.55; 24 20 54 50 square 0.9")
        page.get_by_role("button", name="Step").click()
        expect(kept).to_contain_text("1 of 3")
        assert complaints == []
