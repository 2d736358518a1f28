"""A ledger has the newest form when it is opened: made, brought up to date, or refused with a sentence."""

import os
import sqlite3
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, bindparam, inspect, text
from sqlalchemy.exc import DBAPIError

from grading.ledger.form import MIGRATIONS, alembic_config
from grading.ledger.port import LedgerUnusable
from grading.ledger.records import Kept
from grading.ledger.sql import SqlLedger, open_ledger
from grading.ledger.tables import FORM, VERSIONS, Moment, metadata
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import Desk


def test_tables_and_migrations_agree(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSIONS, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_newest_form_is_the_newest_migration(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        assert ScriptDirectory.from_config(alembic_config(connection)).get_heads() == [FORM]
        assert connection.scalar(text(f"SELECT version_num FROM {VERSIONS}")) == FORM


@pytest.mark.skipif(os.name != "posix", reason="permissions of files")
def test_a_new_file_is_for_its_owner_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    for expected in (0o600, 0o640):
        ledger = open_ledger(path)
        Desk(ledger).hand_in()
        assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == {expected}
        ledger.close()
        path.chmod(0o640)


def test_every_migration_lies_where_the_package_ships_it() -> None:
    assert {"env.py", "script.py.mako", "versions"} <= {path.name for path in MIGRATIONS.iterdir()}


def test_the_next_migration_can_be_written(ledger: SqlLedger, tmp_path: Path) -> None:
    with ledger.engine.connect() as connection:
        config = alembic_config(connection)
        config.set_main_option("version_locations", str(tmp_path))
        config.set_main_option("path_separator", "os")
        script = ScriptDirectory.from_config(config).generate_revision(
            "0002", "a further step", head="base", version_path=str(tmp_path), imports="", upgrades="pass"
        )
    assert script is not None
    compile(Path(script.path).read_text(), script.path, "exec")


def test_a_database_begun_before_the_first_form_is_brought_up_to_date(place: Place) -> None:
    with place.stranger() as connection, connection.begin():
        command.ensure_version(alembic_config(connection))  # what an older database looks like: known, but behind
    ledger = place.open()
    Desk(ledger).graded()
    ledger.close()


def in_the_first_form(connection: Connection) -> None:
    """A ledger as form 0001 had it: two outcomes, the first with its executed notebook and feedback."""
    command.upgrade(alembic_config(connection), "0001")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    stamp = '{"layers": [], "warnings": [], "trusted": false}'
    rows: list[tuple[str, tuple[object, ...]]] = [
        ("blobs", ("a" * 64, 3, b"run")),
        ("blobs", ("b" * 64, 5, b"shown")),
    ]
    for number, copies in ((1, ("a" * 64, "b" * 64)), (2, (None, None))):
        rows += [
            ("submissions", (number, f"s{number}", "ps1", 1, "a" * 64, "ps1.ipynb", at)),
            ("attempts", (number, number, 1, 7, "", "", "s1", at)),
            ("outcomes", (number, "passed", 0.5, "", "[]", stamp, 7, 0, *copies, "g1", 1, at)),
            ("scores", (number, "q1", 0, 2.0, 2.0, "full", "", "", "judged", 0.1)),
        ]
    for name, values in rows:
        names = [f"v{index}" for index in range(len(values))]
        statement = text(f"INSERT INTO {name} VALUES ({', '.join(f':{one}' for one in names)})")
        if at in values:  # it stands last
            statement = statement.bindparams(bindparam(names[-1], type_=Moment()))
        connection.execute(statement, dict(zip(names, values, strict=True)))


def test_the_notebooks_of_the_first_form_move_to_their_own_table(place: Place) -> None:
    with place.stranger() as connection, connection.begin():
        in_the_first_form(connection)
    ledger = place.open()
    first, second = ledger.results()
    assert first.papers == (Kept("", "a" * 64, "b" * 64),)
    assert (ledger.content(first.executed), ledger.content(first.feedback)) == (b"run", b"shown")
    assert (second.papers, second.executed) == ((), "")
    assert [(one.outcome.seconds, one.outcome.scores[0].points, one.worker) for one in (first, second)] == [
        (0.5, 2.0, "g1")
    ] * 2
    with ledger.engine.connect() as connection:
        if place.kind == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert "outcomes_before" not in inspect(connection).get_table_names()
    ledger.close()
    for table in ("outcomes", "papers", "scores"):
        with place.stranger() as connection, pytest.raises(DBAPIError, match=f"keeps its {table}"):
            connection.execute(text(f"DELETE FROM {table}"))


def test_a_newer_ledger_is_refused_and_left_alone(place: Place) -> None:
    ledger = place.open()
    Desk(ledger).graded()
    with ledger.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSIONS} SET version_num = '9999'"))
    ledger.close()
    with pytest.raises(LedgerUnusable, match=r"newer Fovea \(form 9999.*Update Fovea"):
        place.open()
    with place.stranger() as connection:
        assert connection.scalar(text("SELECT count(*) FROM outcomes")) == 1


def test_another_programs_database_is_refused(place: Place) -> None:
    with place.stranger() as connection, connection.begin():
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    with pytest.raises(LedgerUnusable, match="belongs to another program"):
        place.open()


def test_many_that_open_a_new_ledger_at_once_all_find_it_made(place: Place) -> None:
    problems: list[BaseException] = []

    def work() -> None:
        try:
            place.open(patience=60).close()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_a_step_that_fails_leaves_the_database_as_it_was(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("half-way")

    with monkeypatch.context() as patched:
        patched.setattr("alembic.runtime.migration.MigrationContext._ensure_version_table", fail)
        with pytest.raises(RuntimeError, match="half-way"):
            place.open()
    place.open().close()


def test_sqlite_writes_ahead_and_syncs(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "new folder" / "ledger.db")
    with ledger.engine.connect() as connection:
        found = [connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert found == ["wal", 2, 1]
    ledger.close()


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"a notebook, perhaps " * 100)
    with pytest.raises(LedgerUnusable, match="damaged or is no gradebook") as refusal:
        open_ledger(tmp_path / "ledger.db")
    assert str(tmp_path) not in str(refusal.value)
    assert (tmp_path / "ledger.db").read_bytes().startswith(b"a notebook")


@pytest.mark.parametrize(
    "where", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "postgresql+asyncpg://h/n", "://"]
)
def test_an_address_that_will_not_do_is_refused_in_a_sentence(where: str) -> None:
    with pytest.raises(LedgerUnusable):
        open_ledger(where)


def test_nbgraders_own_gradebook_is_refused_and_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Gradebook

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader runs `alembic`
    path = tmp_path / "gradebook.db"
    Gradebook(f"sqlite:///{path}").close()
    with pytest.raises(LedgerUnusable, match="nbgrader"):
        open_ledger(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'outcomes'").fetchall() == []
