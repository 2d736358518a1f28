"""How the ledger reaches its database: SQLite in a file (WAL), or Postgres by URL; and what its complaints mean."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, TimeoutError

from grading.ledger.port import LedgerBusy, LedgerUnusable

# What SQLite says while the machine or somebody else is in the way; its other complaints are faults of ours.
PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


def connect(where: str | Path, *, patience: float) -> Engine:
    """An engine for a path (SQLite), `sqlite:///...` or `postgresql://...`; locks are waited for `patience` seconds."""
    try:
        url = make_url(where if isinstance(where, str) and "://" in where else f"sqlite:///{Path(where)}")
    except ArgumentError:
        raise LedgerUnusable(
            "The gradebook's address is neither a path nor a URL such as postgresql://host/name."
        ) from None
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise LedgerUnusable("A gradebook in memory would be gone tomorrow: give the path of a file.")
        if not url.database.startswith("file:"):  # a URI of SQLite's own names a file that is there
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(url, patience)
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return _postgres(url.set(drivername="postgresql+psycopg"), patience)
    raise LedgerUnusable(f"The gradebook lives in SQLite or in Postgres, not in {url.get_backend_name()}.")


def _sqlite(url: Any, patience: float) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": patience, "check_same_thread": False},
        json_serializer=json.dumps,
        hide_parameters=True,  # an error's text holds no name, no draft
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, by us: the driver would begin them too late
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {int(patience * 1000)}",
            "foreign_keys = ON",
            "recursive_triggers = ON",  # else INSERT OR REPLACE deletes a fact without asking the triggers
            "synchronous = FULL",  # a receipt that was given survives a power cut
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer says so at once: a reader that turns into a writer half-way fails when another one was quicker.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: Any, patience: float) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,  # the server may have been restarted since the last use
            pool_timeout=max(1.0, patience),
            connect_args={
                "connect_timeout": max(2, int(patience)),
                "options": f"-c lock_timeout={int(patience * 1000)} -c timezone=UTC",
            },
        )
    except ModuleNotFoundError:
        raise LedgerUnusable("For a gradebook in Postgres install the package psycopg[binary].") from None


@contextmanager
def speaking_plainly() -> Iterator[None]:
    """Turn a database that is locked, full or away into `LedgerBusy`, and one that is none into `LedgerUnusable`."""
    try:
        yield
    except (OperationalError, InterfaceError, TimeoutError) as problem:
        code = getattr(getattr(problem, "orig", None), "sqlite_errorcode", None)
        if code is not None and code & 0xFF not in PASSING:
            raise
        raise LedgerBusy(_problem(str(getattr(problem, "orig", problem)))) from problem
    except DBAPIError as problem:
        if problem.connection_invalidated:
            raise LedgerBusy() from problem
        if "file is not a database" in str(problem.orig) or "malformed" in str(problem.orig):
            raise LedgerUnusable(
                "The gradebook's file is damaged or is no gradebook; bring back a backup."
            ) from problem
        raise


def _problem(message: str) -> str:
    """What students and instructors may read of a driver's message: never a path, a host or a statement."""
    lowered = message.lower()
    if "full" in lowered or "no space" in lowered:
        return "The disk of the gradebook's database is full."
    if "locked" in lowered or "lock timeout" in lowered or "deadlock" in lowered:
        return "Somebody else is using the gradebook's database for long."
    if "readonly" in lowered or "read-only" in lowered:
        return "The gradebook's database may only be read, not written."
    return "The gradebook's database does not answer just now."
