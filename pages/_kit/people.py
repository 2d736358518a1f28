"""Who is known here: the course's memory of people, opened when somebody first shows a cookie, and the doors to it."""

import logging
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from classroom.errors import ClassroomError
from classroom.signin.local import LocalSignIn
from classroom.signin.provider import ProviderSignIn
from classroom.signin.settings import Rules, read

if TYPE_CHECKING:
    from classroom.live.port import Lectures, Quizzes
    from classroom.port import Classroom

log = logging.getLogger("fovea")
_opening = threading.Lock()
_open: "dict[str, Classroom | None]" = {}  # by database; None: it cannot be opened, so there are labs only


def classroom_of() -> "Classroom | None":
    """The memory of this server's course, or None where it has no course."""
    from classroom.desk import COURSE, course_folder
    from grading.ledger.where import LEDGER, database

    folder = course_folder()
    where = database(folder)
    with _opening:
        if where not in _open:
            _open[where] = _opened(where) if folder.is_dir() else None
            if _open[where] is None:
                log.warning("no course can be opened (see %s and %s): labs only", COURSE, LEDGER)
        return _open[where]


def close() -> None:
    """Let go of it; for the end of the server, and for tests."""
    with _opening:
        while _open:
            if known := _open.popitem()[1]:
                known.close()


def live_memory() -> "tuple[Lectures, Quizzes] | None":
    """What this server's course remembers of its live classes."""
    from classroom.store.lectures import SqlLectures
    from classroom.store.quizzes import SqlQuizzes
    from classroom.store.sql import SqlClassroom

    known = classroom_of()
    return (SqlLectures(known.engine), SqlQuizzes(known.engine)) if isinstance(known, SqlClassroom) else None


def _opened(where: str) -> "Classroom | None":
    from classroom.store.sql import open_classroom
    from grading.errors import GradingError

    try:
        return open_classroom(where)
    except GradingError:
        return None


def rules() -> Rules | None:
    """What the secrets file says about signing in by a provider; None where it names none."""
    if not any(Path(file).exists() for file in st.get_option("secrets.files")):
        return (
            None  # every page asks, and where there is no file Streamlit would look anew each time, one after the other
        )
    if st.secrets.load_if_toml_exists():
        return read(st.secrets.to_dict())
    # It may have been meant to shut a door.
    raise ClassroomError("The secrets file is not valid TOML; the server's log says in which line.")


@lru_cache(maxsize=8)
def by_provider(rules: Rules) -> ProviderSignIn:
    """The door for those whom a provider vouches for."""
    return ProviderSignIn(rules, classroom_of)


sign_in = LocalSignIn(classroom_of)


def how_to_sign_in(address: str) -> str:
    """The line about it that the server prints when it starts; a wrong secrets file stops it here and now."""
    found = rules()
    if found is None or found.local:
        return f"Instructors sign in once at {address}{sign_in.link()}"
    return f"People sign in by {', '.join(found.providers)} at {found.origin(st.get_option('server.port'))}/sign-in"
