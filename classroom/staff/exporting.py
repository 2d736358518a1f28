"""Marks for other systems, with the roster's names and numbers."""

import secrets
from collections.abc import Iterator, Sequence

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from grading.canvas import Filled, fill
from grading.exports import NAMED, Column, Format, export
from grading.ledger.people import Person as Student
from grading.ledger.standing import Grade
from grading.service import grades

MOST_BYTES = 20 * 10**6


def exports(
    desk: Desk, who: Person | None, format: Format, assignments: Sequence[str] = (), *, pseudonymous: bool = False
) -> tuple[str, str]:
    """A file's name and text: the marks of all assignments, or of those named; without names if asked.

    Without names everybody keeps the same one from export to export. Canvas and Moodle get who is a member today.
    """
    require(who, "export")
    names = _named(desk, assignments)
    columns, found, people = marks_of(desk, names, members_only=format in NAMED)
    key = b""
    if pseudonymous:
        key = desk.classroom.setting("pseudonyms", otherwise=secrets.token_hex(32)).encode()
    what = names[0] if len(names) == 1 else "course"
    return f"{what}-{format}{'-no-names' if pseudonymous else ''}.csv", export(
        format, columns, found, people, pseudonyms=key
    )


def problems(desk: Desk, who: Person | None, format: Format) -> tuple[str, ...]:
    """What the platform will not be able to do with the export, as sentences: it is better mended before."""
    require(who, "export")
    if format != "moodle":
        return ()
    return (*_nobody_without_a_name(desk), *_above(desk))


def _above(desk: Desk) -> Iterator[str]:
    """Moodle takes nothing of a file that holds a grade above the maximum of its column."""
    columns, found, _ = marks_of(desk, desk.shelf.names(), members_only=True)
    for column in columns:
        most = max((one.points or 0.0 for one in found if one.assignment == column.assignment), default=0.0)
        if most > column.out_of:
            yield (
                f"In Moodle set the maximum of {column.assignment} to {max(most, column.out_of + column.bonus):g}: "
                f"somebody has more than {column.out_of:g} points, and Moodle refuses a file with a grade above it."
            )


def _nobody_without_a_name(desk: Desk) -> tuple[str, ...]:
    """By what Moodle finds everybody, or who cannot be found."""
    lacking = {
        "ID number": [person.name for person in roll(desk).students if person.number.strip() in ("", "0")],
        "Email address": [person.name for person in roll(desk).students if not person.email.strip()],
    }
    if not all(lacking.values()):
        whole = next(column for column, names in lacking.items() if not names)
        return (f"In Moodle map by the column {whole}: everybody has one.",) if any(lacking.values()) else ()
    column, names = min(lacking.items(), key=lambda pair: len(pair[1]))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (
        "Moodle finds people by ID number or e-mail address, and its import stops at somebody without. "
        f"There is no {column} for {', '.join(names[:3])}{more}: add it to the roster first.",
    )


def fill_canvas(desk: Desk, who: Person | None, data: bytes) -> Filled:
    """A gradebook that was exported from Canvas, with our points in the columns of the same names."""
    require(who, "export")
    if len(data) > MOST_BYTES:
        raise ClassroomError(f"A gradebook from Canvas is smaller than {MOST_BYTES // 10**6} MB.")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ClassroomError("The file is not UTF-8 text: bring it as Canvas wrote it.") from None
    columns, found, people = marks_of(desk, desk.shelf.names(), members_only=True)
    return fill(text, columns, found, people)


def _named(desk: Desk, assignments: Sequence[str]) -> list[str]:
    known = desk.shelf.names()
    if unknown := [name for name in assignments if name not in known]:
        raise ClassroomError(f"There is no assignment {', '.join(unknown)}.")
    return [name for name in known if not assignments or name in assignments]


def marks_of(
    desk: Desk, names: Sequence[str], *, members_only: bool
) -> tuple[list[Column], list[Grade], dict[str, Student]]:
    """Columns, what stands in them, and who the people are; who has left is still known, who was deleted is a key."""
    everybody = roll(desk)
    people = {person.key: student(person) for person in everybody.students}
    columns, found = list[Column](), list[Grade]()
    for name in names:
        rules, assignment = rules_of(desk, name), desk.shelf.assignment(name)
        title, bonus = assignment.settings.title, assignment.bonus
        columns.append(Column(name, assignment.out_of, rules("").due, title=title, bonus=bonus))
        found += [
            one
            for one in grades(desk.ledger, assignment=name, rules_for=rules)
            if everybody.counts(one.student) and (not members_only or one.student in people)
        ]
    for one in found:
        if one.student not in people and (person := everybody.people.get(one.student)):
            people[one.student] = student(person)
    return columns, found, people


def student(person: Person) -> Student:
    """A member as other systems know them; the last word of a name is taken for the family's.

    >>> found = student(Person("k", "Ada King Lovelace"))
    >>> found.first_name, found.last_name
    ('Ada King', 'Lovelace')
    """
    first, _, last = person.name.rpartition(" ")
    return Student(
        student=person.key,
        first_name=first,
        last_name=last,
        email=person.email,
        number=person.number,
        login=person.login,
        lms_id=person.lms_id,
        section=person.section,
    )
