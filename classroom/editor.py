"""An assignment as a student works on it in the browser: its cells, what they typed, trying it out, handing it in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from classroom import assignments, work
from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import require
from classroom.port import Checked
from grading.ledger.port import LedgerBusy
from grading.notebooks.fill import editable, filled
from grading.notebooks.master import Master, MasterCell
from grading.notebooks.pack import pack
from grading.practice import Tried, says_something
from grading.records import Question
from grading.service import Receipt

MOST_REMEMBERED = 300  # letters of what somebody was told

Kind = Literal["text", "code", "answer", "written", "free", "test"]


@dataclass(frozen=True)
class Cell:
    """One cell: text to read, code that is given, an answer (in code or in words), free code, a test."""

    key: str  # in the whole assignment
    id: str  # in its notebook
    notebook: str
    kind: Kind
    source: str  # as students were given it
    typed: str  # what stands in it now
    heading: str = ""
    question: Question | None = None

    @property
    def begun(self) -> bool:
        """Whether something else stands in it than was given."""
        return self.typed.strip() != self.source.strip()


def cells(desk: Desk, who: Person | None, name: str) -> tuple[Cell, ...]:
    """Every cell of an assignment with what somebody typed. Of a test only what students are given."""
    _may_work(desk, who, name)
    typed = {key: draft.text for key, draft in work.drafts(desk, who, name).items()}
    return tuple(_cell(master, cell, typed) for master in desk.shelf.assignment(name).masters for cell in master.cells)


def save(desk: Desk, who: Person | None, name: str, *, cell: str, text: str) -> None:
    """Keep what somebody typed; what equals the given text is no draft."""
    for one in cells(desk, who, name):
        if one.key == cell and one.kind in ("answer", "written", "free"):
            if text.strip() == one.source.strip():
                work.start_over(desk, who, name, cell=cell)
            elif text != one.typed:
                work.save(desk, who, name, cell=cell, text=text)
            return
    raise ClassroomError("There is no such cell to write into.")


def run(desk: Desk, who: Person | None, name: str, *, cell: str, check: bool = False) -> Tried:
    """Run a cell as it is saved, after all above it that has changed; with `check` the examples below it as well."""
    member = require(who, "try out code", about=who.key if who else "")
    mine = cells(desk, member, name)
    chosen = next((one for one in mine if one.key == cell), None)
    if chosen is None or chosen.kind in ("text", "written", "test"):
        raise ClassroomError("There is no such cell to run.")
    answers = {one.id: one.typed for one in mine if one.notebook == chosen.notebook}
    found = desk.practice.run(member.key, name, chosen.notebook, answers, chosen.id, check=check)
    if check and (came := _came(found, chosen.key, desk.clock())):
        with suppress(LedgerBusy):  # the answer is worth more than its trace
            desk.classroom.note_check(member.key, name, came)
    return found


def stop(desk: Desk, who: Person | None, name: str) -> None:
    """Interrupt whatever of theirs runs now."""
    member = require(who, "try out code", about=who.key if who else "")
    for master in desk.shelf.assignment(name).masters:
        desk.practice.stop(member.key, name, master.name)


def begin_anew(desk: Desk, who: Person | None, name: str) -> None:
    """Forget what ran; what was typed stays."""
    member = require(who, "try out code", about=who.key if who else "")
    for master in desk.shelf.assignment(name).masters:
        desk.practice.start_over(member.key, name, master.name)


def hand_in(desk: Desk, who: Person | None, name: str) -> Receipt:
    """Hand in what is typed, as the notebook that it belongs into."""
    file, data = notebook(desk, who, name)
    return work.hand_in(desk, who, name, file=file, data=data)


def notebook(desk: Desk, who: Person | None, name: str) -> tuple[str, bytes]:
    """What is typed as a file: a notebook, or an archive where the assignment has several."""
    mine = cells(desk, who, name)
    made = [
        (f"{master.name}.ipynb", filled(master, _answers(mine, master.name)))
        for master in desk.shelf.assignment(name).masters
    ]
    return made[0] if len(made) == 1 else (f"{name}.zip", pack(made))


def _may_work(desk: Desk, who: Person | None, name: str) -> None:
    card = assignments.card(desk, who, name)
    if card.stage == "announced" and card.rules.opens is not None:
        raise ClassroomError(
            f"{card.title} opens on {card.rules.opens:%A, %d %B %Y, %H:%M} ({card.rules.opens.tzname()})."
        )


def _answers(mine: tuple[Cell, ...], notebook: str) -> Mapping[str, str]:
    return {one.id: one.typed for one in mine if one.notebook == notebook and one.begun}


def _came(found: Tried, cell: str, at: datetime) -> Checked | None:
    """A check as it is remembered; None if there was nothing to check."""
    if found.failed:
        errors = [output for output in found.outputs if output.get("output_type") == "error"]
        said = f"{errors[-1].get('ename')}: {errors[-1].get('evalue')}" if errors else ""
        return Checked(cell, "error", said[:MOST_REMEMBERED], at)
    if not found.examples:
        return None
    wrong = [example.seen for example in found.examples if not example.passed]
    return Checked(cell, "failed" if wrong else "passed", wrong[0][:MOST_REMEMBERED] if wrong else "", at)


def _cell(master: Master, cell: MasterCell, typed: Mapping[str, str]) -> Cell:
    key = master.key(cell.id)
    given = cell.released
    kind: Kind = "text"
    if cell.is_answer:
        kind = "answer" if cell.cell_type == "code" else "written"
    elif editable(cell):
        kind = "free"
    elif cell.cell_type == "code":
        kind = "test" if cell.role == "test" else "code"
    written = typed.get(key, given) if kind in ("answer", "written", "free") else given
    return Cell(key, cell.id, master.name, kind, given, written, cell.heading, cell.question)


def examples_below(mine: tuple[Cell, ...], key: str) -> bool:
    """Whether a cell has examples to check: tests that say something, before the next answer."""
    place = next(place for place, one in enumerate(mine) if one.key == key)
    for one in mine[place + 1 :]:
        if one.kind in ("answer", "written", "free"):
            return False
        if one.kind == "test" and says_something(one.source):
            return True
    return False
