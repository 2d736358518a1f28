"""Questions and lesson plans that the staff write, as text; and finding any question by its id."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live.port import Written
from classroom.people import Person
from classroom.permissions import require
from syllabus import written
from syllabus.plans import Plan, lessons, read_plan
from syllabus.questions import Question, question
from syllabus.written import WrittenWrongly

BETWEEN = "---"  # the line between two questions of a file
MOST_AT_ONCE = 200  # questions
OWN = re.compile("own-([1-9][0-9]{0,8})")
Read = TypeVar("Read", Question, Plan)


@dataclass(frozen=True)
class Own:
    """A question of the course's own, and how it is written."""

    id: int
    text: str
    question: Question


@dataclass(frozen=True)
class OwnPlan:
    """A lesson plan of the course's own, and how it is written."""

    id: int
    title: str
    text: str


@dataclass(frozen=True)
class Offered:
    """A plan to choose: one of the course's own, or, with id 0, one that comes along."""

    title: str
    text: str
    id: int = 0


def find(desk: Desk, who: Person | None, id: str) -> Question:
    """A question of the syllabus by its id, or one of the course's own: own-3."""
    require(who, "write for the class")
    found = _find(desk, id)
    if found is None:
        raise ClassroomError(f"There is no question {id[:20]!r}.")
    return found


def questions(desk: Desk, who: Person | None) -> tuple[Own, ...]:
    """All of the course's own, the oldest first."""
    require(who, "write for the class")
    return tuple(Own(one.id, one.text, _read(one.text, f"own-{one.id}")) for one in desk.quizzes.questions())


def preview(desk: Desk, who: Person | None, text: str) -> Question:
    """The question that a text means; nothing is kept."""
    require(who, "write for the class")
    return _read(text, "own-0")


def write(desk: Desk, who: Person | None, text: str, *, id: int = 0) -> Question:
    """Keep a question as it is written now, or a new one."""
    member = require(who, "write for the class")
    _read(text, "own-0")
    one = desk.quizzes.write_question(Written(id, text, member.key, desk.clock()))
    return _read(text, f"own-{one.id}")


def bring(desk: Desk, who: Person | None, text: str) -> tuple[Question, ...]:
    """Keep all questions of a file, or none: between two of them stands a line of three dashes."""
    require(who, "write for the class")
    parts = [part for part in re.split(rf"(?m)^{BETWEEN}[ \t]*\r?$", text) if part.strip()]
    if not 1 <= len(parts) <= MOST_AT_ONCE:
        raise ClassroomError(f"A file has 1 to {MOST_AT_ONCE} questions, with a line {BETWEEN} between two of them.")
    for number, part in enumerate(parts, start=1):
        try:
            _read(part, "own-0")
        except ClassroomError as wrong:
            raise ClassroomError(f"Question {number} of {len(parts)}: {wrong}") from None
    return tuple(write(desk, who, part.strip("\r\n")) for part in parts)


def drop(desk: Desk, who: Person | None, id: int) -> None:
    """Forget a question; where it was asked it stays as it was."""
    require(who, "write for the class")
    desk.quizzes.drop_question(id)


def as_text(desk: Desk, who: Person | None) -> str:
    """All of the course's own, as a file that can be brought again."""
    return f"\n{BETWEEN}\n".join(f"{written.write(one.question).strip()}\n" for one in questions(desk, who))


# -- lesson plans


def plans(desk: Desk, who: Person | None) -> tuple[OwnPlan, ...]:
    """All of the course's own, the oldest first."""
    require(who, "write for the class")
    return tuple(OwnPlan(one.id, one.title, one.text) for one in desk.quizzes.plans())


def offered(desk: Desk, who: Person | None) -> Mapping[str, Offered]:
    """All plans there are, by a name that no two share; those that come along behind the course's own."""
    mine = {f"own-{one.id}": Offered(one.title, one.text, one.id) for one in plans(desk, who)}
    along = {name: Offered(f"{_title(text)} (comes along)", text) for name, text in lessons().items()}
    return {**mine, **along}


def preview_plan(desk: Desk, who: Person | None, text: str, labs: Collection[str]) -> Plan:
    """The plan that a text means, where there are these labs; nothing is kept."""
    require(who, "write for the class")
    return _read_plan(desk, text, labs)


def write_plan(desk: Desk, who: Person | None, text: str, labs: Collection[str], *, id: int = 0) -> OwnPlan:
    """Keep a plan as it is written now, or a new one."""
    member = require(who, "write for the class")
    plan = _read_plan(desk, text, labs)
    one = desk.quizzes.write_plan(Written(id, text, member.key, desk.clock(), title=plan.title))
    return OwnPlan(one.id, one.title, one.text)


def drop_plan(desk: Desk, who: Person | None, id: int) -> None:
    """Forget a plan."""
    require(who, "write for the class")
    desk.quizzes.drop_plan(id)


def _find(desk: Desk, id: str) -> Question | None:
    if found := OWN.fullmatch(id):
        text = next((one.text for one in desk.quizzes.questions() if one.id == int(found[1])), None)
        return None if text is None else _read(text, id)
    try:
        return question(id)
    except KeyError:
        return None


def _read(text: str, id: str) -> Question:
    return _told(lambda: written.read(text, id=id))


def _read_plan(desk: Desk, text: str, labs: Collection[str]) -> Plan:
    return _told(lambda: read_plan(text, labs=labs, has_quiz=lambda id: _find(desk, id) is not None))


def _told(reading: Callable[[], Read]) -> Read:
    """What was read, or what is wrong with it as a sentence for whoever wrote it."""
    try:
        return reading()
    except WrittenWrongly as wrong:
        said = str(wrong)
        raise ClassroomError(f"{said[:1].upper()}{said[1:]}.") from None


def _title(text: str) -> str:
    return text.splitlines()[0].lstrip("# ")
