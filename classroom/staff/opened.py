"""One hand-in, opened: its notebook cell by cell, its points with what was said, and the ways to the ones around it.

What a cell put out is made anew from text and pictures. HTML and scripts are left out, here and not on the page.
"""

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from classroom.assignments import rules_of
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.staff.roll import roll
from grading.engine.outputs import Output, checked
from grading.errors import Refusal
from grading.ledger.standing import Standing
from grading.limits import MIB, Limits
from grading.notebooks.decode import decode
from grading.notebooks.read import read
from grading.records import Question, out_of
from grading.service import grades, standing_of

MOST_OUTPUTS, MOST_BYTES = 50, 8 * MIB  # of a cell; of a notebook


@dataclass(frozen=True)
class Shown:
    """A cell: text, or code with what it put out."""

    kind: Literal["code", "markdown", "raw"]
    source: str
    outputs: tuple[Output, ...] = ()
    left_out: int = 0  # outputs that are neither text nor a picture, or too much
    grade_id: str = ""


@dataclass(frozen=True)
class Sheet:
    """A notebook of the hand-in; without cells it cannot be shown, for this reason."""

    file: str
    cells: tuple[Shown, ...] = ()
    wrong: str = ""


@dataclass(frozen=True)
class Opened:
    """A hand-in."""

    standing: Standing
    title: str  # of the assignment
    student: str  # the key
    name: str  # or a number
    questions: dict[str, Question]
    marked_by: dict[str, str]  # by question
    handed_in: tuple[Sheet, ...]
    ran: tuple[Sheet, ...]  # as our own machine ran it; nothing before it is graded
    earlier: int  # hand-ins of the same student, 0 where there is none
    later: int
    of: int
    counts: bool

    @property
    def out_of(self) -> float:
        """Points that can be had without a bonus."""
        return out_of(self.questions.values())


def opened(desk: Desk, who: Person | None, hand_in: int, *, anonymous: bool = False) -> Opened:
    """Any student's hand-in, for the staff."""
    require(who, "see the gradebook")
    require(who, "see results that are not released")
    attempts = desk.ledger.attempts(hand_in=hand_in)
    if not attempts:
        raise ClassroomError("There is no such hand-in.")
    student, name = attempts[0].submission.student, attempts[0].submission.assignment
    require(who, "see hand-ins", about=student)
    assignment, mine = desk.shelf.assignment(name), standing_of(desk.ledger, assignment=name, student=student)
    place = next(place for place, one in enumerate(mine) if one.hand_in.id == hand_in)
    standing, limits = mine[place], assignment.settings.limits
    counted = grades(desk.ledger, assignment=name, rules_for=rules_of(desk, name), student=student)
    everybody, plainly = roll(desk, anonymous=anonymous, also=[student]), roll(desk)
    return Opened(
        standing=standing,
        title=assignment.settings.title or name,
        student=student,
        name=everybody.name(student),
        questions={question.id: question for question in assignment.questions},
        marked_by={entry.question: plainly.name(entry.by) for entry in standing.entries if entry.by},
        handed_in=tuple(
            _sheet(f"{number}.ipynb" if anonymous else one.file, desk.ledger.content(one.sha256), limits)
            for number, one in enumerate(desk.ledger.notebooks(hand_in), 1)  # a file may be called by its student
        ),
        ran=tuple(
            _sheet(f"{paper.notebook or 'notebook'}.ipynb", desk.ledger.content(paper.executed), limits)
            if paper.executed
            else Sheet(f"{paper.notebook or 'notebook'}.ipynb", wrong=paper.missing)
            for paper in (standing.result.papers if standing.result else ())
        ),
        earlier=mine[place - 1].hand_in.id if place else 0,
        later=mine[place + 1].hand_in.id if place + 1 < len(mine) else 0,
        of=len(mine),
        counts=any(one.standing.hand_in.id == hand_in for one in counted),
    )


def _sheet(file: str, data: bytes, limits: Limits) -> Sheet:
    """The notebook in these bytes, whatever they are."""
    wider = replace(limits, upload_bytes=max(len(data), limits.upload_bytes), cells=2 * limits.cells)
    try:
        notebook, raw = read(data, file=file, limits=wider), decode(data, file=file, limits=wider)[0].get("cells")
    except Refusal as refusal:
        return Sheet(file, wrong=str(refusal))
    beside = raw if isinstance(raw, list) else []
    left, cells = MOST_BYTES, []
    for cell in notebook.cells:
        said = beside[cell.position - 1].get("outputs") if cell.position <= len(beside) else None
        outputs = _outputs(said, left) if cell.cell_type == "code" and isinstance(said, list) else ()
        left -= len(json.dumps(outputs)) if outputs else 0
        lost = len(said) - len(outputs) if cell.cell_type == "code" and isinstance(said, list) else 0
        marked = cell.marking.grade_id if cell.marking else ""
        cells.append(Shown(cell.cell_type, cell.source, outputs, lost, marked))
    return Sheet(file, tuple(cells))


def _outputs(said: list[Any], size: int) -> tuple[Output, ...]:
    """Those with something to show; the format may keep a text as a list of its lines."""
    made = checked([_joined(one) for one in said[:MOST_OUTPUTS]], count=MOST_OUTPUTS, size=size)
    return tuple(one for one in made if one.get("data", True))


def _joined(output: Any) -> Any:
    if not isinstance(output, dict):
        return output
    data = output.get("data")
    found = {**output, "text": _text(output.get("text"))}
    return {**found, "data": {kind: _text(each) for kind, each in data.items()}} if isinstance(data, dict) else found


def _text(said: Any) -> Any:
    return "".join(said) if isinstance(said, list) and all(isinstance(line, str) for line in said) else said
