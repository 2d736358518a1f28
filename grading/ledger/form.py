"""The form of the database: made for a new one, brought up to date for an older one, refused for a newer one.

The version lies in a table of our own (`ledger_form`), so that another program's database is never taken for ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from grading.ledger.port import LedgerUnusable
from grading.ledger.tables import FORM, VERSIONS

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 0x466F766561  # the number of Postgres's lock for this: "Fovea"


def bring_up_to_date(engine: Engine) -> None:
    """Let the database have the newest form; the usual case, that it has, costs one small query."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            # Lasting, and refused inside a transaction. Readers and the one writer no longer wait for each other.
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL")
    with engine.connect() as connection:
        form = _form(connection)
    if form == FORM:
        return
    with _alone(engine) as connection:
        form = _form(connection)  # another process may have been quicker
        if form is None:
            _refuse_strangers(connection)
        if form != FORM:
            _upgrade(connection, form)


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings for our migrations on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, form: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if form is not None and form not in known:
        raise LedgerUnusable(
            f"This gradebook was written by a newer Fovea (form {form}; this one knows forms up to {FORM}). "
            "Update Fovea and try again; nothing was changed."
        )
    command.upgrade(config, "head")


def _form(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSIONS):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()  # noqa: S608 (a constant of ours)


def _refuse_strangers(connection: Connection) -> None:
    """Another program's database, nbgrader's gradebook.db above all, is not filled with our tables."""
    if "alembic_version" in inspect(connection).get_table_names():
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
