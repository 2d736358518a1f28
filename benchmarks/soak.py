"""An hour of everything at once, while somebody watches the server's memory.

Forty visitors come every minute, move the controls of all labs every three seconds and leave; fifteen pages follow a
class that is led on every five seconds, and come anew every minute; in Chromium a student uploads an answered notebook,
hands it in and waits for the points, three times a minute, in a new browser after every tenth. One server does it all,
with the grader that it keeps beside it. Read every five seconds: the server's resident memory, and what the grader and
all its sandboxes hold, without the files of libraries. Flat means: the median of the last ten minutes is at most a
twentieth above that of the ten minutes which follow the first ten, in which caches fill. What goes wrong is counted: a
page that shows an error, a page left behind, a hand-in without points. What is read and what goes wrong stands in
build/soak.csv as it comes.
"""

import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread

import psutil
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page
from websockets.exceptions import WebSocketException

from benchmarks.browser import chromium, drawn
from benchmarks.course import INSTRUCTOR, WATCHER, answered, served, signed_in
from benchmarks.grading_runs import ASSIGNMENT
from benchmarks.live import Heard, Presenter, follow
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import ROOT, Server
from benchmarks.websocket import crowd
from classroom import editor, work
from classroom.desk import Desk
from classroom.live import lecture
from pages._kit.discovery import open_to_all

MINUTES, SETTLING = 60.0, 10.0
VISITORS, THINK, STAY = 40, 3.0, 60.0
FOLLOWERS, EVERY, MOVES = 15, 5.0, 12
AGAIN = 20.0  # seconds between two hand-ins
UPLOADS = 10  # in one browser
LOOK = 5.0  # seconds between two readings
PAUSE = 5.0  # seconds until somebody comes again whom an error sent away
PATIENCE = 300.0  # seconds for a page and its points; the grader's first start is slow on a busy machine
FLAT = 1.05
DIARY = ROOT / "build" / "soak.csv"

FAULTS = (RuntimeError, OSError, TimeoutError, WebSocketException, BrowserError)


@dataclass
class Diary:
    """What was read and what went wrong, by the minute; kept in a file too, in case the hour breaks off."""

    file: Path
    began: float = field(default_factory=time.perf_counter)
    read: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    def reading(self, of: str, megabytes: float) -> None:
        """Somebody holds so much now."""
        self.read[of].append((self._minute(), megabytes))
        self._write(of, f"{megabytes:.1f}")

    def fault(self, what: str) -> None:
        """Something went wrong now."""
        self.faults.append(f"minute {self._minute():.1f}: {what.splitlines()[0]}")
        self._write("fault", repr(what))

    def _minute(self) -> float:
        return (time.perf_counter() - self.began) / 60

    def _write(self, *what: str) -> None:
        with self.file.open("a", encoding="utf-8") as file:
            file.write(",".join((f"{self._minute():.3f}", *what)) + "\n")


@dataclass(frozen=True)
class Used:
    """What an hour came to."""

    minutes: float
    settling: float
    diary: Diary
    moves: tuple[float, ...]  # milliseconds of each
    delays: tuple[float, ...]  # milliseconds until a follower stood where the class was
    feedback: tuple[float, ...]  # seconds from Hand in to the points


def measure(*, quick: bool) -> Section:
    """The hour, or three minutes of it."""
    DIARY.parent.mkdir(exist_ok=True)
    DIARY.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), warm_up="full") as (server, desk):
        found = used(server, desk, minutes=3 if quick else MINUTES, settling=0.5 if quick else SETTLING)
    if not (found.moves and found.delays and found.feedback):
        raise RuntimeError(f"not everything was used; {'; '.join(found.diary.faults)}")
    return report(found)


def report(found: Used) -> Section:
    """Memory first, then how it felt."""
    faults = found.diary.faults
    rows = (
        _flat("the server", found.diary.read["server"], found),
        _flat("the grader beside it", found.diary.read["grader"], found),
        Row("Meanwhile: what went wrong", Series((float(len(faults)),), "errors"), goals=(Goal("most", 0),)),
        Row("Meanwhile: a visitor's move", Series(found.moves, "ms"), goals=(Goal("p95", 500),)),
        Row(
            "Meanwhile: until a page that follows stands there", Series(found.delays, "ms"), goals=(Goal("p95", 2000),)
        ),
        Row("Meanwhile: from Hand in to the points on the page", Series(found.feedback, "s")),
    )
    notes = (
        f"{len(found.moves):,} moves, {len(found.delays):,} followed, {len(found.feedback)} uploads handed in and "
        f"graded within {found.minutes:.0f} minutes.",
        *faults[:10],
    )
    return Section("soak", __doc__ or "", rows, notes)


def _flat(what: str, read: list[tuple[float, float]], found: Used) -> Row:
    first = tuple(size for at, size in read if found.settling <= at < 2 * found.settling)
    last = tuple(size for at, size in read if at >= found.minutes - found.settling)
    then = f"minutes {found.settling:g} to {2 * found.settling:g}"
    name = f"Memory of {what}, the last {found.settling:g} minutes of {found.minutes:.0f}"
    return Row(name, Series(last, "MB"), then, Series(first, "MB"), (Goal("ratio", FLAT),))


def used(server: Server, desk: Desk, *, minutes: float, settling: float) -> Used:
    """Everything at once for so long, when a first hand-in has woken the grader."""
    presenting = lecture.present(desk, INSTRUCTOR)
    presenter = Presenter((server,), presenting.word, Heard(presenting.lecture.revision, ""))
    list(_uploads(server, desk, lambda: False))
    diary, over = Diary(DIARY), Event()
    until = diary.began + 60 * minutes

    def goes_on() -> bool:
        return not over.is_set() and time.perf_counter() < until

    with watched(server, diary), ThreadPoolExecutor(2) as beside:
        visiting = beside.submit(again, goes_on, diary, lambda number: _visits(server, number))
        leading = beside.submit(again, goes_on, diary, lambda _: _led(presenter))
        try:
            feedback = again(goes_on, diary, lambda _: _uploads(server, desk, goes_on))
        finally:
            over.set()
        return Used(minutes, settling, diary, visiting.result(), leading.result(), feedback)


def again(goes_on: Callable[[], bool], diary: Diary, once: Callable[[int], Iterator[float]]) -> tuple[float, ...]:
    """What doing it again and again measured; an error is put down, and they come again."""
    found = list[float]()
    for number in count(1):
        try:
            found.extend(once(number))
        except FAULTS as fault:
            diary.fault(f"{type(fault).__name__}: {fault}")
            time.sleep(PAUSE)
        if not goes_on():
            break
    return tuple(found)


def _visits(server: Server, number: int) -> Iterator[float]:
    labs = [lab.name for lab in open_to_all()]
    first = number * VISITORS % len(labs)  # every lab is shown again after a few minutes
    shown = labs[first:] + labs[:first]
    yield from crowd(server, shown, sessions=VISITORS, think=THINK, seconds=STAY, seed=number).milliseconds


def _led(presenter: Presenter) -> Iterator[float]:
    yield from follow(presenter, followers=FOLLOWERS, moves=MOVES, every=EVERY).delays


def _uploads(server: Server, desk: Desk, goes_on: Callable[[], bool]) -> Iterator[float]:
    """Seconds from the click to the points, of each upload in one browser."""
    with chromium() as browser, signed_in(browser, server, desk) as page:
        page.set_default_timeout(PATIENCE * 1e3)
        page.get_by_role("radio", name="Hand in a file", exact=True).click()
        drawn(page)
        for _ in range(UPLOADS):
            began = time.perf_counter()
            yield _upload(page, desk)
            page.wait_for_timeout(max(0.0, 1e3 * (began + AGAIN - time.perf_counter())))
            if not goes_on():
                return


def _upload(page: Page, desk: Desk) -> float:
    number = len(work.history(desk, WATCHER, ASSIGNMENT)) + 1
    answered(desk, number)
    name, data = editor.notebook(desk, WATCHER, ASSIGNMENT)
    button = page.get_by_role("button", name="Hand this file in")
    if button.count():  # the file before is still there
        page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
        button.wait_for(state="detached")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/x-ipynb+json", "buffer": data}
    )
    button.wait_for()
    _at_rest(page)
    began = time.perf_counter()
    button.click()
    page.get_by_text(f"Hand-in {number} for").wait_for()
    _at_rest(page)
    page.get_by_text("Graded:").wait_for()
    return time.perf_counter() - began


def _at_rest(page: Page) -> None:
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


@contextmanager
def watched(server: Server, diary: Diary) -> Iterator[None]:
    """Read what the two hold, for as long as this lasts."""
    over, process = Event(), psutil.Process(server.pid)

    def read() -> None:
        while not over.wait(LOOK):
            with suppress(psutil.Error):  # a process may end while it is looked at
                diary.reading("server", process.memory_info().rss / 1e6)
                for each in process.children():
                    if "grader" in each.cmdline():
                        diary.reading("grader", sum(_share(one) for one in (each, *each.children(recursive=True))))

    watcher = Thread(target=read, name="memory", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _share(process: psutil.Process) -> float:
    """What of its data a process holds, in megabytes: a sandbox shares nearly all with what it was forked from."""
    with suppress(OSError):
        held = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        return sum(int(kilobytes) for kilobytes in re.findall(r"^Pss_Anon: +(\d+)", held, re.MULTILINE)) / 1e3
    return 0.0
