"""Sign-ins that are over: signing out ends the sign-in at hand and every earlier one of the same person.

One moment a person is kept among the words of the course, so a restart brings nobody back in, and nothing grows.
"""

from datetime import UTC, datetime, timedelta

from classroom.port import Classroom, signed_out

NEVER = datetime.min.replace(tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def last(course: Classroom, key: str) -> datetime:
    """The latest beginning of a sign-in of this person that is over."""
    said = course.setting(signed_out(key))
    return datetime.fromisoformat(said) if said else NEVER


def end(course: Classroom, key: str, began: datetime) -> None:
    """A sign-in that began then is over, and so are those before it."""
    if began > last(course, key):
        course.set(signed_out(key), began.isoformat())


def beginning(course: Classroom, key: str, now: datetime) -> datetime:
    """The moment to write on a new sign-in: now, and later than whatever is over, whichever way clocks were moved."""
    before = last(course, key)
    return now if now > before else before + INSTANT
