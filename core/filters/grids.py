"""Small grids of numbers as a visitor writes them: "0 1/5 0; 1/5 1/5 1/5; 0 1/5 0".

Rows end with a semicolon or a new line, numbers with a space or a comma. Text is read, never evaluated.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats

Words: TypeAlias = tuple[tuple[str, ...], ...]  # rows of numbers as they were written
MOST_CHARACTERS = 4_000
NUMBER = re.compile(r"[+-]?(\d{1,6}(\.\d{0,6})?|\.\d{1,6})(/\d{1,6})?", re.ASCII)


def read_words(text: str, *, most: int = 12, name: str = "grid") -> Words:
    """The rows of a grid, each number still as written; at most `most` rows and columns.

    >>> read_words("0 1/5; 2, -3")
    (('0', '1/5'), ('2', '-3'))
    """
    if len(text) > MOST_CHARACTERS:
        raise LimitError(f"the {name} has {len(text):,} characters: at most {MOST_CHARACTERS:,} would do")
    rows = [tuple(row.replace(",", " ").split()) for row in re.split(r"[;\n]", text)]
    while rows and not rows[-1]:
        rows.pop()  # a closing semicolon starts no row
    if not rows or not any(rows):
        raise ShapeError(f'the {name} is empty: write rows such as "0 1; 2 3"')
    for number, row in enumerate(rows, start=1):
        if not row:
            raise ShapeError(f"row {number} of the {name} is empty: write a number in every column")
        for word in row:
            read_number(word, where=f"row {number} of the {name}")
        if len(row) != len(rows[0]):
            count = "1 number" if len(row) == 1 else f"{len(row)} numbers"
            raise ShapeError(f"row {number} of the {name} has {count}, but row 1 has {len(rows[0])}")
    if max(len(rows), len(rows[0])) > most:
        raise LimitError(f"the {name} is {len(rows)} x {len(rows[0])}: at most {most} rows and {most} columns would do")
    return tuple(rows)


def read_number(word: str, *, where: str = "the cell") -> float:
    """One number: 3, -0.5 or 1/4.

    >>> read_number("1/4")
    0.25
    """
    text = word.strip()
    if not NUMBER.fullmatch(text):
        raise CoreError(f"{where}: {text[:20]!r} is not a number such as 3, -0.5 or 1/4 (at most six digits)")
    top, _, bottom = text.partition("/")
    if bottom and int(bottom) == 0:
        raise CoreError(f"{where}: {text!r} divides by zero")
    return _quotient(top, int(bottom or 1))


@lru_cache(maxsize=4096)
def _quotient(top: str, bottom: int) -> float:
    # A fraction takes longer than what is computed with it, and the same few are read again with every move.
    return float(Fraction(top) / bottom)


def values(words: Words) -> Floats:
    """What the words mean: (H, W).

    >>> values((("0", "1/4"), ("2", "-3")))
    array([[ 0.  ,  0.25],
           [ 2.  , -3.  ]])
    """
    return np.array([[read_number(word) for word in row] for row in words])


def write_words(words: Words) -> str:
    """The text of a grid, as `read_words` takes it.

    >>> write_words((("0", "1/5"), ("2", "-3")))
    '0 1/5; 2 -3'
    """
    return "; ".join(" ".join(row) for row in words)


def replaced(words: Words, row: int, column: int, word: str) -> Words:
    """The grid with one number rewritten; a decimal comma is understood.

    >>> replaced((("0", "1"),), 0, 1, "0,5")
    (('0', '0.5'),)
    """
    if not (0 <= row < len(words) and 0 <= column < len(words[0])):
        raise ShapeError(f"there is no row {row + 1}, column {column + 1} in a grid {len(words)} x {len(words[0])}")
    new = word.strip().replace(",", ".")
    read_number(new, where=f"row {row + 1}, column {column + 1}")
    line = (*words[row][:column], new, *words[row][column + 1 :])
    return (*words[:row], line, *words[row + 1 :])
