"""An hour of everything at once, while somebody watches the server's memory.

Sixty visitors come every minute, move the controls of all labs every three seconds and leave; fifteen pages follow a
class that is led on every five seconds, and come anew every minute; in Chromium a student uploads an answered notebook,
hands it in and waits for the points, three times a minute, in a new tab after every tenth. One server does it all, with
the grader that it keeps beside it. Their resident memory is read every five seconds. Flat means: the median of the last
ten minutes is at most a twentieth above that of the ten minutes which follow the first ten, in which caches fill. Any
error, any page left behind and any hand-in without points ends the bench.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium, drawn
from benchmarks.course import INSTRUCTOR, WATCHER, answered, served, signed_in
from benchmarks.grading_runs import ASSIGNMENT
from benchmarks.live import Heard, Presenter, follow
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import Server
from benchmarks.websocket import crowd
from classroom import editor
from classroom.desk import Desk
from classroom.live import lecture
from pages._kit.discovery import open_to_all

MINUTES, SETTLING = 60.0, 10.0
VISITORS, THINK, STAY = 60, 3.0, 60.0
FOLLOWERS, EVERY, MOVES = 15, 5.0, 12
AGAIN = 20.0  # seconds between two hand-ins
UPLOADS = 10  # in one tab
LOOK = 5.0  # seconds between two readings
FLAT = 1.05


@dataclass
class Memory:
    """What the server and its grader hold, in megabytes, by the minute it was read."""

    server: list[tuple[float, float]] = field(default_factory=list)
    grader: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Used:
    """What an hour came to."""

    minutes: float
    settling: float
    memory: Memory
    moves: tuple[float, ...]  # milliseconds of each
    delays: tuple[float, ...]  # milliseconds until a follower stood where the class was
    feedback: tuple[float, ...]  # seconds from Hand in to the points


def measure(*, quick: bool) -> Section:
    """The hour, or three minutes of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), warm_up="full") as (server, desk),
        chromium() as browser,
    ):
        found = used(browser, server, desk, minutes=3 if quick else MINUTES, settling=0.5 if quick else SETTLING)
    return report(found)


def report(found: Used) -> Section:
    """Memory first, then how it felt."""
    rows = (
        _flat("the server", found.memory.server, found),
        _flat("the grader beside it", found.memory.grader, found),
        Row("Meanwhile: a visitor's move", Series(found.moves, "ms"), goals=(Goal("p95", 500),)),
        Row(
            "Meanwhile: until a page that follows stands there", Series(found.delays, "ms"), goals=(Goal("p95", 2000),)
        ),
        Row("Meanwhile: from Hand in to the points on the page", Series(found.feedback, "s")),
    )
    notes = (
        f"{len(found.moves):,} moves, {len(found.delays):,} followed, {len(found.feedback)} uploads handed in and "
        f"graded within {found.minutes:.0f} minutes; no error.",
    )
    return Section("soak", __doc__ or "", rows, notes)


def _flat(what: str, read: list[tuple[float, float]], found: Used) -> Row:
    first = tuple(size for at, size in read if found.settling <= at < 2 * found.settling)
    last = tuple(size for at, size in read if at >= found.minutes - found.settling)
    then = f"minutes {found.settling:g} to {2 * found.settling:g}"
    name = f"Memory of {what}, the last {found.settling:g} minutes of {found.minutes:.0f}"
    return Row(name, Series(last, "MB"), then, Series(first, "MB"), (Goal("ratio", FLAT),))


def used(browser: Browser, server: Server, desk: Desk, *, minutes: float, settling: float) -> Used:
    """Everything at once for so long."""
    until = time.perf_counter() + 60 * minutes
    presenting = lecture.present(desk, INSTRUCTOR)
    presenter = Presenter((server,), presenting.word, Heard(presenting.lecture.revision, ""))
    with watched(server) as memory, ThreadPoolExecutor(2) as beside:
        visiting = beside.submit(_until, until, lambda number: _visits(server, number))
        leading = beside.submit(_until, until, lambda _: _led(presenter))
        feedback = tuple(_uploads(browser, server, desk, lambda: not visiting.done() and not leading.done()))
        return Used(minutes, settling, memory, visiting.result(), leading.result(), feedback)


def _until(end: float, once: Callable[[int], tuple[float, ...]]) -> tuple[float, ...]:
    found = list[float]()
    for number in count(1):
        found += once(number)
        if time.perf_counter() >= end:
            break
    return tuple(found)


def _visits(server: Server, number: int) -> tuple[float, ...]:
    labs = [lab.name for lab in open_to_all()]
    shown = labs[number % len(labs) :] + labs[: number % len(labs)]
    return crowd(server, shown, sessions=VISITORS, think=THINK, seconds=STAY, seed=number).milliseconds


def _led(presenter: Presenter) -> tuple[float, ...]:
    return follow(presenter, followers=FOLLOWERS, moves=MOVES, every=EVERY).delays


def _uploads(browser: Browser, server: Server, desk: Desk, goes_on: Callable[[], bool]) -> Iterator[float]:
    """Seconds from the click to the points, of each upload."""
    number = 0
    while goes_on():
        with signed_in(browser, server, desk) as page:
            page.get_by_role("radio", name="Hand in a file", exact=True).click()
            drawn(page)
            for _ in range(UPLOADS):
                number, began = number + 1, time.perf_counter()
                yield _upload(page, desk, number)
                page.wait_for_timeout(max(0.0, 1e3 * (began + AGAIN - time.perf_counter())))
                if not goes_on():
                    return


def _upload(page: Page, desk: Desk, number: int) -> float:
    answered(desk, number)
    name, data = editor.notebook(desk, WATCHER, ASSIGNMENT)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/x-ipynb+json", "buffer": data}
    )
    button = page.get_by_role("button", name="Hand this file in")
    button.wait_for()
    began = time.perf_counter()
    button.click()
    page.get_by_text(f"Hand-in {number} for").wait_for()
    page.get_by_text("Graded:").wait_for()
    return time.perf_counter() - began


@contextmanager
def watched(server: Server) -> Iterator[Memory]:
    """Read what the two hold, for as long as this lasts."""
    memory, over, began = Memory(), Event(), time.perf_counter()
    process = psutil.Process(server.pid)

    def read() -> None:
        while not over.wait(LOOK):
            at = (time.perf_counter() - began) / 60
            memory.server.append((at, process.memory_info().rss / 1e6))
            with suppress(psutil.NoSuchProcess):  # what the server forked for a moment
                graders = [each for each in process.children() if "grader" in each.cmdline()]
                memory.grader += [(at, each.memory_info().rss / 1e6) for each in graders]

    watcher = Thread(target=read, name="memory", daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()
