"""Whom a gradebook or an export is about: names and numbers that the ledger itself does not need."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A student as other systems know them. `student` is the name under which they hand in; the rest may be empty."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""  # the university's: Canvas's SIS User ID, Moodle's ID number
    login: str = ""
    lms_id: str = ""  # Canvas's own ID
    section: str = ""
