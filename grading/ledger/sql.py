"""The ledger in a database: SQLite by default, Postgres by URL. Every method is one transaction."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from grading.ledger import erasing, facts, leases, reading
from grading.ledger.database import Database
from grading.ledger.form import opened
from grading.ledger.port import Admission
from grading.ledger.records import Attempt, Deed, Extension, Handed, HandIn, Mark, Queue, Release, Result, Tally, Trace
from grading.records import Outcome, Submission


def open_ledger(where: str | Path, *, patience: float = 10.0) -> "SqlLedger":
    """The ledger at a path or URL, made or brought up to date if need be; locks are waited for `patience` seconds."""
    return SqlLedger(opened(where, patience=patience))


class SqlLedger(Database):
    """The adapter."""

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
        """See the port."""
        with self._writing() as connection:
            return facts.hand_in(connection, submission, content, seed=seed, admit=admit, notebooks=notebooks)

    def notebooks(self, hand_in: int) -> tuple[Handed, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.notebooks(connection, hand_in)

    def content(self, sha256: str) -> bytes:
        """See the port."""
        with self._reading() as connection:
            return reading.content(connection, sha256)

    def hand_ins(self, *, assignment: str = "", student: str = "") -> tuple[HandIn, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.hand_ins(connection, assignment=assignment, student=student)

    # -- the queue

    def claim(self, worker: str, *, now: datetime, seconds: float) -> Attempt | None:
        """See the port."""
        if not worker:
            raise ValueError("a grader needs a name")
        with self._reading() as connection:
            if not leases.anything(connection, now=now):
                return None
        with self._writing() as connection:
            id = leases.claim(connection, worker, now=now, until=leases.later(now, seconds))
            return None if id is None else reading.attempt(connection, id)

    def heartbeat(self, attempt: Attempt, *, now: datetime, seconds: float) -> None:
        """See the port."""
        with self._writing() as connection:
            leases.extend(connection, attempt, until=leases.later(now, seconds))

    def record(self, attempt: Attempt, outcome: Outcome, *, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            facts.record(connection, attempt, outcome, now=now)

    def give_back(self, attempt: Attempt, *, now: datetime, delay: float = 0.0, failed: bool = True) -> None:
        """See the port."""
        with self._writing() as connection:
            leases.give_back(connection, attempt, until=leases.later(now, delay), failed=failed)

    def place(self, attempt: int) -> int | None:
        """See the port."""
        with self._reading() as connection:
            return leases.place(connection, attempt)

    def queue(self, *, now: datetime) -> Queue:
        """See the port."""
        with self._reading() as connection:
            return leases.queue(connection, now=now)

    def regrade(
        self, hand_ins: Sequence[int], *, question: str = "", reason: str, by: str, now: datetime
    ) -> tuple[Attempt, ...]:
        """See the port."""
        with self._writing() as connection:
            return facts.regrade(connection, hand_ins, question=question, reason=reason, by=by, now=now)

    # -- results

    def attempts(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Attempt, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.attempts(connection, assignment=assignment, student=student, hand_in=hand_in)

    def attempt(self, id: int) -> Attempt:
        """See the port."""
        with self._reading() as connection:
            return reading.attempt(connection, id)

    def results(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Result, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.results(connection, assignment=assignment, student=student, hand_in=hand_in)

    def tally(self, within: Sequence[float] = ()) -> Tally:
        """See the port."""
        with self._reading() as connection:
            return reading.tally(connection, within)

    # -- people

    def mark(self, mark: Mark) -> None:
        """See the port."""
        with self._writing() as connection:
            facts.mark(connection, mark)

    def marks(self, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Mark, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.marks(connection, assignment=assignment, student=student, hand_in=hand_in)

    def release(self, release: Release) -> None:
        """See the port."""
        with self._writing() as connection:
            facts.release(connection, release)

    def releases(self, *, assignment: str = "") -> tuple[Release, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.releases(connection, assignment=assignment)

    def extend(self, extension: Extension) -> None:
        """See the port."""
        with self._writing() as connection:
            facts.extend(connection, extension)

    def extensions(self, *, assignment: str = "", student: str = "") -> tuple[Extension, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.extensions(connection, assignment=assignment, student=student)

    # -- audit

    def note(self, deed: Deed) -> None:
        """See the port."""
        with self._writing() as connection:
            facts.note(connection, deed)

    def audit(self, *, who: str = "", what: str = "", limit: int = 1000) -> tuple[Deed, ...]:
        """See the port."""
        with self._reading() as connection:
            return reading.audit(connection, who=who, what=what, limit=limit)

    # -- erasing

    def trace(self, student: str) -> Trace:
        """See the port."""
        with self._reading() as connection:
            return erasing.trace(connection, student)

    def erase(self, student: str, *, by: str, why: str, now: datetime) -> Trace:
        """See the port."""
        with self._writing() as connection:
            return erasing.erase(connection, student, by=by, why=why, now=now)

    def erased(self) -> frozenset[str]:
        """See the port."""
        with self._reading() as connection:
            return reading.erased(connection)
