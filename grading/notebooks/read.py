"""Reading a notebook from bytes nobody vouches for: what can be mended is mended with a note, the rest is refused.

nbformat's own validation is not used: it stops at damage that harms nobody (a missing id, a minor version of 99) and is
slow. We take from every cell its type, source, id and nbgrader's marking, each checked, and leave outputs unread.
Source: the notebook format, versions 2 to 4.5, as nbformat's `v2/convert.py` ... `v4/convert.py` upgrade it.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from grading.errors import Refusal
from grading.limits import MIB, Limits
from grading.notebooks.cells import Attachment, Cell, CellType, Marking, Notebook
from grading.notebooks.decode import decode

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PICTURES = {"image/png", "image/jpeg", "image/gif"}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*\Z")
_FLAGS = ("grade", "solution", "locked", "task")
_SAVE_AGAIN = "Open it in Jupyter, save it, and hand in the new file."


def read(data: bytes, *, file: str, limits: Limits) -> Notebook:
    """The notebook in `data`, or a `Refusal` that names the file, the cell if there is one, and the remedy.

    >>> from grading.limits import DEFAULT
    >>> cell = b'{"cell_type": "code", "source": ["a = 1\\\\n", "b = 2"], "outputs": [{"x": "y"}]}'
    >>> read(b'{"nbformat": 4, "cells": [' + cell + b']}', file="a.ipynb", limits=DEFAULT).cells[0].source
    'a = 1\\nb = 2'
    """
    found, notes = decode(data, file=file, limits=limits)
    reader = _Reader(file, limits, list(notes))
    raw = reader.raw_cells(found)
    if len(raw) > limits.cells:
        raise Refusal(
            f"The notebook has {len(raw)} cells, and at most {limits.cells} can be handed in.",
            remedy="Delete the cells that are not needed.",
            file=file,
        )
    cells = [cell for position, item in enumerate(raw, 1) if (cell := reader.cell(item, position)) is not None]
    if not cells:
        raise Refusal("The notebook has no cells.", remedy="Hand in the notebook with your answers.", file=file)
    metadata = found.get("metadata")
    return Notebook(tuple(cells), tuple(reader.notes), metadata if isinstance(metadata, dict) else {})


class _Reader:
    def __init__(self, file: str, limits: Limits, notes: list[str]) -> None:
        self.file, self.limits, self.notes = file, limits, notes

    def refusal(self, problem: str, position: int, remedy: str = _SAVE_AGAIN) -> Refusal:
        return Refusal(problem, remedy=remedy, file=self.file, cell=str(position))

    def raw_cells(self, found: Mapping[str, Any]) -> list[Any]:
        """The list of cells, wherever its version of the format keeps it."""
        cells, version = found.get("cells"), found.get("nbformat")
        if not isinstance(cells, list) and isinstance(found.get("worksheets"), list):
            sheets = [sheet.get("cells") for sheet in found["worksheets"] if isinstance(sheet, dict)]
            cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
            self.notes.append("The notebook was saved in an old format; it was brought up to date.")
        elif isinstance(version, int) and version > 4 and isinstance(cells, list):
            # A format from the future is read as long as its cells look like the ones we know.
            if not all(isinstance(cell, dict) and {"cell_type", "source"} <= cell.keys() for cell in cells):
                raise Refusal(
                    f"The notebook is in format {version}, which cannot be read yet.",
                    remedy="Save it in notebook format 4 and hand it in again.",
                    file=self.file,
                )
            self.notes.append(f"The notebook says it is in format {version}; it was read as format 4.")
        if not isinstance(cells, list):
            raise Refusal(
                "The file has no list of cells, so it is not a notebook.",
                remedy="Hand in the .ipynb file that Jupyter saved.",
                file=self.file,
            )
        return cells

    def cell(self, raw: Any, position: int) -> Cell | None:
        if not isinstance(raw, dict):
            self.notes.append(f"Cell {position} is not a cell at all; it was left out.")
            return None
        metadata = raw.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        marking, oddities = read_marking(metadata.get("nbgrader"))
        kind, source = self.kind_and_source(raw, position)
        source = self.clean(source, position, harmless=kind != "code" or (marking is not None and marking.fixed))
        if len(source.encode()) > self.limits.cell_bytes:
            raise self.refusal(
                f"It holds {len(source) / MIB:.1f} MB of text, and a cell may hold {self.limits.cell_bytes / MIB:.0f}.",
                position,
                "Move large data out of the cell.",
            )
        cell_id = raw.get("id")
        return Cell(
            kind,
            source,
            position,
            id=cell_id if isinstance(cell_id, str) and _ID.match(cell_id) else "",
            marking=marking,
            attachments=_attachments(raw.get("attachments")) if kind == "markdown" else (),
            metadata=metadata,
            oddities=oddities,
        )

    def kind_and_source(self, raw: Mapping[str, Any], position: int) -> tuple[CellType, str]:
        """Type and text; the old formats have headings, and called the text of a code cell its input."""
        named = raw.get("cell_type")
        source = self.source(raw["source"] if "source" in raw else raw.get("input"), position)
        if named == "code" or named == "markdown" or named == "raw":
            return named, source
        if named == "heading":
            level = raw.get("level")
            marks = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1)
            return "markdown", f"{marks} {' '.join(source.split())}"
        if named == "html":
            return "markdown", source
        if named is None and ("outputs" in raw or "execution_count" in raw):
            self.notes.append(f"Cell {position} does not say what it is; it was read as code.")
            return "code", source
        self.notes.append(f"Cell {position} does not say what it is; it was read as plain text.")
        return "raw", source

    def source(self, raw: Any, position: int) -> str:
        if isinstance(raw, str):
            return raw
        if raw is None:
            self.notes.append(f"Cell {position} has no text; it was read as empty.")
            return ""
        if isinstance(raw, list) and all(isinstance(line, str) for line in raw):
            return "".join(raw)
        raise self.refusal("Its text cannot be read.", position)

    def clean(self, source: str, position: int, *, harmless: bool) -> str:
        """One kind of line end, no control characters, no broken characters; broken ones in code are asked back."""
        if "\r" in source:
            source = source.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROLS.search(source):
            source = _CONTROLS.sub("", source)
            self.notes.append(f"Control characters were removed from cell {position}.")
        if broken := _SURROGATES.search(source):
            if not harmless:
                line = source.count("\n", 0, broken.start()) + 1
                raise self.refusal(f"Line {line} holds a broken character.", position, "Type that line again.")
            source = _SURROGATES.sub("\ufffd", source)
            self.notes.append(f"Broken characters in cell {position} were replaced.")
        return source.removeprefix("\ufeff")


def read_marking(raw: Any) -> tuple[Marking | None, tuple[str, ...]]:
    """nbgrader's marking of any schema version as plain fields, and what is wrong with it.

    >>> read_marking({"grade": True, "grade_id": "iou", "points": 2, "locked": False, "solution": False})[0].points
    2.0
    >>> read_marking({"grade": "yes", "grade_id": "iou"})[1]
    ("'grade' must be true or false, not 'yes'",)
    """
    if raw is None or raw == {}:
        return None, ()
    if not isinstance(raw, dict):
        return None, ("the nbgrader metadata is not an object",)
    odd: list[str] = []
    flags = {}
    for key in _FLAGS:
        value = raw.get(key, False)
        if not isinstance(value, bool):
            odd.append(f"'{key}' must be true or false, not {_short(value)}")
        flags[key] = value is True
    grade_id = raw.get("grade_id", "")
    if not isinstance(grade_id, str) or len(grade_id) > 200 or _SURROGATES.search(grade_id):
        odd.append(f"'grade_id' must be a short text, not {_short(grade_id)}")
        grade_id = ""
    points = raw.get("points")
    if points == "" or points is None:  # schema 0 wrote an empty text for none
        points = None
    elif isinstance(points, bool) or not isinstance(points, int | float | str) or (number := _number(points)) is None:
        odd.append(f"'points' must be a number of 0 or more, not {_short(points)}")
        points = None
    else:
        points = number
    schema = raw.get("schema_version", 0)
    if isinstance(schema, bool) or not isinstance(schema, int) or not 0 <= schema <= 3:
        odd.append(f"'schema_version' must be 1, 2 or 3, not {_short(schema)}")
        schema = 3
    if not grade_id:
        if any(flags.values()):
            odd.append("'grade_id' is missing")
        return None, tuple(odd)
    return Marking(grade_id, **flags, points=points, schema=schema), tuple(odd)


def _number(value: int | float | str) -> float | None:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 <= number <= 1e6 else None


def _short(value: object) -> str:
    text = value if isinstance(value, str) else type(value).__name__ if isinstance(value, list | dict) else str(value)
    return f"'{text[:40]}'"


def _attachments(raw: Any) -> tuple[Attachment, ...]:
    """Pictures pasted into a text cell, for the person who marks it. Anything else that is attached stays behind."""
    if not isinstance(raw, dict):
        return ()
    return tuple(
        Attachment(name[:200], kind, body)
        for name, bundle in raw.items()
        if isinstance(bundle, dict) and not _SURROGATES.search(name)
        for kind, body in bundle.items()
        if kind in _PICTURES and isinstance(body, str) and _BASE64.match(body)
    )
