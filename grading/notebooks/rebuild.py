"""The student's file is never graded: the notebook is rebuilt from the instructor's master, with the answers put in.

Everything locked and every test comes from the master, in its order and with its points; what the student's copy of it
says counts for nothing. Answers are found by `grading.notebooks.match`. Every other cell of the student's stays a plain
cell where it was: after the cell it followed. If that would separate it from the answer it stood before (the tests were
moved to the top, the answers swapped), it goes before that answer, so that helpers exist where they are needed.
"""

from dataclasses import dataclass, field

from grading.errors import Refusal
from grading.notebooks.cells import Cell, CellType, Notebook
from grading.notebooks.likeness import looks_like_code, uses
from grading.notebooks.master import Master, MasterCell
from grading.notebooks.match import Match, match, wanted_names
from grading.notebooks.plan import Plan, Step
from grading.notebooks.write import answer_metadata, fixed_metadata

__all__ = ["Plan", "Step", "rebuild"]

_NOTES = 40  # shown at most; a file with more damage than that has one message: it was rebuilt


def rebuild(master: Master, notebook: Notebook, *, file: str) -> Plan:
    """The steps to run for this hand-in, or a `Refusal` where only the student can say what is meant."""
    builder = _Builder(master, notebook, file)
    builder.check_assignment()
    builder.choose()
    builder.place_own_cells()
    steps = builder.steps()
    notes = list(dict.fromkeys([*notebook.notes, *builder.match.notes, *builder.notes]))
    if len(notes) > _NOTES:
        notes = [*notes[:_NOTES], f"There were {len(notes) - _NOTES} more changes of this kind."]
    return Plan(master.name, steps, tuple(notes), master.metadata)


@dataclass
class _Builder:
    master: Master
    notebook: Notebook
    file: str
    notes: list[str] = field(default_factory=list)
    chosen: dict[int, int] = field(default_factory=dict)  # the master's cell -> the student's cell that stands for it
    after: dict[int, list[Cell]] = field(default_factory=dict)  # own cells behind the master's cell (-1: at the start)
    before: dict[int, list[Cell]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cells = self.notebook.cells
        self.match: Match = match(self.master, self.cells)

    def check_assignment(self) -> None:
        """Refuse a notebook in which nothing of this assignment can be found.

        Other assignments may use the same ids ("q1"), so an id counts only together with something else that agrees: an
        unchanged cell, the format's own id, or an answer that defines what is asked for.
        """
        graded = [index for index, cell in enumerate(self.master.cells) if cell.is_answer or cell.question]
        if not graded:
            return
        claims = self.match.claims
        recognised = {claims[student] for student, how in self.match.how.items() if how != "place"}.intersection(graded)
        if not recognised:
            raise self.wrong_assignment()
        if any(self.agrees(self.cells[student], self.master.cells[index]) for student, index in claims.items()):
            return
        known = self.master.by_grade_id
        if len(recognised) > 2 or any(cell.marking and cell.marking.grade_id not in known for cell in self.cells):
            raise self.wrong_assignment()

    def agrees(self, theirs: Cell, ours: MasterCell) -> bool:
        if theirs.id and theirs.id == ours.id:
            return True
        if ours.is_answer and not wanted_names(self.master, ours).isdisjoint(theirs.names):
            return True
        # a line of imports is the same in many assignments
        return ours.role != "plain" and len(theirs.text) >= 20 and theirs.text in (ours.text, ours.full_text)

    def wrong_assignment(self) -> Refusal:
        named = self.master.name
        if any(cell.marking for cell in self.cells):
            problem = f'This notebook belongs to another assignment than "{named}".'
        else:
            problem = f'No answer to "{named}" can be found in this notebook.'
        return Refusal(problem, remedy="Hand in the notebook you were given for it.", file=self.file)

    def choose(self) -> None:
        """One cell of the student's for each cell of the master that was found."""
        for index, cell in enumerate(self.master.cells):
            found = self.match.of(index)
            if not found:
                if cell.role == "test" or cell.role == "locked" or cell.role == "task":
                    self.notes.append(f"The cell {cell.name} was missing; it was put back.")
                continue
            if cell.is_answer:
                found = self.one_version(cell, found)
            elif cell.role in ("plain", "text"):
                found = self.latest(cell, found)
            else:
                self.mention_changes(cell, found)
            if found:
                self.chosen[index] = found[0]

    def one_version(self, cell: MasterCell, found: list[int]) -> list[int]:
        """The cell that holds the answer. Copies count as one, what was handed out is no version of an answer."""
        code = cell.cell_type == "code"
        written = [s for s in found if self.cells[s].text not in ("", cell.text)]
        usable = [s for s in written if not code or self.cells[s].cell_type == "code"]
        if not usable and code:  # the answer was switched to text or raw; prose is no answer to a programming question
            usable = [s for s in written if looks_like_code(self.cells[s].source)]
            if usable:
                self.notes.append(f"{self.name(usable[0])} was turned into text; it was read as code.")
            elif cell.role == "manual":
                usable = written
        usable = usable or [s for s in found if not code or self.cells[s].cell_type == "code"]
        versions = {self.cells[s].text: s for s in reversed(usable)}
        if len(versions) > 1:
            one, other, *_ = sorted(versions.values())
            numbers = [str(self.cells[s].position) for s in sorted(versions.values())]
            which = f"{', '.join(numbers[:-1])} and {numbers[-1]}"
            raise Refusal(
                f"{self.name(other)} holds another version of the answer to {_asked(cell)}.",
                remedy=f"Keep one of cells {which} and delete the rest, or join them into one.",
                file=self.file,
                cell=str(self.cells[one].position),
            )
        if len(found) > 1 and versions:
            self.notes.append(f"The answer to {_asked(cell)} occurs more than once; it was taken once.")
        how = self.match.how[usable[0]] if usable else "grade id"
        if how != "grade id" and cell.grade_id and self.cells[usable[0]].text != cell.text:
            what = "its cell id" if how == "cell id" else "its place" if how == "place" else "its content"
            self.notes.append(f"{self.name(usable[0])} was recognised as the answer to {_asked(cell)} by {what}.")
        return sorted(versions.values())

    def latest(self, cell: MasterCell, found: list[int]) -> list[int]:
        """Of a cell students may edit: their changed version, the last one if there are several."""
        changed = [s for s in found if self.cells[s].text != cell.text]
        right = [s for s in changed if self.cells[s].cell_type == cell.cell_type]
        return [(right or found)[-1]]

    def mention_changes(self, cell: MasterCell, found: list[int]) -> None:
        for student in found:
            theirs = self.cells[student]
            if theirs.text not in (cell.text, cell.full_text):
                self.notes.append(f"{self.name(student)} is not for you to change; the original was used.")
            elif theirs.cell_type != cell.cell_type:
                self.notes.append(f"{self.name(student)} was turned into another kind of cell; the original was used.")
            if theirs.marking and cell.question and theirs.marking.points not in (None, cell.question.points):
                self.notes.append(f"The points written in {theirs.name} do not count; the assignment's do.")
        if len(found) > 1:
            self.notes.append(f"The cell {cell.name} occurs more than once; the original was used once.")

    def place_own_cells(self) -> None:
        """Every cell that stands for nothing of the master's finds its place between the master's cells."""
        stands_for = {student: index for index, student in self.chosen.items()}
        for student, index in self.match.claims.items():
            if not self.master.cells[index].is_answer:
                stands_for.setdefault(student, index)
        following: list[int | None] = [None] * len(self.cells)
        upcoming: int | None = None
        for student in range(len(self.cells) - 1, -1, -1):
            following[student] = upcoming
            if student in stands_for and self.master.cells[stands_for[student]].is_answer:
                upcoming = student
        previous = -1
        for student, cell in enumerate(self.cells):
            if student in stands_for:
                previous = stands_for[student]
            elif student not in self.match.claims and cell.text:
                self.place(cell, previous, following[student], stands_for)

    def place(self, cell: Cell, previous: int, following: int | None, stands_for: dict[int, int]) -> None:
        if following is not None and stands_for[following] <= previous:  # the neighbours changed their order
            moved = self.master.cells[previous].role not in ("solution", "manual", "plain")
            if moved or uses(self.cells[following].source, cell.names):
                self.before.setdefault(stands_for[following], []).append(cell)
                return
        self.after.setdefault(previous, []).append(cell)

    def steps(self) -> tuple[Step, ...]:
        steps = [self.own(cell) for cell in self.after.get(-1, ())]
        for index, cell in enumerate(self.master.cells):
            steps += [self.own(own) for own in self.before.get(index, ())]
            student = self.cells[self.chosen[index]] if index in self.chosen else None
            steps.append(self.answer(cell, student) if cell.is_answer else _instructors(cell, student))
            steps += [self.own(own) for own in self.after.get(index, ())]
        return tuple(steps)

    def answer(self, cell: MasterCell, student: Cell | None) -> Step:
        if student is None:
            # The stub is shown but not run: the answer may stand in another cell, and the stub would overwrite it.
            self.notes.append(f"There is no cell with the answer to {_asked(cell)}; it counts as unanswered.")
        untouched = student is None or student.text in ("", cell.text)
        return Step(
            kind="run" if student is not None and cell.cell_type == "code" else "text",
            source=cell.released if student is None else student.source,
            cell=cell.grade_id if student is None else student.name,
            cell_type=cell.cell_type,
            question=cell.question,
            answer_to=cell.feeds,
            unanswered=untouched and not (student is not None and student.attachments),
            grade_id=cell.grade_id,
            id=cell.id,
            attachments=student.attachments if student is not None and cell.cell_type == "markdown" else (),
            metadata=answer_metadata(cell),
        )

    def own(self, cell: Cell) -> Step:
        """A cell the student added. What its metadata claims is dropped, and so is an id that belongs to the master."""
        return Step(
            "run" if cell.cell_type == "code" else "text",
            cell.source,
            cell.name,
            cell.cell_type,
            id="" if cell.id in self.master.ids else cell.id,
            attachments=cell.attachments,
        )

    def name(self, student: int) -> str:
        return self.cells[student].name.capitalize()


def _asked(cell: MasterCell) -> str:
    return f"{cell.name} ({cell.heading})" if cell.heading else cell.name


def _instructors(cell: MasterCell, student: Cell | None) -> Step:
    """A cell of the instructor's; where students may edit it, their version of it."""
    name = cell.grade_id or f"cell {cell.position} of the assignment"
    code = cell.cell_type == "code"
    for_judge = cell.source if code and cell.role != "test" and not cell.explores else ""
    if cell.role in ("plain", "text"):
        kind: CellType = cell.cell_type
        if student and student.cell_type == cell.cell_type and student.text != cell.full_text:
            return Step(
                "run" if code else "text",
                student.source,
                student.name,
                kind,
                judge_source=for_judge,
                explores=cell.explores,
                id=cell.id,
                attachments=student.attachments,
                metadata=fixed_metadata(cell),
            )
    return Step(
        "test" if cell.role == "test" else "set up" if code else "text",
        cell.source,
        name,
        cell.cell_type,
        question=cell.question,
        visible_source=cell.released if cell.question else "",
        hidden_lines=cell.hidden_lines if cell.role == "test" else frozenset(),
        judge_source=for_judge,
        explores=cell.explores,
        grade_id=cell.grade_id,
        id=cell.id,
        attachments=cell.attachments,
        metadata=fixed_metadata(cell),
    )
