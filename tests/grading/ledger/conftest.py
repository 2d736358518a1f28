"""Every test of the ledger runs on SQLite in a file and on a real Postgres."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, create_engine

from grading.ledger.sql import SqlLedger, open_ledger
from tests.grading.ledger.hand_ins import Desk


@dataclass(frozen=True)
class Place:
    """Where a fresh ledger can be opened, as often as wanted."""

    url: str
    kind: str

    def open(self, patience: float = 10.0) -> SqlLedger:
        return open_ledger(self.url, patience=patience)

    @contextmanager
    def stranger(self) -> Iterator[Connection]:
        """A connection that is not the ledger's: no pragma, no care."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


@pytest.fixture
def place(database: str) -> Place:
    return Place(database, database.split(":")[0])


@pytest.fixture
def ledger(place: Place) -> Iterator[SqlLedger]:
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def desk(ledger: SqlLedger) -> Desk:
    return Desk(ledger)
