"""A page that follows a class stands where a page opened at the class' address stands, whatever it showed before."""

import json
import random
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.browser import PATIENCE
from benchmarks.serve import Server, fovea
from classroom.desk import Desk, open_desk
from classroom.live import lecture
from syllabus.questions import asked_live
from tests.classroom.conftest import IVA
from tests.course.house import tab
from tests.grading import small_course
from tests.pages.visits import settle, visit
from tests.serving import instructor_link

pytestmark = pytest.mark.browser

# To a control of the same name in another lab, to another setting of the same lab, back to a lab without its setting.
WAY = (
    "cam?view=Sharper",
    "roi?view=Cell+by+cell",
    "parameters?network=LeNet-5&colour=colour",
    "receptive_field?stack=conv+5%2C+pool+2%2C+conv+5%2C+pool+2&side=32",
    "receptive_field?side=64",
    "cam",
)
# A control is what a visitor may set, with how it is set; what only this visitor sees of the class is none of it.
CONTROLS = """() => {
    const ours = ".st-key-live, .st-key-menu, .st-key-prediction-box, .st-key-quiz";
    const kinds = "input, textarea, [aria-checked], [aria-selected], [data-testid=stAlert]";
    const chosen = (one) => one.closest("[data-testid=stSelectbox], [data-testid=stMultiSelect]")?.innerText;
    const shown = (one) => [one.value, one.ariaLabel, one.innerText, chosen(one)];
    const set = (one) => [one.checked, one.ariaChecked, one.ariaSelected, ...shown(one)];
    const found = [...document.querySelectorAll(`[data-testid=stMain] :is(${kinds})`)];
    return found.filter((one) => !one.closest(ours)).map((one) => JSON.stringify(set(one)));
}"""
GOING = "history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate', { state: history.state }));"
ARRIVED = "at => location.pathname + location.search === `/${at}` && window.foveaLive?.tries === 0"


@dataclass
class Led:
    """A class that somebody leads by what a presenting tab would send."""

    server: Server
    word: str

    def to(self, at: str) -> None:
        page, _, query = at.partition("?")
        said = json.dumps({"word": self.word, "page": page, "query": query, "spot": None}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.server.address}
        with urllib.request.urlopen(urllib.request.Request(f"{self.server.address}/api/live/at", said, headers)):
            pass


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Desk]]:
    folder = tmp_path_factory.mktemp("following")
    course, where = small_course.write(folder / "course"), str(folder / "ledger.sqlite")
    desk = open_desk(course, where)
    try:
        desk.classroom.keep([IVA])
        own = {"FOVEA_COURSE": str(course), "FOVEA_LEDGER": where}
        with fovea(warm_up="full", environment=own) as server:
            yield server, desk
    finally:
        desk.close()


@pytest.fixture
def led(held: tuple[Server, Desk]) -> Led:
    server, desk = held
    return Led(server, lecture.present(desk, IVA).word)


def controls(page: Page) -> list[str]:
    found: list[str] = page.evaluate(CONTROLS)
    return found


def follows(browser: Browser, led: Led, addresses: tuple[str, ...]) -> list[str]:
    """Where the page that follows is set otherwise than one that was opened there, and how."""
    different, follower = [], tab(browser)
    follower.goto(f"{led.server.address}/convolution")
    follower.get_by_role("button", name="Follow", exact=True).click()
    for at in addresses:
        led.to(at)
        follower.wait_for_function(ARRIVED, arg=at, timeout=PATIENCE)
        settle(follower)
        with visit(browser, f"{led.server.address}/{at}") as (opened, _):
            different += differences(at, opened, follower)
    follower.context.close()
    return different


def differences(at: str, opened: Page, follower: Page, *, again: int = 3) -> list[str]:
    """A slow page is looked at again before it is found to be different."""
    want, have = controls(opened), controls(follower)
    if want != have and again:
        opened.wait_for_timeout(1000)
        return differences(at, opened, follower, again=again - 1)
    only = [one for one in want if one not in have], [one for one in have if one not in want]
    return [] if want == have and want else [f"{at}: opened {only[0]}, led there {only[1]}"]


@pytest.mark.slow
def test_goes_from_lab_to_lab_with_their_settings(browser: Browser, led: Led) -> None:
    assert follows(browser, led, WAY) == []


def test_who_takes_a_class_over_brings_it_to_the_open_lab_and_holds_it_in_another(browser: Browser, led: Led) -> None:
    led.to("layer?maps=6")
    iva = tab(browser)
    iva.goto(instructor_link(led.server))
    iva.goto(f"{led.server.address}/convolution")
    offer, end = iva.get_by_role("button", name="Present", exact=True), iva.get_by_role("button", name="End the class")
    offer.click()
    iva.wait_for_function("window.foveaLive.seen.at === 'convolution'", timeout=PATIENCE)
    assert iva.url.endswith("/convolution")
    end.wait_for()
    expect(offer).to_have_count(0)
    iva.get_by_text("Projector", exact=True).click()
    expect(iva.locator(".st-key-menu")).to_have_count(0)
    iva.get_by_role("button", name="Spotlight").click(trial=True)  # nothing lies over the bar
    iva.evaluate(f"address => {{ {GOING} }}", "/layer")
    iva.get_by_role("heading", name="One convolutional layer", level=1).wait_for()
    settle(iva)
    expect(iva.locator(".st-key-menu, .st-key-prediction-box")).to_have_count(0)
    end.click()
    expect(iva.locator(".st-key-prediction-box")).to_have_count(1)
    expect(offer).to_have_count(1)
    iva.context.close()


def test_an_older_address_opened_in_a_tab_that_follows_goes_back_and_says_why(browser: Browser, led: Led) -> None:
    follower, bar = tab(browser), ".st-key-live [role=status]"
    follower.goto(f"{led.server.address}/convolution")
    follower.get_by_role("button", name="Follow", exact=True).click()
    led.to("layer?maps=6")
    follower.wait_for_function(ARRIVED, arg="layer?maps=6", timeout=PATIENCE)
    expect(follower.locator(bar)).to_have_text("Following: the class is at One convolutional layer.")
    for address, says in (("layer?maps=3", "so it went back"), ("layer?maps=6", "Following")):
        follower.goto(f"{led.server.address}/{address}")
        follower.wait_for_function(ARRIVED, arg="layer?maps=6", timeout=PATIENCE)
        expect(follower.locator(bar)).to_contain_text(says)
    follower.goto(f"{led.server.address}/layer?maps=3")
    expect(follower.locator(bar)).to_contain_text("so it went back: the class is at One convolutional layer.")
    follower.reload()
    expect(follower.locator(bar)).to_contain_text("Following")
    follower.context.close()


@pytest.mark.slow
def test_goes_wherever_a_question_leads(browser: Browser, led: Led) -> None:
    places = sorted({asked.page for asked in asked_live() if "?" in asked.page and not asked.page.startswith("errata")})
    assert follows(browser, led, tuple(random.Random(4).sample(places, 25))) == []
