"""The words of the course side as records: frozen, without files, clocks or databases."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Verdict = Literal["passed", "failed", "undecided"]  # undecided: ours, and it waits for a person
State = Literal["full", "part", "none", "to mark", "undecided"]
Integrity = Literal["judged", "in-process", "by hand"]


@dataclass(frozen=True)
class Question:
    """A graded cell of the instructor's notebook.

    The `id` is the cell's grade id. Where an assignment has several notebooks, which may use the same ones, the
    notebook's name stands before it: "boxes/q1". No other question of the assignment has it.
    """

    id: str
    points: float
    by_hand: bool = False
    title: str = ""
    notebook: str = ""
    bonus: bool = False  # its points come on top of what the assignment is out of

    @property
    def addition(self) -> str:
        """What a line with its title adds where that does not say by itself that this is a bonus."""
        return ", bonus" if self.bonus and "bonus" not in self.title.casefold() else ""


def out_of(questions: Iterable[Question]) -> float:
    """Points that can be had without a bonus: what an assignment of these questions is out of.

    >>> out_of([Question("boxes", 4.0), Question("nms", 6.0), Question("sharper", 1.0, bonus=True)])
    10.0
    """
    return sum((question.points for question in questions if not question.bonus), 0.0)


def on_top(questions: Iterable[Question]) -> float:
    """Points that a bonus adds to that."""
    return sum((question.points for question in questions if question.bonus), 0.0)


@dataclass(frozen=True)
class Score:
    """What one question earned; `points` is None while a person has to say."""

    question: str
    points: float | None
    out_of: float
    state: State
    seen: str = ""  # what we saw, in words a student may read
    hint: str = ""
    integrity: Integrity = "judged"
    seconds: float = 0.0


@dataclass(frozen=True)
class Isolation:
    """Which layers were in force, stamped on every grade."""

    layers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    trusted: bool = False  # the course trusts its students: required layers were missing


@dataclass(frozen=True)
class Paper:
    """What came of one notebook of the assignment in one submission. Without bytes it was not run, for this reason."""

    notebook: str  # its name in the assignment, without ".ipynb"
    executed: bytes = field(default=b"", repr=False)  # with its outputs, as nbformat 4 JSON
    feedback: bytes = field(default=b"", repr=False)  # the same for the student: nothing in it has seen a hidden test
    missing: str = ""  # in words a student may read


@dataclass(frozen=True)
class Outcome:
    """The verdict on one submission."""

    verdict: Verdict
    scores: tuple[Score, ...]
    seconds: float
    stopped_by: str = ""  # which limit or event ended it early, in words
    notes: tuple[str, ...] = ()  # what was mended or noticed on the way, for student and instructor
    isolation: Isolation = Isolation()
    seed: int = 0
    peak_memory: int = 0
    papers: tuple[Paper, ...] = ()  # one for every notebook of the assignment, in its order

    @property
    def executed(self) -> bytes:
        """The executed notebook, where the assignment has but one; else the first that was run."""
        return next((paper.executed for paper in self.papers if paper.executed), b"")

    @property
    def feedback(self) -> bytes:
        """The student's copy of that notebook."""
        return next((paper.feedback for paper in self.papers if paper.executed), b"")

    @property
    def points(self) -> float:
        """Points so far: what waits for a person counts nothing yet."""
        return sum(score.points or 0.0 for score in self.scores)

    @property
    def to_mark(self) -> bool:
        """Whether a person has to mark something."""
        return any(score.state == "to mark" for score in self.scores)


@dataclass(frozen=True)
class Submission:
    """What was handed in: bytes under their hash, never changed. Several notebooks come as one archive."""

    student: str
    assignment: str
    sha256: str
    file: str
    at: datetime


def verdict(scores: tuple[Score, ...]) -> Verdict:
    """One word for all questions: undecided beats failed, and what waits for a person fails nobody."""
    states = {score.state for score in scores}
    if "undecided" in states:
        return "undecided"
    return "failed" if states & {"part", "none"} else "passed"
