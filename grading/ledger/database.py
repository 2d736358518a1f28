"""A database that is open: reading sees one moment, writing happens as a whole or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

from grading.ledger.engine import speaking_plainly
from grading.ledger.port import LedgerBusy


class Database:
    """What every adapter stands on. Safe to share between threads; a process that forks opens its own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def close(self) -> None:
        """Let go of the database; it may be used again and then connects anew."""
        self.engine.dispose()

    def scrub(self) -> bool:
        """Write the database anew without what was deleted, in its free space too; False if others kept it busy."""
        try:
            with speaking_plainly(), self.engine.connect() as connection:
                if self.engine.dialect.name != "sqlite":
                    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM FULL"))
                    return True
                cursor = connection.connection.cursor()  # the driver's own: no transaction may be open
                cursor.execute("VACUUM")
                busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                return not busy
        except (LedgerBusy, sqlite3.OperationalError):
            return False

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with speaking_plainly(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            speaking_plainly(),
            self.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            yield connection
