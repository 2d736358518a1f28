"""The tables of the ledger. All hold facts, which are appended and kept, but one: `leases`.

The database itself refuses to change or delete a fact: the migrations add triggers for that to every table in `FACTS`.
They let one thing pass: the bytes and the free text of a person named in `erasures` may go (form 0003).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

FORM = "0003"  # the newest migration; a test holds the two together
VERSIONS = "ledger_form"  # where the database says which form it has; not alembic's default, which nbgrader uses


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC: SQLite has no time zones, and comparing text needs one form for all."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time in the ledger needs its time zone, got {value.isoformat()}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text that may come from a student's program: what a database cannot hold (NUL, half a character) is replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else clean(value)


def clean(text: str) -> str:
    """The text as every database can hold it.

    >>> clean("a" + chr(0) + "b" + chr(0xD800))
    'a�b?'
    """
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}  # of constraints, so that migrations can speak of them
metadata = MetaData(naming_convention=NAMES)
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only what is called INTEGER


def column(name: str, kind: Any, *constraints: Any, null: bool = False, key: bool = False) -> "Column[Any]":
    """A column that must be filled, unless `null` says otherwise."""
    return Column(name, kind, *constraints, nullable=null, primary_key=key)


blobs = Table(
    "blobs",
    metadata,
    column("sha256", String(64), key=True),
    column("size", BigInteger),
    column("content", LargeBinary),
)

submissions = Table(
    "submissions",
    metadata,
    column("id", Id, key=True),
    column("student", Words),
    column("assignment", Words),
    column("number", Integer),
    column("sha256", String(64), ForeignKey("blobs.sha256")),
    column("file", Words),
    column("at", Moment),
    UniqueConstraint("student", "assignment", "number"),
    Index(None, "assignment"),
)

# Where a hand-in is an archive: what was in it, each notebook under its own hash.
notebooks = Table(
    "notebooks",
    metadata,
    column("submission", Id, ForeignKey("submissions.id"), key=True),
    column("position", Integer, key=True),
    column("file", Words),
    column("sha256", String(64), ForeignKey("blobs.sha256")),
)

attempts = Table(
    "attempts",
    metadata,
    column("id", Id, key=True),
    column("submission", Id, ForeignKey("submissions.id")),
    column("grading", Integer),
    column("seed", BigInteger),
    column("question", Words),
    column("reason", Words),
    column("who", Words),
    column("at", Moment),
    UniqueConstraint("submission", "grading"),
)

outcomes = Table(
    "outcomes",
    metadata,
    column("attempt", Id, ForeignKey("attempts.id"), key=True),  # the key: one outcome per attempt, whatever happens
    column("verdict", String(16)),
    column("seconds", Float),
    column("stopped_by", Words),
    column("notes", Words),  # a JSON list
    column("isolation", Words),  # a JSON object
    column("seed", BigInteger),
    column("peak_memory", BigInteger),
    column("worker", Words),
    column("claim", Integer),
    column("at", Moment),
    CheckConstraint("verdict in ('passed', 'failed', 'undecided')", name="verdict"),
)

# What came of each notebook of the assignment; one that was not run says why.
papers = Table(
    "papers",
    metadata,
    column("attempt", Id, ForeignKey("outcomes.attempt"), key=True),
    column("notebook", Words, key=True),  # empty in outcomes of the first form: the first of the assignment
    column("position", Integer),
    column("executed", String(64), ForeignKey("blobs.sha256"), null=True),
    column("feedback", String(64), ForeignKey("blobs.sha256"), null=True),
    column("missing", Words),
)

scores = Table(
    "scores",
    metadata,
    column("attempt", Id, ForeignKey("outcomes.attempt"), key=True),
    column("question", Words, key=True),
    column("position", Integer),
    column("points", Float, null=True),
    column("out_of", Float),
    column("state", String(16)),
    column("seen", Words),
    column("hint", Words),
    column("integrity", String(16)),
    column("seconds", Float),
)

marks = Table(
    "marks",
    metadata,
    column("id", Id, key=True),
    column("submission", Id, ForeignKey("submissions.id")),
    column("question", Words),
    column("points", Float, null=True),
    column("comment", Words),
    column("who", Words),
    column("at", Moment),
    Index(None, "submission"),
)

releases = Table(
    "releases",
    metadata,
    column("id", Id, key=True),
    column("assignment", Words),
    column("student", Words),
    column("visible", Boolean),
    column("who", Words),
    column("at", Moment),
    Index(None, "assignment"),
)

extensions = Table(
    "extensions",
    metadata,
    column("id", Id, key=True),
    column("assignment", Words),
    column("student", Words),
    column("until", Moment, null=True),
    column("attempts", Integer),
    column("why", Words),
    column("who", Words),
    column("at", Moment),
    Index(None, "assignment", "student"),
)

audit = Table(
    "audit",
    metadata,
    column("id", Id, key=True),
    column("at", Moment),
    column("who", Words),
    column("what", Words),
    column("about", Words),
)

# Whose bytes and free text were taken out. Only where it names somebody do the triggers let that happen.
erasures = Table(
    "erasures",
    metadata,
    column("student", Words, key=True),
    column("who", Words),
    column("why", Words),
    column("at", Moment),
)

FACTS = (
    blobs, submissions, notebooks, attempts, outcomes, papers, scores, marks, releases, extensions, audit, erasures,
)  # fmt: skip

# One row for every attempt that has no outcome yet: who works on it, until when, and its turn in the queue.
leases = Table(
    "leases",
    metadata,
    column("attempt", Id, ForeignKey("attempts.id"), key=True),
    column("tier", Integer),  # first gradings before regrades: 0 or 1
    column("turn", Integer),  # the student's attempts of this kind in the queue when it came, itself included
    column("student", Words),
    column("worker", Words),  # empty: nobody's
    column("until", Moment),  # not to be claimed before
    column("claims", Integer),
    column("failures", Integer),
    Index(None, "tier", "turn", "attempt"),
    Index(None, "student"),
)
