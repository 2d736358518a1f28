"""A gradebook that was taken from Canvas, with our points filled in: every student and every column is found for sure.

Only cells of assignments that are ours change. Rows are those of Canvas, found by its own ID, the SIS User ID or the
SIS Login ID; nobody is found by name. Source: Canvas LMS, `lib/gradebook_exporter.rb` and `lib/gradebook_importer.rb`.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grading.errors import GradingError
from grading.exports import Column, points_as_text
from grading.ledger.people import Person
from grading.ledger.standing import Grade

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
FINDING = {"ID": "lms_id", "SIS User ID": "number", "SIS Login ID": "login"}
BEFORE = {"Student", "LastName", "FirstName", *FINDING, "Integration ID", "Root Account", "Section"}
NO_STUDENT = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Filled:
    """The file to import, and what could not be filled in, as sentences."""

    text: str
    cells: int
    left: tuple[str, ...]


def fill(text: str, columns: Sequence[Column], grades: Iterable[Grade], people: Mapping[str, Person]) -> Filled:
    """Canvas's own export with the points of these assignments."""
    bare = text.removeprefix(BOM)
    first = bare.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(bare, newline=""), delimiter=delimiter))
    except csv.Error:
        raise GradingError("This table cannot be read: bring the file from Canvas as it is.") from None
    header = rows[0] if rows else []
    where = {name: header.index(name) for name in FINDING if name in header}
    if "ID" not in where or "Section" not in header or not {"Student", "LastName"} & set(header[:1]):
        raise GradingError(
            "This is no gradebook from Canvas: the columns Student, ID and Section are missing. "
            "Export it there (Gradebook, Export, Export Entire Gradebook) and bring the file as it is."
        )
    places = _places(header, columns)
    known = {(one.assignment, one.student): one for one in grades}
    finds = [(FINDING[name], place) for name, place in where.items()]
    index, shared = _index(people.values())
    cells, strangers, found = 0, list[str](), set[str]()
    for row in rows[1:]:
        if len(row) != len(header) or _is_no_student(row):
            continue
        keys = ((field, row[place].strip()) for field, place in finds)
        person = next((index[key] for key in keys if key in index), None)
        if person is None:
            strangers.append(row[0].strip())
            continue
        found.add(person.student)
        for column, place in places:
            one = known.get((column.assignment, person.student))
            if one is not None and one.points is not None:
                row[place] = points_as_text(one.points)
                cells += 1
    missing = [person for key, person in people.items() if key not in found]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    left = (*_columns_left(columns, places), *_possible(rows, places), *shared, *_people_left(strangers, missing))
    return Filled(BOM * text.startswith(BOM) + out.getvalue(), cells, left)


def _index(people: Iterable[Person]) -> tuple[dict[tuple[str, str], Person], list[str]]:
    """Everybody by what only they have, and what more than one has: by that nobody is found."""
    index, shared = dict[tuple[str, str], Person](), dict[tuple[str, str], str]()
    for person in people:
        for name, field in FINDING.items():
            if (value := _of(person, field)) and index.setdefault((field, value), person) is not person:
                shared[field, value] = f"On our roster more than one has the {name} {value}: nobody is found by it."
    return {key: person for key, person in index.items() if key not in shared}, list(shared.values())


def _places(header: Sequence[str], columns: Sequence[Column]) -> list[tuple[Column, int]]:
    """Where our assignments stand: under their name or number, whatever stands in brackets behind the name."""
    found = []
    for place, title in enumerate(header):
        match = re.fullmatch(r"(.*)\s\((\d+)\)", title, re.DOTALL)
        if title in BEFORE or not match:  # Canvas writes a number behind every assignment, and behind nothing else
            continue
        for column in columns:
            names = {_plain(column.assignment), _plain(column.title)}
            if column.lms_id == match[2] or (not column.lms_id and _plain(match[1]) in names):
                found.append((column, place))
    return found


def _columns_left(columns: Sequence[Column], places: Sequence[tuple[Column, int]]) -> list[str]:
    there = [column for column, _ in places]
    names = ", ".join(column.assignment for column in columns if column not in there)
    return (
        [f"Canvas has no assignment of this name: {names}. Create it there first, and export again."] if names else []
    )


def _possible(rows: Sequence[Sequence[str]], places: Sequence[tuple[Column, int]]) -> list[str]:
    """Points are written as they are here; what Canvas makes of them depends on its own maximum."""
    said = []
    for row in rows[1:4]:
        if row and "Points Possible" in row[0]:
            for column, place in places:
                most = row[place].strip().replace(",", ".")
                if re.fullmatch(r"\d+(\.\d+)?", most) and abs(float(most) - column.out_of) > 0.005:
                    said.append(f"{column.assignment} has {most} points in Canvas and {column.out_of:g} here.")
    return said


def _people_left(strangers: Sequence[str], missing: Sequence[Person]) -> list[str]:
    said = []
    if strangers:
        said.append(f"Not on our roster, and left as they are: {'; '.join(strangers)}.")
    if missing:
        names = "; ".join(f"{person.first_name} {person.last_name}".strip() or person.student for person in missing)
        said.append(f"Not found in the file from Canvas, by ID, SIS User ID or SIS Login ID: {names}.")
    return said


def _is_no_student(row: Sequence[str]) -> bool:
    return "Points Possible" in row[0] or all(NO_STUDENT.fullmatch(cell) for cell in row)


def _of(person: Person, field: str) -> str:
    return str(getattr(person, field)).strip()


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
