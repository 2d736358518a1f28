"""What goes wrong on our side of a test."""

from grading.errors import GradingError


class RefereeError(GradingError):
    """The referee itself is at fault, so the question is undecided and waits for a person: never a student's zero."""
