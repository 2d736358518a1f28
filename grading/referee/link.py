"""What a referee asks of whoever runs the student's function; without a grader it asks nobody.

A grader connects its own link before a test cell runs. It may raise TimeoutError out of a call that took too long, and
a GradingError where the student's process is gone: the first is the student's trouble, the second is not ours to judge.
"""

import io
import sys
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stderr
from typing import Protocol

from grading.referee.rulings import Ruling


class Link(Protocol):
    """The way to the student's function."""

    def seconds(self, limit: float) -> AbstractContextManager[object]:
        """Inside, every call may take so many seconds of the student's processor time."""
        ...

    def forbidding(self, names: Sequence[str]) -> AbstractContextManager[Collection[str]]:
        """Inside, calls of these dotted names by the student are noticed: the collection holds those that were."""
        ...

    def told(self, ruling: Ruling) -> None:
        """The referee has decided."""
        ...


class Direct:
    """No grader: the function is called as it is, and the ruling is printed, as in nbgrader's feedback."""

    def seconds(self, limit: float) -> AbstractContextManager[object]:
        """No limit; a warning of the student's code stays unheard, or nbgrader would take the points for it."""
        return redirect_stderr(io.StringIO())

    def forbidding(self, names: Sequence[str]) -> AbstractContextManager[Collection[str]]:
        """Nothing is noticed."""
        return nullcontext(())

    def told(self, ruling: Ruling) -> None:
        """Two lines for the person who reads the notebook."""
        for line in (ruling.seen, ruling.hint):
            if line:
                sys.stdout.write(line + "\n")


_link: Link = Direct()


def connected() -> Link:
    """The link in use."""
    return _link


def connect(link: Link) -> None:
    """Use a grader's link from now on."""
    global _link
    _link = link


def disconnect() -> None:
    """Back to plain calls."""
    connect(Direct())
