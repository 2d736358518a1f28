"""The first form: blobs, hand-ins, attempts, outcomes with scores, marks, releases, extensions, audit, leases."""

import sqlalchemy as sa
from alembic import op

from grading.ledger.migrations.keeping import keep

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FACTS = {
    "blobs": ("sha256",),
    "submissions": ("id",),
    "attempts": ("id",),
    "outcomes": ("attempt",),
    "scores": ("attempt", "question"),
    "marks": ("id",),
    "releases": ("id",),
    "extensions": ("id",),
    "audit": ("id",),
}


def upgrade() -> None:
    """Make the tables, and let the database refuse to change or delete a fact."""
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "extensions",
        sa.Column("id", ID, nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extensions")),
    )
    op.create_index(op.f("ix_extensions_assignment_student"), "extensions", ["assignment", "student"], unique=False)
    op.create_table(
        "releases",
        sa.Column("id", ID, nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index(op.f("ix_releases_assignment"), "releases", ["assignment"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", ID, nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("assignment", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_submissions_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("student", "assignment", "number", name=op.f("uq_submissions_student_assignment_number")),
    )
    op.create_index(op.f("ix_submissions_assignment"), "submissions", ["assignment"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("submission", ID, nullable=False),
        sa.Column("grading", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=op.f("fk_attempts_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("submission", "grading", name=op.f("uq_attempts_submission_grading")),
    )
    op.create_table(
        "marks",
        sa.Column("id", ID, nullable=False),
        sa.Column("submission", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["submission"], ["submissions.id"], name=op.f("fk_marks_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
    )
    op.create_index(op.f("ix_marks_submission"), "marks", ["submission"], unique=False)
    op.create_table(
        "leases",
        sa.Column("attempt", ID, nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("student", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_leases_attempt")),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_leases")),
    )
    op.create_index(op.f("ix_leases_tier_turn_attempt"), "leases", ["tier", "turn", "attempt"], unique=False)
    op.create_index(op.f("ix_leases_student"), "leases", ["student"], unique=False)
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
        sa.Column("executed", sa.String(length=64), nullable=True),
        sa.Column("feedback", sa.String(length=64), nullable=True),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict in ('passed', 'failed', 'undecided')", name=op.f("ck_outcomes_verdict")),
        sa.ForeignKeyConstraint(["attempt"], ["attempts.id"], name=op.f("fk_outcomes_attempt")),
        sa.ForeignKeyConstraint(["executed"], ["blobs.sha256"], name=op.f("fk_outcomes_executed")),
        sa.ForeignKeyConstraint(["feedback"], ["blobs.sha256"], name=op.f("fk_outcomes_feedback")),
        sa.PrimaryKeyConstraint("attempt", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "scores",
        sa.Column("attempt", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("out_of", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("integrity", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["attempt"], ["outcomes.attempt"], name=op.f("fk_scores_attempt")),
        sa.PrimaryKeyConstraint("attempt", "question", name=op.f("pk_scores")),
    )
    for table, key in FACTS.items():
        keep(table, key)
