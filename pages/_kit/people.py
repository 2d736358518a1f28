"""Who is known here: the course's memory of people, opened when somebody first shows a cookie, and the door to it."""

import logging
import threading
from typing import TYPE_CHECKING

from classroom.signin.local import LocalSignIn

if TYPE_CHECKING:
    from classroom.port import Classroom

log = logging.getLogger("fovea")
_opening = threading.Lock()
_open: "dict[str, Classroom | None]" = {}  # by database; None: it cannot be opened, so there are labs only


def classroom_of() -> "Classroom | None":
    """The memory of this server's course, or None where it has no course."""
    from classroom.desk import course_folder
    from grading.ledger.where import LEDGER, database

    folder = course_folder()
    where = database(folder)
    with _opening:
        if where not in _open:
            _open[where] = _opened(where) if folder.is_dir() else None
            if _open[where] is None:
                log.warning("no course can be opened (see %s): labs only", LEDGER)
        return _open[where]


def _opened(where: str) -> "Classroom | None":
    from classroom.store.sql import open_classroom
    from grading.errors import GradingError

    try:
        return open_classroom(where)
    except GradingError:
        return None


sign_in = LocalSignIn(classroom_of)
