"""A question and what came back: an answer, or the error it ended in."""

import builtins
from dataclasses import dataclass, field
from typing import Any

from grading.referee.cases import Case
from grading.referee.rulings import Finding


@dataclass(frozen=True)
class Raised:
    """A call that ended in an error instead of an answer."""

    error: Exception

    @property
    def name(self) -> str:
        """The nearest of Python's own errors: a class of the student's could carry a hidden number in its name.

        >>> Raised(UnicodeDecodeError("utf-8", b"", 0, 1, "")).name, Raised(type("Seed42", (ValueError,), {})()).name
        ('UnicodeDecodeError', 'ValueError')
        """
        for kind in type(self.error).__mro__:
            if kind is not Exception and getattr(builtins, kind.__name__, None) is kind:
                name: str = kind.__name__
                return name
            if kind is Exception:
                break
        return ""


@dataclass(frozen=True)
class Asked:
    """One case, what should come back, and what came."""

    case: Case
    expected: Any  # a value, or Raised
    answer: Any = None  # a value, or Raised
    finding: Finding = field(default_factory=lambda: Finding("not asked"))
