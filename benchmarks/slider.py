"""One visitor moves a slider, and we wait for the picture.

A headless Chromium opens each lab that has a picture and a slider, and presses an arrow key on the first slider that
changes a picture. A stopwatch inside the page runs from the key event to the animation frame after the last change of
any picture's DOM (plotly charts, images, our components), so drawing in the browser counts as well, and a lab with
three charts has answered when the third stands. Both servers have everything imported and serve nobody else. The stock
one shows a few of the labs: its overhead is the same everywhere.
"""

from playwright.sync_api import Browser

from benchmarks.browser import chromium, press, tab, telling_slider
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import COMPARED, STOCK, Server, fovea, stock
from classroom.roles import Role
from pages._kit.discovery import discover


def measure(*, quick: bool) -> Section:
    """A row per lab, and one over all."""
    moves = 15 if quick else 40
    rows, skipped = [], []
    with chromium() as browser, fovea(warm_up="full") as ours, stock() as theirs:
        for lab in (lab for lab in discover() if lab.role == Role.VISITOR):
            mine = times(browser, ours, lab.name, moves)
            if not mine:
                skipped.append(lab.title)
                continue
            peers = Series(times(browser, theirs, lab.name, moves), "ms") if lab.name in COMPARED else None
            goals = (Goal("median", 150), Goal("p95", 250))
            name = f"Slider to new picture: {lab.title}"
            rows.append(Row(name, Series(mine, "ms"), STOCK if peers else "", peers, goals=goals))
    notes = (f"Without a slider that changes a picture, so not measured here: {', '.join(skipped)}.",)
    return Section("slider", __doc__ or "", tuple(rows), notes if skipped else ())


def times(browser: Browser, server: Server, page_name: str, moves: int) -> tuple[float, ...]:
    """Milliseconds of each move; empty if the page has no slider that changes a picture."""
    with tab(browser, f"{server.address}/{page_name}") as page:
        slider = telling_slider(page)
        if slider is None:
            return ()
        found = [press(page, slider) for _ in range(moves)]
    seen = tuple(time for time in found if time is not None)
    if len(seen) < 0.9 * moves:
        raise RuntimeError(f"/{page_name}: only {len(seen)} of {moves} moves changed a picture")
    return seen
