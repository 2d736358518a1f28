"""What a referee says: frozen records in which nothing stands that the student's code produced.

A student's function sees the hidden inputs and could carry them out in an answer, a shape or an error's text. So a
finding is a word out of a fixed list, and the name of one of Python's own errors at most.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "right",
    "wrong values",
    "wrong shape",
    "wrong type",
    "not a number",
    "no answer",
    "raised",
    "did not refuse",
    "took too long",
    "not asked",
]


@dataclass(frozen=True)
class Finding:
    """What became of one case."""

    kind: Kind
    error: str = ""  # one of Python's own exceptions by name, where kind is "raised"

    @property
    def right(self) -> bool:
        """Whether the answer was the expected one."""
        return self.kind == "right"


@dataclass(frozen=True)
class GroupRuling:
    """What one group of cases earned."""

    title: str
    points: float
    out_of: float
    visible: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Ruling:
    """The verdict on one function, in points and in words a student may read."""

    question: str
    points: float
    out_of: float
    seen: str
    hint: str
    mistake: str  # the title of the mistake that was recognised
    groups: tuple[GroupRuling, ...]
    seed: int


_last: Ruling | None = None


def last_ruling() -> Ruling | None:
    """What a referee said last in this process; a grader forgets it before each test cell and fetches it after."""
    return _last


def forget_ruling() -> None:
    """Nothing was said yet."""
    keep_ruling(None)


def keep_ruling(ruling: Ruling | None) -> None:
    """The referee's own: leave the ruling where the grader finds it."""
    global _last
    _last = ruling
