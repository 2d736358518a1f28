"""What a first visit sends over the wire.

A Chromium with an empty cache opens the front page. Counted is what came in: the encoded length of every answer as the
browser's network log has it (headers included), and the payload of the websocket's messages.
"""

from playwright.sync_api import Browser

from benchmarks.browser import PATIENCE, chromium, drawn
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import STOCK, Server, fovea, stock


def measure(*, quick: bool) -> Section:
    """Megabytes of one visit."""
    visits = 1 if quick else 3
    with chromium() as browser:
        with fovea() as ours:
            mine = [megabytes(browser, ours) for _ in range(visits)]
        with stock(warm=False) as theirs:
            peers = [megabytes(browser, theirs) for _ in range(visits)]
    row = Row(
        "Front page, cold cache, over the wire",
        Series(tuple(sum(visit) for visit in mine), "MB"),
        STOCK,
        Series(tuple(sum(visit) for visit in peers), "MB"),
        goals=(Goal("most", 0.7),),
    )
    socket = mine[0][1]
    return Section("front_page", __doc__ or "", (row,), (f"Of ours, {socket:.3f} MB came through the websocket.",))


def megabytes(browser: Browser, server: Server) -> tuple[float, float]:
    """What came in by HTTP and by websocket, for a visitor who was never here."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        answers: list[float] = []
        messages: list[int] = []
        log = context.new_cdp_session(page)
        log.send("Network.enable")
        log.on("Network.loadingFinished", lambda event: answers.append(event["encodedDataLength"]))
        page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: messages.append(len(payload))))
        page.goto(server.address)
        drawn(page)
        return sum(answers) / 1e6, sum(messages) / 1e6
    finally:
        context.close()
