"""The port of the ledger: everything that the service and the pages ask of it, and nothing else.

Facts are appended, never changed and never deleted. The only thing that changes is who works on what: the leases. Time
comes in as an argument, always with a time zone; the ledger reads no clock.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from grading.errors import GradingError
from grading.ledger.records import Attempt, Deed, Extension, Handed, HandIn, Mark, Queue, Release, Result, Tally, Trace
from grading.records import Outcome, Submission

Admission = Callable[[Sequence[HandIn]], None]  # sees the student's earlier hand-ins; raises a Refusal to say no


class LedgerBusy(GradingError):
    """The database is locked, full or away. Nothing was written, so that trying again is safe."""

    def __init__(self, problem: str = "The gradebook's database does not answer just now.") -> None:
        super().__init__(f"{problem} Nothing was changed; please try again in a moment.")


class LedgerUnusable(GradingError):
    """The database cannot serve as a ledger; the message says why and what would help."""


class LeaseLost(GradingError):
    """Another grader has taken over, or the attempt has its outcome already: this one's result is not recorded."""


class NotInLedger(GradingError):
    """Asked for something that was never handed in."""


class WasErased(NotInLedger):
    """Asked for the bytes of somebody who was deleted."""

    def __init__(self) -> None:
        super().__init__(
            "What was handed in here has been erased, because the person was deleted from the course. "
            "The points stay; it can be neither shown nor graded again."
        )


class Ledger(Protocol):
    """The memory of the course. Every method is one transaction: it happens as a whole or raises and did nothing."""

    # -- hand-ins

    def hand_in(
        self,
        submission: Submission,
        content: bytes,
        *,
        seed: int,
        admit: Admission,
        notebooks: Sequence[tuple[str, bytes]] = (),
    ) -> tuple[Attempt, bool]:
        """Append a submission and its first attempt; True if it is new.

        Where the content is an archive, `notebooks` are the names and bytes of what it holds: each is kept as well.

        Bytes equal to the student's latest hand-in for the assignment append nothing and return that one's newest
        attempt: a double click is one hand-in. Otherwise `admit` sees the earlier ones and may refuse; no other hand-in
        of this student can slip in between.
        """

    def content(self, sha256: str) -> bytes:
        """The bytes under a hash: what was handed in, or an executed notebook."""

    def notebooks(self, hand_in: int) -> tuple[Handed, ...]:
        """The notebooks of a hand-in: those of the archive, or the one that it is."""

    def hand_ins(self, *, assignment: str = "", student: str = "") -> tuple[HandIn, ...]:
        """All hand-ins, oldest first; of one assignment or student if asked."""

    # -- the queue

    def claim(self, worker: str, *, now: datetime, seconds: float) -> Attempt | None:
        """Lease the attempt whose turn it is, for so many seconds; None if nothing waits.

        First gradings come before regrades. Among them a student's second waiting attempt comes after everybody's
        first, and so on. An attempt whose lease ran out without an outcome waits again, one failure richer.
        """

    def heartbeat(self, attempt: Attempt, *, now: datetime, seconds: float) -> None:
        """Hold the lease for so many seconds from now; raises LeaseLost if another grader has it."""

    def record(self, attempt: Attempt, outcome: Outcome, *, now: datetime) -> None:
        """Append the one outcome of an attempt; raises LeaseLost if it is no longer this grader's to say.

        Recording the same claim's outcome twice is fine and changes nothing, for when the first answer got lost.
        """

    def give_back(self, attempt: Attempt, *, now: datetime, delay: float = 0.0, failed: bool = True) -> None:
        """End the lease without an outcome; the attempt waits again after the delay. A failure is counted."""

    def place(self, attempt: int) -> int | None:
        """How many attempts come before this one in the queue; None once it has its outcome."""

    def queue(self, *, now: datetime) -> Queue:
        """How the queue stands."""

    def regrade(
        self, hand_ins: Sequence[int], *, question: str = "", reason: str, by: str, now: datetime
    ) -> tuple[Attempt, ...]:
        """Append one more grading of each, with the seed of its first. One that nobody began yet is not doubled."""

    # -- results

    def attempts(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Attempt, ...]:
        """All attempts, oldest first. A lease that ran out reads as `grading` until the next grader comes."""

    def attempt(self, id: int) -> Attempt:
        """One attempt; raises NotInLedger."""

    def results(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Result, ...]:
        """All outcomes, the superseded ones too, oldest attempt first, without the executed notebooks."""

    def tally(self, within: Sequence[float] = ()) -> Tally:
        """All outcomes in numbers, and how many took no longer than each of these seconds; one look at the table."""

    # -- people

    def mark(self, mark: Mark) -> None:
        """Append a person's mark."""

    def marks(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Mark, ...]:
        """All marks, oldest first, the superseded ones too."""

    def release(self, release: Release) -> None:
        """Append a release (or its withdrawal)."""

    def releases(self, *, assignment: str = "") -> tuple[Release, ...]:
        """All releases, oldest first."""

    def extend(self, extension: Extension) -> None:
        """Append an extension."""

    def extensions(self, *, assignment: str = "", student: str = "") -> tuple[Extension, ...]:
        """All extensions, oldest first."""

    # -- audit

    def note(self, deed: Deed) -> None:
        """Append a line to the audit. Hand-ins, regrades, marks, releases and extensions write their own."""

    def audit(self, *, who: str = "", what: str = "", limit: int = 1000) -> tuple[Deed, ...]:
        """The newest lines of the audit, of one person or one kind of deed if asked, oldest first."""

    # -- erasing

    def trace(self, student: str) -> Trace:
        """What lies here about a student."""

    def erase(self, student: str, *, by: str, why: str, now: datetime) -> Trace:
        """Take out a student's bytes, and what was written about their work; hand-ins, verdicts and points stay.

        Bytes that somebody else handed in as well stay until all of them are erased. What waits for grading leaves the
        queue. Done twice it does what is left to do.
        """

    def erased(self) -> frozenset[str]:
        """The keys of those who were erased."""

    def scrub(self) -> bool:
        """Let what was deleted leave the database's files too; False if others used it for too long to do so now."""
