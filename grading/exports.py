"""Marks for other systems, as CSV text: our own table, Canvas, Moodle, nbgrader's exporter.

Canvas: columns and the "Points Possible" row as its gradebook import reads them (`lib/gradebook_importer.rb`).
Moodle: a table for "Grade import" (CSV), whose columns are mapped there by their names (`grade/import/csv`), and the
assignment's own offline worksheet, filled in. nbgrader: the columns of its CsvExportPlugin. What is not decided is an
empty cell, never a zero; for Moodle it is a dash, since an empty cell of a new column becomes a zero there.
"""

import csv
import hmac
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from grading.errors import GradingError
from grading.ledger.people import Person
from grading.ledger.standing import Grade

Format = Literal["csv", "questions", "canvas", "moodle", "nbgrader"]
NAMED = ("canvas", "moodle")  # they have to know whose marks these are
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 (spreadsheets read these too)
NO_GRADE = "-"  # in Moodle
_OF_WORKSHEET = ("Grade", "Maximum Grade", "Email address", "ID number")
CANVAS_OWN = (
    "Current Score", "Current Points", "Current Grade", "Final Score", "Final Points", "Final Grade", "Override Score",
    "Override Grade", "Override Status",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """An assignment as a column. `lms_id` is Canvas's number for it, by which it finds the assignment again.

    Under its `title` it may be known elsewhere.
    """

    assignment: str
    out_of: float
    due: datetime | None = None
    lms_id: str = ""
    title: str = ""
    bonus: float = 0.0  # points beyond `out_of`, which nbgrader counts among its own


def export(
    format: Format,
    columns: Sequence[Column],
    grades: Iterable[Grade],
    people: Mapping[str, Person],
    *,
    pseudonyms: bytes = b"",
) -> str:
    """The text of the file. With a key in `pseudonyms` nobody is named: the same key gives the same names again."""
    if pseudonyms and format in NAMED:
        raise GradingError("Canvas and Moodle have to know whose marks these are; use csv or nbgrader without names.")
    known = {(one.assignment, one.student): one for one in grades}
    students = [people.get(name) or Person(name) for name in sorted({*people, *(name for _, name in known)})]
    if pseudonyms:
        hidden = {person.student: pseudonym(person.student, pseudonyms) for person in students}
        known = {(name, hidden[who]): _unnamed(one, hidden[who], pseudonyms) for (name, who), one in known.items()}
        students = sorted((Person(name) for name in hidden.values()), key=lambda person: person.student)
    writers = {"csv": _csv, "questions": _questions, "canvas": _canvas, "moodle": _moodle, "nbgrader": _nbgrader}
    return _text(writers[format](columns, known, students))


def pseudonym(student: str, key: bytes, *, kind: str = "student") -> str:
    """A name that only the holder of the key can tie to the student, or to somebody of the staff.

    >>> pseudonym("ada", b"a key of at least 16 bytes")
    'student-c6b5f27067fd'
    """
    if len(key) < 16:
        raise GradingError("The key for pseudonyms needs at least 16 bytes; short ones can be guessed.")
    return f"{kind}-{hmac.new(key, student.encode(), sha256).hexdigest()[:12]}"


def _unnamed(one: Grade, student: str, key: bytes) -> Grade:
    """A grade without what names anybody: who marked gets a pseudonym too, and nobody's words are repeated."""
    entries = tuple(
        replace(
            entry,
            by=entry.by and pseudonym(entry.by, key, kind="staff"),
            comment="",
            score=replace(entry.score, seen=""),
        )
        for entry in one.standing.entries
    )
    return replace(one, student=student, standing=replace(one.standing, entries=entries))


def fill_worksheet(worksheet: str, grades: Iterable[Grade], people: Mapping[str, Person]) -> str:
    """Moodle's offline grading worksheet of one assignment with `Grade` filled in; nothing else is touched.

    A grade above the worksheet's own maximum, which a bonus may bring, is cut to it: Moodle passes such a row over.
    Rows are found by email address or ID number. Moodle writes the worksheet and knows its own participants' numbers,
    so it has to be downloaded there first.
    """
    try:
        rows = list(csv.reader(io.StringIO(worksheet.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"))))
    except csv.Error:
        raise GradingError("This table cannot be read: bring the worksheet from Moodle as it is.") from None
    header = rows[0] if rows else []
    where = {name: header.index(name) for name in _OF_WORKSHEET if name in header}
    if "Grade" not in where or where.keys().isdisjoint(("Email address", "ID number")):
        raise GradingError(
            'The worksheet needs the columns "Grade" and "Email address" or "ID number". '
            "Download it from the assignment in Moodle, in English, and hand it in as it is."
        )
    found = {}
    for one in grades:
        person = people.get(one.student) or Person(one.student)
        for name in filter(None, (person.email.lower(), person.number)):
            found[name] = one
    for row in rows[1:]:
        names = (row[where[key]].strip() for key in ("Email address", "ID number") if key in where)
        matches = [found[name] for name in (part for each in names for part in (each.lower(), each)) if name in found]
        if matches and matches[0].points is not None:
            most = _number(row[where["Maximum Grade"]]) if "Maximum Grade" in where else None
            row[where["Grade"]] = points_as_text(min(matches[0].points, math.inf if most is None else most))
    return _written(rows)


def _number(text: str) -> float | None:
    """A maximum as Moodle writes it; None for what is none, the name of a scale say."""
    found = re.fullmatch(r"\d+([.,]\d+)?", text.strip())
    return float(found[0].replace(",", ".")) if found else None


# -- formats: rows of text and numbers, the header first

Cell = str | float | int | None
Known = Mapping[tuple[str, str], Grade]


def _csv(columns: Sequence[Column], known: Known, students: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    yield (
        "student",
        "last_name",
        "first_name",
        "email",
        "assignment",
        "state",
        "points",
        "out_of",
        "taken_for_lateness",
        "days_late",
        "hand_ins",
        "counts",
        "handed_in_at",
        "to_mark",
    )
    for column in columns:
        for person in students:
            one = known.get((column.assignment, person.student))
            who = (person.student, person.last_name, person.first_name, person.email, column.assignment)
            if one is None:
                yield *who, "nothing handed in", None, column.out_of, None, None, 0, None, None, None
                continue
            yield (
                *who,
                _state(one),
                one.points,
                column.out_of,
                one.taken,
                one.days_late,
                one.hand_ins,
                one.standing.hand_in.number,
                _moment(one.standing.hand_in.submission.at),
                "; ".join(one.standing.to_mark),  # a notebook's name, which may be part of it, may hold blanks
            )


def _questions(columns: Sequence[Column], known: Known, students: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    yield (
        "student",
        "assignment",
        "question",
        "points",
        "out_of",
        "state",
        "marked_by",
        "integrity",
        "seen",
        "comment",
    )
    for column in columns:
        for person in students:
            one = known.get((column.assignment, person.student))
            for entry in one.standing.entries if one else ():
                integrity = "by hand" if entry.by else entry.score.integrity
                points = (entry.points, entry.out_of, entry.state)
                said = (entry.by, integrity, entry.score.seen, entry.comment)
                yield person.student, column.assignment, entry.question, *points, *said


def _canvas(columns: Sequence[Column], known: Known, students: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *(canvas_title(one) for one in columns))
    yield ("    Points Possible", "", "", "", "", *(one.out_of for one in columns))
    for person in students:
        name = ", ".join(part for part in (person.last_name, person.first_name) if part) or person.student
        name = name.replace("Points Possible", "Points\N{NO-BREAK SPACE}Possible")  # else it is taken for that row
        login = person.login or person.student
        yield name, person.lms_id, person.number, login, person.section, *_row(columns, known, person)


def canvas_title(column: Column) -> str:
    """The header of an assignment's column, or a `GradingError` where Canvas would take it for something else.

    >>> canvas_title(Column("ps1", 10.0)), canvas_title(Column("ps1", 10.0, lms_id="4711"))
    ('ps1', 'ps1 (4711)')
    """
    name = column.assignment
    if own := [word for word in CANVAS_OWN if word in name]:
        raise GradingError(f'Canvas takes a column whose name has "{own[0]}" in it for its own: rename {name}.')
    if re.search(r"\s\(\d+\)\Z", name) and not column.lms_id:
        raise GradingError(f'Canvas takes the number at the end of "{name}" for that of an assignment: rename it.')
    return f"{name} ({column.lms_id})" if column.lms_id else name


def _moodle(columns: Sequence[Column], known: Known, students: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    yield ("First name", "Last name", "ID number", "Email address", *(one.assignment for one in columns))
    for person in students:
        # Never an empty one: Moodle would give the marks of such a row to the person above it. What it does not know
        # ends the import with a message instead.
        found = (_identity(person.number) or person.student, _identity(person.email) or person.student)
        names = (part.replace("\\", "/") for part in (person.first_name, person.last_name, *found))  # an escape in PHP
        points = (NO_GRADE if cell is None else cell for cell in _row(columns, known, person))
        yield *names, *points


def _identity(text: str) -> str:
    """What Moodle takes for a name: to PHP a single zero is nothing."""
    return "" if text.strip() == "0" else text.strip()


def _nbgrader(columns: Sequence[Column], known: Known, students: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    yield (
        "assignment",
        "duedate",
        "timestamp",
        "student_id",
        "last_name",
        "first_name",
        "email",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    )
    for column in columns:
        most = column.out_of + column.bonus
        for person in students:
            one = known.get((column.assignment, person.student))
            due = _naive(column.due) if column.due else ""
            names = (person.student, person.last_name, person.first_name, person.email)
            if one is None:  # as nbgrader does it: who handed in nothing has zero
                yield column.assignment, due, "", *names, 0.0, 0.0, 0.0, most
                continue
            raw = None if one.points is None else one.standing.points
            at = _naive(one.standing.hand_in.submission.at)
            taken = None if one.points is None else one.taken
            yield column.assignment, due, at, *names, raw, taken, one.points, most


def _row(columns: Sequence[Column], known: Known, person: Person) -> Iterable[float | None]:
    found = (known.get((column.assignment, person.student)) for column in columns)
    return [one.points if one else None for one in found]


def _state(one: Grade) -> str:
    if one.standing.result is None:
        return "waits for grading"
    if one.points is None:
        return "undecided"
    return "to mark" if one.standing.to_mark else "graded"


# -- cells


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front.

    >>> defused("=HYPERLINK(A1)"), defused("-1+1"), defused("  =1"), defused("Ada"), defused("")
    ("'=HYPERLINK(A1)", "'-1+1", "'  =1", 'Ada', '')
    """
    begins = text.lstrip(" \u00a0\u3000\ufeff\u200b")
    return f"'{text}" if text.startswith(FORMULAS) or begins.startswith(FORMULAS) else text


def _text(rows: Iterable[Sequence[Cell]]) -> str:
    return _written([_cell(cell) for cell in row] for row in rows)


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if cell == NO_GRADE:
        return NO_GRADE  # one dash alone is no formula
    if isinstance(cell, str):
        return defused(cell.replace("\x00", ""))
    return points_as_text(cell)


def points_as_text(points: float) -> str:
    """Without digits that only floating point brought in: 0.1 + 0.2 is 0.3."""
    return f"{round(points, 6):.6f}".rstrip("0").rstrip(".")


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _naive(moment: datetime) -> str:
    """As nbgrader prints it: UTC, without saying so."""
    return str(moment.astimezone(UTC).replace(tzinfo=None))
