"""What several subcommands need: the course, words, numbers."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grading.errors import GradingError

if TYPE_CHECKING:
    from grading.course import Course


def course_of(arguments: argparse.Namespace) -> "Course":
    """The course that was named."""
    from grading.course import Course

    return Course.open(arguments.course)


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
