"""Subcommands of `fovea` that keep a course: the whole of it as one file, and back again."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classroom.errors import ClassroomError
from grading.cli.shared import count, say, whoever
from grading.errors import GradingError

COURSE = Path("assignments")


def add_to(commands: Any) -> None:
    """Enter the subcommands."""
    saving = commands.add_parser("backup", help="the whole course as one file: people, hand-ins, marks, assignments")
    saving.add_argument("file", type=Path, help="the zip file to write; there must be none of that name")
    saving.add_argument("--course", type=Path, default=COURSE, help="the course's folder (assignments)")
    saving.set_defaults(run=run_backup)

    bringing = commands.add_parser("restore", help="a course from its backup, into a new folder and an empty database")
    bringing.add_argument("file", type=Path, help="what `fovea backup` wrote; only from hands you trust")
    bringing.add_argument("--course", type=Path, required=True, help="the new folder")
    bringing.set_defaults(run=run_restore)

    tidying = commands.add_parser("tidy", help="write the database anew, without what was deleted from it")
    tidying.add_argument("--course", type=Path, default=COURSE, help="the course's folder (assignments)")
    tidying.set_defaults(run=run_tidy)


def run_backup(arguments: argparse.Namespace) -> int:
    """Write it, and say what is in it."""
    from classroom.keeping.backup import TAKEN, write
    from classroom.store.sql import open_classroom
    from grading.ledger.records import Deed
    from grading.ledger.sql import open_ledger
    from grading.ledger.where import database

    if not arguments.course.is_dir():
        raise GradingError(f'There is no course folder "{arguments.course.name}".')
    where, now = database(arguments.course), datetime.now(UTC)
    open_classroom(where).close()  # a course that was only ever graded has no tables for people yet
    ledger = open_ledger(where)
    try:
        made = write(arguments.file, ledger.engine, arguments.course, now=now)
        ledger.note(Deed(now, whoever(), TAKEN))
    except ClassroomError as problem:
        raise GradingError(str(problem)) from None
    finally:
        ledger.close()
    say(f"{arguments.file}: {_inside(made.tables)}. Keep it where nobody else can read it.")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Bring it back, and say what came."""
    from classroom.keeping.backup import restore
    from grading.ledger.where import database

    try:
        made = restore(arguments.file, arguments.course, database(arguments.course))
    except ClassroomError as problem:
        raise GradingError(str(problem)) from None
    say(f"{arguments.course}: {_inside(made.tables)}, as they were on {made.made}. Everybody signs in anew.")
    return 0


def run_tidy(arguments: argparse.Namespace) -> int:
    """Write it anew; 1 if others used it all the time."""
    from grading.ledger.sql import open_ledger
    from grading.ledger.where import database

    if not arguments.course.is_dir():
        raise GradingError(f'There is no course folder "{arguments.course.name}".')
    ledger = open_ledger(database(arguments.course))
    try:
        done = ledger.scrub()
    finally:
        ledger.close()
    say("What was deleted is gone from the files." if done else "The database is busy: stop the server and try again.")
    return 0 if done else 1


def _inside(tables: Any) -> str:
    things = {"people": "member", "submissions": "hand-in", "outcomes": "verdict", "marks": "mark"}
    return ", ".join(count(tables.get(table, 0), thing) for table, thing in things.items())
