"""What goes wrong between a test and the student's process."""

from grading.errors import GradingError


class ForgedAnswer(GradingError):
    """An answer no honest process sends: the student's side broke the protocol."""


class StudentError(Exception):
    """The student's code ended in an error that is none of Python's own; the message names it."""


class ForbiddenShortcut(Exception):
    """The student's code called what the exercise asks to be written."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} does what is to be written here, so it may not be called.")


class Unsendable(GradingError):
    """A value that does not travel; the message says which and what would."""


class ArgumentError(Unsendable):
    """A test passes the student's code something that cannot get there; the instructor can mend the test."""
