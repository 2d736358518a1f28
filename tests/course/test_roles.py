"""Every course page by its address, for every role and for nobody: who finds what, and who finds nothing of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from classroom.people import Person
from classroom.roles import Role
from pages._kit.discovery import discover
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.course.house import CourseHouse, opened, tab
from tests.pages.visits import settle

ONE_SERVER = pytest.mark.xdist_group("course-roles")
VERA = Person("vera", "Vera Visitor", Role.VISITOR, number="77")

# Which roles find a page at its address: N nobody signed in, V visitor, S student, A assistant, I instructor.
PAGES = {
    "assignments": "SAI",
    "gradebook": "AI",
    "live": "SAI",
    "marking": "AI",
    "members": "AI",
    "operating": "I",
}
DEEP = {
    "assignments": "?set=ps&view=Results",
    "gradebook": "?assignment=ps&view=Queue",
    "live": "?view=Practise",
    "marking": "?hand_in=1&question=essay",
    "members": "?view=Roster",
    "operating": "",
}
PEOPLE: dict[str, Person | None] = {"N": None, "V": VERA, "S": ADA, "A": TINA, "I": IVA}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourseHouse]:
    with opened(tmp_path_factory.mktemp("roles"), more=[VERA]) as running:
        yield running


def titles(page: Page) -> list[str]:
    return page.get_by_role("heading", level=1).all_inner_texts()


def test_every_page_that_is_not_for_all_stands_in_the_table() -> None:
    assert set(PAGES) == set(DEEP) == {page.name for page in discover() if page.role > Role.VISITOR}


@pytest.mark.slow
@pytest.mark.browser
@ONE_SERVER
@pytest.mark.parametrize("letter", PEOPLE)
def test_shows_a_page_to_those_it_is_for_and_nothing_of_it_to_others(
    house: CourseHouse, browser: Browser, letter: str
) -> None:
    page, who = tab(browser), PEOPLE[letter]
    if who is not None:
        house.enter(page, who)
    for name, letters in PAGES.items():
        page.goto(f"{house.address}/{name}{DEEP[name]}")
        settle(page)
        if letter in letters:
            assert not any(title.startswith(("Sign in", "This page is for")) for title in titles(page)), name
        else:
            expected = "Sign in to open this page" if who is None else "This page is for "
            assert len(titles(page)) == 1
            assert titles(page)[0].startswith(expected), name
            assert BEN.name not in page.content()
            assert "Two functions" not in page.content()
    page.context.close()
