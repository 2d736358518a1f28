"""The rows of a database as lines of JSON and back again; what tables there are is asked of the database itself.

Moments are written in UTC, bytes as the SHA-256 under which they lie beside the lines. So the same course gives the
same lines from SQLite and from Postgres.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    collate,
    insert,
    select,
    text,
)

from classroom.errors import ClassroomError
from classroom.store import tables as classroom_tables
from grading.ledger import tables as ledger_tables
from grading.ledger.form import LEDGER
from grading.ledger.tables import clean

FORMS = (LEDGER, classroom_tables.FORM)
AT_ONCE = 500  # rows written together
HEAVY = 8 * 2**20  # or so many bytes
Keep = Callable[[str, Mapping[str, Any]], bool]  # table and row: whether it belongs into a backup


class BadBackup(ClassroomError):
    """A file that is no backup of a course, or no longer a whole one."""


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection on which all reading sees the same moment, whoever writes meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def forms(connection: Connection) -> dict[str, str]:
    """Which form the tables have, by the name of the table that says so."""
    said = {form.versions: f"SELECT version_num FROM {form.versions}" for form in FORMS}  # noqa: S608 (ours)
    return {name: str(connection.scalar(text(query))) for name, query in said.items()}


def tables(connection: Connection) -> tuple[Table, ...]:
    """All tables that hold rows of the course, those first to which others refer; nobody else's in the database."""
    found, ours = MetaData(), {*ledger_tables.metadata.tables, *classroom_tables.metadata.tables}
    found.reflect(connection, only=lambda name, _: name in ours)
    return tuple(table for table in found.sorted_tables if table.name not in {form.versions for form in FORMS})


def lines(connection: Connection, table: Table, keep: Keep, put_aside: Callable[[bytes], str]) -> Iterator[str]:
    """Every row of a table in the order of its key; bytes are put aside, under the name that is answered."""
    order = [_ordered(column, connection) for column in table.primary_key]
    query = select(table).order_by(*order).execution_options(yield_per=AT_ONCE if not _heavy(table) else 1)
    for row in connection.execute(query).mappings():
        if keep(table.name, dict(row)):
            plain = {name: _plain(value, put_aside) for name, value in row.items()}
            yield json.dumps(plain, ensure_ascii=False, sort_keys=True, allow_nan=False)


def fill(
    connection: Connection,
    table: Table,
    rows: Iterator[str],
    take: Callable[[str], bytes],
    look: Callable[[str, Mapping[str, Any]], None] = lambda *_: None,
) -> int:
    """Write a table's rows from their lines; how many. `look` sees each before, and may raise."""
    waiting: list[dict[str, Any]] = []
    number = weight = 0
    for number, line in enumerate(rows, 1):
        row = _read(table, line, number, take)
        look(table.name, row)
        waiting.append(row)
        weight += sum(len(value) for value in row.values() if isinstance(value, bytes))
        if len(waiting) == AT_ONCE or weight > HEAVY:
            connection.execute(insert(table), waiting)
            waiting, weight = [], 0
    if waiting:
        connection.execute(insert(table), waiting)
    return number


def count_on(connection: Connection, table: Table) -> None:
    """Let Postgres go on counting behind the rows that came with their numbers; SQLite does so by itself."""
    if connection.dialect.name == "postgresql" and "id" in table.c:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 (a table of ours)
                f"coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table.name}"
            )
        )


def _ordered(column: "Column[Any]", connection: Connection) -> Any:
    """Text in the order of its bytes, as SQLite has it, whatever language Postgres was set up for."""
    speaks = connection.dialect.name == "postgresql" and isinstance(column.type, String)
    return collate(column, "C") if speaks else column


def _heavy(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.c)


def _plain(value: Any, put_aside: Callable[[bytes], str]) -> Any:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    if isinstance(value, bytes | memoryview):
        return {"bytes": put_aside(bytes(value))}
    return value


def _read(table: Table, line: str, number: int, take: Callable[[str], bytes]) -> dict[str, Any]:
    try:
        row = json.loads(line, parse_constant=_no_number)
        if not isinstance(row, dict) or set(row) != set(table.c.keys()):
            raise ValueError
        return {column.name: _value(column, row[column.name], take) for column in table.c}
    except BadBackup:
        raise
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        raise BadBackup(f"Line {number} of the table {table.name} in this backup cannot be read.") from None


def _no_number(word: str) -> float:
    raise ValueError(word)


def _value(column: "Column[Any]", value: Any, take: Callable[[str], bytes]) -> Any:
    """A value as its column holds it. SQLite would take anything, so that the kinds are looked at here."""
    if value is None:
        return None  # the database says where something must stand
    kind = column.type
    if isinstance(kind, LargeBinary):
        return take(value["bytes"])
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(kind, Boolean):
        fits = isinstance(value, bool)
    elif isinstance(kind, Integer):
        fits = type(value) is int and abs(value) < 2**63
    elif isinstance(kind, Float):
        fits = type(value) in (int, float) and math.isfinite(value)
    else:
        fits = isinstance(kind, String) and isinstance(value, str) and clean(value) == value
    if not fits:
        raise ValueError
    return value
