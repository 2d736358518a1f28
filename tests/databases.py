"""The databases that tests of memory run on: SQLite in a file and a real Postgres, each fresh for its test.

A test that asks for an open `ledger` or `classroom` gets a copy of a database that has their tables, which costs a
fraction of making them; every other one gets an empty database.
"""

import itertools
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from classroom.store.sql import open_classroom
from grading.ledger.sql import open_ledger
from tests.find_postgres import NoPostgres, serve_postgres

Rooms = tuple[str, ...]  # the fixtures of these names keep tables

_numbers = itertools.count()


def _make_tables(url: str, rooms: Rooms) -> None:
    for room in rooms:
        (open_ledger if room == "ledger" else open_classroom)(url).close()


def _wanted(request: pytest.FixtureRequest) -> Rooms:
    return tuple(room for room in ("ledger", "classroom") if room in request.fixturenames)


def _run(server: str, statement: str) -> None:
    engine = create_engine(server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    try:
        with serve_postgres() as url:
            yield url
    except NoPostgres as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Callable[[Rooms], str]:
    """Gives the name of a database that has the tables of some rooms."""

    @cache
    def made(rooms: Rooms) -> str:
        if not rooms:
            return "template1"
        name = "_".join(("with", *rooms))
        _run(postgres, f"CREATE DATABASE {name}")
        _make_tables(postgres.format(name=name), rooms)
        return name

    return made


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Rooms], Path]:
    """Gives a file that has the tables of some rooms."""

    @cache
    def made(rooms: Rooms) -> Path:
        file = tmp_path_factory.mktemp("template") / "ledger.db"
        _make_tables(f"sqlite:///{file}", rooms)
        assert [other.name for other in file.parent.iterdir()] == [file.name], "SQLite keeps a part of it elsewhere"
        return file

    return made


@pytest.fixture
def postgres_database(
    request: pytest.FixtureRequest, postgres: str, postgres_template: Callable[[Rooms], str]
) -> Iterator[str]:
    """The address of a fresh one on Postgres."""
    name = f"ledger{next(_numbers)}"
    _run(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template(_wanted(request))}")
    yield postgres.format(name=name)
    _run(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Callable[[Rooms], Path]) -> str:
    """The address of a fresh one."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_database"))
    file = tmp_path / "ledger.db"
    if rooms := _wanted(request):
        shutil.copy(sqlite_template(rooms), file)
    return f"sqlite:///{file}"
