"""Every course page and every view of it in a real browser: light and dark, wide and narrow, usable by everybody."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from classroom import marking
from classroom.desk import open_desk
from classroom.live import own, quizzing
from classroom.live.port import Lecture
from classroom.people import Person
from classroom.staff import actions
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse
from tests.classroom.test_overview import judged
from tests.classroom.test_similar import COPIED, CYN, LONG
from tests.course.house import CourseHouse, opened, view
from tests.pages.test_browser import faults, sideways, unfold, violations
from tests.pages.visits import STREAMLITS_OWN, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("course-looks")]

WIDE = "| a | table | of many | columns | of measurements |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |"
ESSAY = f"# Why\n\nBecause\n===\n\n```python\n# it grows\n```\n\n{WIDE}\n\n$x^2$"
SET, BOOK = "assignments?set=ps", "gradebook?assignment=ps"
# What each role opens; every view that a page offers under "Look at" is opened with it.
OPENS: dict[str, tuple[Person, Sequence[str]]] = {
    "student": (ADA, ["", "assignments", SET, "gradebook", "live"]),
    "assistant": (
        TINA,
        ["marking", "marking?hand_in=1&question=essay&nameless=true", "gradebook?hand_in=1", "members"],
    ),
    "instructor": (IVA, ["", SET, "members", "gradebook", BOOK, "live"]),
}
VIEWS = {  # fewer would mean that they were not found
    SET: {"Notebook", "Hand in a file", "Results"},
    BOOK: {"Students", "Questions", "Queue", "Who is stuck", "Similar solutions", "Decide"},
    "live": {"Class", "Practise", "My answers"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourseHouse]:
    with opened(tmp_path_factory.mktemp("looks"), more=[CYN]) as running:
        with closing(open_desk(running.course, running.database)) as desk:
            course = SmallCourse(desk, datetime.now(UTC) - timedelta(hours=2))
            course.desk = replace(desk, clock=lambda: course.now)
            worked(course)
        yield running


def worked(course: SmallCourse) -> None:
    """Graded and marked, part of the points, undecided, and waiting; an extension and a draft."""
    course.published(due=course.now + timedelta(days=1))
    course.hand_in(ADA, mean=LONG, essay=ESSAY)
    course.grade()
    marking.give(course.desk, TINA, 1, "essay", points=0.5, comment="Why does it grow?")
    course.hand_in(ADA, mean=LONG, essay=ESSAY)
    course.grade()
    course.hand_in(CYN, mean=COPIED)
    judged(course, mean=0.0)
    course.hand_in(BEN, mean=LONG)
    judged(course, mean=None)
    course.hand_in(BEN)
    actions.extend(course.desk, IVA, "ps", students=[BEN.key], until=course.now + timedelta(days=9), why="Ill")
    held(course)


def held(course: SmallCourse) -> None:
    """A class that is over, in which a picture was clicked on and a number asked for twice."""
    desk = course.desk
    lecture = desk.lectures.begin(Lecture(0, IVA.key, course.now)).id
    own.write(desk, IVA, "Where?\npicture scene 7\nregion 0.2 0.2 0.4 0.4\nbecause it lies there.")
    for id, given in (("own-1", (0.3, 0.3)), ("Q04", "86950")):
        quiz = quizzing.ask(desk, IVA, id).id
        quizzing.vote(desk, ADA, quiz, given)
        quizzing.close(desk, IVA)
        quizzing.again(desk, IVA)
        quizzing.reveal(desk, IVA)
    desk.lectures.end(lecture, course.now)


@pytest.fixture(scope="module")
def tab(house: CourseHouse, browser: Browser) -> Iterator[Callable[[Person], Page]]:
    """Everybody's tab, signed in when it is first asked for."""
    tabs: dict[str, Page] = {}

    def of(who: Person) -> Page:
        if who.key not in tabs:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
            tabs[who.key] = context.new_page()
            house.enter(tabs[who.key], who)
        return tabs[who.key]

    yield of
    for page in tabs.values():
        page.context.close()


def complaints(page: Page) -> list[str]:
    """What the browser complains about from now on."""
    found: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(STREAMLITS_OWN):
            found.append(message.text)

    page.on("console", said)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def looks_right(page: Page, what: str) -> None:
    """As it was opened, then turned and in the other theme, and back."""
    unfold(page)
    found = _wrong(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 900})
    page.wait_for_timeout(500)
    found += _wrong(page)
    page.emulate_media(color_scheme="light")
    found += sideways(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == [], what


def _wrong(page: Page) -> list[str]:
    headings = page.get_by_role("heading", level=1).count()
    return [
        *sideways(page),
        *violations(page),
        *([] if headings == 1 else [f"{headings} headings of level 1"]),
        *(["a fault"] if faults(page) else []),
    ]


def views(page: Page) -> list[str]:
    """The names under "Look at"."""
    return page.get_by_role("radiogroup", name="Look at").get_by_role("radio").all_inner_texts()


@pytest.mark.parametrize("role", OPENS)
def test_every_page_and_view_looks_right(house: CourseHouse, tab: Callable[[Person], Page], role: str) -> None:
    who, addresses = OPENS[role]
    page = tab(who)
    said = complaints(page)
    for address in addresses:
        page.goto(f"{house.address}/{address}")
        settle(page)
        offered = views(page)
        assert VIEWS.get(address, set()) <= set(offered), address
        for name in offered or [""]:
            if name:
                view(page, name)
            looks_right(page, f"{address} {name}")
    assert said == []


def test_two_solutions_side_by_side_look_right(house: CourseHouse, tab: Callable[[Person], Page]) -> None:
    page = tab(IVA)
    page.goto(f"{house.address}/{BOOK}&view=Similar+solutions")
    page.get_by_label("Read a pair").click()
    page.get_by_role("option").first.click()
    page.locator(".beside").nth(1).wait_for()
    looks_right(page, "a pair")


def test_what_an_instructor_decides_looks_right(house: CourseHouse, tab: Callable[[Person], Page]) -> None:
    page = tab(IVA)
    page.goto(f"{house.address}/{BOOK}&view=Decide")
    settle(page)
    popovers_look_right(page, 4)
    page.goto(f"{house.address}/members")
    settle(page)
    unfold(page)
    page.get_by_role("combobox", name="Who").fill(ADA.name)
    page.get_by_role("option", name=ADA.name).click()
    page.get_by_role("button", name="Save the role").wait_for()
    popovers_look_right(page, 1)


def popovers_look_right(page: Page, many: int) -> None:
    """Each of them, opened."""
    buttons = page.get_by_test_id("stMain").get_by_test_id("stPopoverButton")
    buttons = buttons.filter(has_not_text="Labs").filter(has_not_text=IVA.name)
    expect(buttons).to_have_count(many)
    for button in buttons.all():
        button.click()
        page.get_by_test_id("stPopoverBody").wait_for()
        settle(page)
        assert violations(page) == []
        button.click()
        page.get_by_test_id("stPopoverBody").wait_for(state="detached")


def test_asks_to_sign_in_and_looks_right(house: CourseHouse, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{house.address}/gradebook")
    settle(page)
    looks_right(page, "a guard")
    context.close()
