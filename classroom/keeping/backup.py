"""The whole course as one file: every row of the database at one moment, and the course's folder.

In it is whatever makes the course: hand-ins, marks, people, PINs as they are kept (salted and hashed). Not in it is the
key that signs cookies, so that after coming back everybody signs in anew; nor what can be made again from the rest.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import IntegrityError, StatementError

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.keeping import archive, rows
from classroom.keeping.archive import Manifest, Reader
from classroom.keeping.rows import FORMS, BadBackup
from classroom.people import Person
from classroom.permissions import require
from classroom.signin.local import COOKIE_KEY
from grading.ledger.database import Database
from grading.ledger.engine import connect, speaking_plainly
from grading.ledger.form import keep_private, make
from grading.ledger.port import LedgerUnusable
from grading.ledger.records import Deed

MADE_AGAIN = ("autograded", "feedback", "release", "submitted")  # folders of nbgrader's, and of `fovea release`
DATABASES = (".db", ".sqlite", "-wal", "-shm", "-journal", ".part")
SQLITE = b"SQLite format 3\0"  # how such a file begins, whatever it is called
PATIENCE = 10.0  # seconds
TAKEN = "took a backup"  # in the audit


def backup(desk: Desk, who: Person | None) -> bytes:
    """The bytes of the file, for an instructor to take away."""
    member, now = require(who, "back up"), desk.clock()
    if not isinstance(desk.ledger, Database):
        raise ClassroomError("The memory of this course is no database that could be backed up.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.zip"
        write(path, desk.ledger.engine, desk.shelf.folder, now=now)
        data = path.read_bytes()
    desk.ledger.note(Deed(now, member.key, TAKEN))
    return data


def write(path: Path, engine: Engine, folder: Path, *, now: datetime) -> Manifest:
    """Write the backup of a database and a course's folder to a path where there is nothing."""
    if path.exists():
        raise ClassroomError(f'There is a file "{path.name}" already: name another, so that no backup is lost.')
    if not path.parent.is_dir():
        raise ClassroomError(f'"{path.name}" cannot be written there: name a file in a folder that exists.')
    if path.resolve().is_relative_to(folder.resolve()):
        raise ClassroomError("Name a place outside of the course's folder: what lies in it comes into every backup.")
    try:
        with archive.writing(path) as writer:
            forms, counts = _rows(writer, engine)
            for name, origin in _files(folder):
                writer.add(f"course/{name}", _chunks(origin))
            manifest = Manifest(now.isoformat(timespec="seconds"), forms, counts, writer.members)
            archive.seal(writer, manifest)
    except OSError as problem:
        raise ClassroomError(f"The backup could not be written: {problem.strerror or problem}.") from problem
    return manifest


def restore(path: Path, folder: Path, where: str) -> Manifest:
    """Bring a course back into a folder and a database that are empty: all of it, or nothing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ClassroomError(f'"{folder.name}" is not empty: name a new folder for the course, nothing is overwritten.')
    folder.parent.mkdir(parents=True, exist_ok=True)
    with archive.reading(path) as backup:
        backup.check()
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write_files(backup, staging)
            _write_rows(backup, _moved(where, folder, staging))
            if folder.exists():
                folder.rmdir()
            staging.chmod(0o755 & ~_umask())
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return backup.manifest


def _rows(writer: archive.Writer, engine: Engine) -> tuple[dict[str, str], dict[str, int]]:
    """All rows into the archive; the forms of the tables, and how many rows each has."""
    counts: dict[str, int] = {}
    with speaking_plainly(), rows.one_moment(engine) as connection:
        for table in rows.tables(connection):
            lines = list(rows.lines(connection, table, _belongs, writer.add_bytes))
            counts[table.name] = len(lines)
            writer.add(f"tables/{table.name}.jsonl", (f"{line}\n".encode() for line in lines))
        return rows.forms(connection), counts


def _belongs(table: str, row: Mapping[str, Any]) -> bool:
    return not (table == "course_words" and row["name"] == COOKIE_KEY)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The course's own files: no links, nothing hidden, no database, nothing that is made again."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
        made = inside.parts[0] in MADE_AGAIN or path.name.endswith(DATABASES)
        linked = any(one.is_symlink() for one in (path, *path.parents) if folder in one.parents)
        if path.is_file() and not (hidden or made or linked or _is_database(path)):
            yield inside.as_posix(), path


def _is_database(path: Path) -> bool:
    """Its pages may hold the key of cookies, and what was deleted."""
    with path.open("rb") as file:
        return file.read(len(SQLITE)) == SQLITE


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(archive.CHUNK):
            yield chunk


def _write_files(backup: Reader, folder: Path) -> None:
    for name in backup.manifest.members:
        if name.startswith("course/"):
            if name.endswith(DATABASES):
                raise BadBackup(f'"{name[:100]}" in this backup is a database, and none belongs there.')
            target = folder / name.removeprefix("course/")
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as out:
                    for chunk in backup.chunks(name):
                        out.write(chunk)
            except (FileExistsError, NotADirectoryError):
                raise BadBackup(f'"{name[:100]}" in this backup is a file and a folder at once.') from None


def _moved(where: str, folder: Path, staging: Path) -> str:
    """The address of the database while its folder is made under another name; one that lies elsewhere stays."""
    address, target = where.removeprefix("sqlite:///"), folder.resolve()
    if "://" in address or not Path(address).resolve().is_relative_to(target):
        return where
    return str(staging / Path(address).resolve().relative_to(target))


def _write_rows(backup: Reader, where: str) -> None:
    engine = connect(where, patience=PATIENCE)
    ours = (
        engine.url.database if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists() else ""
    )
    keep_private(engine)
    try:
        with (
            speaking_plainly(),
            engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if inspect(connection).get_table_names():
                ours = ""
                raise ClassroomError("The database is not empty: name a new one, nothing is overwritten.")
            _fill(backup, connection)
        ours = ""
    except (IntegrityError, StatementError) as problem:
        raise BadBackup(
            "The rows of this backup do not fit together: something refers to what is not there, or stands twice."
        ) from problem
    finally:
        engine.dispose()
        if ours:
            Path(ours).unlink(missing_ok=True)


def _fill(backup: Reader, connection: Connection) -> None:
    """The tables in the form that the backup has, its rows, and then the steps to the newest form."""
    said = backup.manifest
    if set(said.forms) != {form.versions for form in FORMS}:
        raise BadBackup("This backup does not say which form its tables have.")
    for form in FORMS:
        try:
            make(connection, form, said.forms[form.versions])
        except LedgerUnusable as problem:
            raise BadBackup(str(problem)) from None
    tables = rows.tables(connection)
    if {table.name for table in tables} != set(said.tables) or any(
        name.startswith("tables/") and name[7:-6] not in said.tables for name in said.members
    ):
        raise BadBackup("The tables in this backup are not those of its form: it is damaged.")
    for table in tables:
        with closing(backup.lines(f"tables/{table.name}.jsonl")) as lines:
            number = rows.fill(connection, table, lines, lambda digest: backup.whole(f"bytes/{digest}"), _look)
        if number != said.tables[table.name]:
            raise BadBackup(f"The table {table.name} in this backup has {number} rows, and should have more or fewer.")
        rows.count_on(connection, table)
    for form in FORMS:
        make(connection, form, form.newest)


def _look(table: str, row: Mapping[str, Any]) -> None:
    """What was handed in lies under its own hash, or was erased."""
    if table == "blobs":
        content = row["content"]
        if not (sha256(content).hexdigest() == row["sha256"] and len(content) == row["size"]) and content:
            raise BadBackup("Something that was handed in is not what its hash says: this backup was changed.")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
