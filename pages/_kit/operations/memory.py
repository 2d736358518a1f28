"""The course's ledger for those who look after the server, opened apart from the pages: never in their way."""

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.ledger.sql import SqlLedger

PATIENCE = 2.0  # seconds: whoever looks comes again soon
_opening = threading.Lock()
_open: "dict[str, SqlLedger]" = {}


def ledger() -> "SqlLedger | None":
    """The ledger of this server's course; None where it has no course, a GradingError where it cannot be opened."""
    from classroom.desk import course_folder
    from grading.ledger.sql import open_ledger
    from grading.ledger.where import database

    folder = course_folder()
    if not folder.is_dir():
        return None
    where = database(folder)
    with _opening:
        if where not in _open:
            _open[where] = open_ledger(where, patience=PATIENCE)
        return _open[where]


def close() -> None:
    """Let go of it."""
    with _opening:
        while _open:
            _open.popitem()[1].close()
