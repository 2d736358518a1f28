"""What the class was asked and answered, in the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from classroom.live.port import Quiz, QuizState, Vote, Written
from classroom.store import tables
from classroom.store.lectures import seen_anew
from classroom.store.putting import put
from grading.ledger.database import Database

TABLE = tables.quizzes


class SqlQuizzes(Database):
    """The adapter; it shares the engine of the memory of people.

    Whoever asks or changes a quiz holds its lecture first, so that two who do it at once take turns.
    """

    def ask(self, quiz: Quiz) -> Quiz:
        """See the port."""
        fields = {name: value for name, value in asdict(quiz).items() if name != "id"}
        before = (TABLE.c.lecture == quiz.lecture) & (TABLE.c.state == "open")
        with self._writing() as connection:
            seen_anew(connection, quiz.lecture)
            connection.execute(update(TABLE).where(before).values(state="closed"))
            row = connection.execute(insert(TABLE).values(fields).returning(*TABLE.c)).mappings().one()
        return Quiz(**row)

    def quiz(self, id: int) -> Quiz | None:
        """See the port."""
        with self._reading() as connection:
            row = connection.execute(select(TABLE).where(TABLE.c.id == id)).mappings().first()
        return None if row is None else Quiz(**row)

    def current(self, lecture: int) -> Quiz | None:
        """See the port."""
        last = select(TABLE).where(TABLE.c.lecture == lecture).order_by(TABLE.c.id.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(last).mappings().first()
        return None if row is None else Quiz(**row)

    def asked(self, *, lecture: int | None = None) -> tuple[Quiz, ...]:
        """See the port."""
        query = select(TABLE).order_by(TABLE.c.id)
        if lecture is not None:
            query = query.where(TABLE.c.lecture == lecture)
        with self._reading() as connection:
            return tuple(Quiz(**row) for row in connection.execute(query).mappings())

    def set_state(
        self, id: int, state: QuizState, *, round: int | None = None, until: datetime | None = None
    ) -> Quiz | None:
        """See the port."""
        whose = select(tables.lectures.c.id).join(TABLE).where(TABLE.c.id == id).with_for_update(of=tables.lectures)
        before = ("revealed",) if state == "away" else ("open", "closed")
        values = {"state": state, "until": until, **({} if round is None else {"round": round})}
        changed = update(TABLE).where(TABLE.c.id == id, TABLE.c.state.in_(before)).values(values)
        with self._writing() as connection:
            lecture = connection.scalar(whose)
            row = connection.execute(changed.returning(*TABLE.c)).mappings().first()
            if lecture is None or row is None:
                return None
            seen_anew(connection, lecture)
        return Quiz(**row)

    def vote(self, vote: Vote) -> bool:
        """See the port: whoever closes the quiz waits for the votes that hold it, and none begins after."""
        live = tables.lectures.c.live == 1
        asked = select(TABLE).join(tables.lectures).where(TABLE.c.id == vote.quiz, live)
        with self._writing() as connection:
            row = connection.execute(asked.with_for_update(read=True, of=TABLE)).mappings().first()
            if row is None or row["round"] != vote.round or not Quiz(**row).takes_votes(vote.at):
                return False
            put(connection, tables.votes, [asdict(vote)], newer="at")
        return True

    def votes(self, quizzes: Sequence[int], *, person: str = "") -> tuple[Vote, ...]:
        """See the port."""
        table = tables.votes
        query = select(table).where(table.c.quiz.in_(quizzes)).order_by(table.c.quiz, table.c.round, table.c.person)
        if person:
            query = query.where(table.c.person == person)
        with self._reading() as connection:
            return tuple(Vote(**row) for row in connection.execute(query).mappings())

    # -- what the staff wrote

    def questions(self) -> tuple[Written, ...]:
        """See the port."""
        return self._written(tables.own_questions)

    def write_question(self, written: Written) -> Written:
        """See the port."""
        return self._write(tables.own_questions, written, {"text": written.text})

    def drop_question(self, id: int) -> None:
        """See the port."""
        self._drop(tables.own_questions, id)

    def plans(self) -> tuple[Written, ...]:
        """See the port."""
        return self._written(tables.plans)

    def write_plan(self, written: Written) -> Written:
        """See the port."""
        return self._write(tables.plans, written, {"text": written.text, "title": written.title})

    def drop_plan(self, id: int) -> None:
        """See the port."""
        self._drop(tables.plans, id)

    def _written(self, table: Table) -> tuple[Written, ...]:
        with self._reading() as connection:
            return tuple(_as_written(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings())

    def _write(self, table: Table, written: Written, words: Mapping[str, str]) -> Written:
        fields = {**words, "who": written.by, "at": written.at}
        with self._writing() as connection:
            return _as_written(_kept(connection, table, written.id, fields))

    def _drop(self, table: Table, id: int) -> None:
        with self._writing() as connection:
            connection.execute(delete(table).where(table.c.id == id))


def _kept(connection: Connection, table: Table, id: int, fields: Mapping[str, object]) -> RowMapping:
    """The row that was changed; a new one where nobody has this id, or no longer."""
    changed: Any = update(table).where(table.c.id == id).values(fields).returning(*table.c)
    row = connection.execute(changed).mappings().first()
    return row or connection.execute(insert(table).values(fields).returning(*table.c)).mappings().one()


def _as_written(row: RowMapping) -> Written:
    return Written(row["id"], row["text"], row["who"], row["at"], row.get("title", ""))
