"""A class in real browsers: one presenter and three who follow, each with a Chromium profile of their own.

The presenter has pressed *Present* on a lab and moves its slider ten times by the arrow keys, two seconds apart. The
followers have pressed *Follow*. A delay lasts from the key in the presenter's page until the follower's own slider
stands at the same value, by the one clock that all browsers of a machine share; each follower looks every five
milliseconds. If a slider came to the value more than once, the last time counts; if one does not stand there in the
end, the bench fails. Server and all four browsers share the machine's cores.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as NoAnswer

from benchmarks.browser import PATIENCE, chromium, drawn, tab
from benchmarks.live import lecturing
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import Server
from tests.serving import instructor_link

FOLLOWERS = 3
MOVES = 10
EVERY = 2.0  # seconds between two moves
LAB, CONTROL = "convolution", "Stride"
KEYS = ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")

# The value of the slider, whenever it changes, with the moment; and the moment of the last key.
WATCH = """label => {
    const slider = () => [...document.querySelectorAll("input[type=range]")].find((one) => one.ariaLabel === label);
    const seen = window.seen = [];
    setInterval(() => {
        const value = slider()?.value;
        if (value !== undefined && value !== seen.at(-1)?.value) seen.push({ value, at: Date.now() });
    }, 5);
    document.addEventListener("keydown", () => { window.pressed = Date.now(); }, true);
}"""
STANDS = "value => window.seen.at(-1)?.value === value"


def measure(*, quick: bool) -> Section:
    """The class, once."""
    with tempfile.TemporaryDirectory() as folder, lecturing(Path(folder)) as class_, chromium() as browser:
        return report(followed(browser, class_.servers[0], moves=4 if quick else MOVES))


def report(delays: Sequence[float]) -> Section:
    """One row."""
    what = f"{FOLLOWERS} followers in Chromium: from the presenter's key until their control stands there"
    return Section(
        "live_browsers", __doc__ or "", (Row(what, Series(tuple(delays), "ms"), goals=(Goal("median", 1000),)),)
    )


def followed(browser: Browser, server: Server, *, moves: int, every: float = EVERY) -> tuple[float, ...]:
    """Milliseconds of every move at every follower."""
    with ExitStack() as stack:
        presenter = stack.enter_context(presenting(browser, server))
        followers = [stack.enter_context(following(browser, server)) for _ in range(FOLLOWERS)]
        for page in (presenter, *followers):
            page.evaluate(WATCH, CONTROL)
        return tuple(delay for turn in range(moves) for delay in moved(presenter, followers, turn, every=every))


@contextmanager
def presenting(browser: Browser, server: Server) -> Iterator[Page]:
    """The tab of the instructor, who presents the lab."""
    with tab(browser, instructor_link(server)) as page:
        page.goto(f"{server.address}/{LAB}")
        drawn(page)
        page.get_by_role("button", name="Present", exact=True).click()
        page.get_by_text("Presenting: the class sees this page.").wait_for()
        yield page


@contextmanager
def following(browser: Browser, server: Server) -> Iterator[Page]:
    """The tab of somebody who came from another lab and follows."""
    with tab(browser, f"{server.address}/layer") as page:
        page.get_by_role("button", name="Follow", exact=True).click()
        page.wait_for_url(f"**/{LAB}*")
        drawn(page)
        yield page


def moved(presenter: Page, followers: Sequence[Page], turn: int, *, every: float) -> Iterator[float]:
    """Press once and rest; then the delay of each follower."""
    slider, began = presenter.get_by_role("slider", name=CONTROL), time.perf_counter()
    slider.press(KEYS[turn % len(KEYS)])
    shown = slider.input_value()
    for page in followers:
        _wait(page, shown)
    presenter.wait_for_timeout(max(0.0, 1000 * (began + every - time.perf_counter())))
    pressed: float = presenter.evaluate("window.pressed")
    for number, page in enumerate(followers, start=1):
        last: dict[str, Any] = page.evaluate("window.seen.at(-1)")
        if last["value"] != shown:
            raise RuntimeError(f"follower {number} stands at {last['value']}, the presenter at {shown}")
        yield last["at"] - pressed


def _wait(page: Page, shown: str) -> None:
    try:
        page.wait_for_function(STANDS, arg=shown, timeout=PATIENCE, polling=20)
    except NoAnswer:
        raise RuntimeError(f"a follower never came to {CONTROL} {shown}; it is at {page.url}") from None
