"""Opening a page the way the tests look at it: wait until it is drawn, and keep what the browser complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from benchmarks.browser import PATIENCE

Theme = Literal["light", "dark"]

# A page below the root asks for these two beside itself first, and then where they are: Streamlit's own search.
STREAMLITS_OWN = ("/_stcore/health", "/_stcore/host-config")


Corner = tuple[Theme, int]
_CONTEXTS: WeakKeyDictionary[Browser, dict[Corner, BrowserContext]] = WeakKeyDictionary()
_IDLE: WeakKeyDictionary[BrowserContext, list[Page]] = WeakKeyDictionary()


@contextmanager
def visit(browser: Browser, url: str, *, theme: Theme = "light", width: int = 1280) -> Iterator[tuple[Page, list[str]]]:
    """A page that finished drawing, and the list of complaints, which goes on growing while it is open.

    Visitors of one theme and width share their cache and, one after the other, a tab: a new one would read our
    scripts anew, which takes a second.
    """
    context = _context(browser, theme, width)
    idle = _IDLE.setdefault(context, [])
    page = idle.pop() if idle else context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    complaints: list[str] = []

    def fault(error: Error) -> None:
        complaints.append(f"page error: {error}")

    def said(message: ConsoleMessage) -> None:
        complaints.extend(_complaint(message))

    page.on("pageerror", fault)
    page.on("console", said)
    page.goto(url)
    settle(page)
    yield page, complaints  # after a failure the tab is left alone, as it is
    page.remove_listener("pageerror", fault)
    page.remove_listener("console", said)
    page.goto("about:blank")
    idle.append(page)


def _context(browser: Browser, theme: Theme, width: int) -> BrowserContext:
    contexts = _CONTEXTS.setdefault(browser, {})
    if (theme, width) not in contexts:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.set_default_timeout(PATIENCE)
        contexts[theme, width] = context
    return contexts[theme, width]


def settle(page: Page) -> None:
    """Wait until the script has run and the browser has drawn what it sent."""
    page.locator("h1").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def _complaint(message: ConsoleMessage) -> Iterator[str]:
    if message.type == "error" and not message.location["url"].endswith(STREAMLITS_OWN):
        yield f"console: {message.text} at {message.location['url']}"
