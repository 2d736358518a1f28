"""The form of the database: made for a new one, brought up to date for an older one, refused for a newer one.

The version lies in a table of our own (`ledger_form`), so that another program's database is never taken for ours.
Other rooms may keep tables beside the ledger's, in a form of their own.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from grading.ledger.engine import connect, speaking_plainly
from grading.ledger.port import LedgerBusy, LedgerUnusable
from grading.ledger.tables import FORM, VERSIONS

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x466F766561  # the number of Postgres's lock for this: "Fovea"


@dataclass(frozen=True)
class Form:
    """The form that some tables have: the newest migration, where they lie, and the table that says which was taken."""

    newest: str
    migrations: Path
    versions: str


LEDGER = Form(FORM, MIGRATIONS, VERSIONS)


def opened(where: str | Path, *, patience: float, form: Form = LEDGER) -> Engine:
    """The database at a path or URL, made or brought up to date if need be; locks are waited for `patience` seconds."""
    engine = connect(where, patience=patience)
    keep_private(engine)
    deadline = time.monotonic() + patience
    while True:
        try:
            with speaking_plainly():
                bring_up_to_date(engine, form)
            return engine
        except LedgerBusy:  # several processes that open a new file at once do not wait for each other by themselves
            engine.dispose()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        except BaseException:
            engine.dispose()
            raise


def keep_private(engine: Engine) -> None:
    """A new file of SQLite's is for its owner alone: in it are marks, hashed PINs and the key that signs cookies."""
    file = engine.url.database or ""
    if engine.dialect.name == "sqlite" and not file.startswith("file:"):
        with suppress(OSError):  # it is there, with the permissions that somebody gave it; or SQLite says what is wrong
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def bring_up_to_date(engine: Engine, form: Form = LEDGER) -> None:
    """Let the database have the newest form; the usual case, that it has, costs one small query."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # Lasting, and refused inside a transaction. Readers and the one writer no longer wait for each other.
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
    with engine.connect() as connection:
        taken = _taken(connection, form)
    if taken == form.newest:
        return
    with _alone(engine) as connection:
        taken = _taken(connection, form)  # another process may have been quicker
        if taken is None:
            _refuse_strangers(connection)
        if taken != form.newest:
            _upgrade(connection, form, taken)


def alembic_config(connection: Connection, form: Form = LEDGER) -> "Config":
    """Alembic's settings for our migrations on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(form.migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def make(connection: Connection, form: Form, step: str) -> None:
    """Bring the tables to one step of their form, for rows that were saved in it; an unknown step is refused."""
    _upgrade(connection, form, step, to=step)


def _upgrade(connection: Connection, form: Form, taken: str | None, to: str = "head") -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection, form)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if taken is not None and taken not in known:
        raise LedgerUnusable(
            f"This gradebook was written by a newer Fovea (form {taken}; this one knows forms up to {form.newest}). "
            "Update Fovea and try again; nothing was changed."
        )
    command.upgrade(config, to)


def _taken(connection: Connection, form: Form) -> str | None:
    if not inspect(connection).has_table(form.versions):
        return None
    return connection.execute(text(f"SELECT version_num FROM {form.versions}")).scalar()  # noqa: S608 (ours)


def of_another_program(connection: Connection) -> bool:
    """Whether it is nbgrader's gradebook.db, say. Tables of the course's people may lie beside ours, and come first."""
    return inspect(connection).has_table("alembic_version")


def _refuse_strangers(connection: Connection) -> None:
    """Another program's database is not filled with our tables."""
    if of_another_program(connection):
        raise LedgerUnusable(
            "This database belongs to another program (nbgrader's gradebook.db, perhaps). "
            "Give the ledger a file or a database of its own."
        )


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other process's upgrade can overlap."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
        yield connection
