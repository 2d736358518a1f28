"""What several subcommands need: the course, words, numbers."""

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from grading.errors import GradingError

if TYPE_CHECKING:
    from grading.course import Course
    from grading.exports import Column
    from grading.ledger.people import Person
    from grading.ledger.policy import Rules
    from grading.ledger.standing import Grade


class Office(Protocol):
    """What a course knows besides its ledger: who is who, and what was published until when."""

    def whom(self, said: str) -> str:
        """The key of the member who is called so; what was said, where the course has no students on a roster."""

    def rules_of(self, assignment: str) -> "Callable[[str], Rules]":
        """The rules of an assignment for a student, published dates included."""

    def marks(
        self, assignments: Sequence[str], *, members_only: bool = False
    ) -> "tuple[list[Column], list[Grade], Mapping[str, Person]]":
        """What everybody has for these assignments, and who they are."""


Offices = Callable[["Course", str], AbstractContextManager[Office]]  # of a course, with its database


def course_of(arguments: argparse.Namespace) -> "Course":
    """The course that was named."""
    from grading.course import Course

    return Course.open(arguments.course)


def office_of(arguments: argparse.Namespace) -> AbstractContextManager[Office]:
    """Its office, to be left again."""
    from grading.ledger.where import database

    office: AbstractContextManager[Office] = arguments.office(course_of(arguments), database(arguments.course))
    return office


def folder_of(out: Path | None) -> None:
    """Say before the work, not after it, that its result has no place to go."""
    if out and (out.is_dir() or not out.parent.is_dir()):
        raise GradingError(f'"{out.name}" cannot be written there: name a file in a folder that exists.')


def whoever() -> str:
    """Who gave the command; in a container the user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "the command line"


def say(text: str) -> None:
    """A line for whoever called."""
    sys.stdout.write(text + "\n")


def count(number: int, thing: str) -> str:
    """How many of them, in words.

    >>> count(1, "mark"), count(0, "mark")
    ('1 mark', '0 marks')
    """
    return f"{number} {thing}{'' if number == 1 else 's'}"


def workers(text: str) -> int:
    """How many work at the same time, as argparse wants it."""
    number = int(text)
    if not 1 <= number <= 64:
        raise argparse.ArgumentTypeError("1 to 64 can work at the same time")
    return number
