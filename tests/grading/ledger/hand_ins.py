"""A class that hands in: what the tests of ledger, service, gradebook and exports share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from grading.ledger.port import Ledger
from grading.ledger.records import Attempt, HandIn
from grading.records import Isolation, Outcome, Paper, Score, State, Submission, verdict

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def welcome(_earlier: Sequence[HandIn]) -> None:
    """No limits: everybody may hand in."""


def score(question: str = "q1", points: float | None = 2.0, out_of: float = 2.0, **more: object) -> Score:
    state: State = "to mark" if points is None else "full" if points >= out_of else "part" if points else "none"
    return Score(**{"question": question, "points": points, "out_of": out_of, "state": state, **more})  # type: ignore[arg-type]


def outcome(*scores: Score, **more: object) -> Outcome:
    scores = scores or (score(),)
    if executed := more.pop("executed", b""):
        more["papers"] = (Paper("boxes", executed),)  # type: ignore[arg-type]
    plain = {"verdict": verdict(scores), "scores": scores, "seconds": 0.25, "isolation": Isolation(("seccomp",))}
    return Outcome(**{**plain, **more})  # type: ignore[arg-type]


@dataclass
class Desk:
    """Hands in, claims and records with a clock that moves one second per deed."""

    ledger: Ledger
    now: datetime = MONDAY
    made: int = field(default=0)

    def tick(self, seconds: float = 1.0) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def hand_in(
        self,
        student: str = "ada",
        *,
        assignment: str = "ps1",
        content: bytes = b"",
        notebooks: Sequence[tuple[str, bytes]] = (),
    ) -> Attempt:
        self.made += 1
        content = content or f"notebook {self.made}".encode()
        submission = Submission(student, assignment, sha256(content).hexdigest(), f"{assignment}.ipynb", self.tick())
        return self.ledger.hand_in(submission, content, seed=self.made, admit=welcome, notebooks=notebooks)[0]

    def claim(self, worker: str = "g1", seconds: float = 60.0) -> Attempt:
        attempt = self.ledger.claim(worker, now=self.tick(), seconds=seconds)
        assert attempt is not None
        return attempt

    def nothing_to_claim(self, worker: str = "g1") -> bool:
        return self.ledger.claim(worker, now=self.tick(), seconds=60.0) is None

    def grade(self, *scores: Score, **more: object) -> Attempt:
        """Claim the next and record what it earned."""
        attempt = self.claim()
        self.ledger.record(attempt, outcome(*scores, **more), now=self.tick())
        return attempt

    def graded(self, student: str = "ada", *scores: Score, assignment: str = "ps1", content: bytes = b"") -> Attempt:
        """Hand in and be graded at once; nothing else may wait."""
        attempt = self.hand_in(student, assignment=assignment, content=content)
        assert self.grade(*scores).id == attempt.id
        return attempt
