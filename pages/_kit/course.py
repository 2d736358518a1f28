"""What all course pages begin with: the desk of this server, who is asking, moments in their own time zone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from pages._kit.words import plain

if TYPE_CHECKING:
    from classroom.desk import Desk
    from classroom.people import Person

_opening = threading.Lock()
_open: "list[Desk]" = []


def desk() -> "Desk":
    """The one desk of this process, opened when somebody first asks."""
    from classroom.desk import course_folder, open_desk
    from grading.ledger.where import database

    with _opening:
        if not _open:
            folder = course_folder()
            _open.append(open_desk(folder, database(folder)))
        return _open[0]


def close_desk() -> None:
    """Let go of databases and processes; for the end of the server, and for tests."""
    with _opening:
        while _open:
            _open.pop().close()


def member() -> "Person | None":
    """Who is asking, if they are a member of the course."""
    from classroom.people import Person
    from pages._kit import guard

    found: object = guard.visitor()
    return found if isinstance(found, Person) else None


@contextmanager
def speaking() -> Iterator[None]:
    """What a service refuses is a sentence on the page, not a fault of it."""
    from classroom.errors import ClassroomError
    from grading.errors import GradingError

    try:
        yield
    except (ClassroomError, GradingError) as refusal:
        st.error(plain(str(refusal)), icon=":material/error:")


def here() -> tzinfo:
    """The visitor's time zone."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def when(moment: datetime, *, now: datetime | None = None) -> str:
    """A moment in the visitor's time zone, and how far off it is.

    >>> from datetime import timedelta
    >>> noon = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    >>> distance(noon - timedelta(hours=30), noon), distance(noon + timedelta(minutes=5), noon)
    ('30 hours ago', 'in 5 minutes')
    """
    local = moment.astimezone(here())
    said = f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    return f"{said} ({distance(moment, now)})" if now else said


def distance(moment: datetime, now: datetime) -> str:
    """How long from now until then, in one unit."""
    seconds = (moment - now).total_seconds()
    units = ((86400, "day"), (3600, "hour"), (60, "minute"))
    size, unit = next((each for each in units if abs(seconds) >= 2 * each[0]), (1, "second"))
    number = round(abs(seconds) / size)
    words = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def points(value: float | None) -> str:
    """Points as people write them.

    >>> points(2.0), points(1.25), points(1 / 3), points(None)
    ('2', '1.25', '0.33', '-')
    """
    return "-" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def in_points(value: float) -> str:
    """So many points, in words.

    >>> in_points(1.0), in_points(1.5), in_points(0.0)
    ('1 point', '1.5 points', '0 points')
    """
    said = points(value)
    return f"{said} point{'' if said == '1' else 's'}"
