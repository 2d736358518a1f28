"""The queue: whose turn it is, who works on what and until when. The one table that changes."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, and_, case, delete, func, insert, or_, select, update

from grading.ledger.port import LeaseLost
from grading.ledger.records import Attempt, Queue
from grading.ledger.tables import attempts, leases

IN_TURN = (leases.c.tier, leases.c.turn, leases.c.attempt)


def enqueue(connection: Connection, attempt: int, *, regrade: bool, student: str, now: datetime) -> None:
    """Give an attempt its turn: a student's second one waits behind everybody's first."""
    tier = int(regrade)
    mine = select(func.count()).where(leases.c.student == student, leases.c.tier == tier)
    connection.execute(
        insert(leases).values(
            attempt=attempt,
            tier=tier,
            turn=1 + (connection.scalar(mine) or 0),
            student=student,
            worker="",
            until=now,
            claims=0,
            failures=0,
        )
    )


def anything(connection: Connection, *, now: datetime) -> bool:
    """Whether somebody could claim something: a look that locks nothing, for graders with nothing to do."""
    return connection.scalar(select(leases.c.attempt).where(leases.c.until <= now).limit(1)) is not None


def claim(connection: Connection, worker: str, *, now: datetime, until: datetime) -> int | None:
    """Lease the first in turn that nobody holds; its id."""
    row = connection.execute(
        select(leases).where(leases.c.until <= now).order_by(*IN_TURN).limit(1).with_for_update(skip_locked=True)
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    ran_out = bool(row["worker"])  # its last grader died, or is so slow that it counts as dead
    connection.execute(
        update(leases)
        .where(leases.c.attempt == row["attempt"])
        .values(worker=worker, until=until, claims=row["claims"] + 1, failures=row["failures"] + ran_out)
    )
    return int(row["attempt"])


def locked(connection: Connection, attempt: int) -> RowMapping | None:
    """The lease, held against everybody else until this transaction ends; None if the attempt has its outcome."""
    return connection.execute(select(leases).where(leases.c.attempt == attempt).with_for_update()).mappings().first()


def require(lease: RowMapping | None, attempt: Attempt) -> None:
    """A grader speaks only for the lease it holds. One that ran out but that nobody took up since is still its own."""
    if lease is None or (lease["worker"], lease["claims"]) != (attempt.worker, attempt.claim):
        raise LeaseLost(f"The lease of attempt {attempt.id} ran out and was given to another grader.")


def extend(connection: Connection, attempt: Attempt, *, until: datetime) -> None:
    """Hold the lease longer."""
    require(locked(connection, attempt.id), attempt)
    connection.execute(update(leases).where(leases.c.attempt == attempt.id).values(until=until))


def give_back(connection: Connection, attempt: Attempt, *, until: datetime, failed: bool) -> None:
    """Nobody's again, to be claimed from `until` on."""
    require(locked(connection, attempt.id), attempt)
    connection.execute(
        update(leases)
        .where(leases.c.attempt == attempt.id)
        .values(worker="", until=until, failures=leases.c.failures + int(failed))
    )


def end(connection: Connection, attempt: int) -> None:
    """The attempt has its outcome: it leaves the queue."""
    connection.execute(delete(leases).where(leases.c.attempt == attempt))


def place(connection: Connection, attempt: int) -> int | None:
    """How many come before it."""
    mine = connection.execute(select(leases).where(leases.c.attempt == attempt)).mappings().first()
    if mine is None:
        return None
    if mine["worker"]:
        return 0
    before = or_(
        leases.c.tier < mine["tier"],
        and_(leases.c.tier == mine["tier"], leases.c.turn < mine["turn"]),
        and_(
            leases.c.tier == mine["tier"], leases.c.turn == mine["turn"], leases.c.attempt < mine["attempt"]
        ),
    )  # fmt: skip
    return connection.scalar(select(func.count()).where(before)) or 0


def queue(connection: Connection, *, now: datetime) -> Queue:
    """What waits and what is held. A lease that ran out waits."""
    held = and_(leases.c.worker != "", leases.c.until > now)
    row = connection.execute(
        select(
            func.count(),
            func.sum(case((held, 1), else_=0)),
            func.min(case((~held, attempts.c.at))),
            func.min(case((leases.c.until <= now, attempts.c.at))),
        )
        .select_from(leases.join(attempts, attempts.c.id == leases.c.attempt))
    ).one()  # fmt: skip
    grading = int(row[1] or 0)
    return Queue(waiting=int(row[0]) - grading, grading=grading, oldest=row[2], ready=row[3])


def later(now: datetime, seconds: float) -> datetime:
    """So many seconds from now."""
    return now + timedelta(seconds=seconds)
