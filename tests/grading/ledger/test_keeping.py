"""The database itself keeps the facts: no UPDATE, no DELETE, no sly REPLACE, whoever connects."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from grading.ledger.records import Extension, Mark, Release
from grading.ledger.sql import SqlLedger
from grading.ledger.tables import FACTS, attempts, leases, metadata
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import Desk

NAMES = [table.name for table in FACTS]


@pytest.fixture
def stranger(place: Place, ledger: SqlLedger, desk: Desk) -> Iterator[Connection]:
    """Somebody else's connection to a ledger with a row in every table."""
    first = desk.hand_in(notebooks=(("boxes.ipynb", b"one"), ("nms.ipynb", b"two")))
    desk.grade(executed=b"run")
    ledger.mark(Mark(first.hand_in, "q1", 1.0, "", "eve", desk.tick()))
    ledger.release(Release("ps1", "prof", desk.tick()))
    ledger.extend(Extension("ps1", "ada", "prof", desk.tick()))
    ledger.erase("zoe", by="prof", why="", now=desk.tick())  # of others nothing may change for that
    with place.stranger() as connection:
        yield connection


def rows(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.count()).select_from(metadata.tables[table])) or 0


def test_every_table_but_the_leases_holds_facts() -> None:
    assert set(metadata.tables) - set(NAMES) == {"leases"}


@pytest.mark.parametrize("table", NAMES)
def test_a_fact_is_never_changed(stranger: Connection, table: str) -> None:
    for column in metadata.tables[table].columns:
        with pytest.raises(DBAPIError, match=f"keeps its {table}"), stranger.begin():
            stranger.execute(text(f'UPDATE {table} SET "{column.name}" = "{column.name}"'))


@pytest.mark.parametrize("table", NAMES)
def test_a_fact_is_never_deleted(stranger: Connection, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"DELETE FROM {table} WHERE 1 = 1"):
        with pytest.raises(DBAPIError, match=f"keeps its {table}"), stranger.begin():
            stranger.execute(text(statement))
    with stranger.begin():
        assert rows(stranger, table) > 0


@pytest.mark.parametrize("table", NAMES)
def test_a_fact_is_not_replaced_on_the_sly(place: Place, stranger: Connection, table: str) -> None:
    if place.kind == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    else:
        key = metadata.tables[table].primary_key.columns.keys()
        first = next(name for name in metadata.tables[table].columns.keys() if name not in key)  # noqa: SIM118
        update = f'DO UPDATE SET "{first}" = EXCLUDED."{first}"'
        statement = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({', '.join(key)}) {update}"
    with pytest.raises(DBAPIError, match=f"keeps its {table}"), stranger.begin():
        stranger.execute(text(statement))


@pytest.mark.parametrize("table", NAMES)
def test_a_table_of_facts_is_not_emptied(place: Place, stranger: Connection, table: str) -> None:
    # SQLite has no TRUNCATE; its DELETE of everything takes a short cut of that kind where nothing watches
    statement = f"DELETE FROM {table}" if place.kind == "sqlite" else f"TRUNCATE {table} CASCADE"
    with pytest.raises(DBAPIError, match="keeps its"), stranger.begin():
        stranger.execute(text(statement))


def test_only_leases_come_and_go(stranger: Connection) -> None:
    with stranger.begin():
        assert rows(stranger, leases.name) == 0  # graded: it came and went
        assert rows(stranger, attempts.name) == 1
