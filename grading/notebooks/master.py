"""The instructor's source notebook, taken apart: which cell asks, which answers, which tests, and what students got.

The roles follow nbgrader's marking (schema versions 0 to 3), and `Master.release` makes the notebook that
`nbgrader generate_assignment` makes, cell for cell, checksum for checksum.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from grading.errors import GradingError, Refusal
from grading.limits import DEFAULT, Limits
from grading.notebooks.cells import Attachment, Cell, CellType, Marking
from grading.notebooks.likeness import tidy
from grading.notebooks.read import read
from grading.notebooks.regions import NBGRADER, Delimiters, clear
from grading.records import Question

Role = Literal["solution", "test", "manual", "task", "locked", "plain", "text"]
EXPLORE = "explore"  # the tag of a code cell that the judge passes over
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_MARKUP = re.compile(r"[*`]|(?<!\w)_|_(?!\w)")


@dataclass(frozen=True)
class MasterCell:
    """One cell of the master: its full source, and the source as it was released to students."""

    role: Role
    cell_type: CellType
    source: str
    released: str
    position: int
    id: str = ""
    marking: Marking | None = None
    question: Question | None = None
    hidden_lines: frozenset[int] = frozenset()  # of `source`, from 1: what students never see
    feeds: tuple[str, ...] = ()  # of an answer: the ids of the questions whose tests follow it
    heading: str = ""
    attachments: tuple[Attachment, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def grade_id(self) -> str:
        """nbgrader's name for the cell, or nothing."""
        return self.marking.grade_id if self.marking else ""

    @cached_property
    def text(self) -> str:
        """What was released, without blanks that nobody sees."""
        return tidy(self.released)

    @cached_property
    def full_text(self) -> str:
        """The same of the full source."""
        return tidy(self.source)

    @property
    def is_answer(self) -> bool:
        """Whether students write here and it counts."""
        return self.role in ("solution", "manual")

    @property
    def explores(self) -> bool:
        """Whether its tag says that it is code to look around with, which no test needs."""
        tags = self.metadata.get("tags")
        return self.role in ("plain", "locked") and isinstance(tags, list) and EXPLORE in tags

    @property
    def name(self) -> str:
        """How a message calls it: by its heading for readers, by its id otherwise."""
        return f'"{self.grade_id}"' if self.grade_id else f"cell {self.position}"


@dataclass(frozen=True)
class Master:
    """A notebook of an assignment as the instructor wrote it."""

    name: str
    cells: tuple[MasterCell, ...]
    delimiters: Delimiters = NBGRADER
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    prefix: str = ""  # before each grade id, where the assignment has several notebooks

    def key(self, grade_id: str) -> str:
        """The name that a marked cell has in the whole assignment; of a question it is the id."""
        return f"{self.prefix}{grade_id}"

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is graded, in order."""
        return tuple(cell.question for cell in self.cells if cell.question)

    @cached_property
    def by_grade_id(self) -> dict[str, int]:
        """Where each marked cell stands among `cells`."""
        return {cell.grade_id: index for index, cell in enumerate(self.cells) if cell.grade_id}

    @cached_property
    def ids(self) -> frozenset[str]:
        """The format's own ids of its cells."""
        return frozenset(cell.id for cell in self.cells)

    def with_bonus(self, names: Collection[str]) -> "Master":
        """The same where the points of these questions, named by grade id or by key, come on top."""
        if not names:
            return self
        cells = (
            replace(cell, question=replace(cell.question, bonus=True))
            if cell.question and (cell.grade_id in names or cell.question.id in names)
            else cell
            for cell in self.cells
        )
        return replace(self, cells=tuple(cells))

    def release(self) -> bytes:
        """The students' version, as nbgrader would generate it."""
        from grading.notebooks.write import released

        return released(self)


def open_master(
    data: bytes, *, name: str, delimiters: Delimiters = NBGRADER, file: str = "", limits: Limits = DEFAULT
) -> Master:
    """The source notebook `name`, or a `GradingError` that lists for the instructor every cell to mend."""
    file = file or f"{name}.ipynb"
    try:
        notebook = read(data, file=file, limits=limits)
    except Refusal as refusal:
        raise GradingError(str(refusal)) from None
    problems: list[str] = []
    language = _language(notebook.metadata)
    if language not in ("python", "python3", "ipython", "ipython3", ""):
        problems.append(f"the notebook is written in {language[:40]}; only Python can be graded.")
    cells = [_master_cell(cell, name, delimiters, problems) for cell in notebook.cells]
    problems += _doubled(cells)
    if problems:
        raise GradingError("\n".join(f"{file}, {problem}" for problem in problems))
    return Master(name, tuple(_link(_title(cells))), delimiters, notebook.metadata)


def told_apart(masters: Sequence[Master]) -> tuple[Master, ...]:
    """The notebooks of one assignment. Several may use the same grade ids, so their questions bear their names too."""
    return tuple(masters) if len(masters) < 2 else tuple(_prefixed(master) for master in masters)


def _prefixed(master: Master) -> Master:
    prefix = f"{master.name}/"  # no file's name holds a slash: the two parts can always be told apart
    cells = tuple(
        replace(
            cell,
            question=cell.question and replace(cell.question, id=prefix + cell.question.id),
            feeds=tuple(prefix + question for question in cell.feeds),
        )
        for cell in master.cells
    )
    return replace(master, cells=cells, prefix=prefix)


def _master_cell(cell: Cell, notebook: str, delimiters: Delimiters, problems: list[str]) -> MasterCell:
    def problem(text: str) -> None:
        called = f' ("{cell.marking.grade_id}")' if cell.marking else ""
        problems.append(f"cell {cell.position}{called}: {text}")

    for oddity in cell.oddities:
        problem(f"{oddity}.")
    marking = cell.marking
    if marking and not (marking.grade or marking.solution or marking.locked or marking.task):
        cell = replace(cell, marking=None)  # schema 0 wrote an id into cells that nobody marked
    role = _role(cell, problem)
    released, hidden = cell.source, frozenset[int]()
    try:
        released, solution = clear(
            cell.source,
            delimiters.begin_solution,
            delimiters.end_solution,
            stub=delimiters.code_stub if cell.cell_type == "code" else delimiters.text_stub,
        )
        if solution and role not in ("solution", "manual"):
            problem("it has a solution region but is not marked as a solution.")
        if role in ("solution", "manual") and not solution:
            released = delimiters.code_stub if cell.cell_type == "code" else delimiters.text_stub
        _, hidden = clear(cell.source, delimiters.begin_hidden, delimiters.end_hidden)
        released, _ = clear(released, delimiters.begin_hidden, delimiters.end_hidden)
        if hidden and not (cell.marking and cell.marking.grade):
            problem("it has hidden tests but is not marked as an autograder test.")
        released, scheme = clear(released, delimiters.begin_scheme, delimiters.end_scheme)
        if scheme and role != "task":
            problem("it has a marking scheme but is not marked as a task.")
    except GradingError as error:
        problem(str(error))
    if role == "test" and re.search(r"^\s*#+ (?:HASHED )?AUTOTEST\b", cell.source, re.MULTILINE):
        problem("it asks nbgrader to write tests (AUTOTEST); write them out as assertions.")
    question = None
    if cell.marking and role in ("test", "manual", "task"):
        question = Question(
            cell.marking.grade_id, cell.marking.points or 0.0, by_hand=role != "test", notebook=notebook
        )
    return MasterCell(
        role,
        cell.cell_type,
        cell.source,
        released,
        cell.position,
        id=cell.id,
        marking=cell.marking,
        question=question,
        hidden_lines=hidden,
        attachments=cell.attachments,
        metadata=cell.metadata,
    )


def _role(cell: Cell, problem: Any) -> Role:
    """What the cell is for. nbgrader allows text to be graded only by hand, and tasks to be text only."""
    marking = cell.marking
    if marking and marking.task:
        if cell.cell_type != "markdown":
            problem("a manually graded task must be a text cell.")
        return "task"
    if marking and marking.grade and marking.solution:
        return "manual"
    if marking and marking.grade:
        if cell.cell_type != "code":
            problem("a text cell cannot be an autograder test; mark it as manually graded or make it code.")
        return "test"
    if marking and marking.solution:
        if cell.cell_type != "code":
            problem("a text answer must be manually graded.")
        return "solution"
    if marking and marking.locked:
        return "locked"
    return "plain" if cell.cell_type == "code" else "text"


def _doubled(cells: list[MasterCell]) -> Iterator[str]:
    seen: dict[str, list[int]] = {}
    for cell in cells:
        if cell.grade_id:
            seen.setdefault(cell.grade_id, []).append(cell.position)
    for grade_id, positions in seen.items():
        if len(positions) > 1:
            where = " and ".join(str(position) for position in positions)
            yield f'cells {where}: they share the id "{grade_id}"; give each its own.'


def _title(cells: list[MasterCell]) -> Iterator[MasterCell]:
    """Every cell gets the nearest heading above; a question takes it for its title."""
    heading = ""
    for cell in cells:
        if cell.cell_type == "markdown" and (found := _HEADING.findall(cell.released)):
            heading = _MARKUP.sub("", found[-1])[:120]
        question = replace(cell.question, title=heading) if cell.question else None
        yield replace(cell, heading=heading, question=question)


def _link(cells: Iterator[MasterCell]) -> list[MasterCell]:
    """Every answer learns which tests it feeds: those that follow it, up to the next answer after them.

    Two answers in a row feed the same tests. An answer marked by hand feeds its own question too.
    """
    linked: list[MasterCell] = []
    open_answers: list[int] = []
    tested = False
    for cell in cells:
        if cell.role == "test" and cell.question:
            tested = True
            for index in open_answers:
                linked[index] = replace(linked[index], feeds=(*linked[index].feeds, cell.question.id))
        elif cell.is_answer:
            if tested:
                open_answers, tested = [], False
            open_answers.append(len(linked))
            if cell.question:
                cell = replace(cell, feeds=(cell.question.id,))
        linked.append(cell)
    return linked


def _language(metadata: Mapping[str, Any]) -> str:
    for key in ("kernelspec", "language_info"):
        part = metadata.get(key)
        found = part.get("language" if key == "kernelspec" else "name") if isinstance(part, dict) else None
        if isinstance(found, str):
            return found.lower()
    return ""
