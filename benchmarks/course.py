"""A course in the browser: how long a student waits for feedback, and how the pages feel while everybody hands in.

The warm-up of the course that comes along, served by `fovea app` with the one grader that it starts; two hundred
students on the roster. Feedback: a student's notebook is answered, the button "Hand in" is pressed in Chromium, and the
clock stops when the page says the points; the queue is empty each time, the first is not counted. Rush: two hundred
hand-ins arrive within a minute, at random, through the service that the page calls, while another student goes to and
fro between the views of the assignment; a click is answered when its view stands there. Server, grader, browser and
the two hundred share the machine's cores.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page

from benchmarks.browser import chromium, drawn
from benchmarks.grading_hand_ins import STEP_BY_STEP, class_of
from benchmarks.grading_runs import ASSIGNMENT, COURSE
from benchmarks.grading_service import arrivals
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import LOOPBACK, Server, WarmUp, fovea
from classroom import assignments, editor, work
from classroom.desk import Desk, open_desk
from classroom.people import Person
from classroom.port import Pin
from classroom.roles import Role
from classroom.signin.local import COOKIE, LocalSignIn, class_code
from classroom.signin.pins import hash_pin

STUDENTS, RUSH, ROUNDS = 200, 60.0, 15
PATIENCE = 300.0  # seconds for what is still to be graded, on a busy machine
INSTRUCTOR = Person("instructor", "Instructor", Role.INSTRUCTOR)
WATCHER = Person("watcher", "Watcher", number="watcher")
PIN = "271828"
VIEWS = {"Results": "What you handed in", "Hand in a file": "Download for Jupyter", "Notebook": "Hand in what is typed"}


@dataclass(frozen=True)
class Rush:
    """What a minute of hand-ins came to."""

    clicks: tuple[float, ...]  # seconds of each
    graded: int
    after: float  # seconds from the last hand-in to the last result
    displaced: int  # by how many places a result came before or after its turn, at most


def measure(*, quick: bool) -> Section:
    """Both, on one server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as (server, desk),
        chromium() as browser,
        signed_in(browser, server, desk) as page,
    ):
        waited = feedback(page, desk, rounds=2 if quick else ROUNDS)
        rush = minute(page, desk, students=20 if quick else STUDENTS, seconds=6 if quick else RUSH)
    rows = (
        Row("From Hand in to the points on the page", Series(waited, "s"), goals=(Goal("median", 3.0),)),
        Row(
            f"A click while {rush.graded} hand in within {6 if quick else RUSH:.0f} s",
            Series(rush.clicks, "s"),
            goals=(Goal("p95", 1.0),),
        ),
        Row("From the last hand-in to the last result", Series((rush.after,), "s")),
    )
    notes = (
        f"All {rush.graded} were graded; none came before or after its turn by more than {rush.displaced} "
        f"place{'' if rush.displaced == 1 else 's'}.",
    )
    return Section("course", __doc__ or "", rows, notes)


def feedback(page: Page, desk: Desk, *, rounds: int) -> tuple[float, ...]:
    """Seconds from the click to the points, of every hand-in but the first."""
    seconds = []
    for number in range(1, rounds + 2):
        answered(desk, number)
        began = time.perf_counter()
        page.get_by_role("button", name="Hand in what is typed here").click()
        page.get_by_text(f"Hand-in {number} for {ASSIGNMENT}").wait_for()
        page.get_by_text("Graded:").wait_for()
        seconds.append(time.perf_counter() - began)
        drawn(page)
    return tuple(seconds[1:])


def minute(page: Page, desk: Desk, *, students: int, seconds: float) -> Rush:
    """So many students hand in, while one goes from view to view until all is graded."""
    released = desk.shelf.assignment(ASSIGNMENT).masters[0].release()
    class_ = {Person(key, key): data for key, data in class_of(students, released).items()}
    clicks, ended = list[float](), list[datetime]()
    coming = Thread(target=_come, args=(desk, class_, seconds, ended), name="coming")
    coming.start()
    deadline = time.perf_counter() + seconds + PATIENCE
    for view, shows in cycle(VIEWS.items()):
        clicks.append(_click(page, view, shows))
        page.wait_for_timeout(500)
        if not coming.is_alive() and len(_results(desk)) >= students:
            break
        if time.perf_counter() > deadline:
            raise RuntimeError(f"{len(_results(desk))} of {students} hand-ins were graded in {PATIENCE:.0f} s")
    coming.join()
    results = _results(desk)
    turns = {hand_in: place for place, hand_in in enumerate(sorted(results))}
    displaced = max(abs(place - turns[one]) for place, one in enumerate(sorted(results, key=results.__getitem__)))
    return Rush(tuple(clicks), len(results), (max(results.values()) - ended[0]).total_seconds(), displaced)


def _come(desk: Desk, class_: Mapping[Person, bytes], seconds: float, ended: list[datetime]) -> None:
    began = time.perf_counter()
    for (who, data), at in zip(class_.items(), arrivals(len(class_), seconds, seed=1), strict=True):
        time.sleep(max(0.0, began + at - time.perf_counter()))
        work.hand_in(desk, who, ASSIGNMENT, file=f"{ASSIGNMENT}.ipynb", data=data)
    ended.append(datetime.now(UTC))


def _results(desk: Desk) -> dict[int, datetime]:
    """When each hand-in of the rush got its outcome."""
    found = desk.ledger.results(assignment=ASSIGNMENT)
    return {one.attempt.hand_in: one.at for one in found if one.attempt.submission.student != WATCHER.key}


def _click(page: Page, view: str, shows: str) -> float:
    """Seconds until a view stands there."""
    began = time.perf_counter()
    page.get_by_role("radio", name=view, exact=True).click()
    page.get_by_role("button", name=shows).first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    return time.perf_counter() - began


def answered(desk: Desk, number: int) -> None:
    """Right answers, typed by the watcher, a little different every time."""
    for cell in editor.cells(desk, WATCHER, ASSIGNMENT):
        if cell.kind == "answer" and cell.id in STEP_BY_STEP:
            editor.save(desk, WATCHER, ASSIGNMENT, cell=cell.key, text=f"{STEP_BY_STEP[cell.id]}# {number}\n")


@contextmanager
def signed_in(browser: Browser, server: Server, desk: Desk) -> Iterator[Page]:
    """The watcher's tab, on the assignment."""
    door = LocalSignIn(lambda: desk.classroom)
    code = class_code(desk.classroom)
    cookie = door.enter(code=code, who=WATCHER.number, pin=PIN, address=LOOPBACK)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1e3)
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": server.address}])
    try:
        page = context.new_page()
        page.goto(f"{server.address}/assignments?set={ASSIGNMENT}")
        drawn(page)
        yield page
    finally:
        context.close()


@contextmanager
def served(folder: Path, *, warm_up: WarmUp = "light") -> Iterator[tuple[Server, Desk]]:
    """The course, published, with its roster, served and graded."""
    where = str(folder / "ledger.sqlite")
    desk = open_desk(COURSE, where)
    try:
        students = [
            Person(key, key) for key in class_of(STUDENTS, desk.shelf.assignment(ASSIGNMENT).masters[0].release())
        ]
        desk.classroom.keep([INSTRUCTOR, WATCHER, *students])
        desk.classroom.set_pins({WATCHER.key: Pin(hash_pin(PIN))})
        assignments.publish(desk, INSTRUCTOR, ASSIGNMENT, "open")
        with fovea(
            warm_up=warm_up, grader=True, environment={"FOVEA_COURSE": str(COURSE), "FOVEA_LEDGER": where}
        ) as server:
            yield server, desk
    finally:
        desk.close()
