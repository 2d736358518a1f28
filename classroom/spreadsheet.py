"""A table as a spreadsheet program or a learning platform exports it: bytes to rows of clean cells, and back.

Which encoding and which separator it has, nobody who uploads it knows, so both are found out.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from classroom.errors import ClassroomError

BYTES = 2_000_000
LINES = 20_000
COLUMNS = 1_000
SEPARATORS = ",;\t"
JOINERS = "\u200c\u200d"  # invisible, and part of names in Persian and Hindi

FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")  # noqa: RUF001 (spreadsheets read these too)


@dataclass(frozen=True)
class Line:
    """One record of the table and the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


def read(data: bytes) -> Iterator[Line]:
    """The records of a file that are not blank, the header first."""
    if len(data) > BYTES:
        raise ClassroomError(f"The file has {len(data) / 1e6:.1f} MB; a roster has at most {BYTES / 1e6:.0f} MB.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ClassroomError('This is a workbook. Open it, choose "Save as" and "CSV UTF-8", and upload that file.')
    text = decoded(data)
    said = re.match(r"sep=(.)\r?\n", text)  # a line that Excel writes and reads itself
    before = 1 if said else 0
    body = text[said.end() :] if said else text
    return _lines(body, said[1] if said else separator(body), before)


def write(rows: Iterable[Sequence[str]]) -> str:
    """The text of a table that `read` reads back and that no spreadsheet takes for formulas.

    >>> write([("name", "number"), ("=Ada", "0815")])
    "name,number\\r\\n'=Ada,0815\\r\\n"
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([f"'{c}" if FORMULA.match(c) else c for c in row] for row in rows)
    return out.getvalue()


def decoded(data: bytes) -> str:
    """Text, whatever wrote it: UTF-8 or UTF-16 with or without a mark, else Western European as Excel has it.

    >>> [decoded("Zoë".encode(code)) for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")]
    ['Zoë', 'Zoë', 'Zoë', 'Zoë', 'Zoë']
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for code, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):  # every other byte of Latin text
        if zeros and zeros.count(0) > len(zeros) / 2:
            return data.decode(code, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def separator(text: str) -> str:
    """What stands between the cells of the first line that has any; a comma if nothing does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=bare.count)


def clean(cell: str) -> str:
    """A cell without what nobody sees: control characters, marks that turn the direction, blanks at the ends.

    >>> clean("  Ada\\x00\\u202e  Lovelace\\n"), clean("'=1+1"), clean("'tis")
    ('Ada Lovelace', '=1+1', "'tis")
    """
    seen = "".join(c for c in cell if c.isspace() or c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    text = unicodedata.normalize("NFC", " ".join(seen.split())).strip(f" {JOINERS}")
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _lines(text: str, between: str, before: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    found = 0
    while True:
        number = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ClassroomError(
                f"Line {number}: a quotation mark is opened here and not closed, or a cell is too long. "
                "Quotation marks stand around a whole cell; within it they are doubled."
            ) from error
        if cells is None:
            return
        if len(cells) > COLUMNS:
            raise ClassroomError(f"Line {number} has {len(cells)} cells; a roster has at most {COLUMNS}.")
        line = Line(number, tuple(clean(cell) for cell in cells))
        if any(line.cells):
            found += 1
            if found > LINES + 1:
                raise ClassroomError(f"The file has more than {LINES} people. Upload the roster of one course.")
            yield line
