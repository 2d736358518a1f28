"""Erasing: of a person who was deleted, the bytes and the free text go; that they handed in, and points, stay.

The database itself sees to the limits: without a row in `erasures` nothing changes, and what a person who was not
erased handed in as well keeps its bytes.
"""

import sqlalchemy as sa
from alembic import op

from grading.ledger.migrations.keeping import keep, keep_but_for, same

revision = "0003"
down_revision = "0002"

ERASED = "IN (SELECT student FROM erasures)"
OF_SUBMISSION = f"(SELECT student FROM submissions WHERE id = OLD.submission) {ERASED}"  # noqa: S608 (constants)
OF_ATTEMPT = (
    "(SELECT submissions.student FROM attempts JOIN submissions ON submissions.id = attempts.submission "  # noqa: S608 (constants)
    f"WHERE attempts.id = OLD.attempt) {ERASED}"
)
HANDED_IN_BY = """
    SELECT student FROM submissions WHERE sha256 = OLD.sha256
    UNION ALL SELECT submissions.student FROM notebooks JOIN submissions ON submissions.id = notebooks.submission
        WHERE notebooks.sha256 = OLD.sha256
    UNION ALL SELECT submissions.student FROM papers JOIN attempts ON attempts.id = papers.attempt
        JOIN submissions ON submissions.id = attempts.submission
        WHERE papers.executed = OLD.sha256 OR papers.feedback = OLD.sha256
"""
# Of each table: the columns that stay, what the others become, and whose row it is.
TEXTS = {
    "submissions": (
        ("id", "student", "assignment", "number", "sha256", "at"),
        "NEW.file = ''",
        f"OLD.student {ERASED}",
    ),
    "notebooks": (("submission", "position", "sha256"), "NEW.file = ''", OF_SUBMISSION),
    "attempts": (
        ("id", "submission", "grading", "seed", "question", "who", "at"),
        "NEW.reason = ''",
        OF_SUBMISSION,
    ),
    "outcomes": (
        ("attempt", "verdict", "seconds", "isolation", "seed", "peak_memory", "worker", "claim", "at"),
        "NEW.notes = '[]' AND NEW.stopped_by = ''",
        OF_ATTEMPT,
    ),
    "scores": (
        ("attempt", "question", "position", "points", "out_of", "state", "hint", "integrity", "seconds"),
        "NEW.seen = ''",
        OF_ATTEMPT,
    ),
    "marks": (("id", "submission", "question", "points", "who", "at"), "NEW.comment = ''", OF_SUBMISSION),
    "extensions": (
        ("id", "assignment", "student", "until", "attempts", "who", "at"),
        "NEW.why = ''",
        f"OLD.student {ERASED}",
    ),
}


def upgrade() -> None:
    """Make the table of erasures, and let the triggers allow what it says, and nothing else."""
    op.create_table(
        "erasures",
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("student", name=op.f("pk_erasures")),
    )
    keep("erasures", ("student",))
    for table, (stay, become, whose) in TEXTS.items():
        keep_but_for(table, f"{same(*stay)} AND {become} AND {whose}")
    keep_but_for("audit", _reason_cut())
    keep_but_for("blobs", f"{same('sha256', 'size')} AND ({_emptied()} OR {_brought_again()})")


def _reason_cut() -> str:
    """A line about a regrade may lose its end: the reason that somebody typed."""
    find = "instr" if op.get_bind().dialect.name == "sqlite" else "strpos"
    return (
        f"{same('id', 'at', 'who', 'what')} AND OLD.what = 'asked for a regrade' "  # noqa: S608 (constants)
        "AND NEW.about = substr(OLD.about, 1, length(NEW.about)) "
        f"AND EXISTS (SELECT 1 FROM erasures WHERE {find}(NEW.about, ' of ' || student || ', ') > 0)"
    )


def _emptied() -> str:
    """Bytes may go when everybody who handed them in was erased."""
    return (
        f"(length(NEW.content) = 0 AND EXISTS ({HANDED_IN_BY}) "  # noqa: S608 (constants)
        f"AND NOT EXISTS (SELECT 1 FROM ({HANDED_IN_BY}) AS they WHERE student NOT {ERASED}))"
    )


def _brought_again() -> str:
    """Bytes that went come back when somebody else hands the very same in."""
    right = "" if op.get_bind().dialect.name == "sqlite" else "AND encode(sha256(NEW.content), 'hex') = NEW.sha256"
    return f"(length(OLD.content) = 0 AND length(NEW.content) = NEW.size {right})"
