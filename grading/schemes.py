"""How marks add up: schemes of weighted parts, and every student's total as a table.

What is not decided yet leaves the part and the total empty, never a zero; what was not handed in is a zero.
"""

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from grading.errors import GradingError
from grading.exports import defused
from grading.ledger.people import Person
from grading.ledger.standing import Grade

FILE = "schemes.toml"
_COLUMNS = ("student", "part", "points")
_WHO = ("student", "last_name", "first_name", "email")


@dataclass(frozen=True)
class Part:
    """A share of the total: assignments that count alike, or points that a person gives."""

    name: str
    points: float
    bonus: float = 0.0
    assignments: tuple[str, ...] = ()
    each: float = 10.0  # what an assignment is worth; points above are bonus

    def __post_init__(self) -> None:
        if not self.name or self.points <= 0 or self.bonus < 0 or self.each <= 0:
            raise GradingError(f'The part "{self.name}" needs a name, points above 0, and no bonus below 0.')

    def earned(self, points: Sequence[float]) -> float:
        """Points of the total for those of its assignments: (N,) -> one number.

        >>> Part("sets", 80, bonus=8, assignments=("ps1", "ps2")).earned([10.0, 5.0])
        60.0
        >>> Part("sets", 80, bonus=8, assignments=("ps1", "ps2")).earned([11.0, 10.0])
        84.0
        """
        whole = self.each * len(self.assignments)
        plain = sum(min(each, self.each) for each in points)
        more = sum(max(each - self.each, 0.0) for each in points)
        return self.points * plain / whole + min(self.bonus, self.points * more / whole)


@dataclass(frozen=True)
class Scheme:
    """A way to add up a course."""

    name: str
    title: str
    parts: tuple[Part, ...]

    @property
    def points(self) -> float:
        """What can be had without bonuses."""
        return sum(part.points for part in self.parts)


def schemes(folder: Path) -> dict[str, Scheme]:
    """The schemes of a course by name, from the file `schemes.toml` in its folder."""
    try:
        found = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GradingError(f'The course has no file "{FILE}" that says how marks add up.') from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GradingError(f"{FILE} cannot be read: {error}.") from None
    return {name: _scheme(name, table) for name, table in found.items()}


def scheme(folder: Path, name: str) -> Scheme:
    """One of them."""
    known = schemes(folder)
    if name not in known:
        near = get_close_matches(name, known, n=1)
        raise GradingError(
            f'There is no scheme "{name}". '
            + (f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}.")
        )
    return known[name]


def _scheme(name: str, table: Any) -> Scheme:
    where = f"{FILE}, [{name}]"
    parts = table.get("parts") if isinstance(table, dict) else None
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise GradingError(f"{where} needs parts = [{{ name = ..., points = ... }}, ...].")
    made = []
    for part in parts:
        try:
            made.append(Part(**{**part, "assignments": tuple(part.get("assignments", ()))}))
        except TypeError as error:
            raise GradingError(f"{where}: {error}. A part has {', '.join(Part.__dataclass_fields__)}.") from None
    names = [part.name for part in made]
    if len(set(names)) < len(names):
        raise GradingError(f"{where}: two parts have the same name.")
    return Scheme(name, str(table.get("title", name)), tuple(made))


def given_marks(text: str, scheme: Scheme) -> dict[tuple[str, str], float]:
    """Marks that persons gave, from a table with the columns student, part, points: by student and part.

    >>> scheme = Scheme("one", "One", (Part("oral", 25),))
    >>> given_marks("student,part,points\\nada,oral,20.5\\n", scheme)
    {('ada', 'oral'): 20.5}
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")))
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        raise GradingError(f"The table of marks needs the columns {', '.join(_COLUMNS)}.")
    by_hand = {part.name: part for part in scheme.parts if not part.assignments}
    found: dict[tuple[str, str], float] = {}
    for number, row in enumerate(rows, 2):
        student, name = str(row["student"]).strip(), str(row["part"]).strip()
        if name not in by_hand:
            raise GradingError(
                f'Line {number} of the table of marks: "{name}" is none of {", ".join(by_hand) or "the parts"}.'
            )
        try:
            points = float(str(row["points"]))
        except ValueError:
            points = float("nan")
        if not isfinite(points) or not 0 <= points <= by_hand[name].points + by_hand[name].bonus:
            raise GradingError(
                f"Line {number} of the table of marks: points go from 0 to {by_hand[name].points:g} there."
            )
        if (student, name) in found:
            raise GradingError(f'Line {number} of the table of marks: "{student}" has marks for "{name}" already.')
        found[student, name] = points
    return found


def totals(
    scheme: Scheme,
    grades: Iterable[Grade],
    given: Mapping[tuple[str, str], float],
    *,
    assignments: Sequence[str],
    people: Mapping[str, Person],
) -> str:
    """Everybody's parts and total as CSV. `assignments` are those of the course; a part's others do not count yet."""
    known = {(grade.student, grade.assignment): grade for grade in grades}
    students = sorted({*people, *(student for student, _ in (*known, *given))})
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow((*_WHO, *(defused(part.name) for part in scheme.parts), "total", "out_of", "waits_for"))
    for student in students:
        earned = {part.name: _earned(part, student, known, given, assignments) for part in scheme.parts}
        open_parts = [name for name, points in earned.items() if points is None]
        total = None if open_parts else sum(points for points in earned.values() if points is not None)
        cells = [_cell(points) for points in (*earned.values(), total)]
        person = people.get(student) or Person(student)
        who = map(defused, (student, person.last_name, person.first_name, person.email))
        table.writerow((*who, *cells, _cell(scheme.points), defused("; ".join(open_parts))))
    return out.getvalue()


def _earned(
    part: Part,
    student: str,
    known: Mapping[tuple[str, str], Grade],
    given: Mapping[tuple[str, str], float],
    assignments: Sequence[str],
) -> float | None:
    if not part.assignments:
        return given.get((student, part.name))
    there = tuple(name for name in part.assignments if name in assignments)
    if not there:
        return None
    points = list(_points_of(student, there, known))
    if any(each is None for each in points):
        return None
    counted = Part(part.name, part.points, part.bonus, there, part.each)
    return counted.earned([each for each in points if each is not None])


def _points_of(student: str, names: Sequence[str], known: Mapping[tuple[str, str], Grade]) -> Iterator[float | None]:
    for name in names:
        grade = known.get((student, name))
        yield grade.points if grade else 0.0


def _cell(points: float | None) -> str:
    return "" if points is None else f"{round(points, 4):.4f}".rstrip("0").rstrip(".")
