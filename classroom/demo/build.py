"""Make the demo course: a copy of the course that comes along, people, hand-ins, and the real grader's verdicts.

Every hand-in goes through the services and the sandbox like anybody's; only the clock is set back. No mark is invented:
what the machine cannot say, the answers in words, waits for whoever tries the demo.
"""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from classroom import assignments, editor, members, work
from classroom.demo.people import everybody, students
from classroom.demo.place import Place
from classroom.demo.plan import SETS, Event, Planned, events
from classroom.desk import Desk, open_desk
from classroom.people import Person
from classroom.signin.local import INSTRUCTOR
from grading.errors import GradingError
from grading.notebooks.fill import filled
from grading.records import Question
from grading.service import grade_next

if TYPE_CHECKING:
    from grading.grader import CourseGrader

ROOT = Path(__file__).resolve().parents[2]
CLASS = 24  # students
LATE = "late_points = 1  # a day\nlate_days = 2\n"
Say = Callable[[str], None]


@dataclass
class Clock:
    """Shows the moment that it was set to, and goes on from there."""

    _moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    _since: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        """Now, in the demo course."""
        return self._moment + timedelta(seconds=time.monotonic() - self._since)

    def set(self, moment: datetime) -> None:
        """Put it there."""
        self._moment, self._since = moment, time.monotonic()


@dataclass(frozen=True)
class Entrance:
    """What somebody types at the door."""

    name: str
    code: str
    pin: str


def make(
    where: Place, say: Say, *, count: int = CLASS, sets: Sequence[Planned] = SETS, now: datetime | None = None
) -> None:
    """Make it anew; `say` hears how far it is. Where the sandbox cannot be had nothing is graded, and says so."""
    where.begin()
    copy_course(ROOT / "assignments", where.course)
    now, clock = now or datetime.now(UTC), Clock()
    desk = replace(open_desk(where.course, str(where.database)), clock=clock)
    try:
        desk.classroom.keep(everybody(count))
        say(f"{count} made-up students, an assistant and you are in the course.")
        grader = _grader(desk, say)
        with _warming(grader, [planned.name for planned in sets]):
            for planned in sets:
                _happens(desk, planned, events(planned, students(count), now), clock, grader, now, say)
    finally:
        desk.close()
    where.done()


def copy_course(origin: Path, course: Path) -> None:
    """The notebooks and settings of the course that comes along; the referees stay where they are."""
    for name in ("source", "given"):
        if (origin / name).is_dir():
            shutil.copytree(origin / name, course / name)
    shutil.copyfile(origin / "schemes.toml", course / "schemes.toml")
    settings = (origin / "fovea.toml").read_text(encoding="utf-8")
    own = f"referee_folder = {json.dumps(str(ROOT))}\n{LATE}\n"
    (course / "fovea.toml").write_text(own + settings, encoding="utf-8")


def entrances(where: Place, *, count: int = 2) -> tuple[Entrance, ...]:
    """Fresh PINs for the first students, to sign in as one of them."""
    desk = open_desk(where.course, str(where.database))
    try:
        code = members.class_code(desk, INSTRUCTOR)
        given = members.give_pins(desk, INSTRUCTOR, [student.key for student in students(count)])
        return tuple(Entrance(person.name, code, pin) for person, pin in given)
    finally:
        desk.close()


def _grader(desk: Desk, say: Say) -> "CourseGrader | None":
    from grading.grader import CourseGrader
    from grading.sandbox.selftest import examine

    if refuses := examine().refuses:
        say(f"Nothing is graded on this machine: {' '.join(refuses)} `fovea doctor` tells more.")
        return None
    return desk.check if isinstance(desk.check, CourseGrader) else None


@contextmanager
def _warming(grader: "CourseGrader | None", names: Sequence[str]) -> Iterator[None]:
    """Start the processes of all assignments beside the work on the first: they take seconds each."""

    if grader is None:
        yield
        return

    def start() -> None:
        for name in names:
            with suppress(GradingError), grader.using(name) as one:
                one.engine.zygote(cuda=one.assignment.settings.limits.cuda)

    thread = threading.Thread(target=start, name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _happens(
    desk: Desk,
    planned: Planned,
    happened: Sequence[Event],
    clock: Clock,
    grader: "CourseGrader | None",
    now: datetime,
    say: Say,
) -> None:
    opens, due = planned.moments(now)
    clock.set(opens - timedelta(days=1))
    assignments.publish(desk, INSTRUCTOR, planned.name, "open", opens=opens, due=due)
    title = desk.shelf.assignment(planned.name).settings.title
    handed = [one for one in happened if not one.typed]

    def questions(name: str) -> tuple[Question, ...]:
        return desk.shelf.assignment(name).questions

    for one in happened:
        clock.set(one.at)
        if one.typed:
            _type(desk, one)
            continue
        _hand_in(desk, one.student, planned.name, one.answers)
        if grader:
            grade_next(desk.ledger, grader, clock=clock, worker="demo", questions=questions)
        done = handed.index(one) + 1
        if done == len(handed) or done % 5 == 0:
            say(f"{title}: {done} of {len(handed)} hand-ins{' graded' if grader else ''}.")


def _hand_in(desk: Desk, who: Person, name: str, answers: Mapping[str, str]) -> None:
    (master,) = desk.shelf.assignment(name).masters
    ids = {cell.grade_id: cell.id for cell in master.cells}
    data = filled(master, {ids[cell]: text for cell, text in answers.items()})
    work.hand_in(desk, who, name, file=f"{name}.ipynb", data=data)


def _type(desk: Desk, event: Event) -> None:
    keys = {cell.id: cell.key for cell in editor.cells(desk, event.student, event.assignment)}
    (master,) = desk.shelf.assignment(event.assignment).masters
    ids = {cell.grade_id: cell.id for cell in master.cells}
    for cell, text in event.answers.items():
        editor.save(desk, event.student, event.assignment, cell=keys[ids[cell]], text=text)
