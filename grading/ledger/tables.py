"""The tables of the ledger. All hold facts, which are appended and kept, but one: `leases`.

The database itself refuses to change or delete a fact: the migrations add triggers for that to every table in `FACTS`.
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

FORM = "0002"  # the newest migration; a test holds the two together
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


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only what is called INTEGER


def _column(name: str, kind: Any, *constraints: Any, null: bool = False, key: bool = False) -> "Column[Any]":
    return Column(name, kind, *constraints, nullable=null, primary_key=key)


blobs = Table(
    "blobs",
    metadata,
    _column("sha256", String(64), key=True),
    _column("size", BigInteger),
    _column("content", LargeBinary),
)

submissions = Table(
    "submissions",
    metadata,
    _column("id", Id, key=True),
    _column("student", Words),
    _column("assignment", Words),
    _column("number", Integer),
    _column("sha256", String(64), ForeignKey("blobs.sha256")),
    _column("file", Words),
    _column("at", Moment),
    UniqueConstraint("student", "assignment", "number"),
    Index(None, "assignment"),
)

# Where a hand-in is an archive: what was in it, each notebook under its own hash.
notebooks = Table(
    "notebooks",
    metadata,
    _column("submission", Id, ForeignKey("submissions.id"), key=True),
    _column("position", Integer, key=True),
    _column("file", Words),
    _column("sha256", String(64), ForeignKey("blobs.sha256")),
)

attempts = Table(
    "attempts",
    metadata,
    _column("id", Id, key=True),
    _column("submission", Id, ForeignKey("submissions.id")),
    _column("grading", Integer),
    _column("seed", BigInteger),
    _column("question", Words),
    _column("reason", Words),
    _column("who", Words),
    _column("at", Moment),
    UniqueConstraint("submission", "grading"),
)

outcomes = Table(
    "outcomes",
    metadata,
    _column("attempt", Id, ForeignKey("attempts.id"), key=True),  # the key: one outcome per attempt, whatever happens
    _column("verdict", String(16)),
    _column("seconds", Float),
    _column("stopped_by", Words),
    _column("notes", Words),  # a JSON list
    _column("isolation", Words),  # a JSON object
    _column("seed", BigInteger),
    _column("peak_memory", BigInteger),
    _column("worker", Words),
    _column("claim", Integer),
    _column("at", Moment),
    CheckConstraint("verdict in ('passed', 'failed', 'undecided')", name="verdict"),
)

# What came of each notebook of the assignment; one that was not run says why.
papers = Table(
    "papers",
    metadata,
    _column("attempt", Id, ForeignKey("outcomes.attempt"), key=True),
    _column("notebook", Words, key=True),  # empty in outcomes of the first form: the first of the assignment
    _column("position", Integer),
    _column("executed", String(64), ForeignKey("blobs.sha256"), null=True),
    _column("feedback", String(64), ForeignKey("blobs.sha256"), null=True),
    _column("missing", Words),
)

scores = Table(
    "scores",
    metadata,
    _column("attempt", Id, ForeignKey("outcomes.attempt"), key=True),
    _column("question", Words, key=True),
    _column("position", Integer),
    _column("points", Float, null=True),
    _column("out_of", Float),
    _column("state", String(16)),
    _column("seen", Words),
    _column("hint", Words),
    _column("integrity", String(16)),
    _column("seconds", Float),
)

marks = Table(
    "marks",
    metadata,
    _column("id", Id, key=True),
    _column("submission", Id, ForeignKey("submissions.id")),
    _column("question", Words),
    _column("points", Float, null=True),
    _column("comment", Words),
    _column("who", Words),
    _column("at", Moment),
    Index(None, "submission"),
)

releases = Table(
    "releases",
    metadata,
    _column("id", Id, key=True),
    _column("assignment", Words),
    _column("student", Words),
    _column("visible", Boolean),
    _column("who", Words),
    _column("at", Moment),
    Index(None, "assignment"),
)

extensions = Table(
    "extensions",
    metadata,
    _column("id", Id, key=True),
    _column("assignment", Words),
    _column("student", Words),
    _column("until", Moment, null=True),
    _column("attempts", Integer),
    _column("why", Words),
    _column("who", Words),
    _column("at", Moment),
    Index(None, "assignment", "student"),
)

audit = Table(
    "audit",
    metadata,
    _column("id", Id, key=True),
    _column("at", Moment),
    _column("who", Words),
    _column("what", Words),
    _column("about", Words),
)

FACTS = (blobs, submissions, notebooks, attempts, outcomes, papers, scores, marks, releases, extensions, audit)

# One row for every attempt that has no outcome yet: who works on it, until when, and its turn in the queue.
leases = Table(
    "leases",
    metadata,
    _column("attempt", Id, ForeignKey("attempts.id"), key=True),
    _column("tier", Integer),  # first gradings before regrades: 0 or 1
    _column("turn", Integer),  # the student's attempts of this kind in the queue when it came, itself included
    _column("student", Words),
    _column("worker", Words),  # empty: nobody's
    _column("until", Moment),  # not to be claimed before
    _column("claims", Integer),
    _column("failures", Integer),
    Index(None, "tier", "turn", "attempt"),
    Index(None, "student"),
)
