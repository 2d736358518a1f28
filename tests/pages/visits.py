"""Opening a page the way the tests look at it: wait until it is drawn, and keep what the browser complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

Theme = Literal["light", "dark"]

# A page below the root asks for these two beside itself first, and then where they are: Streamlit's own search.
STREAMLITS_OWN = ("/_stcore/health", "/_stcore/host-config")


_CONTEXTS: WeakKeyDictionary[Browser, dict[tuple[Theme, int], BrowserContext]] = WeakKeyDictionary()


@contextmanager
def visit(browser: Browser, url: str, *, theme: Theme = "light", width: int = 1280) -> Iterator[tuple[Page, list[str]]]:
    """A page that finished drawing, and the list of complaints, which goes on growing while it is open.

    Visitors of one theme and width share their cache, as one who comes back: the app's own scripts are read once.
    """
    page = _context(browser, theme, width).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.goto(url)
    settle(page)
    yield page, complaints
    page.close()


def _context(browser: Browser, theme: Theme, width: int) -> BrowserContext:
    contexts = _CONTEXTS.setdefault(browser, {})
    if (theme, width) not in contexts:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.set_default_timeout(60_000)  # the machine may be busy
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
