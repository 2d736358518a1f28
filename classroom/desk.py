"""What a service of the course pages works with: the course's folder, the memories, the check, a clock, chance."""

import secrets
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from classroom.live.port import Lectures, Quizzes
from classroom.port import Classroom
from classroom.pulse import Pulse
from grading.configuration import current
from grading.course import SETTINGS, Assignment, Course
from grading.fingerprint import fingerprint
from grading.ledger.port import Ledger

if TYPE_CHECKING:
    from grading.practice import Tried

COURSE = "FOVEA_COURSE"  # the course's folder, in the environment
LOOK_AGAIN = 2.0  # seconds between two looks at the course's files


class Check(Protocol):
    """What is asked about a hand-in before it is taken: `grading.grader.CourseGrader` answers."""

    def check(self, assignment: str, file: str, data: bytes) -> tuple[str, ...]:
        """Notes for the student, or a Refusal is raised; nothing is run."""

    def notebooks(self, assignment: str, file: str, data: bytes) -> tuple[tuple[str, bytes], ...]:
        """The notebooks in it, by name."""


class Trying(Protocol):
    """Where students try cells out: `grading.practice.Practice`."""

    def run(
        self, who: str, assignment: str, notebook: str, answers: Mapping[str, str], cell: str, *, check: bool = False
    ) -> "Tried":
        """Run a cell of somebody's notebook, and the examples below it if asked."""

    def stop(self, who: str, assignment: str, notebook: str) -> None:
        """Interrupt what runs."""

    def start_over(self, who: str, assignment: str, notebook: str) -> None:
        """Forget what ran."""


@dataclass
class Shelf:
    """The course's folder, read anew when somebody has saved something there."""

    folder: Path
    _kept: dict[str, tuple[float, Hashable, Assignment]] = field(default_factory=dict, repr=False)
    _course: tuple[float, Hashable, Course] | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def course(self) -> Course:
        """The course as it is now."""
        with self._lock:
            now = time.monotonic()
            if self._course and now - self._course[0] < LOOK_AGAIN:
                return self._course[2]
            mark = _changed(self.folder)
            course = self._course[2] if self._course and self._course[1] == mark else Course.open(self.folder)
            self._course = now, mark, course
            return course

    def assignment(self, name: str) -> Assignment:
        """One of its assignments as it is now."""
        course = self.course()
        with self._lock:
            kept, now = self._kept.get(name), time.monotonic()
            if kept and now - kept[0] < LOOK_AGAIN:
                return kept[2]
            if kept and fingerprint(kept[2], self.folder) == kept[1]:
                self._kept[name] = now, kept[1], kept[2]
                return kept[2]
        found = course.assignment(name)
        with self._lock:
            self._kept[name] = time.monotonic(), fingerprint(found, self.folder), found
        return found

    def names(self) -> tuple[str, ...]:
        """The assignments as the course's settings list them, then all others by name."""
        course = self.course()
        return tuple(
            dict.fromkeys([*(name for name in course.own if name in course.assignments()), *course.assignments()])
        )


def _changed(folder: Path) -> Hashable:
    places = [folder / SETTINGS, folder / "source"]
    return tuple(place.stat().st_mtime_ns if place.exists() else 0 for place in places)


@dataclass(frozen=True)
class Desk:
    """The ports, as one thing to hand to a service."""

    shelf: Shelf
    ledger: Ledger
    classroom: Classroom
    lectures: Lectures
    quizzes: Quizzes
    check: Check
    practice: Trying
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    draw: Callable[[], int] = field(default=lambda: secrets.randbits(63))
    pulse: Pulse = field(default_factory=Pulse)
    close: Callable[[], None] = field(default=lambda: None)  # lets go of databases and processes


def nobody_grades(desk: Desk) -> bool:
    """Whether hand-ins wait and no grader, here or elsewhere, takes them up."""
    now = desk.clock()
    return desk.pulse.stalled(desk.ledger.queue(now=now), now)


def course_folder() -> Path:
    """The folder of the course that this server serves: FOVEA_COURSE, or the one that comes along."""
    return current().course or Path(__file__).resolve().parents[1] / "assignments"


def open_desk(folder: Path, where: str) -> Desk:
    """The desk of a course folder with its database. Whoever opens it closes it."""
    from classroom.store.lectures import SqlLectures
    from classroom.store.quizzes import SqlQuizzes
    from classroom.store.sql import open_classroom
    from grading.grader import CourseGrader
    from grading.ledger.sql import open_ledger
    from grading.practice import Practice

    shelf = Shelf(folder)
    grader = CourseGrader(shelf.course())
    practice, ledger, classroom = Practice(grader), open_ledger(where), open_classroom(where)

    def close() -> None:
        practice.close()
        grader.close()
        ledger.close()
        classroom.close()

    lectures, quizzes = SqlLectures(classroom.engine), SqlQuizzes(classroom.engine)
    return Desk(shelf, ledger, classroom, lectures, quizzes, grader, practice, close=close)
