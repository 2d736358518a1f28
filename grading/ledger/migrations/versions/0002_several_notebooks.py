"""Several notebooks in one hand-in: each under its own hash, and each with its executed copy and feedback."""

import sqlalchemy as sa
from alembic import op

from grading.ledger.migrations.keeping import keep

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = "attempt, verdict, seconds, stopped_by, notes, isolation, seed, peak_memory, worker, claim, at"


def upgrade() -> None:
    """Make the two tables, and let the copies of earlier outcomes move into theirs."""
    op.create_table(
        "notebooks",
        sa.Column("submission", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_notebooks_sha256")),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=op.f("fk_notebooks_submission")),
        sa.PrimaryKeyConstraint("submission", "position", name=op.f("pk_notebooks")),
    )
    before = "outcomes"
    if op.get_bind().dialect.name == "sqlite":
        before = "outcomes_before"
        _outcomes_anew(before)
    op.create_table(
        "papers",
        sa.Column("attempt", ID, nullable=False),
        sa.Column("notebook", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("executed", sa.String(length=64), nullable=True),
        sa.Column("feedback", sa.String(length=64), nullable=True),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["outcomes.attempt"], name=op.f("fk_papers_attempt")),
        sa.ForeignKeyConstraint(["executed"], ["blobs.sha256"], name=op.f("fk_papers_executed")),
        sa.ForeignKeyConstraint(["feedback"], ["blobs.sha256"], name=op.f("fk_papers_feedback")),
        sa.PrimaryKeyConstraint("attempt", "notebook", name=op.f("pk_papers")),
    )
    op.execute(
        "INSERT INTO papers (attempt, notebook, position, executed, feedback, missing) "  # noqa: S608 (constants)
        f"SELECT attempt, '', 0, executed, feedback, '' FROM {before} WHERE executed IS NOT NULL"
    )
    if before == "outcomes":
        op.drop_column("outcomes", "executed")
        op.drop_column("outcomes", "feedback")
    else:
        op.drop_table(before)
    keep("notebooks", ("submission", "position"))
    keep("papers", ("attempt", "notebook"))


def _outcomes_anew(before: str) -> None:
    """SQLite drops no column that refers to another table: the table is made once more, without it."""
    op.execute("PRAGMA defer_foreign_keys = ON")  # the scores have no outcomes in between
    op.execute(f"CREATE TABLE {before} AS SELECT * FROM outcomes")  # noqa: S608 (a constant)
    op.drop_table("outcomes")
    op.create_table(
        "outcomes",
        sa.Column("attempt", ID, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("stopped_by", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("isolation", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("peak_memory", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict in ('passed', 'failed', 'undecided')", name=op.f("ck_outcomes_verdict")),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_outcomes_attempt")),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_outcomes")),
    )
    op.execute(f"INSERT INTO outcomes ({KEPT}) SELECT {KEPT} FROM {before}")  # noqa: S608 (constants)
    keep("outcomes", ("attempt",))
