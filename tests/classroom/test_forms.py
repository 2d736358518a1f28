"""A database that an earlier release wrote opens as it is: nothing is lost, and what is new works on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, insert, make_url

from classroom.keeping.rows import count_on
from classroom.people import Person
from classroom.port import Checked
from classroom.signin.pins import verify
from classroom.store.sql import SqlClassroom, open_classroom
from classroom.store.tables import FORM
from grading.ledger.engine import connect
from grading.ledger.form import LEDGER, make
from grading.ledger.records import Mark
from grading.ledger.sql import SqlLedger, open_ledger
from tests.classroom.conftest import ADA, BEN, IVA, TINA

OLD = (Path(__file__).parent / "before_erasing.sql").read_text(encoding="utf-8")  # ledger form 0002, classroom 0001
NOW = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def old(database: str, tmp_path: Path) -> str:
    """Where it lies: in SQLite byte for byte as it was dumped, in Postgres its rows in tables of that time."""
    file = make_url(database).database if database.startswith("sqlite") else str(tmp_path / "old.db")
    with closing(sqlite3.connect(str(file))) as connection:
        connection.executescript(OLD)
    if not database.startswith("sqlite"):
        _copied(str(file), database)
    return database


def _copied(file: str, database: str) -> None:
    source, target = connect(file, patience=5.0), connect(database, patience=5.0)
    with source.connect() as reading, target.connect() as writing, writing.begin():
        make(writing, LEDGER, "0002")
        make(writing, FORM, "0001")
        found, tables = MetaData(), MetaData()
        found.reflect(reading)
        tables.reflect(writing)
        for table in tables.sorted_tables:
            if rows := reading.execute(found.tables[table.name].select()).mappings().all():
                fresh = [{name: _moment(value) for name, value in row.items()} for row in rows]
                if not table.name.endswith("_form"):
                    writing.execute(insert(table), fresh)
                    count_on(writing, table)
    source.dispose()
    target.dispose()


def _moment(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.fixture
def opened(old: str) -> Iterator[tuple[SqlLedger, SqlClassroom]]:
    ledger, classroom = open_ledger(old), open_classroom(old)
    yield ledger, classroom
    ledger.close()
    classroom.close()


def test_nothing_is_lost(opened: tuple[SqlLedger, SqlClassroom]) -> None:
    ledger, classroom = opened
    assert set(classroom.people()) == {ADA, BEN, TINA, IVA}
    pin = classroom.pin("ada")
    assert pin is not None
    assert verify("271828", pin.hashed)
    assert classroom.identity("https://login.example.org", "subject-1") == "ben"
    assert [one.text for one in classroom.drafts("ada", "ps")] == ["def double(x): ..."]
    assert [one.state for one in classroom.publications()] == ["open"]
    assert [one.outcome.points for one in ledger.results()] == [2.0, 2.0]
    (mark,) = ledger.marks(student="ben")
    assert (mark.points, mark.comment) == (0.75, "Well said, Ben Bitdiddle.")
    assert ledger.content(ledger.hand_ins(student="ada")[0].submission.sha256) == b"the notebook of ada"
    assert ledger.queue(now=NOW).waiting == 1
    assert ledger.erased() == frozenset()


def test_what_is_new_works_on_it(opened: tuple[SqlLedger, SqlClassroom]) -> None:
    ledger, classroom = opened
    classroom.note_check("ada", "ps", Checked("double", "failed", "It gave 4.", NOW))
    assert len(classroom.checks("ps")["ada"]) == 1
    claimed = ledger.claim("g1", now=NOW, seconds=60)
    assert claimed is not None
    assert claimed.hand_in == 1
    ledger.mark(Mark(2, "essay", 1.0, "Better.", "tina", NOW))
    ledger.erase("ada", by="iva", why="left", now=NOW + timedelta(seconds=1))
    classroom.delete("ada")
    assert ledger.trace("ada").size == 0
    assert [mark.comment for mark in ledger.marks(student="ada")] == [""]
    assert [mark.comment for mark in ledger.marks(student="ben")] == ["Well said, Ben Bitdiddle.", "Better."]
    assert ledger.results(student="ada")[0].outcome.points == 2.0
    assert classroom.person("ada") is None
    assert isinstance(classroom.person("ben"), Person)
