"""From the command to the first page, on a laptop.

A fresh process each time, with the warm-up that `fovea app` has by default. The browser is running already and has an
empty profile; its visitor asks the moment the server's port answers, warm or not, and the title stands when the
heading of the front page is in the DOM. Files are in the system's cache (one start before the first is not counted).
Right after the title we look into the server's memory map for libraries of torch, which no visitor of the front page
needs. The stock server warms nothing up.
"""

import threading
import time

from playwright.sync_api import Browser

from benchmarks.browser import PATIENCE, chromium
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import STOCK, Server, fovea, stock


def measure(*, quick: bool) -> Section:
    """Readiness, title, and what was loaded by then."""
    times = 2 if quick else 5
    ready, title, torch, peers = [], [], [], []
    with chromium() as browser:
        for attempt in range(times + 1):
            with fovea(wait=False) as server:
                first = first_title(browser, server, "/api/health", "/api/ready")
                if attempt:
                    title.append(first[0])
                    ready.append(first[1])
                    torch.append(float(server.mapped("libtorch")))
        for attempt in range(times + 1):
            with stock(warm=False, wait=False) as server:
                first = first_title(browser, server, "/_stcore/health", "/_stcore/health")
                if attempt:
                    peers.append(first[0])
    rows = (
        Row("Start to ready", Series(tuple(ready), "s")),
        Row(
            "Start to first title, cold profile",
            Series(tuple(title), "s"),
            STOCK,
            Series(tuple(peers), "s"),
            goals=(Goal("median", 6),),
        ),
        Row("torch in memory at the first title", Series(tuple(torch), "mapped regions"), goals=(Goal("most", 0),)),
    )
    return Section("start", __doc__ or "", rows)


def first_title(browser: Browser, server: Server, answers: str, ready: str) -> tuple[float, float]:
    """Seconds from the server's start to the title, and to its readiness."""
    warm: list[float] = []
    watch = threading.Thread(target=lambda: warm.append(server.wait(ready)))
    watch.start()
    server.wait(answers)
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        page.goto(server.address, wait_until="commit")
        page.locator("h1", has_text="Fovea").wait_for()
        title = time.perf_counter() - server.began
    finally:
        context.close()
    watch.join()
    return title, warm[0]
