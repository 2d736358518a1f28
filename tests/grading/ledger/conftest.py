"""Every test of the ledger runs on SQLite in a file and on a real Postgres."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from grading.ledger.sql import SqlLedger, open_ledger
from tests.find_postgres import NoPostgres, serve_postgres
from tests.grading.ledger.hand_ins import Desk

_numbers = itertools.count()


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


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    try:
        with serve_postgres() as url:
            yield url
    except NoPostgres as problem:
        pytest.skip(str(problem))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Place(f"sqlite:///{tmp_path / 'ledger.db'}", "sqlite")
        return
    server: str = request.getfixturevalue("postgres")
    name = f"ledger{next(_numbers)}"
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield Place(server.format(name=name), "postgres")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def ledger(place: Place) -> Iterator[SqlLedger]:
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def desk(ledger: SqlLedger) -> Desk:
    return Desk(ledger)
