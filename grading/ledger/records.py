"""What the ledger remembers, as records. None of them is ever changed: what happens later is a further record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from grading.records import Outcome, Submission

Progress = Literal["waiting", "grading", "graded"]


@dataclass(frozen=True)
class HandIn:
    """A submission in the ledger: `number` counts this student's hand-ins for the assignment, from 1."""

    id: int
    number: int
    submission: Submission


@dataclass(frozen=True)
class Attempt:
    """One grading of what was handed in: the first, or a regrade.

    `number` is the hand-in's. `grading` counts the gradings of that hand-in, from 1. A regrade may ask for one
    `question` alone. `claim` says how often graders took it up and is the proof of a lease; `failures` says how often
    that ended without an outcome.
    """

    id: int
    hand_in: int
    number: int
    submission: Submission
    grading: int
    seed: int
    at: datetime
    state: Progress
    question: str = ""
    reason: str = ""
    by: str = ""
    worker: str = ""
    claim: int = 0
    failures: int = 0


@dataclass(frozen=True)
class Handed:
    """One notebook of a hand-in: the name it came under, and the hash under which `Ledger.content` has its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Kept:
    """A `Paper` in the ledger: of the notebook that was executed, and of the student's copy, the hashes."""

    notebook: str
    executed: str = ""
    feedback: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Result:
    """An attempt with its outcome; its papers lie beside it, as hashes that `Ledger.content` reads."""

    attempt: Attempt
    outcome: Outcome
    at: datetime
    worker: str = ""
    papers: tuple[Kept, ...] = ()

    @property
    def executed(self) -> str:
        """The hash of the executed notebook, where the assignment has but one; else of the first that was run."""
        return next((paper.executed for paper in self.papers if paper.executed), "")

    @property
    def feedback(self) -> str:
        """The hash of the student's copy of that notebook."""
        return next((paper.feedback for paper in self.papers if paper.executed), "")


@dataclass(frozen=True)
class Mark:
    """What a person says about one question of one hand-in. A later mark supersedes it; regrading never touches it.

    Without `points` the machine's points stand and the comment is all there is: that also takes an earlier mark back.
    """

    hand_in: int
    question: str
    points: float | None
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Release:
    """Whether students may see their results: of one student, or of all if `student` is empty. The last word holds."""

    assignment: str
    by: str
    at: datetime
    student: str = ""
    visible: bool = True


@dataclass(frozen=True)
class Extension:
    """More time or more attempts for one student. The last one for a student and an assignment holds."""

    assignment: str
    student: str
    by: str
    at: datetime
    until: datetime | None = None
    attempts: int = 0
    why: str = ""


@dataclass(frozen=True)
class Deed:
    """A line of the audit: who did what when, and to what."""

    at: datetime
    who: str
    what: str
    about: str = ""


@dataclass(frozen=True)
class Queue:
    """How the queue stands: what waits, what graders hold, since when the longest waiting one waits."""

    waiting: int
    grading: int
    oldest: datetime | None
    ready: datetime | None = None  # the same of what a grader may take; what failed rests before it is tried again


@dataclass(frozen=True)
class Tally:
    """All outcomes in numbers: how many of each verdict, how long the gradings took, when the last one ended."""

    verdicts: Mapping[str, int]  # those that there are
    seconds: float  # of all together
    within: tuple[int, ...]  # how many took no longer than each of the limits that were asked for
    last: datetime | None

    @property
    def outcomes(self) -> int:
        """How many there are."""
        return sum(self.verdicts.values())


@dataclass(frozen=True)
class Trace:
    """What lies in the ledger about one student, and would go if they were erased; points would stay."""

    hand_ins: int
    size: int  # bytes that nobody else handed in as well
    shared: int  # files that somebody else handed in as well: they stay until all of them are erased
    comments: int
    waiting: int  # gradings that have no outcome yet; they will have none
    erased: bool = False  # it has happened already
