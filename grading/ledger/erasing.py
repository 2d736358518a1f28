"""Taking somebody's work out of the ledger: bytes and free text go, the facts that statistics stand on stay.

The triggers of form 0003 hold the limits, whoever writes; what is here is the order of things.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, func, insert, select, update

from grading.ledger import facts, tables
from grading.ledger.records import Deed, Trace
from grading.ledger.tables import attempts, audit, blobs, erasures, extensions, leases, notebooks, papers, submissions

# What persons or programs wrote, and what stands there afterwards.
TEXTS: dict[Table, dict[str, str]] = {
    submissions: {"file": ""},
    notebooks: {"file": ""},
    attempts: {"reason": ""},
    tables.outcomes: {"notes": "[]", "stopped_by": ""},
    tables.scores: {"seen": ""},
    tables.marks: {"comment": ""},
    extensions: {"why": ""},
}


def trace(connection: Connection, student: str) -> Trace:
    """What lies in the ledger about somebody, before anything is erased."""
    others = _hashes(submissions.c.student != student)
    mine = _hashes(submissions.c.student == student)
    kept = select(blobs.c.sha256, func.length(blobs.c.content).label("size")).where(blobs.c.sha256.in_(mine)).subquery()
    shared = connection.scalar(select(func.count()).select_from(kept).where(kept.c.sha256.in_(others)))
    alone = select(func.coalesce(func.sum(kept.c.size), 0)).where(kept.c.sha256.not_in(others))
    return Trace(
        hand_ins=_count(connection, submissions, submissions.c.student == student),
        size=int(connection.scalar(alone) or 0),
        shared=int(shared or 0),
        comments=_count(connection, tables.marks, and_(_of(tables.marks, student), tables.marks.c.comment != "")),
        waiting=_count(connection, leases, _of(leases, student)),
        erased=bool(_count(connection, erasures, erasures.c.student == student)),
    )


def erase(connection: Connection, student: str, *, by: str, why: str, now: datetime) -> Trace:
    """Say that somebody is erased, and let their bytes and what was written about their work go."""
    facts.one_at_a_time(connection, facts.ERASING)
    found = trace(connection, student)
    if not found.erased:
        connection.execute(insert(erasures).values(student=student, who=by, why=why, at=now))
    connection.execute(delete(leases).where(_of(leases, student)))  # nobody can grade what is gone
    for table, blank in TEXTS.items():
        whose = table.c.student == student if "student" in table.c else _of(table, student)
        connection.execute(update(table).where(whose).values(blank))
    _cut_reasons(connection, student)
    gone = select(erasures.c.student)
    free = and_(
        blobs.c.sha256.in_(_hashes(submissions.c.student == student)),
        blobs.c.sha256.not_in(_hashes(submissions.c.student.not_in(gone))),
    )
    connection.execute(update(blobs).where(free).values(content=b""))
    facts.note(connection, Deed(now, by, "erased hand-ins", f"of {student}"))
    return found


def _cut_reasons(connection: Connection, student: str) -> None:
    """The audit says that a regrade was asked for; why is about the person."""
    lines = select(audit.c.id, audit.c.about).where(
        audit.c.what == facts.REGRADE, audit.c.about.contains(f" of {student}, ", autoescape=True)
    )
    for id, about in connection.execute(lines).all():
        connection.execute(update(audit).where(audit.c.id == id).values(about=about.partition(": ")[0]))


def _hashes(whose: ColumnElement[bool]) -> Select[tuple[str]]:
    """The hashes of all bytes that some people's hand-ins lead to."""
    handed = select(submissions.c.sha256).where(whose)
    inside = select(notebooks.c.sha256).join(submissions).where(whose)
    written = papers.join(attempts, attempts.c.id == papers.c.attempt).join(submissions)
    copies = [
        select(copy).select_from(written).where(whose, copy.is_not(None))
        for copy in (papers.c.executed, papers.c.feedback)
    ]
    together = handed.union(inside, *copies).subquery()
    return select(together.c[0])


def _of(table: Table, student: str) -> ColumnElement[bool]:
    """The condition that a row hangs on somebody's hand-in."""
    theirs = select(submissions.c.id).where(submissions.c.student == student)
    if "submission" in table.c:
        return table.c.submission.in_(theirs)
    return table.c.attempt.in_(select(attempts.c.id).where(attempts.c.submission.in_(theirs)))


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(which)) or 0
