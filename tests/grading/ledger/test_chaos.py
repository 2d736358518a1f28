"""Nothing is lost and nothing is graded twice, whatever is killed, locked, full or away."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.grading.chaos import survive
from tests.grading.ledger.conftest import Place

Trouble = Callable[[], AbstractContextManager[None]]


def sqlite_troubles(path: str, folder: Path) -> list[Trouble]:
    @contextmanager
    def locked() -> Iterator[None]:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")

    @contextmanager
    def full() -> Iterator[None]:
        (folder / "full").touch()
        yield
        (folder / "full").unlink()

    return [locked, full]


def postgres_troubles(url: str) -> list[Trouble]:
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() ORDER BY random() LIMIT 3"
    )

    @contextmanager
    def locked() -> Iterator[None]:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE leases, outcomes IN ACCESS EXCLUSIVE MODE"))
            yield
        engine.dispose()

    @contextmanager
    def terminated() -> Iterator[None]:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(end)
        yield
        engine.dispose()

    return [locked, terminated]


@pytest.mark.slow
def test_every_attempt_ends_with_exactly_one_outcome(place: Place, tmp_path: Path) -> None:
    troubles = postgres_troubles(place.url)
    if place.kind == "sqlite":
        troubles = sqlite_troubles(place.url.removeprefix("sqlite:///"), tmp_path)
    seen = survive(place.url, tmp_path, troubles)
    assert seen["kills"] >= 50
    assert all(count > 0 for count in seen.values()), seen
    if place.kind == "sqlite":
        with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
