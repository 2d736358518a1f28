"""From hostile bytes to a JSON object, or to a sentence that says what the file is instead.

Nothing here trusts a byte: the size is checked first, the text may come in the wrong encoding, the JSON may be nested a
hundred thousand deep, hold numbers of a million digits, say NaN, or end in the middle.
"""

import codecs
import json
import re
from typing import Any

from grading.errors import Refusal
from grading.limits import MIB, Limits

BRACKETS = 1_000_000  # more lists and objects than this no notebook has; each costs us 25 times its bytes
_SAVE_AGAIN = "Open it in Jupyter, save it, and hand in the new file."
_DOWNLOAD_AGAIN = "Download or save the notebook once more and hand in that file."
_LOOKS_LIKE = (  # (how it starts, what it is, what to do)
    (b"%PDF", "This is a PDF, not a notebook.", "Hand in the .ipynb file itself."),
    (b"PK\x03\x04", "This is a zip archive with the name of a notebook.", "Hand in the .ipynb file inside it."),
    (b"\x1f\x8b", "This is a compressed archive, not a notebook.", "Hand in the .ipynb file inside it."),
    (b"\x89PNG", "This is a picture, not a notebook.", "Hand in the .ipynb file itself."),
    (b"\xff\xd8\xff", "This is a picture, not a notebook.", "Hand in the .ipynb file itself."),
    (b"\x7fELF", "This is a program, not a notebook.", "Hand in the .ipynb file itself."),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PYTHON = re.compile(r"^(?:import |from \w|def |class |@|#|%|\"\"\"|''')", re.MULTILINE)
_CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)


def check_size(size: int, *, file: str, limits: Limits) -> None:
    """Refuse by the size alone, so that a huge file need not be read."""
    if size > limits.upload_bytes:
        raise Refusal(
            f"The file has {size / MIB:.0f} MB, and at most {limits.upload_bytes / MIB:.0f} MB can be handed in.",
            remedy="Clear all outputs in Jupyter, save, and hand it in again.",
            file=file,
        )


def decode(data: bytes, *, file: str, limits: Limits) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The JSON object in `data`, and what was mended. Bytes that are no UTF-8 stay in it as lone surrogates.

    >>> from grading.limits import DEFAULT
    >>> decode(b'{"cells": []}', file="a.ipynb", limits=DEFAULT)
    ({'cells': []}, ())
    """
    check_size(len(data), file=file, limits=limits)
    notes: list[str] = []
    text = _text(data, notes, file=file)
    if text.count("[") + text.count("{") > BRACKETS:
        raise Refusal("The file is too intricate to be a notebook.", remedy=_SAVE_AGAIN, file=file)
    doubled: set[str] = set()

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) < len(items):
            keys = [key for key, _ in items]
            doubled.update(key for key in found if keys.count(key) > 1) if len(items) < 100 else doubled.add(keys[0])
        return found

    try:
        found = json.loads(text, strict=False, parse_int=_whole, object_pairs_hook=pairs)
    except RecursionError:
        raise Refusal("The file is nested too deeply to be a notebook.", remedy=_SAVE_AGAIN, file=file) from None
    except json.JSONDecodeError as error:
        raise _broken(data, text, error, file=file) from None
    if not isinstance(found, dict):
        raise Refusal("The file is not a notebook.", remedy="Hand in the .ipynb file that Jupyter saved.", file=file)
    if doubled & {"cells", "source", "cell_type", "metadata", "nbgrader", "grade_id", "id"}:
        notes.append("The file says some things twice in one place; the last one was taken, as Jupyter does.")
    return found, tuple(notes)


def _text(data: bytes, notes: list[str], *, file: str) -> str:
    head = data[:1024].lstrip()
    if not data.strip(b" \t\r\n\0"):
        raise Refusal("The file is empty.", remedy=_DOWNLOAD_AGAIN, file=file)
    for start, what, remedy in _LOOKS_LIKE:
        if head.startswith(start):
            raise Refusal(what, remedy=remedy, file=file)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            if encoding != "utf-8":
                notes.append("The file was saved as UTF-16 or UTF-32; it was read as such.")
            data = data[len(mark) :]
            break
    else:
        encoding = _unmarked(data)
        if encoding != "utf-8":
            notes.append("The file was saved as UTF-16 or UTF-32; it was read as such.")
    text = data.decode(encoding, errors="surrogateescape" if encoding == "utf-8" else "replace")
    return text.rstrip("\0 \t\r\n")  # a disk that was full leaves zeros behind


def _unmarked(data: bytes) -> str:
    """The encoding by where the zeros of the first character are: JSON begins with an ASCII character."""
    zeros = "".join("0" if byte == 0 else "x" for byte in data[:4])
    return {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}.get(zeros, "utf-8")


def _whole(digits: str) -> int:
    """A whole number; one of more digits than any counter in a notebook has is not worth its computing time."""
    return int(digits) if len(digits) < 20 else 0


def _broken(data: bytes, text: str, error: json.JSONDecodeError, *, file: str) -> Refusal:
    head = text[:2048].lstrip()
    if head[:1] == "<" and re.match(r"<(?:!doctype|html|\?xml|head|svg)", head, re.IGNORECASE):
        return Refusal(
            "This is a web page, not a notebook.",
            remedy="In Jupyter or Colab choose File, Download, .ipynb, and hand in that file.",
            file=file,
        )
    if _CONFLICT.search(data):
        return Refusal(
            "The file holds the marks of a merge conflict.",
            remedy="Resolve the conflict, open the notebook in Jupyter, save it, and hand it in.",
            file=file,
        )
    if head[:1] not in ("{", "[") and _PYTHON.search(head):
        return Refusal(
            "This looks like a Python script with the name of a notebook.",
            remedy="Put your answers into the notebook you were given and hand that in.",
            file=file,
        )
    if head[:1] != "{":
        return Refusal("The file is not a notebook.", remedy="Hand in the .ipynb file that Jupyter saved.", file=file)
    if not text[error.pos :].strip() or "Unterminated string" in error.msg:
        return Refusal("The file breaks off in the middle.", remedy=_DOWNLOAD_AGAIN, file=file)
    return Refusal(f"The file is damaged at line {error.lineno}.", remedy=_DOWNLOAD_AGAIN, file=file)
