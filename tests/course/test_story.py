"""One problem set from its publication to the exported mark, in a real browser, with the same numbers everywhere."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page

from grading.ledger.policy import Rules
from grading.ledger.sql import open_ledger
from grading.service import grades
from pages._parts.gradebook.decide import FORMATS
from tests.classroom.conftest import ADA
from tests.course.house import CourseHouse, fovea, grader, opened, tab, type_into, view
from tests.pages import providers
from tests.pages.visits import settle

SET = "/assignments?set=ps"
RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def mean(xs):\n    return sum(xs)"
# Where a file has the points of the whole hand-in; elsewhere every question has a row.
PLACES = {"Canvas": "ps", "Moodle": "ps", "nbgrader": "score"}
MENDED = "def mean(xs):\n    return sum(xs) / len(xs)"


@pytest.fixture(params=["class code", "provider", "certified provider"])
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[CourseHouse]:
    provider = None
    if request.param == "provider":
        provider = providers.mock()
    elif request.param == "certified provider":
        provider = providers.certified(providers.install(tmp_path / "node"))
    with opened(tmp_path, referee=True, provider=provider) as running, grader(running.root):
        yield running


def answer(number: int) -> str:
    return f"Answer {number} of 3: Two functions"


def publish(page: Page, house: CourseHouse) -> None:
    page.goto(f"{house.address}/assignments")
    page.get_by_role("link", name="ps", exact=True).click()
    page.get_by_role("radio", name="Open", exact=True).click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Publish (now open)").wait_for()


def solve(page: Page) -> None:
    """Right, wrong, and in words; the first is checked before it is handed in."""
    for number, text in enumerate((RIGHT, WRONG, "Because it grows with their number."), 1):
        type_into(page, answer(number), text)
    page.get_by_role("button", name="Check", exact=True).first.click()
    page.get_by_text("The examples pass. Hidden cases follow").wait_for()


def hand_in(page: Page, number: int, points: str) -> None:
    page.get_by_role("button", name="Hand in what is typed here").click()
    page.get_by_text(f"Hand-in {number} for ps, received on").wait_for()
    page.get_by_text(f"Graded: {points} of 6 points.").wait_for()
    view(page, "Results")
    page.get_by_text(f": {points} of 6 points").first.wait_for()


def mark(page: Page, house: CourseHouse) -> None:
    page.goto(f"{house.address}/marking")
    page.get_by_role("textbox", name="Comment").fill("Say it with a formula, too.")
    page.get_by_text("By keyboard, outside of the comment").click()
    page.keyboard.press("g")  # A, S, D, F, G: from none to all of a point, by quarters
    page.get_by_text("Ada Lovelace has 1 of 1.").wait_for()


def on_the_page(page: Page, house: CourseHouse) -> dict[str, str]:
    """Ada's row in the gradebook."""
    page.goto(f"{house.address}/gradebook?assignment=ps")
    settle(page)
    table = page.get_by_role("table")
    heads = table.get_by_role("columnheader").all_inner_texts()
    row = table.get_by_role("row").filter(has_text="Ada Lovelace")
    return dict(zip(heads, row.locator("th, td").all_inner_texts(), strict=True))


def exported(page: Page, house: CourseHouse, kind: str) -> list[dict[str, str]]:
    """Ada's rows in a file for another program."""
    page.goto(f"{house.address}/gradebook?format={quote_plus(kind)}")
    settle(page)
    with page.expect_download() as arriving:
        page.get_by_role("button", name="Export").press("Enter")  # a click might miss it while a chart above is drawn
    text = arriving.value.path().read_text(encoding="utf-8-sig")
    return [row for row in csv.DictReader(io.StringIO(text)) if ADA.key in row.values() or ADA.number in row.values()]


def in_the_ledger(house: CourseHouse) -> float | None:
    ledger = open_ledger(house.database)
    (found,) = grades(ledger, assignment="ps", rules_for=lambda _: Rules())
    ledger.close()
    return found.points


def in_nbgraders_gradebook(house: CourseHouse) -> float:
    said, _ = fovea(house.root, "gradebook", "rebuild", "--course", str(house.course)).communicate(timeout=60)
    assert "written anew" in said
    with Gradebook(f"sqlite:///{house.course / 'gradebook.db'}") as book:
        (submission,) = book.assignment_submissions("ps")
        return float(submission.score)


@pytest.mark.slow
@pytest.mark.browser
def test_a_problem_set_from_publishing_to_the_exported_mark(house: CourseHouse, browser: Browser) -> None:
    instructor, student = tab(browser), tab(browser)
    house.enter_as_instructor(instructor)
    publish(instructor, house)
    house.enter(student, ADA, SET)
    solve(student)
    hand_in(student, 1, "2")
    student.get_by_text("A mean is the sum divided by how many there are.").wait_for()
    view(student, "Notebook")
    type_into(student, answer(2), MENDED)
    hand_in(student, 2, "5")
    mark(instructor, house)
    student.reload()
    student.get_by_text(": 6 of 6 points").wait_for()
    student.get_by_text("Say it with a formula, too.").wait_for()
    row = on_the_page(instructor, house)
    assert (row["points"], row["test-double"], row["test-mean"], row["essay"], row["hand-ins"]) == (
        "6 of 6",
        "2",
        "3",
        "1",
        "2",
    )
    for kind in FORMATS:
        rows = exported(instructor, house, kind)
        assert sum(float(row[PLACES.get(kind, "points")]) for row in rows) == 6.0, kind
    assert in_the_ledger(house) == in_nbgraders_gradebook(house) == 6.0
