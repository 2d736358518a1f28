"""Taking the pictures of the labs from the running app: for the cards of the front page, and for the README.

`make pictures` runs this for all labs, `python -m tests.take_pictures pooling layer` for some, and `home` for the
README's of the front page. A card shows the figure of the lab, cut from the page as a visitor with a laptop sees it;
the README gets the pictures that it names. Where a button begins a training it is pressed, and the picture waits for
the end: an empty chart would say nothing.
"""

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageStat
from playwright.sync_api import Page, sync_playwright

from pages._kit.discovery import PICTURE_SIDES, Lab, open_to_all
from tests.conftest import BROWSER_FLAGS
from tests.find_browser import find_browser
from tests.pages.visits import Theme, settle, visit
from tests.serving import serve

THEMES: tuple[Theme, ...] = ("light", "dark")
ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "docs" / "pictures"
BLANK = 5.0  # standard deviation of the pixels: a page that shows anything has twice as much
NAMED = re.findall(r"docs/pictures/(\w+)\.webp", (ROOT / "README.md").read_text(encoding="utf-8"))


def main(wanted: Sequence[str]) -> None:
    """Take the pictures anew: of the labs named, or all."""
    with serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        labs = [lab for lab in open_to_all() if not wanted or lab.name in wanted]
        for lab in labs:
            for theme in THEMES:
                with visit(browser, f"{server.address}/{lab.name}?embed=true", theme=theme, width=1000) as (page, _):
                    _train(page)
                    _save_card(page, lab, theme)
        for name in [name for name in NAMED if not wanted or name in wanted]:
            with visit(browser, f"{server.address}/{'' if name == 'home' else name}", width=1280) as (page, _):
                Image.open(io.BytesIO(page.screenshot())).save(README / f"{name}.webp", quality=80, method=6)
        browser.close()


def _train(page: Page) -> None:
    """Press the button that begins a training, if there is one, and wait until nothing can be stopped any more."""
    begin = page.locator("[data-testid=stMain] button[kind=primary]:enabled")
    stop = page.locator("[data-testid=stMain] [class*=st-key-stop] button:enabled")
    if begin.count():
        begin.first.click()
        stop.first.wait_for(timeout=20_000)
    stop.first.wait_for(state="detached", timeout=300_000)
    settle(page)


def _save_card(page: Page, lab: Lab, theme: Theme) -> None:
    """The part below the title, in the shape of a card."""
    page.set_viewport_size({"width": 1000, "height": 900})
    top = page.locator("h1").bounding_box()
    assert top is not None  # `visit` waited for it
    height = 1000 * PICTURE_SIDES[1] // PICTURE_SIDES[0]
    clip = {"x": 0, "y": top["y"] + top["height"] + 8, "width": 1000, "height": height}
    picture = (
        Image.open(io.BytesIO(page.screenshot(clip=clip)))
        .convert("RGB")
        .resize(PICTURE_SIDES, Image.Resampling.LANCZOS)
    )
    if max(ImageStat.Stat(picture).stddev) < BLANK:
        raise RuntimeError(f"{lab.name} had drawn nothing yet: take its picture again on a quieter machine")
    picture.save(lab.picture(theme), quality=32, method=6)


if __name__ == "__main__":
    main(sys.argv[1:])
