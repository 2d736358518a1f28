"""The problem sets the labs prepare for, by name."""

from dataclasses import dataclass

from syllabus.tables import row, table


@dataclass(frozen=True)
class ProblemSet:
    """A set of auto-graded tasks: its number, what it is called, and what it is about in one line."""

    id: str
    number: int
    title: str
    theme: str


def problem_set(id: str) -> ProblemSet:
    """One problem set.

    >>> problem_set("ps2").number, problem_set("ps2").title
    (2, 'Filtering from scratch')
    """
    entry = row("problem_sets", id)
    return ProblemSet(id=id, number=int(id.removeprefix("ps")), title=entry["title"], theme=entry["theme"])


def problem_sets() -> list[ProblemSet]:
    """All of them, in the order of the course."""
    return [problem_set(id) for id in table("problem_sets")]
