"""The component to point at a picture with: what it sends is checked, and it works by mouse, finger and keyboard."""

import math
import re
from collections.abc import Iterator
from contextlib import closing
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from classroom.desk import open_desk
from classroom.live import own, quizzing
from classroom.live.port import Lecture
from core.errors import CoreError
from pages._kit import click_picture as kit
from pages._kit.click_picture import place, received
from tests.classroom.conftest import ADA, IVA
from tests.course.house import CourseHouse, opened
from tests.pages.visits import settle

HOSTILE = {
    "nothing": None,
    "a number": 0.5,
    "text": "0.5 0.5",
    "a dictionary": {"0": 0.5, "1": 0.5},
    "one share": [0.5],
    "three shares": [0.5, 0.5, 0.5],
    "beside it": [1.0001, 0.5],
    "above it": [0.5, -0.0001],
    "text in it": ["0.5", 0.5],
    "true": [True, 0.5],
    "no number": [math.nan, 0.5],
    "infinity": [math.inf, 0.5],
    "a huge number": [10**400, 0.5],
    "lists": [[0.5], [0.5]],
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_what_is_no_place_and_keeps_what_was_taken(sent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CoreError, match="two numbers from 0 to 1"):
        received(sent)
    state = {"key": SimpleNamespace(taken={"base": "a", "place": sent}), "_key": ("a", (0.1, 0.2))}
    monkeypatch.setattr(kit.st, "session_state", state)
    kit._take("key", "a")
    assert state["_key"] == ("a", (0.1, 0.2))


def test_takes_a_place_and_forgets_it_on_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {"key": SimpleNamespace(taken={"base": "a", "place": [0.25, 1]})}
    monkeypatch.setattr(kit.st, "session_state", state)
    assert place("key", "a") is None
    assert place("key", "a", (0.5, 0.5)) == (0.5, 0.5)
    kit._take("key", "a")
    assert place("key", "a") == (0.25, 1.0)
    assert place("key", "b") is None
    for late in (None, [], {"place": [0.1, 0.1]}, {"base": "b", "place": [0.1, 0.1]}):
        state["key"] = SimpleNamespace(taken=late)
        kit._take("key", "a")
    assert place("key", "a") == (0.25, 1.0)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourseHouse]:
    """A class was asked for a place in a picture, and told."""
    with opened(tmp_path_factory.mktemp("click")) as running:
        with closing(open_desk(running.course, running.database)) as desk:
            desk.lectures.begin(Lecture(0, IVA.key, desk.clock()))
            text = "Where?\npicture scene 7\nregion 0.2 0.2 0.4 0.4\n= upper left\nbecause it is there."
            quizzing.ask(desk, IVA, own.write(desk, IVA, text).id)
            quizzing.reveal(desk, IVA)
            desk.lectures.end(1, desk.clock())
        yield running


def checked(page: Page) -> None:
    page.get_by_role("button", name="Check").click()
    settle(page)


@pytest.mark.slow  # a server of its own
@pytest.mark.browser
@pytest.mark.xdist_group("click-picture")
def test_points_by_mouse_by_finger_and_by_keyboard(house: CourseHouse, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, has_touch=True)
    page, complaints = context.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    house.enter(page, ADA, "/live?view=Practise")
    paper, told = page.locator(".click .paper"), page.locator(".click .told")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    paper.click(position={"x": 0.8 * box["width"], "y": 0.8 * box["height"]})
    expect(told).to_have_text("Taken: 80 % from the left, 80 % from the top.")
    settle(page)
    checked(page)
    expect(page.get_by_text("Not yet. Try again, or look.")).to_be_visible()
    paper.tap(position={"x": 0.3 * box["width"], "y": 0.3 * box["height"]})
    expect(told).to_have_text("Taken: 30 % from the left, 30 % from the top.")
    settle(page)
    expect(page.get_by_text("Not yet. Try again, or look.")).to_have_count(0)
    checked(page)
    expect(page.get_by_text("Right. it is there.")).to_be_visible()
    paper.focus()
    for key in [*["ArrowRight"] * 15, "ArrowUp", "Shift+ArrowUp"]:
        page.keyboard.press(key)
    expect(told).to_have_text(re.compile(r"Cross at (59|60) % from the left, 2[678] % from the top\."))
    page.keyboard.press("Enter")
    expect(told).to_have_text(re.compile(r"Taken: (59|60) % from the left"))
    settle(page)
    checked(page)
    expect(page.get_by_text("Not yet. Try again, or look.")).to_be_visible()
    page.get_by_text("Show the answer").click()
    expect(page.locator(".click .region")).to_have_count(1)
    assert complaints == []
    context.close()
