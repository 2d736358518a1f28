"""What a person reads to mark a question: the answer as handed in, what was asked, the instructor's own answer."""

from dataclasses import dataclass

from classroom.desk import Desk
from grading.course import Assignment
from grading.errors import GradingError
from grading.notebooks.collect import collect
from grading.notebooks.folder import File
from grading.notebooks.master import Master, MasterCell
from grading.notebooks.plan import Plan, Step

UNREADABLE = "What was handed in for this question cannot be read any more: "


@dataclass(frozen=True)
class Piece:
    """A cell: text, or code."""

    text: str
    code: bool


@dataclass(frozen=True)
class Rubric:
    """What was asked, and what the instructor's notebook answers or says about marking."""

    asked: tuple[Piece, ...] = ()
    model: tuple[Piece, ...] = ()


def answer(desk: Desk, assignment: Assignment, hand_in: int, question: str) -> tuple[Piece, ...]:
    """The cells in which this hand-in answers a question; none if it was left as it was handed out."""
    files = [File(one.file, desk.ledger.content(one.sha256)) for one in desk.ledger.notebooks(hand_in)]
    try:
        plans = collect(assignment.masters, files, assignment.settings.limits).plans
    except GradingError as problem:  # the assignment was changed since
        return (Piece(f"{UNREADABLE}{problem}", code=False),)
    steps = [step for plan in plans for step in _steps(plan, question)]
    return tuple(Piece(step.source, step.cell_type == "code") for step in steps if step.source.strip())


def rubric(assignment: Assignment, question: str) -> Rubric:
    """What stands beside an answer while it is marked."""
    for master in assignment.masters:
        cells = [cell for cell in master.cells if question in cell.feeds]
        tasks = [
            cell for cell in master.cells if cell.role == "task" and cell.question and cell.question.id == question
        ]
        if cells or tasks:
            first = (cells or tasks)[0]
            asked = _asked(master, first) if cells else (Piece(first.released, code=False),)
            return Rubric(asked, tuple(_piece(master, cell) for cell in cells or tasks))
    return Rubric()


def _steps(plan: Plan, question: str) -> list[Step]:
    answers = [step for step in plan.steps if question in step.answer_to]
    if answers:
        return [step for step in answers if not step.unanswered]
    found: list[Step] = []  # a task is answered in cells of the student's own after it
    inside = False
    for step in plan.steps:
        if step.question and step.question.id == question:
            inside = True
        elif inside and (step.grade_id or step.question):
            break
        elif inside:
            found.append(step)
    return found


def _asked(master: Master, answer: MasterCell) -> tuple[Piece, ...]:
    """The text right before the cell of an answer."""
    before = master.cells[: master.cells.index(answer)]
    found: list[Piece] = []
    for cell in reversed(before):
        if cell.cell_type != "markdown" or cell.is_answer:
            break
        found.insert(0, Piece(cell.released, code=False))
    return tuple(found)


def _piece(master: Master, cell: MasterCell) -> Piece:
    """The cell without the lines that only open and close regions."""
    words = master.delimiters
    marks = (words.begin_solution, words.end_solution, words.begin_scheme, words.end_scheme)
    kept = [line for line in cell.source.split("\n") if not any(mark in line for mark in marks)]
    return Piece("\n".join(kept), cell.cell_type == "code")
