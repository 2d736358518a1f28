"""Writing facts: one function per kind, on an open connection whose transaction is the caller's."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Insert, RowMapping, func, insert, select, text, update

from grading.ledger import leases, reading, tables
from grading.ledger.port import Admission, LeaseLost, NotInLedger, WasErased
from grading.ledger.records import Attempt, Deed, Extension, Mark, Release
from grading.records import Outcome, Submission

REGRADE = "asked for a regrade"  # in the audit
ERASING = "erase"  # the name of Postgres's lock


def hand_in(
    connection: Connection,
    submission: Submission,
    content: bytes,
    *,
    seed: int,
    admit: Admission,
    notebooks: Sequence[tuple[str, bytes]] = (),
) -> tuple[Attempt, bool]:
    """Append a submission, its bytes and its first attempt; a double click finds what is there."""
    if sha256(content).hexdigest() != submission.sha256:
        raise ValueError(f"the bytes of {submission.file!r} do not have the hash {submission.sha256}")
    not_while_erasing(connection)
    one_at_a_time(connection, f"hand-in {submission.student}\n{submission.assignment}")
    if submission.student in reading.erased(connection):
        raise NotInLedger("This person was deleted from the course: nothing can be handed in for them any more.")
    earlier = reading.hand_ins(connection, assignment=submission.assignment, student=submission.student)
    if earlier and earlier[-1].submission.sha256 == submission.sha256:
        return reading.attempts(connection, hand_in=earlier[-1].id)[-1], False
    admit(earlier)
    number = earlier[-1].number + 1 if earlier else 1
    row = insert(tables.submissions).values(
        student=submission.student,
        assignment=submission.assignment,
        number=number,
        sha256=_blob(connection, content, submission.sha256),
        file=submission.file,
        at=submission.at,
    )
    id = _key(connection, row)
    parts = [
        {"submission": id, "position": position, "file": file, "sha256": _blob(connection, data)}
        for position, (file, data) in enumerate(notebooks)
        if data != content  # a notebook that came as it is lies there already
    ]
    if parts:
        connection.execute(insert(tables.notebooks), parts)
    attempt = _attempt(
        connection, id, grading=1, seed=seed, student=submission.student, who=submission.student, at=submission.at
    )
    note(connection, Deed(submission.at, submission.student, "handed in", f"{submission.assignment} number {number}"))
    return reading.attempt(connection, attempt), True


def regrade(
    connection: Connection, hand_ins: Sequence[int], *, question: str, reason: str, by: str, now: datetime
) -> tuple[Attempt, ...]:
    """Append one more grading of each hand-in, unless one that nobody began waits already and covers it.

    What was erased is passed over; where there is nothing else, that is said.
    """
    not_while_erasing(connection)
    one_at_a_time(connection, "regrade")
    made, gone, skipped = [], reading.erased(connection), 0
    for id in hand_ins:
        earlier = reading.attempts(connection, hand_in=id)
        if not earlier:
            raise NotInLedger(f"There is no hand-in {id} to regrade.")
        last = earlier[-1]
        if last.submission.student in gone:
            skipped += 1
            continue
        if last.state == "waiting" and last.claim == 0 and last.question in ("", question):
            made.append(last)
            continue
        attempt = _attempt(
            connection,
            id,
            grading=last.grading + 1,
            seed=earlier[0].seed,  # the same drawn cases: nothing but the tests has changed
            student=last.submission.student,
            who=by,
            at=now,
            question=question,
            reason=reason,
        )
        made.append(reading.attempt(connection, attempt))
        about = f"{last.submission.assignment} of {last.submission.student}, number {last.number}"
        note(
            connection,
            Deed(now, by, REGRADE, f"{about}{f', question {question}' if question else ''}: {reason}"),
        )
    if skipped and not made:
        raise WasErased
    return tuple(made)


def record(connection: Connection, attempt: Attempt, outcome: Outcome, *, now: datetime) -> None:
    """Append the outcome and its scores, and end the lease: both or neither."""
    _check(outcome)
    not_while_erasing(connection)
    lease = leases.locked(connection, attempt.id)
    if lease is None:
        if _same_claim(reading.outcome_row(connection, attempt.id), attempt):
            return
        raise LeaseLost(
            f"Attempt {attempt.id} has its outcome already, from another grader; this later one is not recorded."
        )
    leases.require(lease, attempt)
    connection.execute(
        insert(tables.outcomes).values(
            attempt=attempt.id,
            verdict=outcome.verdict,
            seconds=outcome.seconds,
            stopped_by=outcome.stopped_by,
            notes=json.dumps([tables.clean(note) for note in outcome.notes]),
            isolation=json.dumps(asdict(outcome.isolation)),
            seed=outcome.seed,
            peak_memory=outcome.peak_memory,
            worker=attempt.worker,
            claim=attempt.claim,
            at=now,
        )
    )
    papers = [
        {
            "attempt": attempt.id,
            "notebook": paper.notebook,
            "position": position,
            "executed": _blob(connection, paper.executed) if paper.executed else None,
            "feedback": _blob(connection, paper.feedback) if paper.feedback else None,
            "missing": paper.missing,
        }
        for position, paper in enumerate(outcome.papers)
    ]
    if papers:
        connection.execute(insert(tables.papers), papers)
    rows = [
        {**asdict(score), "attempt": attempt.id, "position": position} for position, score in enumerate(outcome.scores)
    ]
    if rows:
        connection.execute(insert(tables.scores), rows)
    leases.end(connection, attempt.id)


def mark(connection: Connection, mark: Mark) -> None:
    """Append a person's mark."""
    if mark.points is not None and not (math.isfinite(mark.points) and mark.points >= 0):
        raise ValueError(f"points must be a number from 0 on, got {mark.points}")
    not_while_erasing(connection)
    found = reading.hand_in(connection, mark.hand_in)
    if found.submission.student in reading.erased(connection):
        raise WasErased
    row = insert(tables.marks).values(
        submission=mark.hand_in,
        question=mark.question,
        points=mark.points,
        comment=mark.comment,
        who=mark.by,
        at=mark.at,
    )
    connection.execute(row)
    said = "commented on" if mark.points is None else f"gave {mark.points:g} points for"
    about = f"{mark.question} in {found.submission.assignment} of {found.submission.student}, number {found.number}"
    note(connection, Deed(mark.at, mark.by, said, about))


def release(connection: Connection, release: Release) -> None:
    """Append a release or its withdrawal."""
    connection.execute(
        insert(tables.releases).values(
            assignment=release.assignment,
            student=release.student,
            visible=release.visible,
            who=release.by,
            at=release.at,
        )
    )
    did = "released" if release.visible else "withdrew"
    note(connection, Deed(release.at, release.by, did, f"{release.assignment} for {release.student or 'everyone'}"))


def extend(connection: Connection, extension: Extension) -> None:
    """Append an extension."""
    not_while_erasing(connection)
    if extension.student in reading.erased(connection):
        raise NotInLedger("This person was deleted from the course: nothing can be extended for them any more.")
    connection.execute(
        insert(tables.extensions).values(
            assignment=extension.assignment,
            student=extension.student,
            until=extension.until,
            attempts=extension.attempts,
            why=extension.why,
            who=extension.by,
            at=extension.at,
        )
    )
    note(connection, Deed(extension.at, extension.by, "extended", f"{extension.assignment} for {extension.student}"))


def note(connection: Connection, deed: Deed) -> None:
    """Append a line to the audit."""
    connection.execute(insert(tables.audit).values(at=deed.at, who=deed.who, what=deed.what, about=deed.about))


def one_at_a_time(connection: Connection, name: str) -> None:
    """Nobody else with the same name until this transaction ends. SQLite has but one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": tables.clean(name)}
        )


def not_while_erasing(connection: Connection) -> None:
    """Whoever adds work waits for an erasure that has begun, and the next one waits for them."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))"), {"name": ERASING})


def _attempt(
    connection: Connection,
    submission: int,
    *,
    grading: int,
    seed: int,
    student: str,
    who: str,
    at: datetime,
    question: str = "",
    reason: str = "",
) -> int:
    row = insert(tables.attempts).values(
        submission=submission, grading=grading, seed=seed, question=question, reason=reason, who=who, at=at
    )
    id = _key(connection, row)
    leases.enqueue(connection, id, regrade=grading > 1, student=student, now=at)
    return id


def _blob(connection: Connection, content: bytes, digest: str = "") -> str:
    """Keep the bytes once under their hash."""
    digest = digest or sha256(content).hexdigest()
    blobs = tables.blobs
    length = connection.scalar(select(func.length(blobs.c.content)).where(blobs.c.sha256 == digest))
    if length is not None:
        if content and not length:  # erased with somebody who had handed in the very same
            connection.execute(update(blobs).where(blobs.c.sha256 == digest).values(content=content))
        return digest
    values = {"sha256": digest, "size": len(content), "content": content}
    if connection.dialect.name == "postgresql":  # the same bytes may arrive twice at the same moment
        from sqlalchemy.dialects.postgresql import insert as insert_or_leave

        connection.execute(insert_or_leave(blobs).values(**values).on_conflict_do_nothing())
    else:
        connection.execute(insert(blobs).values(**values))
    return digest


def _key(connection: Connection, row: Insert) -> int:
    key = connection.execute(row).inserted_primary_key or (0,)
    return int(key[0])


def _same_claim(row: RowMapping | None, attempt: Attempt) -> bool:
    return row is not None and (row["worker"], row["claim"]) == (attempt.worker, attempt.claim)


def _check(outcome: Outcome) -> None:
    """A number that is none would be stored by one database and lost by another."""
    for score in outcome.scores:
        if not all(math.isfinite(value) for value in (score.points or 0.0, score.out_of, score.seconds)):
            raise ValueError(f"the score of question {score.question!r} holds a number that is none: {score}")
    if not math.isfinite(outcome.seconds):
        raise ValueError(f"an outcome took {outcome.seconds} seconds")
