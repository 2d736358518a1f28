"""The memory in a database: SQLite by default, Postgres by URL. Every method is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import RowMapping, case, delete, insert, select

from classroom.people import Person
from classroom.port import Checked, Draft, Pin, Publication, signed_out
from classroom.roles import Role
from classroom.store import tables
from classroom.store.putting import inserting, put
from grading.ledger.database import Database
from grading.ledger.form import opened


def open_classroom(where: str | Path, *, patience: float = 10.0) -> "SqlClassroom":
    """The memory at a path or URL, which may be the ledger's; made or brought up to date if need be."""
    return SqlClassroom(opened(where, patience=patience, form=tables.FORM))


class SqlClassroom(Database):
    """The adapter."""

    # -- people

    def people(self, *, everybody: bool = False) -> tuple[Person, ...]:
        """See the port."""
        table = tables.people
        query = select(table) if everybody else select(table).where(table.c.active)
        with self._reading() as connection:
            found = [_person(row) for row in connection.execute(query).mappings()]
        return tuple(sorted(found, key=lambda one: (one.section.casefold(), one.name.casefold(), one.key)))

    def person(self, key: str) -> Person | None:
        """See the port."""
        with self._reading() as connection:
            row = connection.execute(select(tables.people).where(tables.people.c.key == key)).mappings().first()
        return None if row is None else _person(row)

    def keep(self, people: Sequence[Person]) -> None:
        """See the port."""
        rows = [{**asdict(person), "role": person.role.name.lower()} for person in people]
        with self._writing() as connection:
            put(connection, tables.people, rows)

    def delete(self, key: str) -> None:
        """See the port."""
        with self._writing() as connection:
            for table in tables.OF_A_PERSON:
                connection.execute(delete(table).where(table.c.person == key))
            connection.execute(delete(tables.words).where(tables.words.c.name == signed_out(key)))
            connection.execute(delete(tables.people).where(tables.people.c.key == key))

    # -- coming in

    def pin(self, key: str) -> Pin | None:
        """See the port."""
        with self._reading() as connection:
            row = connection.execute(select(tables.pins).where(tables.pins.c.person == key)).mappings().first()
        return None if row is None else Pin(row["hashed"], row["failures"], row["until"])

    def set_pins(self, pins: Mapping[str, Pin]) -> None:
        """See the port."""
        rows = [{"person": key, **asdict(pin)} for key, pin in pins.items()]
        with self._writing() as connection:
            put(connection, tables.pins, rows)

    def identity(self, issuer: str, subject: str) -> str:
        """See the port."""
        table = tables.identities
        query = select(table.c.person).where(table.c.issuer == issuer, table.c.subject == subject)
        with self._reading() as connection:
            return str(connection.scalar(query) or "")

    def identify(self, issuer: str, subject: str, key: str) -> None:
        """See the port."""
        row = {"issuer": issuer, "subject": subject, "person": key}
        with self._writing() as connection:
            put(connection, tables.identities, [row], change=False)

    def identities(self, key: str) -> tuple[tuple[str, str], ...]:
        """See the port."""
        table = tables.identities
        query = select(table).where(table.c.person == key).order_by(table.c.issuer, table.c.subject)
        with self._reading() as connection:
            return tuple((row["issuer"], row["subject"]) for row in connection.execute(query).mappings())

    def unlink(self, key: str) -> None:
        """See the port."""
        with self._writing() as connection:
            connection.execute(delete(tables.identities).where(tables.identities.c.person == key))

    def setting(self, name: str, otherwise: str = "") -> str:
        """See the port."""
        query = select(tables.words.c.value).where(tables.words.c.name == name)
        with self._reading() as connection:
            found = connection.scalar(query)
        if found is not None or not otherwise:
            return str(found or "")
        with self._writing() as connection:
            put(connection, tables.words, [{"name": name, "value": otherwise}], change=False)
            return str(connection.scalar(query))

    def set(self, name: str, value: str) -> None:
        """See the port."""
        with self._writing() as connection:
            put(connection, tables.words, [{"name": name, "value": value}])

    # -- what is open

    def publish(self, publication: Publication) -> None:
        """See the port."""
        row = asdict(publication)
        row["who"] = row.pop("by")
        with self._writing() as connection:
            connection.execute(insert(tables.publications).values(row))

    def publications(self, *, assignment: str = "") -> tuple[Publication, ...]:
        """See the port."""
        table = tables.publications
        query = select(table).order_by(table.c.id)
        if assignment:
            query = query.where(table.c.assignment == assignment)
        with self._reading() as connection:
            return tuple(_publication(row) for row in connection.execute(query).mappings())

    # -- drafts

    def save(self, key: str, assignment: str, draft: Draft) -> None:
        """See the port."""
        row = {"person": key, "assignment": assignment, **asdict(draft)}
        with self._writing() as connection:
            put(connection, tables.drafts, [row], newer="at")

    def drafts(self, key: str, assignment: str) -> tuple[Draft, ...]:
        """See the port."""
        table = tables.drafts
        query = select(table).where(table.c.person == key, table.c.assignment == assignment).order_by(table.c.cell)
        with self._reading() as connection:
            return tuple(Draft(row["cell"], row["text"], row["at"]) for row in connection.execute(query).mappings())

    def drop(self, key: str, assignment: str, *, cell: str = "") -> None:
        """See the port."""
        table = tables.drafts
        gone = delete(table).where(table.c.person == key, table.c.assignment == assignment)
        with self._writing() as connection:
            connection.execute(gone.where(table.c.cell == cell) if cell else gone)

    def typed(self, assignment: str) -> Mapping[str, Mapping[str, datetime]]:
        """See the port."""
        table, found = tables.drafts, dict[str, dict[str, datetime]]()
        query = select(table.c.person, table.c.cell, table.c.at).where(table.c.assignment == assignment)
        with self._reading() as connection:
            for person, cell, at in connection.execute(query):
                found.setdefault(person, {})[cell] = at
        return found

    # -- checks

    def note_check(self, key: str, assignment: str, checked: Checked) -> None:
        """See the port."""
        table = tables.checks
        with self._writing() as connection:
            counted = inserting(connection, table)
            again = (table.c.outcome == counted.excluded.outcome) & (table.c.seen == counted.excluded.seen)
            fresh = {name: counted.excluded[name] for name in ("outcome", "seen", "at")}
            counts = {"times": table.c.times + 1, "same": case((again, table.c.same + 1), else_=1)}
            counted = counted.on_conflict_do_update(index_elements=[*table.primary_key], set_={**fresh, **counts})
            connection.execute(counted, {**asdict(checked), "person": key, "assignment": assignment})

    def checks(self, assignment: str) -> Mapping[str, tuple[Checked, ...]]:
        """See the port."""
        table, found = tables.checks, dict[str, tuple[Checked, ...]]()
        query = select(table).where(table.c.assignment == assignment).order_by(table.c.cell)
        with self._reading() as connection:
            for row in connection.execute(query).mappings():
                known = {field.name: row[field.name] for field in fields(Checked)}
                found[row["person"]] = (*found.get(row["person"], ()), Checked(**known))
        return found


def _person(row: RowMapping) -> Person:
    return Person(**{**row, "role": Role[row["role"].upper()]})


def _publication(row: RowMapping) -> Publication:
    known = ("assignment", "state", "at", "opens", "due", "closes")
    return Publication(by=row["who"], **{name: row[name] for name in known})
