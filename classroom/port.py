"""What the course pages ask of the memory of people: who they are, how they come in, what is open, what they typed.

Facts of grading (hand-ins, marks, results) are the ledger's. Time comes in as an argument, always with a time zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from classroom.people import Person

State = Literal["hidden", "open", "closed"]


@dataclass(frozen=True)
class Publication:
    """What an instructor said about an assignment; the last word holds. Dates that are None are the course's own."""

    assignment: str
    state: State
    by: str
    at: datetime
    opens: datetime | None = None
    due: datetime | None = None
    closes: datetime | None = None


@dataclass(frozen=True)
class Draft:
    """What somebody typed into one cell and has not handed in."""

    cell: str
    text: str
    at: datetime


Came = Literal["passed", "failed", "error"]


@dataclass(frozen=True)
class Checked:
    """What came of somebody's checks of one cell: the last answer, and how often in a row it was the same."""

    cell: str
    outcome: Came
    seen: str  # what they were told
    at: datetime
    times: int = 1  # checks so far
    same: int = 1


@dataclass(frozen=True)
class Pin:
    """A person's PIN, as it is kept: salted and hashed; and how often it was guessed wrongly since it was right."""

    hashed: str
    failures: int = 0
    until: datetime | None = None  # no guess is heard before


def signed_out(key: str) -> str:
    """The word of the course that says which sign-ins of a person are over."""
    return f"signed out {key}"


class Classroom(Protocol):
    """The memory. Every method is one transaction."""

    # -- people

    def people(self, *, everybody: bool = False) -> tuple[Person, ...]:
        """The members by section and name; those who left as well, if asked."""

    def person(self, key: str) -> Person | None:
        """One of them, also one who left."""

    def keep(self, people: Sequence[Person]) -> None:
        """Add people, or change those whose key is known: all of them or none."""

    def delete(self, key: str) -> None:
        """Forget somebody: name, PIN, sign-ins, drafts, checks, votes. Hand-ins stay under a key that names nobody."""

    # -- coming in

    def pin(self, key: str) -> Pin | None:
        """A person's PIN, if they have one."""

    def set_pins(self, pins: Mapping[str, Pin]) -> None:
        """Give people their PINs."""

    def identity(self, issuer: str, subject: str) -> str:
        """The key of the person that a provider knows by this subject; empty if nobody is."""

    def identify(self, issuer: str, subject: str, key: str) -> None:
        """Remember it; a subject belongs to one person for good."""

    def identities(self, key: str) -> tuple[tuple[str, str], ...]:
        """The issuers and subjects by which providers know a person."""

    def unlink(self, key: str) -> None:
        """Forget them, so that the person is found anew when they next come in."""

    def setting(self, name: str, otherwise: str = "") -> str:
        """A word of the course, such as its class code. If there is none yet, `otherwise` is it from now on."""

    def set(self, name: str, value: str) -> None:
        """Change such a word."""

    # -- what is open

    def publish(self, publication: Publication) -> None:
        """Append what an instructor said."""

    def publications(self, *, assignment: str = "") -> tuple[Publication, ...]:
        """All of it, oldest first."""

    # -- drafts

    def save(self, key: str, assignment: str, draft: Draft) -> None:
        """Keep what somebody typed; an older moment than the kept one changes nothing."""

    def drafts(self, key: str, assignment: str) -> tuple[Draft, ...]:
        """What they typed, by cell."""

    def drop(self, key: str, assignment: str, *, cell: str = "") -> None:
        """Forget the draft of a cell, or of all."""

    def typed(self, assignment: str) -> Mapping[str, Mapping[str, datetime]]:
        """Whose drafts there are, by person and cell: when something was typed last, not what."""

    # -- checks

    def note_check(self, key: str, assignment: str, checked: Checked) -> None:
        """Count one more check of a cell; it takes the place of the one before."""

    def checks(self, assignment: str) -> Mapping[str, tuple[Checked, ...]]:
        """What came of everybody's checks, by person."""

    def close(self) -> None:
        """Let go of the database."""
