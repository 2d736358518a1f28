"""How alike two cells are, by what can be told without running or parsing anything.

A student's text is never handed to Python's parser here: it would run in the process that holds the tests.
"""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

_DEFINED = re.compile(r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
_CODE = re.compile(
    r"^[ \t]*(?:def |class |import \w|from \w+|@\w|return\b|raise\b|pass$|(?:for|while|if|with) .*:|[%!]\w"
    r"|\w[\w.\[\], ]*[-+*/]?=[^=]|[\w.]+\(.*\)\s*$)",
    re.MULTILINE,
)
_LINES = 200  # compared at most; a difference beyond them hardly makes it another cell

# Letters that look like Latin ones in the fonts notebooks use: Cyrillic and Greek, lower case.
_LOOKALIKES = str.maketrans(
    "авеіјкмнорстухѕԁһԛԝοαβγεηικνρτυχω",
    "abeijkmhopctyxsdhqwoabyenikvptuxw",
)


def defined(source: str) -> frozenset[str]:
    r"""The names a cell defines at its outermost level.

    >>> sorted(defined("def f(x):\n    y = 1\nclass A: pass\nz: int = 2\nz == 3"))
    ['A', 'f', 'z']
    """
    return frozenset(first or second for first, second in _DEFINED.findall(source))


def uses(source: str, names: frozenset[str]) -> bool:
    """Whether a cell mentions one of these names."""
    return bool(names) and not names.isdisjoint(re.findall(r"\w+", source))


def looks_like_code(source: str) -> bool:
    r"""Whether a cell that calls itself text holds Python.

    >>> looks_like_code("def f():\n    return 1"), looks_like_code("I could not do this one.")
    (True, False)
    """
    return bool(_CODE.search(source))


def tidy(source: str) -> str:
    r"""The source without what nobody sees: blanks at line ends, empty lines around it.

    >>> tidy("\n a = 1  \n\nb\n\n")
    ' a = 1\n\nb'
    """
    return "\n".join(line.rstrip() for line in source.split("\n")).strip("\n")


def lines(source: str) -> tuple[str, ...]:
    """The first lines that are not empty, without their indent."""
    return tuple(line for line in (line.strip() for line in source.split("\n")) if line)[:_LINES]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    r"""From 0 (nothing in common) to 1 (the same lines in the same order), by difflib over lines.

    >>> likeness(lines("a\nb\nc\nd"), lines("a\nb\nc\ne"))
    0.75
    """
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.3 else 0.0


def skeleton(identifier: str) -> str:
    r"""An id as the eye reads it: width, case, lookalike letters and separators do not count.

    >>> skeleton("I\u043eu_Test")  # with a Cyrillic letter that looks like an "o"
    'ioutest'
    """
    text = unicodedata.normalize("NFKC", identifier[:200]).casefold().translate(_LOOKALIKES)
    return re.sub(r"[\W_]+", "", text)


def near_miss(identifier: str, known: str) -> bool:
    """Whether somebody may have meant `known`: the same to the eye, or one letter off in six.

    >>> near_miss("iou-tets", "iou-test"), near_miss("conv", "iou")
    (True, False)
    """
    one, other = skeleton(identifier), skeleton(known)
    if not one or abs(len(one) - len(other)) > len(other) // 3:
        return False
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.83
