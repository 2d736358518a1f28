"""The stopwatch inside the page, on a page whose timing is known."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from benchmarks import browser as stopwatch
from benchmarks.browser import press, telling_slider

pytestmark = pytest.mark.browser

PAGE = """
<div data-testid="stApp" data-test-script-state="notRunning"><main data-testid="stMain">
<div data-testid="stSlider"><input id="off" type="range" min="1" max="3" value="2" disabled></div>
<div data-testid="stSlider"><input id="idle" type="range" min="1" max="3" value="2"></div>
<div data-testid="stSlider"><input id="telling" type="range" min="1" max="3" value="2"></div>
<div class="js-plotly-plot"><p id="chart">2</p></div>
<div class="st-key-toolbar"><div data-testid="stBidiComponentIsolated"><p id="tool">2</p></div></div>
</main></div>
<script>
document.querySelector("#idle").oninput = (event) => {
  document.querySelector("#tool").textContent = event.target.value;
};
document.querySelector("#telling").oninput = (event) => {
  setTimeout(() => { document.querySelector("#chart").textContent = "half" }, 100);
  setTimeout(() => { document.querySelector("#chart").textContent = event.target.value }, 300);
};
</script>
"""


@pytest.fixture
def page(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setattr(stopwatch, "BLIND", 1_000)
    context = browser.new_context()
    shown = context.new_page()
    shown.set_content(PAGE)
    yield shown
    context.close()


def test_finds_the_slider_that_changes_a_picture(page: Page) -> None:
    slider = telling_slider(page)
    assert slider is not None
    assert slider.get_attribute("id") == "telling"


def test_runs_from_the_key_to_the_last_change_of_the_picture(page: Page) -> None:
    slider = telling_slider(page)
    assert slider is not None
    for _ in range(3):
        took = press(page, slider)
        assert took is not None
        assert 300 <= took < 900


def test_walks_to_and_fro_between_the_ends(page: Page) -> None:
    slider = telling_slider(page)  # that took the first step, from 2 to 3
    assert slider is not None
    places = [press(page, slider) and slider.input_value() for _ in range(4)]
    assert places == ["2", "1", "2", "3"]


def test_a_toolbar_is_no_picture(page: Page) -> None:
    telling_slider(page)
    assert press(page, page.locator("#idle")) is None
