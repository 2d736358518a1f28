"""Putting rows into a table whose keys may be there already, in the words of either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert


def put(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, change: bool = True, newer: str = ""
) -> None:
    """Insert rows; where the key is there already, change the row (if `newer`: unless it is older) or leave it."""
    if not rows:
        return
    row = inserting(connection, table)
    key = [column.name for column in table.primary_key]
    if not change:
        connection.execute(row.on_conflict_do_nothing(), list(rows))
        return
    fresh = {name: row.excluded[name] for name in rows[0] if name not in key}
    when = row.excluded[newer] >= table.c[newer] if newer else None
    connection.execute(row.on_conflict_do_update(index_elements=key, set_=fresh, where=when), list(rows))


def inserting(connection: Connection, table: Table) -> Any:
    """The dialect's own INSERT, which knows what to do where the key is there already."""
    return (postgres_insert if connection.dialect.name == "postgresql" else sqlite_insert)(table)
