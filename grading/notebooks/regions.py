"""Regions of a source notebook that a student must not get: solutions, hidden tests, marking schemes.

They are cleared as nbgrader does it (`ClearSolutions`, `ClearHiddenTests`, `ClearMarkScheme`), delimiter for delimiter,
so a course keeps its notebooks and its nbgrader. The words may be set per course, as nbgrader allows.
"""

import re
from dataclasses import dataclass

from grading.errors import GradingError


@dataclass(frozen=True)
class Delimiters:
    """The words that open and close a region, and what stands in place of a solution."""

    begin_solution: str = "BEGIN SOLUTION"
    end_solution: str = "END SOLUTION"
    begin_hidden: str = "BEGIN HIDDEN TESTS"
    end_hidden: str = "END HIDDEN TESTS"
    begin_scheme: str = "BEGIN MARK SCHEME"
    end_scheme: str = "END MARK SCHEME"
    code_stub: str = "# YOUR CODE HERE\nraise NotImplementedError()"
    text_stub: str = "YOUR ANSWER HERE"


NBGRADER = Delimiters()


def clear(source: str, begin: str, end: str, *, stub: str | None = None) -> tuple[str, frozenset[int]]:
    r"""`source` without its regions, each replaced by `stub` at its own indent, and the lines taken out (from 1).

    >>> clear("a = 1\n### BEGIN X\nb = 2\n### END X\nc = 3", "BEGIN X", "END X")
    ('a = 1\nc = 3', frozenset({2, 3, 4}))
    >>> clear("def f():\n    # BEGIN X\n    return 1\n    # END X", "BEGIN X", "END X", stub="...")[0]
    'def f():\n    ...'
    """
    if begin not in source and end not in source:  # the ordinary case, and a fast one
        return source, frozenset()
    kept: list[str] = []
    taken: set[int] = set()
    inside = False
    for number, line in enumerate(source.split("\n"), 1):
        if begin in line:
            if inside:
                raise GradingError(f"line {number} says {begin} inside a region that is already open.")
            inside = True
            taken.add(number)
            if stub is not None:
                indent = re.match(r"\s*", line)
                kept += [(indent.group(0) if indent else "") + part for part in stub.split("\n")]
        elif end in line:  # nbgrader drops the line even when no region is open, and so do we
            inside = False
            taken.add(number)
        elif inside:
            taken.add(number)
        else:
            kept.append(line)
    if inside:
        raise GradingError(f"a region that says {begin} is never closed by {end}.")
    return "\n".join(kept), frozenset(taken)
