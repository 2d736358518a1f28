"""How Canvas and Moodle read a CSV file with grades, rule by rule, in as few lines as it takes: what exports must pass.

Canvas: `lib/gradebook_importer.rb` of instructure/canvas-lms (commit 00b222d7), `Assignment.title_and_id`.
Moodle: `grade/import/csv/classes/load_data.php` of moodle/moodle (commit 0289d8c7) and docs.moodle.org, "Grade import".
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

CANVAS_OWN = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override Score|Override Grade|"
    "Override Status"
)


class Refused(Exception):
    """The platform does not take the file."""


@dataclass
class CanvasUser:
    """A student whom Canvas knows."""

    id: int
    name: str  # as it is sorted: Lovelace, Ada
    sis: str = ""
    login: str = ""


@dataclass
class Canvas:
    """A course in Canvas: who is in it, its assignments by number."""

    users: Sequence[CanvasUser]
    assignments: dict[int, str]
    possible: dict[str, str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)  # rows that Canvas would add as unknown students
    fresh: list[str] = field(default_factory=list)  # columns that Canvas would make assignments of

    def read(self, text: str) -> dict[tuple[int, str], str]:
        """What is imported: grades by student and title."""
        rows = [[_number(cell) for cell in row] for row in self._rows(text)]
        header, *rest = rows
        if not (len(header) > 3 and "Student" in header[0] and "ID" in header[1]):
            raise Refused("Invalid header row")
        columns, sis, login = 3, None, None
        if re.search(r"SIS\s+Login\s+ID", header[2]):
            columns, login = 4, 2
        elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
            columns, sis, login = 5, 2, 3
        if "Section" not in header[columns - 1]:
            raise Refused("Invalid header row")
        titles = {header.index(one): self._title(one) for one in header[columns:] if not CANVAS_OWN.search(one)}
        grades: dict[tuple[int, str], str] = {}
        for row in rest:
            if "Points Possible" in row[0]:
                self.possible = {title: row[place] for place, title in titles.items()}
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                user = self._user(row, sis, login)
                if user is None:
                    self.strangers.append(row[0])
                    continue
                for place, title in titles.items():
                    assert (user.id, title) not in grades, "two rows for one student"
                    grades[user.id, title] = row[place].strip()
        return grades

    def _rows(self, text: str) -> list[list[str]]:
        counts = {";": 0, ",": 0}
        for separator in counts:
            found = set()
            for line in io.StringIO(text, newline="").read().split("\n")[:3]:
                try:
                    found |= {len(row) for row in csv.reader([line + "\n"], delimiter=separator, strict=True)}
                except csv.Error:
                    found |= {0, -1}
            counts[separator] = found.pop() if len(found) == 1 else 0
        comma = ";" if counts[";"] > counts[","] else ","
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True))
        return [row for row in rows if row and any(cell.strip("; ,") for cell in row)]

    def _title(self, header: str) -> str:
        match = re.fullmatch(r"(.*)\s\((\d+)\)", header, re.DOTALL)
        if match and int(match[2]) in self.assignments:
            return self.assignments[int(match[2])]
        if header not in self.assignments.values():
            self.fresh.append(header)
        return header

    def _user(self, row: Sequence[str], sis: int | None, login: int | None) -> CanvasUser | None:
        by_id = [user for user in self.users if row[1] and str(user.id) == row[1]]
        by_sis = [user for user in self.users if sis and row[sis] and user.sis == row[sis]]
        by_login = [user for user in self.users if login and row[login] and user.login == row[login]]
        by_name = [user for user in self.users if user.name == row[0]]
        return next(iter([*by_id, *by_sis, *by_login, *by_name]), None)


def _number(cell: str) -> str:
    """A field that is a number or a percentage has its last comma or point taken for the decimal one."""
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *whole, last = re.split("[,.]", cell)
    return f"{''.join(whole)}.{last}" if whole else last


def moodle(text: str, users: dict[str, str], *, by: str, most: float = 100.0) -> dict[tuple[str, str], float | None]:
    """Grades by person and column. `users` are those whom Moodle knows, by what stands in the column `by`.

    Every column behind the fourth becomes a new grade item. A row without a name belongs to the person above it: that
    is what Moodle does, and why no export may have one. An empty grade of a new item is a zero.
    """
    # PHP's fgetcsv takes a backslash before a quote for an escape
    rows = list(csv.reader(io.StringIO(text, newline=""), escapechar="\\", strict=True))
    header = [name.strip() for name in rows[0]]
    if len(header) < 2 or any(len(row) != len(header) for row in rows):
        raise Refused("csvweirdcolumns")
    if len(set(header)) != len(header):
        raise Refused("two columns of one name cannot be mapped")
    found: dict[tuple[str, str], float | None] = {}
    person = ""
    for row in rows[1:]:
        name = row[header.index(by)].strip()
        if name not in ("", "0"):  # PHP's empty()
            if name not in users:
                raise Refused(f"usermappingerror: {name}")
            person = users[name]
        if not person:
            raise Refused("usermappingerrorusernotfound")
        for place in range(4, len(header)):
            value = row[place].strip()
            grade = None if value == "-" else float(value or 0)
            if grade is not None and grade > most:
                raise Refused("gradevaluetoobig")
            found[person, header[place]] = grade
    return found
