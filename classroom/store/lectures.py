"""Where the class is, in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from classroom.live.port import Lecture, Place
from classroom.store import tables
from classroom.store.putting import inserting, put
from grading.ledger.database import Database

TABLE = tables.lectures


class SqlLectures(Database):
    """The adapter; it shares the engine of the memory of people."""

    def revision(self) -> int | None:
        """See the port."""
        with self._reading() as connection:
            found: int | None = connection.scalar(select(TABLE.c.revision).where(TABLE.c.live == 1))
        return found

    def live(self) -> Lecture | None:
        """See the port."""
        with self._reading() as connection:
            row = connection.execute(select(TABLE).where(TABLE.c.live == 1)).mappings().first()
        return None if row is None else _lecture(row)

    def lectures(self) -> tuple[Lecture, ...]:
        """See the port."""
        with self._reading() as connection:
            rows = connection.execute(select(TABLE).order_by(TABLE.c.id.desc())).mappings()
            return tuple(_lecture(row) for row in rows)

    def begin(self, lecture: Lecture) -> Lecture:
        """See the port."""
        with self._writing() as connection:
            unused = select(func.coalesce(func.max(TABLE.c.revision), 0) + 1).scalar_subquery()
            new = inserting(connection, TABLE).values({**_fields(lecture), "live": 1, "revision": unused})
            connection.execute(new.on_conflict_do_nothing(index_elements=[TABLE.c.live]))
            row = connection.execute(select(TABLE).where(TABLE.c.live == 1)).mappings().one()
        return _lecture(row)

    def change(self, lecture: int, changes: Mapping[str, object], *, word: str = "") -> bool:
        """See the port."""
        mine = (TABLE.c.id == lecture) & (TABLE.c.live == 1)
        if word:
            mine &= TABLE.c.word == word
        with self._writing() as connection:
            moved = update(TABLE).where(mine).values({**changes, "revision": TABLE.c.revision + 1})
            return connection.execute(moved).rowcount == 1

    def end(self, lecture: int, now: datetime) -> None:
        """See the port."""
        over = {"live": None, "ended": now, "revision": TABLE.c.revision + 1}
        with self._writing() as connection:
            connection.execute(update(TABLE).where(TABLE.c.id == lecture, TABLE.c.live == 1).values(over))

    def listen(self, process: str, listeners: int, now: datetime) -> None:
        """See the port."""
        with self._writing() as connection:
            put(connection, tables.audiences, [{"process": process, "listeners": listeners, "at": now}])

    def listeners(self, since: datetime) -> int:
        """See the port."""
        table = tables.audiences
        with self._reading() as connection:
            return int(connection.scalar(select(func.sum(table.c.listeners)).where(table.c.at >= since)) or 0)


def seen_anew(connection: Connection, lecture: int) -> None:
    """Count the revision of a lecture up: what the class sees has changed."""
    connection.execute(update(TABLE).where(TABLE.c.id == lecture).values(revision=TABLE.c.revision + 1))


def _fields(lecture: Lecture) -> dict[str, object]:
    place = lecture.place
    known = ("began", "ended", "revision", "source", "word", "plan", "step")
    said = {name: getattr(lecture, name) for name in known}
    return {**said, "who": lecture.by, "page": place.page, "query": place.query, "spot": place.spot}


def _lecture(row: RowMapping) -> Lecture:
    known = ("id", "began", "ended", "revision", "source", "word", "plan", "step")
    place = Place(row["page"], row["query"], row["spot"])
    return Lecture(by=row["who"], place=place, **{name: row[name] for name in known})
