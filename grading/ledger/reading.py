"""Reading: rows of the database turned into records, on an open connection."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, case, func, literal, select, text

from grading.ledger.port import NotInLedger, WasErased
from grading.ledger.records import Attempt, Deed, Extension, Handed, HandIn, Kept, Mark, Release, Result, Tally
from grading.ledger.tables import attempts as attempts_table
from grading.ledger.tables import audit as audit_table
from grading.ledger.tables import blobs, erasures, leases, outcomes, papers, scores, submissions
from grading.ledger.tables import extensions as extensions_table
from grading.ledger.tables import marks as marks_table
from grading.ledger.tables import notebooks as notebooks_table
from grading.ledger.tables import releases as releases_table
from grading.records import Isolation, Outcome, Score, Submission

T = TypeVar("T")

HAND_IN = (
    submissions.c.id.label("hand_in"),
    submissions.c.number,
    submissions.c.student,
    submissions.c.assignment,
    submissions.c.sha256,
    submissions.c.file,
    submissions.c.at.label("handed_in_at"),
)
ATTEMPT = (
    *HAND_IN,
    attempts_table.c.id.label("attempt"),
    attempts_table.c.grading,
    attempts_table.c.seed.label("drawn"),
    attempts_table.c.at.label("asked_at"),
    attempts_table.c.question,
    attempts_table.c.reason,
    attempts_table.c.who,
    leases.c.worker.label("holder"),
    leases.c.claims,
    leases.c.failures,
)
ATTEMPTS = attempts_table.join(submissions).outerjoin(leases, leases.c.attempt == attempts_table.c.id)


def content(connection: Connection, sha256: str) -> bytes:
    """The bytes under a hash."""
    found = connection.execute(select(blobs.c.content, blobs.c.size).where(blobs.c.sha256 == sha256)).first()
    if found is None:
        raise NotInLedger(f"Nothing with the hash {sha256[:12]} was handed in.")
    if found.size and not found.content:
        raise WasErased
    return bytes(found.content)


def hand_in(connection: Connection, id: int) -> HandIn:
    """One hand-in."""
    row = connection.execute(select(*HAND_IN).where(submissions.c.id == id)).mappings().first()
    if row is None:
        raise NotInLedger(f"There is no hand-in {id}.")
    return _hand_in(row)


def hand_ins(connection: Connection, *, assignment: str = "", student: str = "") -> tuple[HandIn, ...]:
    """All hand-ins, oldest first."""
    query = select(*HAND_IN).where(*_about(assignment, student)).order_by(submissions.c.id)
    return tuple(_hand_in(row) for row in connection.execute(query).mappings())


def notebooks(connection: Connection, hand_in: int) -> tuple[Handed, ...]:
    """The notebooks of a hand-in."""
    table = notebooks_table
    query = select(table).where(table.c.submission == hand_in).order_by(table.c.position)
    found = tuple(Handed(row["file"], row["sha256"]) for row in connection.execute(query).mappings())
    if found:
        return found
    row = connection.execute(select(*HAND_IN).where(submissions.c.id == hand_in)).mappings().first()
    if row is None:
        raise NotInLedger(f"There is no hand-in {hand_in}.")
    return (Handed(row["file"], row["sha256"]),)


def attempt(connection: Connection, id: int) -> Attempt:
    """One attempt."""
    row = connection.execute(select(*ATTEMPT).select_from(ATTEMPTS).where(attempts_table.c.id == id)).mappings().first()
    if row is None:
        raise NotInLedger(f"There is no attempt {id}.")
    return _attempt(row)


def attempts(
    connection: Connection, *, assignment: str = "", student: str = "", hand_in: int = 0
) -> tuple[Attempt, ...]:
    """All attempts, oldest first."""
    query = (
        select(*ATTEMPT)
        .select_from(ATTEMPTS)
        .where(*_about(assignment, student, hand_in))
        .order_by(attempts_table.c.id)
    )
    return tuple(_attempt(row) for row in connection.execute(query).mappings())


def outcome_row(connection: Connection, attempt: int) -> RowMapping | None:
    """The bare row of an outcome."""
    return connection.execute(select(outcomes).where(outcomes.c.attempt == attempt)).mappings().first()


def results(connection: Connection, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Result, ...]:
    """All outcomes with their scores and papers: three queries, however many there are."""
    about = _about(assignment, student, hand_in)
    by_attempt = _by_attempt(connection, scores, about, _score)
    written = _by_attempt(connection, papers, about, _kept)
    verdicts = [column.label(f"outcome_{column.name}") for column in outcomes.c]
    joined = ATTEMPTS.join(outcomes, outcomes.c.attempt == attempts_table.c.id)
    query = select(*ATTEMPT, *verdicts).select_from(joined).where(*about).order_by(attempts_table.c.id)
    return tuple(
        _result(row, by_attempt.get(row["attempt"], ()), written.get(row["attempt"], ()))
        for row in connection.execute(query).mappings()
    )


def tally(connection: Connection, within: Sequence[float]) -> Tally:
    """All outcomes in numbers."""
    took, steps = outcomes.c.seconds, sorted(within)
    step = (
        case(*((took <= limit, place) for place, limit in enumerate(steps)), else_=len(steps)) if steps else literal(0)
    )
    query = select(outcomes.c.verdict, step.label("step"), func.count(), func.sum(took), func.max(outcomes.c.at))
    rows = connection.execute(query.group_by(outcomes.c.verdict, text("step"))).all()
    verdicts = Counter[str]()
    for row in rows:
        verdicts[row[0]] += row[2]
    return Tally(
        verdicts=verdicts,
        seconds=float(sum(row[3] for row in rows)),
        within=tuple(sum(row[2] for row in rows if row[1] <= steps.index(limit)) for limit in within),
        last=max((row[4] for row in rows), default=None),
    )


def marks(connection: Connection, *, assignment: str = "", student: str = "", hand_in: int = 0) -> tuple[Mark, ...]:
    """All marks, oldest first."""
    query = (
        select(marks_table)
        .select_from(marks_table.join(submissions))
        .where(*_about(assignment, student, hand_in))
        .order_by(marks_table.c.id)
    )
    return tuple(
        Mark(row["submission"], row["question"], row["points"], row["comment"], row["who"], row["at"])
        for row in connection.execute(query).mappings()
    )


def releases(connection: Connection, *, assignment: str = "") -> tuple[Release, ...]:
    """All releases, oldest first."""
    table = releases_table
    query = _where(select(table), table.c.assignment, assignment).order_by(table.c.id)
    return tuple(
        Release(row["assignment"], row["who"], row["at"], row["student"], row["visible"])
        for row in connection.execute(query).mappings()
    )


def extensions(connection: Connection, *, assignment: str = "", student: str = "") -> tuple[Extension, ...]:
    """All extensions, oldest first."""
    table = extensions_table
    query = _where(_where(select(table), table.c.assignment, assignment), table.c.student, student).order_by(table.c.id)
    return tuple(
        Extension(
            row["assignment"], row["student"], row["who"], row["at"], row["until"], row["attempts"], row["why"]
        )
        for row in connection.execute(query).mappings()
    )  # fmt: skip


def erased(connection: Connection) -> frozenset[str]:
    """The keys of those who were erased."""
    return frozenset(connection.scalars(select(erasures.c.student)))


def audit(connection: Connection, *, who: str = "", what: str = "", limit: int = 1000) -> tuple[Deed, ...]:
    """The newest lines, oldest first."""
    table = audit_table
    asked = _where(_where(select(table), table.c.who, who), table.c.what, what)
    query = asked.order_by(table.c.id.desc()).limit(limit)
    rows = connection.execute(query).mappings().all()
    return tuple(Deed(row["at"], row["who"], row["what"], row["about"]) for row in reversed(rows))


def _by_attempt(
    connection: Connection, table: Table, about: list[ColumnElement[bool]], made: Callable[[RowMapping], T]
) -> dict[int, tuple[T, ...]]:
    """The rows of a table that hang on an outcome, by its attempt and in their order."""
    joined = table.join(attempts_table, table.c.attempt == attempts_table.c.id).join(submissions)
    query = select(table).select_from(joined).where(*about).order_by(table.c.attempt, table.c.position)
    rows = connection.execute(query).mappings()
    return {id: tuple(made(row) for row in its) for id, its in groupby(rows, key=lambda row: row["attempt"])}


def _about(assignment: str = "", student: str = "", hand_in: int = 0) -> list[ColumnElement[bool]]:
    asked = ((submissions.c.assignment, assignment), (submissions.c.student, student), (submissions.c.id, hand_in))
    return [column == value for column, value in asked if value]


def _where(query: Select[tuple[object, ...]], column: ColumnElement[str], value: str) -> Select[tuple[object, ...]]:
    return query.where(column == value) if value else query


def _submission(row: RowMapping) -> Submission:
    return Submission(row["student"], row["assignment"], row["sha256"], row["file"], row["handed_in_at"])


def _hand_in(row: RowMapping) -> HandIn:
    return HandIn(row["hand_in"], row["number"], _submission(row))


def _attempt(row: RowMapping) -> Attempt:
    return Attempt(
        id=row["attempt"],
        hand_in=row["hand_in"],
        number=row["number"],
        submission=_submission(row),
        grading=row["grading"],
        seed=row["drawn"],
        at=row["asked_at"],
        state="graded" if row["holder"] is None else "grading" if row["holder"] else "waiting",
        question=row["question"],
        reason=row["reason"],
        by=row["who"],
        worker=row["holder"] or "",
        claim=row["claims"] or 0,
        failures=row["failures"] or 0,
    )


def _score(row: RowMapping) -> Score:
    fields = ("question", "points", "out_of", "state", "seen", "hint", "integrity", "seconds")
    return Score(**{field: row[field] for field in fields})


def _kept(row: RowMapping) -> Kept:
    return Kept(row["notebook"], row["executed"] or "", row["feedback"] or "", row["missing"])


def _result(row: RowMapping, parts: tuple[Score, ...], written: tuple[Kept, ...]) -> Result:
    stamp = json.loads(row["outcome_isolation"])
    outcome = Outcome(
        verdict=row["outcome_verdict"],
        scores=parts,
        seconds=row["outcome_seconds"],
        stopped_by=row["outcome_stopped_by"],
        notes=tuple(json.loads(row["outcome_notes"])),
        isolation=Isolation(tuple(stamp["layers"]), tuple(stamp["warnings"]), stamp["trusted"]),
        seed=row["outcome_seed"],
        peak_memory=row["outcome_peak_memory"],
    )
    return Result(_attempt(row), outcome, row["outcome_at"], row["outcome_worker"], written)
