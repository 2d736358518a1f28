"""The roster as a university exports it: who is on it, and what it changes among those already known.

Canvas, Moodle and a registrar's office name the same columns differently; what each name means stands in `HEADERS`.
Nothing here changes anything: a plan is data, which a page shows first and a service carries out.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from classroom import spreadsheet
from classroom.errors import ClassroomError
from classroom.headers import MEANS, ROLE_OF, plain
from classroom.people import Person
from classroom.roles import Role
from classroom.spreadsheet import Line

EXAMPLE = "name,email,number"
SAYS = ("name", "role", "email", "number", "login", "lms_id", "section")
LONGEST = {"name": 200, "email": 254, "number": 64, "login": 100, "lms_id": 64, "section": 100, "role": 50}
UNIQUE = {"number": "number", "login": "login", "email": "e-mail address"}  # in the order in which they identify
EMAIL = re.compile(r"[^@\s,;:<>()\"]+@[^@\s,;:<>()\"]+\.[^@\s,;:<>()\".]+")
SHORTENED = re.compile(r"\d+([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """Somebody as a line of the file names them; what it does not say is empty."""

    line: int
    name: str
    role: Role | None = None
    email: str = ""
    number: str = ""
    login: str = ""
    lms_id: str = ""
    section: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one line, in a sentence."""

    line: int
    says: str


@dataclass(frozen=True)
class Roster:
    """The lines that can be used, those that cannot, and the columns that nobody here knows."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a roster would change: who is new, who as they are and as they would be, who stays as they are.

    `missing` are active students whom the file does not name. Nobody else can be missed: a university's roster seldom
    lists its teachers, and they should not lose their own course by it.
    """

    added: tuple[Person, ...] = ()
    changed: tuple[tuple[Person, Person], ...] = ()
    same: tuple[Person, ...] = ()
    missing: tuple[Person, ...] = ()
    faults: tuple[Fault, ...] = ()

    def to_keep(self, *, leave: bool = False) -> tuple[Person, ...]:
        """Whom to write down, for `Classroom.keep`; with `leave`, the missing ones as having left."""
        left = tuple(replace(person, active=False) for person in self.missing) if leave else ()
        return (*self.added, *(after for _, after in self.changed), *left)


def read_roster(data: bytes) -> Roster:
    """The people a file names, its faults by line; a file that is no roster at all is a `ClassroomError`.

    >>> read_roster(b"Surname;Given name;Matrikelnummer\\nLovelace;Ada;0815").rows
    (Row(line=2, name='Ada Lovelace', role=None, email='', number='0815', login='', lms_id='', section=''),)
    """
    lines = spreadsheet.read(data)
    header = next(lines, None)
    if header is None:
        raise ClassroomError(f"The file is empty. A roster begins with a line that names its columns: {EXAMPLE}")
    columns, ignored = _columns(header)
    rows: list[Row] = []
    faults: list[Fault] = []
    taken: dict[tuple[str, str], int] = {}
    if "name" in columns and plain(header.cells[columns["name"]]) == "student":
        lines = _as_canvas_writes(lines, columns["name"])
    for written in lines:
        line = _row(written, columns, len(header.cells))
        if isinstance(line, Fault):
            faults.append(line)
            continue
        again = next((one for one in _ids(line) if one in taken), None)
        if again is not None:
            faults.append(Fault(line.line, f"The {UNIQUE[again[0]]} is the same as on line {taken[again]}."))
            continue
        taken |= dict.fromkeys(_ids(line), line.line)
        rows.append(line)
    return Roster(tuple(rows), tuple(faults), ignored)


def write_roster(people: Iterable[Person]) -> str:
    """These people as a file that `read_roster` reads back, and that no spreadsheet runs."""
    header = ("name", "email", "number", "login", "LMS ID", "section", "role")
    fields = ("name", "email", "number", "login", "lms_id", "section")
    roles = {role: role.name.lower() for role in Role} | {Role.VISITOR: ""}  # whose role is the provider's word
    rows = ((*(getattr(one, name) for name in fields), roles[one.role]) for one in people)
    return spreadsheet.write([header, *rows])


def plan(rows: Sequence[Row], people: Sequence[Person], new_key: Callable[[], str]) -> Plan:
    """Who is who: by number, else login, else e-mail address, else by a name that only one has.

    `people` are all, those who left as well: who is named again comes back. What the file leaves empty stays. Nobody
    gets a higher role by a name alone, since anybody may be called like somebody.
    """
    added: list[Person] = []
    kept: dict[str, tuple[Person, Person]] = {}
    faults: list[Fault] = []
    doubtful: set[str] = set()
    directory = _Directory(people)
    lines: dict[str, int] = {}
    for row in sorted(rows, key=lambda one: not directory.by_id(one)):  # who has an id comes before who has a name only
        meant = directory.meant(row)
        said = {name: value for name in SAYS if (value := getattr(row, name))}
        if not meant:
            added.append(Person(new_key(), **said))
        elif len(meant) > 1:
            doubtful |= {one.key for one in meant}
            either = " or ".join(f"{one.name} ({', '.join(value for _, value in _ids(one))})" for one in meant[:3])
            faults.append(Fault(row.line, f"This may be {either}. Say which by their number, login and address."))
        elif not directory.by_id(row) and (problem := _by_name_alone(row, meant[0])):
            doubtful.add(meant[0].key)
            faults.append(Fault(row.line, problem))
        elif meant[0].key in kept:
            other = lines[meant[0].key]
            faults.append(
                Fault(row.line, f"{meant[0].name} is already on line {other}. Give each a number of their own.")
            )
        else:
            lines[meant[0].key] = row.line
            kept[meant[0].key] = meant[0], replace(meant[0], active=True, **said)
    return Plan(
        added=tuple(added),
        changed=tuple(pair for pair in kept.values() if pair[0] != pair[1]),
        same=tuple(before for before, after in kept.values() if before == after),
        missing=tuple(
            one for one in people if one.active and one.role == Role.STUDENT and one.key not in {*kept, *doubtful}
        ),
        faults=tuple(sorted(faults, key=lambda fault: fault.line)),
    )


def _columns(header: Line) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where what stands, and the columns that are not used: unknown ones, and second ones of a kind."""
    columns: dict[str, int] = {}
    ignored = []
    for place, name in enumerate(header.cells):
        meaning = MEANS.get(plain(name), "")
        if meaning and meaning not in columns:
            columns[meaning] = place
        elif name:
            ignored.append(name[:60])
    if columns.keys() & {"name", "first", "last"}:
        return columns, tuple(ignored)
    got = ", ".join(cell[:30] for cell in header.cells[:6])
    raise ClassroomError(
        f'The first line has to name the columns, and one of them has to be the name: "{EXAMPLE}", '
        f'or "first name,last name,email". It is "{got}".'
    )


def _as_canvas_writes(lines: Iterator[Line], name: int) -> Iterator[Line]:
    """The people of a Canvas gradebook: without the lines about points and its test student, first names first."""
    first = list(islice(lines, 3))
    about_points = [place for place, line in enumerate(first) if plain(_at(line, name)) == "points possible"]
    for line in chain(first[about_points[-1] + 1 :] if about_points else first, lines):
        last, comma, given = _at(line, name).partition(", ")
        if (last, given) != ("Student", "Test"):
            called = f"{given} {last}" if comma else last
            yield replace(line, cells=(*line.cells[:name], called, *line.cells[name + 1 :]))


def _at(line: Line, place: int | None) -> str:
    return line.cells[place] if place is not None and place < len(line.cells) else ""


def _row(line: Line, columns: Mapping[str, int], width: int) -> Row | Fault:
    """What a line says of somebody, or why it cannot be used."""
    said = {meaning: _at(line, place) for meaning, place in columns.items()}
    said["name"] = said.get("name") or f"{said.pop('first', '')} {said.pop('last', '')}".strip()
    said = {meaning: words for meaning, words in said.items() if meaning not in ("first", "last")}
    if len(line.cells) > width:
        problem = f"It has {len(line.cells)} cells where the header has {width}. Put quotation marks around a comma."
    elif not said["name"]:
        problem = "It has no name."
    elif long := [name for name, most in LONGEST.items() if len(said.get(name, "")) > most]:
        problem = f"The {long[0].replace('_', ' ')} is longer than {LONGEST[long[0]]} letters."
    elif said.get("email") and not EMAIL.fullmatch(said["email"]):
        problem = f'"{said["email"][:60]}" is no e-mail address.'
    elif SHORTENED.fullmatch(said.get("number", "")):
        problem = f'A spreadsheet has shortened the number to "{said["number"]}". Format its column as text.'
    elif said.get("role") and plain(said["role"]) not in ROLE_OF:
        problem = f'"{said["role"]}" is no role; say student, assistant or instructor.'
    else:
        role = ROLE_OF[plain(said["role"])] if said.get("role") else None
        return Row(line.number, role=role, **{meaning: words for meaning, words in said.items() if meaning != "role"})
    return Fault(line.number, problem)


def _ids(one: Row | Person) -> list[tuple[str, str]]:
    """By what somebody can be told from all others: kind and value."""
    return [(kind, getattr(one, kind).casefold()) for kind in UNIQUE if getattr(one, kind)]


class _Directory:
    """Finds who is meant by a line."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._found: dict[tuple[str, str], list[Person]] = defaultdict(list)
        self._named: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            self._named[person.name.casefold()].append(person)
            for one in _ids(person):
                self._found[one].append(person)

    def by_id(self, row: Row) -> list[Person]:
        """Everybody who has one of the line's number, login and address."""
        found = {person.key: person for one in _ids(row) for person in self._found.get(one, ())}
        return list(found.values())

    def meant(self, row: Row) -> list[Person]:
        """Nobody, the one, or several who may be meant."""
        if known := self.by_id(row):
            return known
        return [person for person in self._named.get(row.name.casefold(), ()) if not _contradict(row, person)]


def _by_name_alone(row: Row, person: Person) -> str:
    """Why a line that names somebody by nothing but their name may not change them; empty if it may.

    Either way a namesake would come by a higher role: by the line's own, or by an address that opens this person's.
    """
    role = person.role.name.lower()
    if row.role and row.role > person.role:
        return (
            f"This would make {person.name} {row.role.name.lower()} for the sake of a name. "
            "If that is who is meant, change the role under Everybody."
        )
    if person.role > (row.role or Role.STUDENT) and set(_ids(row)) - set(_ids(person)):
        return (
            f"{person.name}, {role}, has the same name. If this line means them, write {role} into its role column; "
            "if not, first give the member a number or address of their own."
        )
    return ""


def _contradict(row: Row, person: Person) -> bool:
    """Whether they cannot be the same for all that is known, as two called alike with different numbers."""
    mine, theirs = dict(_ids(row)), dict(_ids(person))
    return any(kind in theirs and theirs[kind] != one for kind, one in mine.items())
