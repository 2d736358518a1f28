"""Every page in a real browser: light and dark, wide and narrow, without a complaint, and usable by everybody."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.serve import Server
from pages._kit.discovery import PICTURE_SIDES, open_to_all
from tests.pages.visits import settle, visit
from tests.serving import serve

pytestmark = pytest.mark.browser

ADDRESSES = ["", *(lab.name for lab in open_to_all())]
FIRST = {"", *{lab.chapter: lab.name for lab in reversed(open_to_all())}.values()}  # one lab of each chapter
LOOKS = [
    pytest.param(theme, width, address, marks=() if theme == "light" and address in FIRST else pytest.mark.slow)
    for theme, width in (("light", 1280), ("dark", 390))
    for address in ADDRESSES
]
LABS = pytest.mark.parametrize("address", ADDRESSES[1:])

# Two minor ones are in what Streamlit draws itself: the header of a data grid's hidden table, and its upload field.
STREAMLITS_OWN = {"empty-table-header", "presentation-role-conflict"}


def violations(page: Page, *, again: bool = True) -> list[str]:
    found = [row for row in Axe().run(page).response["violations"] if row["id"] not in STREAMLITS_OWN]
    if found and again:  # what fades in has no contrast until it is there: look once more
        page.wait_for_timeout(2_000)
        return violations(page, again=False)
    return [f"{row['id']} ({row['impact']}): {row['help']}; {row['nodes'][0]['html'][:200]}" for row in found]


def sideways(page: Page) -> list[str]:
    """What is wider than the window."""
    return page.evaluate(
        """[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
           .filter(part => part.scrollWidth > Math.min(part.clientWidth, innerWidth))
           .map(part => `${part.tagName} ${part.scrollWidth} > ${part.clientWidth}`)"""
    )


def unfold(page: Page) -> None:
    """Open everything that a visitor may open, so that it is looked at as well.

    What opens asks the server first, so a second click too soon would close it again.
    """
    page.wait_for_function(
        """() => {
            const closed = [...document.querySelectorAll("details:not([open]) > summary")];
            for (const summary of closed) {
                if (performance.now() > (summary.patience ?? 0)) {
                    summary.patience = performance.now() + 10_000;
                    summary.click();
                }
            }
            return closed.length === 0;
        }""",
        polling=100,
    )
    settle(page)


def faults(page: Page) -> int:
    return page.locator("[data-testid=stException]").count() + page.get_by_text("fault of ours").count()


@pytest.mark.parametrize(("theme", "width", "address"), LOOKS)
def test_draws_without_a_complaint(server: Server, browser: Browser, theme, width: int, address: str) -> None:
    """In every pair of theme and width: two as a visitor opens the page, two as one who then turns the screen."""
    with visit(browser, f"{server.address}/{address}", theme=theme, width=width) as (page, complaints):
        assert sideways(page) == []
        if theme == "light" and address:
            answers_a_prediction_copies_a_link_and_saves_a_picture(page, address)
        unfold(page)
        assert sideways(page) == []
        assert violations(page) == []
        page.set_viewport_size({"width": 1670 - width, "height": 900})
        settle(page)
        assert sideways(page) == []
        assert violations(page) == []
        assert faults(page) == 0
        assert complaints == []


def answers_a_prediction_copies_a_link_and_saves_a_picture(page: Page, address: str) -> None:
    assert page.get_by_text("Found out:").count() == 0
    prediction = page.get_by_label("Your prediction")
    prediction.fill("about **12** <b>or</b> so")
    prediction.press("Enter")
    page.get_by_text("Found out:").wait_for()
    expect(page.get_by_text("You said: about **12** <b>or</b> so")).to_be_visible()  # as typed, never as markup

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == f"{address}.png"
    assert download.value.path().stat().st_size > 5_000


@pytest.mark.slow
@LABS
def test_leaves_controls_and_figure_alone_in_a_slide(server: Server, browser: Browser, address: str) -> None:
    with visit(browser, f"{server.address}/{address}?embed=true") as (page, complaints):
        assert page.get_by_role("heading", name="What to notice").count() == 0
        assert page.get_by_label("Your prediction").count() == 0
        expect(page.locator("[data-testid=stMain] input, [data-testid=stMain] button")).not_to_have_count(0)
        assert complaints == []


def test_hides_the_controls_a_teacher_names(server: Server, browser: Browser) -> None:
    hidden = "hide=exports,prediction-box,%3Cscript%3E"
    with visit(browser, f"{server.address}/{ADDRESSES[1]}?{hidden}") as (page, complaints):
        assert page.get_by_label("Your prediction").count() == 1
        expect(page.get_by_label("Your prediction")).to_be_hidden()
        assert complaints == []


def test_finds_labs_by_their_words(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as (page, complaints):
        cards = page.locator("[class*=st-key-card-]")
        assert cards.count() == len(ADDRESSES) - 1
        for picture in page.locator("[class*=st-key-card-] img").all():
            picture.scroll_into_view_if_needed()  # it is fetched when it comes near
            expect(picture).to_have_js_property("naturalWidth", PICTURE_SIDES[0])
        search = page.get_by_label("Find a lab")
        for words in ("neuron see", "VGG16", "strided filtering"):
            search.fill(words)
            expect(cards).to_have_count(1)
        search.fill("no lab has these words")
        page.get_by_text("No lab speaks of these words yet").wait_for()
        assert complaints == []


@pytest.mark.parametrize("step", [16, pytest.param(4, marks=pytest.mark.slow)])
def test_opens_a_lab_from_its_card_and_comes_back(server: Server, browser: Browser, step: int) -> None:
    with visit(browser, server.address) as (page, complaints):
        for lab in open_to_all()[::step]:
            page.locator(f".st-key-card-{lab.name}").get_by_role("link", name=lab.title).click()
            page.get_by_role("heading", name=lab.title, level=1).wait_for()
            page.get_by_role("link", name="Fovea").first.click()
            page.get_by_role("heading", name="Fovea", level=1).wait_for()
            settle(page)
        assert complaints == []


def test_lists_the_labs_on_a_phone_with_their_pictures_beside_them(server: Server, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(server.address)
    card = page.locator(".st-key-card-convolution")
    card.get_by_text("Every output value").wait_for()
    picture, words = card.locator("img").bounding_box(), card.get_by_text("Every output value").bounding_box()
    title = card.get_by_test_id("stPageLink-NavLink").locator("p").bounding_box()
    assert picture
    assert words
    assert title
    assert title["x"] == pytest.approx(words["x"], abs=1)
    assert picture["x"] + picture["width"] < words["x"]
    assert words["x"] + words["width"] <= 390
    titles = page.locator(".st-key-cards .stPageLink span")
    assert titles.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    assert sideways(page) == []
    page.close()


def test_a_long_option_of_a_quiz_takes_two_lines_on_a_phone(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/roi", width=390) as (page, complaints):
        page.locator(".st-key-quiz summary").click()
        options = page.locator(".st-key-quiz-Q426 button")
        expect(options).to_have_count(4)
        cut = "all => all.filter(one => one.querySelector('p').scrollWidth > one.clientWidth).map(one => one.innerText)"
        assert options.evaluate_all(cut) == []
        heights = {round(box["height"]) for box in (option.bounding_box() for option in options.all()) if box}
        assert len(heights) == 2, "all but one fit a line"
        assert sideways(page) == []
        assert complaints == []


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads what a process has loaded from /proc")
def test_serves_the_front_page_without_torch(browser: Browser) -> None:
    with serve() as fresh, visit(browser, fresh.address):
        loaded = Path(f"/proc/{fresh.pid}/maps").read_text()
    assert "python" in loaded
    assert "libtorch" not in loaded


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_opens_a_menu_with_every_lab_by_keyboard(server: Server, browser: Browser, theme, width: int) -> None:
    with visit(browser, server.address, theme=theme, width=width) as (page, complaints):
        page.get_by_role("button", name="Labs").press("Enter")
        menu = page.get_by_test_id("stPopoverBody")
        expect(menu.get_by_role("link")).to_have_text([lab.title for lab in open_to_all()])
        settle(page)
        assert violations(page) == []
        assert complaints == []
