"""One headless browser, and a stopwatch inside its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as NoAnswer

from tests.find_browser import find_browser

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
STOPWATCH = (Path(__file__).parent / "stopwatch.js").read_text(encoding="utf-8")
PATIENCE = 60_000  # milliseconds for a page on a busy machine
BLIND = 4_000  # milliseconds after which a move counts as one that changed no picture


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; every page of its own context has a cold cache."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser, url: str) -> Iterator[Page]:
    """A page with an empty cache, drawn to the end."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(url)
        drawn(page)
        yield page
    finally:
        context.close()


def drawn(page: Page) -> None:
    """Wait until the script has run and the browser has fetched what it sent."""
    page.locator("h1").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_000)


def telling_slider(page: Page) -> Locator | None:
    """The first slider of the page whose move changes a picture."""
    page.evaluate(STOPWATCH)
    sliders = page.locator("[data-testid=stSlider] input[type=range]")
    for index in range(sliders.count()):
        slider = sliders.nth(index)
        if slider.is_enabled() and slider.is_visible() and press(page, slider) is not None:
            return slider
    return None


def press(page: Page, slider: Locator) -> float | None:
    """One step of the slider: milliseconds from the key to the last change of a picture; None if none changed."""
    least, most, now = slider.evaluate("slider => [slider.min, slider.max, slider.value].map(Number)")
    towards = slider.get_attribute("data-towards") or "ArrowRight"
    if towards == "ArrowRight" and now >= most:
        towards = "ArrowLeft"
    elif towards == "ArrowLeft" and now <= least:
        towards = "ArrowRight"
    slider.evaluate("(slider, towards) => { slider.dataset.towards = towards; slider.focus() }", towards)
    page.evaluate("window.stopwatch.arm()")
    page.keyboard.press(towards)
    try:
        page.wait_for_function("window.stopwatch.quiet()", timeout=BLIND, polling=50)
    except NoAnswer:
        return None
    return float(page.evaluate("window.stopwatch.milliseconds()"))
