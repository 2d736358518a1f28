"""The tables of the syllabus: TOML files, one table per item, reviewed line by line."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

Value: TypeAlias = int | float | str | tuple["Value", ...]  # a figure as data: 56, 3.15, (28, 28, 6), "argmin"
Row: TypeAlias = dict[str, Any]


@cache
def table(name: str) -> dict[str, Row]:
    """All rows of `name`.toml by their id, in the order of the file.

    >>> table("problem_sets")["ps1"]["title"]
    'Counting and shapes'
    """
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def row(name: str, id: str) -> Row:
    """One row of a table; an unknown id names the ids there are."""
    rows = table(name)
    if id not in rows:
        raise KeyError(f"{id!r} is not in {name}.toml, whose ids run from {next(iter(rows))} to {next(reversed(rows))}")
    return rows[id]


def frozen(value: Any) -> Value:
    """Data of a table that nobody can change: lists become tuples.

    >>> frozen([[28, 28, 6], 156])
    ((28, 28, 6), 156)
    """
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"a value is a number, a text or a list of them, got {value!r}")
    return value


def said(value: Value) -> str:
    """A value as a reader writes it: thousands set apart, shapes with a cross between their sides.

    >>> said(62378344), said(3.15), said((55, 54)), said(((28, 28, 6), 156))
    ('62,378,344', '3.15', '55, 54', '28x28x6, 156')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return f"{value:,}"
    return ", ".join(_said_inside(part) for part in value)


def _said_inside(part: Value) -> str:
    if not isinstance(part, tuple):
        return said(part)
    sides = [str(side) for side in part if isinstance(side, int)]
    return "x".join(sides) if len(sides) == len(part) == 3 else f"({said(part)})"
