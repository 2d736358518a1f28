"""nbgrader's gradebook.db as a projection of the ledger, so that formgrader, feedback and `nbgrader export` work.

It is written afresh whenever asked. What an instructor types there is taken back into the ledger as marks.

Of each student the hand-in that counts is shown. Beside nbgrader's tables lies one of ours with the marks as they were
written: what differs from it later was typed by a person.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grading.course import Assignment, Course
from grading.errors import GradingError
from grading.ledger.people import Person
from grading.ledger.policy import Rules, rules_for
from grading.ledger.port import Ledger
from grading.ledger.projection import OURS, write
from grading.ledger.records import Deed, Mark
from grading.ledger.standing import Grade
from grading.service import Clock, grades

if TYPE_CHECKING:
    from sqlalchemy import Connection

# What stands in the gradebook now (points, comment), where that is not what we wrote.
_TYPED = f"""
    SELECT hand_in, cell, now_points, now_said FROM (
        SELECT p.*,
               CASE WHEN g.manual_score IS NULL AND g.extra_credit IS NULL THEN NULL
                    ELSE COALESCE(g.manual_score, g.auto_score, 0) + COALESCE(g.extra_credit, 0) END AS now_points,
               CASE WHEN p.comment IS NULL THEN p.said ELSE COALESCE(c.manual_comment, '') END AS now_said
        FROM {OURS} p LEFT JOIN grade g ON g.id = p.grade LEFT JOIN comment c ON c.id = p.comment
    ) WHERE now_points IS NOT points OR now_said <> said
    ORDER BY hand_in, cell
"""  # noqa: S608 (a constant of ours)


@dataclass(frozen=True)
class Typed:
    """What people typed into the gradebook for one cell of one hand-in."""

    hand_in: int
    cell: str
    points: float | None
    comment: str


def rebuild(ledger: Ledger, course: Course, path: Path, *, people: Mapping[str, Person], clock: Clock) -> None:
    """Write a fresh nbgrader database and put it in the place of the old one, all at once.

    Refused while the old one holds marks that are not in the ledger: they would be lost.
    """
    waiting = typed(path)
    if waiting:
        cells = "one cell" if len(waiting) == 1 else f"{len(waiting)} cells"
        raise GradingError(
            f"Marks were typed into the gradebook for {cells} since it was written. "
            "Take them into the ledger first; then the gradebook can be written anew."
        )
    if _is_strangers(path):
        raise GradingError(
            "The gradebook there holds hand-ins that nbgrader graded and the ledger does not know. "
            "Move that file away first; then a new one can be written."
        )
    assignments = [course.assignment(name) for name in course.assignments()]
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    try:
        known = {one.name: _grades(ledger, one) for one in assignments}
        write(fresh, assignments, known, ledger.marks(), ledger.extensions(), people)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    number = sum(len(each) for each in known.values())
    ledger.note(Deed(clock(), "fovea", "rebuilt the gradebook", f"{number} hand-ins"))


def take_marks(ledger: Ledger, path: Path, *, by: str, clock: Clock) -> tuple[Mark, ...]:
    """Append to the ledger, as this person's marks, what was typed into the gradebook since it was written."""
    now, taken = clock(), []
    for one in typed(path):
        mark = Mark(one.hand_in, one.cell, one.points, one.comment, by, now)
        ledger.mark(mark)
        _remember(path, one)  # after the ledger has it: to take a mark twice is harmless, to lose it is not
        taken.append(mark)
    return tuple(taken)


def typed(path: Path) -> tuple[Typed, ...]:
    """What in the gradebook differs from what was written there."""
    with _opened(path) as connection:
        if connection is None or not _has(connection, OURS):
            return ()
        rows = connection.exec_driver_sql(_TYPED).all()
    return tuple(Typed(row.hand_in, row.cell, row.now_points, row.now_said) for row in rows)


def write_autograded(ledger: Ledger, course: Course, folder: Path) -> int:
    """Write the executed notebooks that count into `autograded/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb`; how many.

    Of who was erased there are none.
    """
    written, gone = 0, ledger.erased()
    for name in course.assignments():
        assignment = course.assignment(name)
        for grade in _grades(ledger, assignment):
            result = grade.standing.result
            if result is None or not result.papers or grade.student in gone:
                continue
            if not re.fullmatch(r"[^/\\\0.][^/\\\0]*", grade.student):
                raise GradingError(f"The student name {grade.student!r} cannot be the name of a folder.")
            target = folder / grade.student / name
            target.mkdir(parents=True, exist_ok=True)
            first, *more = assignment.masters
            kept = {paper.notebook or first.name: paper.executed for paper in result.papers}
            for master in assignment.masters:
                if executed := kept.get(master.name) if more else result.executed:
                    (target / f"{master.name}.ipynb").write_bytes(ledger.content(executed))
                    written += 1
                else:
                    (target / f"{master.name}.ipynb").unlink(missing_ok=True)  # an earlier hand-in's
    return written


def _grades(ledger: Ledger, assignment: Assignment) -> tuple[Grade, ...]:
    def rules(student: str) -> Rules:
        return rules_for(assignment.settings, student)

    return grades(ledger, assignment=assignment.name, rules_for=rules)


def _remember(path: Path, one: Typed) -> None:
    """From now on this is what was written."""
    with _opened(path) as connection:
        if connection is None:
            raise GradingError("The gradebook was moved away while marks were taken from it.")
        connection.exec_driver_sql(
            f"UPDATE {OURS} SET points = ?, said = ? WHERE hand_in = ? AND cell = ?",  # noqa: S608
            (one.points, one.comment, one.hand_in, one.cell),
        )
        connection.commit()


def _is_strangers(path: Path) -> bool:
    """Whether it is a gradebook with hand-ins that is not ours to overwrite."""
    with _opened(path) as connection:
        if connection is None or _has(connection, OURS) or not _has(connection, "submitted_assignment"):
            return False
        return connection.exec_driver_sql("SELECT 1 FROM submitted_assignment LIMIT 1").first() is not None


def _has(connection: "Connection", table: str) -> bool:
    from sqlalchemy import inspect

    return inspect(connection).has_table(table)


@contextmanager
def _opened(path: Path) -> Iterator["Connection | None"]:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DatabaseError

    if not path.exists():
        yield None
        return
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as problem:
        raise GradingError(
            "The gradebook is damaged, or open elsewhere for long; close formgrader and try again."
        ) from problem
    finally:
        engine.dispose()
