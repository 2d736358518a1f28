"""The tables of nbgrader's gradebook.db, filled from the ledger's facts; `grading.gradebook` puts them into place."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.course import Assignment
from grading.ledger.people import Person
from grading.ledger.records import Extension, Mark
from grading.ledger.standing import Entry, Grade, called_now
from grading.notebooks.master import Master, MasterCell
from grading.notebooks.write import answer_metadata, fixed_metadata

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OURS = "fovea_projection"  # what was written where people may type: of each cell the grade's and the comment's row
_COLUMNS = ("grade", "comment", "hand_in", "cell", "points", "said")


def write(
    path: Path,
    assignments: Sequence[Assignment],
    grades: Mapping[str, Sequence[Grade]],
    marks: Iterable[Mark],
    extensions: Iterable[Extension],
    people: Mapping[str, Person],
) -> None:
    """A fresh nbgrader database at a path where there is none."""
    from sqlalchemy import create_engine, text
    from sqlalchemy.orm import Session

    api = _nbgrader()
    last: dict[int, dict[str, Mark]] = {}
    for mark in marks:
        last.setdefault(mark.hand_in, {})[mark.question] = mark
    later = {(one.assignment, one.student): one for one in extensions}
    engine = create_engine(f"sqlite:///{path}")
    try:
        api.Base.metadata.create_all(engine)
        with Session(engine) as session:
            session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            session.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": _nbgraders_form()})
            session.execute(
                text(
                    f"CREATE TABLE {OURS} (grade VARCHAR(32), comment VARCHAR(32), "
                    "hand_in INTEGER, cell TEXT, points FLOAT, said TEXT)"
                )
            )
            session.add(api.Course(id="default_course"))
            handed_in = {one.student for each in grades.values() for one in each}
            session.add_all(_student(people.get(name) or Person(name)) for name in sorted({*people, *handed_in}))
            session.flush()
            for assignment in assignments:
                _Sheet(session, assignment, last, later).write(grades[assignment.name])
            session.commit()
    finally:
        engine.dispose()


def _student(person: Person) -> Any:
    return _nbgrader().Student(
        id=person.student,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        lms_user_id=person.lms_id or None,
    )


class _Sheet:
    """Writes one assignment: its notebooks and cells, then every student's grades."""

    def __init__(
        self,
        session: "Session",
        assignment: Assignment,
        marks: Mapping[int, Mapping[str, Mark]],
        extensions: Mapping[tuple[str, str], Extension],
    ) -> None:
        self.session, self.assignment, self.marks, self.extensions = session, assignment, marks, extensions
        self.api = _nbgrader()
        self.ours: list[dict[str, Any]] = []

    def write(self, grades: Sequence[Grade]) -> None:
        """Everything about the assignment."""
        from sqlalchemy import text

        due = self.assignment.settings.due
        row = self.api.Assignment(name=self.assignment.name, duedate=_naive(due), course_id="default_course")
        self.session.add(row)
        notebooks = [(master, self.notebook(row, master)) for master in self.assignment.masters]
        self.session.flush()
        for grade in grades:
            self.submission(row, notebooks, grade)
        self.session.flush()
        if self.ours:
            values = ", ".join(f":{name}" for name in _COLUMNS)
            self.session.execute(text(f"INSERT INTO {OURS} VALUES ({values})"), self.ours)  # noqa: S608 (constants)

    def notebook(self, assignment: Any, master: Master) -> Any:
        """A notebook and its cells, as nbgrader's generate_assignment enters them."""
        spec = json.dumps(master.metadata.get("kernelspec", {}))
        row = self.api.Notebook(name=master.name, assignment=assignment, kernelspec=spec)
        self.session.add(row)
        for cell in master.cells:
            if not cell.marking or cell.role in ("plain", "text"):
                continue
            graded = {"max_score": cell.marking.points or 0.0, "cell_type": cell.cell_type}
            if cell.role in ("test", "manual"):
                self.session.add(self.api.GradeCell(name=cell.grade_id, notebook=row, **graded))
            if cell.role in ("solution", "manual"):
                self.session.add(self.api.SolutionCell(name=cell.grade_id, notebook=row))
            if cell.role == "task":
                self.session.add(self.api.TaskCell(name=cell.grade_id, notebook=row, **graded))
            metadata = answer_metadata(cell) if cell.is_answer else fixed_metadata(cell)
            self.session.add(
                self.api.SourceCell(
                    name=cell.grade_id,
                    notebook=row,
                    cell_type=cell.cell_type,
                    locked=cell.marking.fixed,
                    source=cell.released if cell.is_answer else cell.source,
                    checksum=metadata.get("nbgrader", {}).get("checksum"),
                )
            )
        return row

    def submission(self, assignment: Any, notebooks: Sequence[tuple[Master, Any]], grade: Grade) -> None:
        """A student's hand-in that counts."""
        at = grade.standing.hand_in.submission.at
        row = self.api.SubmittedAssignment(assignment=assignment, student_id=grade.student, timestamp=_naive(at))
        settings = self.assignment.settings
        own, more = settings.due_for(grade.student), self.extensions.get((self.assignment.name, grade.student))
        until = max((moment for moment in (own, more and more.until) if moment), default=None)
        if settings.due and until and until > settings.due:
            row.extension = until - settings.due
        self.session.add(row)
        known = [master.key(id) for master, _ in notebooks for id in master.by_grade_id]
        given = self.marks.get(grade.standing.hand_in.id, {})
        marks = {called_now(question, known): mark for question, mark in given.items()}
        entries = {called_now(entry.question, known): entry for entry in grade.standing.entries}
        for number, (master, notebook) in enumerate(notebooks):
            shown = self.api.SubmittedNotebook(assignment=row, notebook=notebook)
            shown.late_submission_penalty = grade.taken if number == 0 else 0.0
            self.session.add(shown)
            cells = {(type(cell), cell.name): cell for cell in notebook._base_cells}
            for cell in master.cells:
                if cell.question or cell.is_answer:
                    key = master.key(cell.grade_id)
                    self.cell(shown, cells, cell, key, grade.standing.hand_in.id, entries, marks.get(key))

    def cell(
        self,
        notebook: Any,
        cells: Mapping[Any, Any],
        cell: MasterCell,
        key: str,
        hand_in: int,
        entries: Mapping[str, Entry],
        mark: Mark | None,
    ) -> None:
        """The grade and the comment of one cell, and what we wrote there."""
        points, said = (mark.points, mark.comment) if mark else (None, "")
        graded = comment = None
        if cell.question:
            kind = self.api.TaskCell if cell.role == "task" else self.api.GradeCell
            graded = self.api.Grade(id=self.api.new_uuid(), cell=cells[kind, cell.grade_id], notebook=notebook)
            entry = entries.get(key)
            graded.auto_score = entry.score.points if entry else None
            graded.manual_score = points
            graded.needs_manual_grade = points is None and graded.auto_score is None
            self.session.add(graded)
        if cell.is_answer or cell.role == "task":
            kind = self.api.TaskCell if cell.role == "task" else self.api.SolutionCell
            comment = self.api.Comment(id=self.api.new_uuid(), cell=cells[kind, cell.grade_id], notebook=notebook)
            comment.auto_comment = _seen(cell, key, entries) or None
            comment.manual_comment = said or None
            self.session.add(comment)
        written = (
            graded and graded.id,
            comment and comment.id,
            hand_in,
            key,
            points if graded else None,
            said,
        )
        self.ours.append(dict(zip(_COLUMNS, written, strict=True)))


def _seen(cell: MasterCell, key: str, entries: Mapping[str, Entry]) -> str:
    """What the machine saw, and what people said, about the tests that an answer feeds."""
    lines = []
    for question, entry in entries.items():
        if question in (*cell.feeds, key):
            said = entry.comment if question != key else ""
            parts = " ".join(part for part in (entry.score.seen, entry.score.hint, said) if part)
            if parts:
                lines.append(f"{entry.question}: {parts}")
    return "\n".join(lines)


def _nbgrader() -> Any:
    """nbgrader's tables; it has no types to check against."""
    return import_module("nbgrader.api")


def _nbgraders_form() -> str:
    """The newest revision of this nbgrader's tables, which nbgrader itself asks the program `alembic` for."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    folder = str(import_module("nbgrader.dbutil").ALEMBIC_DIR)
    config = Config()
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _naive(moment: datetime | None) -> datetime | None:
    """nbgrader's times are UTC without saying so."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
