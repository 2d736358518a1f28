"""A database that is locked, full or away: one sentence, nothing written, and fine again afterwards."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from grading.ledger.engine import speaking_plainly
from grading.ledger.port import LedgerBusy
from grading.ledger.sql import SqlLedger, open_ledger
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import Desk, outcome


@contextmanager
def somebody_locks(place: Place) -> Iterator[None]:
    """Another program holds everything."""
    if place.kind == "sqlite":
        connection = sqlite3.connect(place.url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
        connection.close()
    else:
        engine = create_engine(place.url)
        with engine.begin() as held:
            held.execute(text("LOCK TABLE leases, submissions, outcomes IN ACCESS EXCLUSIVE MODE"))
            yield
        engine.dispose()


def test_a_locked_database_is_a_sentence_and_nothing_is_lost(place: Place, desk: Desk) -> None:
    desk.hand_in("ada")
    desk.hand_in("bob")
    hasty = place.open(patience=0.2)
    held = desk.claim()
    hurried = Desk(hasty, desk.now)
    with somebody_locks(place):
        for deed in (
            lambda: hurried.hand_in("cy"),
            lambda: hasty.record(held, outcome(), now=hurried.tick()),
            lambda: hasty.claim("g2", now=hurried.tick(), seconds=60),
        ):
            with pytest.raises(LedgerBusy, match="Nothing was changed; please try again") as busy:
                deed()
            assert "SELECT" not in str(busy.value)
            assert "ledger.db" not in str(busy.value)
    assert len(hasty.attempts()) == 2
    hasty.record(held, outcome(), now=hurried.tick())
    assert hurried.claim().submission.student == "bob"
    hasty.close()


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.2)
    made = Desk(ledger).hand_in()
    with somebody_locks(Place(f"sqlite:///{tmp_path / 'ledger.db'}", "sqlite")):
        assert ledger.attempts() == (made,)
        assert ledger.place(made.id) == 0
    ledger.close()


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db")
    desk = Desk(ledger)
    desk.hand_in("ada")
    attempt = desk.claim()
    with ledger.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = outcome(executed=b"x" * 200_000)
    with pytest.raises(LedgerBusy, match="disk of the gradebook's database is full"):
        ledger.record(attempt, big, now=desk.tick())
    assert ledger.results() == ()
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    ledger.record(attempt, big, now=desk.tick())
    assert ledger.content(ledger.results()[0].executed) == b"x" * 200_000
    ledger.close()


@pytest.mark.postgres
def test_a_terminated_connection_is_a_sentence_and_the_next_one_works(postgres: str, tmp_path: Path) -> None:
    admin = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE terminated"))
    ledger = open_ledger(postgres.format(name="terminated"))
    desk = Desk(ledger)
    made = desk.hand_in()
    end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'terminated'")
    second = replace(made.submission, sha256=sha256(b"b").hexdigest())
    with admin.connect() as other:
        with pytest.raises(LedgerBusy, match="does not answer"):  # it ends between two statements of one transaction
            ledger.hand_in(second, b"b", seed=1, admit=lambda _: other.execute(end) and None)
        other.execute(end)  # an idle one: found dead before its next use
    assert ledger.attempts() == (made,)
    ledger.close()
    admin.dispose()


@pytest.mark.postgres
def test_a_server_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerBusy, match="does not answer") as busy:
        open_ledger(f"postgresql://fovea@/nowhere?host={tmp_path}", patience=0.1)
    assert str(tmp_path) not in str(busy.value)


def test_a_fault_of_ours_is_not_taken_for_a_busy_database(ledger: SqlLedger) -> None:
    with pytest.raises(ZeroDivisionError), speaking_plainly():
        _ = 1 / 0
    with pytest.raises(Exception, match=r"no such table|does not exist") as problem, ledger._writing() as connection:
        connection.execute(text("SELECT * FROM nothing_of_the_kind"))
    assert not isinstance(problem.value, LedgerBusy)


def test_a_database_that_may_only_be_read_says_so(tmp_path: Path) -> None:
    open_ledger(tmp_path / "ledger.db").close()
    ledger = open_ledger(f"sqlite:///file:{tmp_path / 'ledger.db'}?mode=ro&uri=true")
    with pytest.raises(LedgerBusy, match="may only be read"):
        Desk(ledger).hand_in()
    ledger.close()
