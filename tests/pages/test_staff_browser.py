"""What instructors open in a real browser: a hostile hand-in that runs nothing and fetches nothing, two solutions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from classroom import work
from classroom.desk import open_desk
from classroom.port import Pin
from classroom.signin import pins
from classroom.signin.local import class_code
from tests.classroom.conftest import ADA, BEN, IVA
from tests.classroom.course import SmallCourse
from tests.classroom.test_overview import judged
from tests.classroom.test_similar import COPIED, LONG
from tests.course.house import tab
from tests.grading import small_course
from tests.pages.test_browser import violations
from tests.pages.visits import settle
from tests.serving import copy_of_the_house, serve

PIN = "271828"
HIT = "<img src='http://away.example/x.png' onerror='window.hit=1'><script>window.hit=1</script>"
PICTURE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='window.hit=1'/>"
WAY = "javascript:window.hit=1"
WORDS = f"{HIT}\n\n[way]({WAY}) ![x](http://away.example/y.png) ![y]({PICTURE})\n\n$\\href{{{WAY}}}{{x}}$"
HOSTILE = [
    {"output_type": "display_data", "data": {"text/html": HIT, "text/plain": HIT}, "metadata": {}},
    {"output_type": "display_data", "data": {"text/markdown": WORDS, "application/javascript": "window.hit=1"}},
    {"output_type": "display_data", "data": {"image/svg+xml": f"<svg onload='window.hit=1'>{HIT}</svg>"}},
    {"output_type": "stream", "name": "stdout", "text": HIT},
    {"output_type": "error", "ename": HIT, "evalue": HIT, "traceback": [HIT]},
]


def hand_in(course: SmallCourse) -> None:
    """Ben's hostile notebook under a hostile name, and Ada's, whose code his is."""
    notebook = json.loads(course.answered(mean=COPIED + f"# {HIT}", essay=WORDS))
    notebook["cells"][1]["outputs"] = HOSTILE
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": WORDS})
    work.hand_in(course.desk, BEN, "ps", file=f"{HIT}.ipynb".replace("/", ""), data=json.dumps(notebook).encode())
    judged(course, mean=0.0)
    course.hand_in(ADA, mean=LONG)
    judged(course)


def sound(page: Page) -> None:
    page.wait_for_timeout(500)
    assert page.evaluate("window.hit") is None
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
@pytest.mark.browser
def test_opens_what_is_hostile_and_sets_two_side_by_side(tmp_path: Path, browser: Browser) -> None:
    root = copy_of_the_house(tmp_path)
    folder = small_course.write(root / "assignments")
    desk = open_desk(folder, str(folder / "ledger.sqlite"))
    desk.classroom.keep([ADA, BEN, IVA])
    desk.classroom.set_pins({IVA.key: Pin(pins.hash_pin(PIN))})
    course = SmallCourse(desk)
    course.desk = replace(desk, clock=lambda: course.now)
    hand_in(course.published())
    code = class_code(desk.classroom)
    desk.close()
    with serve(root) as own:
        page = tab(browser)
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(f"{own.address}/sign-in?next=/gradebook?hand_in=1")
        page.get_by_label("Class code").fill(code)
        page.get_by_label("Number, e-mail or name").fill(IVA.name)
        page.get_by_label("PIN").fill(PIN)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Ben Bitdiddle").wait_for()
        page.get_by_text("outputs are not shown").wait_for()
        sound(page)
        page.goto(f"{own.address}/gradebook?assignment=ps&view=Similar+solutions")
        settle(page)
        page.set_viewport_size({"width": 1280, "height": 1400})  # a list that has to scroll closes again
        settle(page)
        page.get_by_label("Read a pair").press("ArrowDown")
        page.get_by_role("option").first.click()
        sides = page.locator(".beside")
        sides.nth(1).wait_for()
        sound(page)
        assert "Bitdiddle" not in page.inner_text("main, [data-testid=stMain]")
        one, other = (sides.nth(place).bounding_box() or {} for place in (0, 1))
        assert one["x"] + one["width"] <= other["x"]
        page.set_viewport_size({"width": 390, "height": 800})
        sound(page)
        one, other = (sides.nth(place).bounding_box() or {} for place in (0, 1))
        assert one["y"] + one["height"] <= other["y"]
        assert not [url for url in fetched if "away.example" in url]
