"""The bench of a class in browsers: every follower counts, and one who is left behind is no measurement."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from benchmarks import live_browsers as bench
from benchmarks.live import lecturing
from benchmarks.live_browsers import CONTROL, FOLLOWERS, WATCH, followed, moved, report

pytestmark = pytest.mark.browser
SLIDER = f'<input type="range" aria-label="{CONTROL}" min="1" max="4" value="2">'


@pytest.fixture
def opened(browser: Browser) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def watched(browser: Browser, opened: ExitStack, then: str = "") -> Page:
    """A page with the slider, which does something on its own once it is watched."""
    context = browser.new_context()
    opened.callback(context.close)
    page = context.new_page()
    page.set_content(SLIDER)
    page.evaluate(WATCH, CONTROL)
    page.evaluate(f"() => {{ const slider = document.querySelector('input'); {then} }}")
    return page


def test_each_follower_has_a_delay_of_its_own(browser: Browser, opened: ExitStack) -> None:
    presenter = watched(browser, opened)
    late = "setInterval(() => { if (performance.now() > 1500) slider.value = 3; }, 10);"
    followers = [watched(browser, opened, late) for _ in range(2)]
    delays = list(moved(presenter, followers, 0, every=0.1))
    assert len(delays) == 2
    assert report(delays).rows[0].ours.values == tuple(delays)


@pytest.mark.parametrize(
    ("follows", "says"),
    [
        ("", "never came to Stride 3"),
        (
            "slider.value = 3; setTimeout(() => { slider.value = 2; }, 800);",
            "follower 1 stands at 2, the presenter at 3",
        ),
    ],
    ids=["not at all", "and goes back"],
)
def test_one_who_does_not_stand_there_in_the_end_fails_the_bench(
    browser: Browser, opened: ExitStack, monkeypatch: pytest.MonkeyPatch, follows: str, says: str
) -> None:
    monkeypatch.setattr(bench, "PATIENCE", 600)
    presenter = watched(browser, opened)
    with pytest.raises(RuntimeError, match=says):
        list(moved(presenter, [watched(browser, opened, follows)], 0, every=1.5))


@pytest.mark.slow
def test_a_class_in_real_browsers_is_followed_by_all(browser: Browser, tmp_path: Path) -> None:
    with lecturing(tmp_path, warm_up="light") as presenter:
        delays = followed(browser, presenter.servers[0], moves=2, every=0.3)
    assert len(delays) == 2 * FOLLOWERS
    assert all(delay > 0 for delay in delays)
