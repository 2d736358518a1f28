"""Assignments as members of the course meet them: what is open until when, how a student stands, what to begin with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.permissions import may, require
from classroom.port import Publication, State
from grading.course import Assignment
from grading.ledger.policy import DAY, Rules, days_late, extended, left, rules_for
from grading.notebooks.pack import pack
from grading.records import Question, out_of
from grading.service import grades, may_see, standing_of

Stage = Literal["hidden", "announced", "open", "late", "closed"]
Progress = Literal["not begun", "begun", "waiting", "graded", "partly marked", "undecided"]


@dataclass(frozen=True)
class Card:
    """An assignment as one student sees it now."""

    name: str
    title: str
    stage: Stage
    rules: Rules  # with this student's extensions
    questions: tuple[Question, ...]
    progress: Progress
    used: int  # hand-ins so far
    left: int | None  # hand-ins left; None: as many as one likes
    again: datetime | None  # the next hand-in is taken from then on; None: now
    points: float | None  # of the hand-in that counts, after lateness; None: none yet, or not to be seen yet
    days_late: int  # what handing in now would cost

    @property
    def out_of(self) -> float:
        """Points that can be had without a bonus."""
        return out_of(self.questions)


def cards(desk: Desk, who: Person | None, *, student: str = "") -> tuple[Card, ...]:
    """Every assignment that somebody may see, with how a student stands: they themselves, or whom they may look at."""
    member, whose = _asked(who, student)
    said = _said(desk.classroom.publications())
    found = [_card(desk, name, said.get(name), whose) for name in desk.shelf.names()]
    return tuple(card for card in found if _shown(member, card))


def card(desk: Desk, who: Person | None, name: str, *, student: str = "") -> Card:
    """One of them; what is hidden does not exist for those who may not see it."""
    member, whose = _asked(who, student)
    if name in desk.shelf.names():
        found = _card(desk, name, _said(desk.classroom.publications(assignment=name)).get(name), whose)
        if _shown(member, found):
            return found
    raise ClassroomError("There is no such assignment, or it is not published yet.")


def files(desk: Desk, who: Person | None, name: str) -> tuple[str, bytes]:
    """What students get for Jupyter: the notebooks without solutions and the files beside them, as one archive."""
    card(desk, who, name)
    assignment = desk.shelf.assignment(name)
    notebooks = [(f"{name}/{master.name}.ipynb", master.release()) for master in assignment.masters]
    beside = [(f"{name}/{path.as_posix()}", origin.read_bytes()) for path, origin in assignment.materials().items()]
    return f"{name}.zip", pack([*notebooks, *beside])


def publish(
    desk: Desk,
    who: Person | None,
    name: str,
    state: State,
    *,
    opens: datetime | None = None,
    due: datetime | None = None,
    closes: datetime | None = None,
) -> Publication:
    """Say from when to when an assignment is open, or hide or close it now."""
    member = require(who, "publish")
    desk.shelf.assignment(name)  # raises for one that cannot be read
    given = [("opens", opens), ("is due", due), ("closes", closes)]
    dates = [(word, date) for word, date in given if date is not None]
    for (word, date), (later_word, later) in pairwise(dates):
        if later < date:
            raise ClassroomError(f"It {later_word} on {_day(later)}, before it {word} on {_day(date)}.")
    publication = Publication(name, state, member.key, desk.clock(), opens, due, closes)
    desk.classroom.publish(publication)
    return publication


def rules(desk: Desk, name: str, student: str) -> Rules:
    """The rules of an assignment: the course's settings and what was published, without a student's extensions."""
    return rules_of(desk, name)(student)


def rules_of(desk: Desk, name: str) -> Callable[[str], Rules]:
    """The same for many students, at the price of looking once."""
    said = _said(desk.classroom.publications(assignment=name)).get(name)
    assignment = desk.shelf.assignment(name)
    return lambda student: _rules(assignment, said, student)


def stage(said: Publication | None, rules: Rules, now: datetime) -> Stage:
    """Where an assignment stands at a moment. Nothing was said: it is hidden."""
    if said is None or said.state == "hidden":
        return "hidden"
    if said.state == "closed" or (rules.closes is not None and now > rules.closes):
        return "closed"
    if rules.opens is not None and now < rules.opens:
        return "announced"
    return "late" if rules.due is not None and now > rules.due else "open"


def _said(publications: Sequence[Publication]) -> dict[str, Publication]:
    return {one.assignment: one for one in publications}  # the last word holds


def _rules(assignment: Assignment, said: Publication | None, student: str) -> Rules:
    found = rules_for(assignment.settings, student)
    if said is None:
        return found
    due = said.due or found.due
    late_days = assignment.settings.late_days
    closes = due + late_days * DAY if due is not None and late_days is not None else None
    return replace(found, opens=said.opens, due=due, closes=said.closes or closes)


def _asked(who: Person | None, student: str) -> tuple[Person, str]:
    """Who asks, and about whom they may."""
    member = require(who, "see an assignment")
    whose = student or member.key
    if whose != member.key:
        require(member, "see results", about=whose)
    return member, whose


def _shown(member: Person, card: Card) -> bool:
    return card.stage != "hidden" or may(member, "see a hidden assignment")


def _card(desk: Desk, name: str, said: Publication | None, student: str) -> Card:
    assignment, now = desk.shelf.assignment(name), desk.clock()
    base = _rules(assignment, said, student)
    own = extended(base, desk.ledger.extensions(assignment=name, student=student))
    mine = standing_of(desk.ledger, assignment=name, student=student)
    last = mine[-1].hand_in.submission.at if mine else None
    again = last + own.cool_down if last is not None and own.cool_down > timedelta(0) else None
    points, progress = None, _progress(desk, name, student)
    if mine and may_see(desk.ledger, assignment=name, student=student):
        counts = grades(desk.ledger, assignment=name, rules_for=lambda _: base, student=student)[0]
        points, counted = counts.points, counts.standing
        if counted.result is not None:
            progress = "undecided" if counted.undecided else "partly marked" if counted.to_mark else "graded"
    return Card(
        name=name,
        title=assignment.settings.title or name,
        stage=stage(said, own, now),
        rules=own,
        questions=assignment.questions,
        progress=progress,
        used=len(mine),
        left=left(own, len(mine)),
        again=again if again is not None and again > now else None,
        points=points,
        days_late=days_late(own, now),
    )


def _progress(desk: Desk, name: str, student: str) -> Progress:
    """How far somebody is who may not see results: something typed, something handed in."""
    if desk.ledger.hand_ins(assignment=name, student=student):
        return "waiting"
    return "begun" if desk.classroom.drafts(student, name) else "not begun"


def _day(date: datetime) -> str:
    return f"{date.day} {date:%B %Y, %H:%M}"
