"""Marks for other systems, with the roster's names and numbers."""

import secrets
from collections.abc import Sequence

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from grading.exports import Column, Format, export
from grading.ledger.people import Person as Student
from grading.service import grades

NAMED = ("canvas", "moodle")  # they have to know whose marks these are


def exports(
    desk: Desk, who: Person | None, format: Format, assignments: Sequence[str] = (), *, pseudonymous: bool = False
) -> tuple[str, str]:
    """A file's name and text: the marks of all assignments, or of those named; without names if asked.

    Without names everybody keeps the same one from export to export. Canvas and Moodle get who is a member today.
    """
    require(who, "export")
    known = desk.shelf.names()
    if unknown := [name for name in assignments if name not in known]:
        raise ClassroomError(f"There is no assignment {', '.join(unknown)}.")
    names = [name for name in known if not assignments or name in assignments]
    everybody = roll(desk)
    people = {person.key: student(person) for person in everybody.students}
    columns, found = [], []
    for name in names:
        rules, assignment = rules_of(desk, name), desk.shelf.assignment(name)
        out_of = sum(question.points for question in assignment.questions)
        columns.append(Column(name, out_of, rules("").due))
        found += [
            one
            for one in grades(desk.ledger, assignment=name, rules_for=rules)
            if everybody.counts(one.student) and (format not in NAMED or one.student in people)
        ]
    for one in found:  # who has left is still known; who was deleted is a key without a name
        if one.student not in people and (person := everybody.people.get(one.student)):
            people[one.student] = student(person)
    key = b""
    if pseudonymous:
        key = desk.classroom.setting("pseudonyms", otherwise=secrets.token_hex(32)).encode()
    what = names[0] if len(names) == 1 else "course"
    return f"{what}-{format}{'-no-names' if pseudonymous else ''}.csv", export(
        format, columns, found, people, pseudonyms=key
    )


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
